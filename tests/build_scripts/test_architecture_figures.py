"""The figures of the architecture: counted in sources that are written here, and followed through real calls."""

import threading
from pathlib import Path

import architecture_figures as figures
import architecture_picture as picture
import pytest

PANEL = '''"""A panel."""
from bloodsmear.leaf import word
from bloodsmear.shared import x

class Panel:
    chosen = Signal(str)
    closed = Signal()
    named = Signal(object)

    def wire(self, other):
        other.chosen.connect(self.chosen)
        other.closed.connect(lambda: self.closed.emit())
        other.named.connect(self.show)
        other.closed.connect(self.named.emit)
'''


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    texts = {
        "bloodsmear/__init__.py": '"""The door."""\n',
        "bloodsmear/leaf.py": "def word():\n    return 1\n",
        "bloodsmear/shared.py": "x = 1\n",
        "desktop/panel.py": PANEL,
        "desktop/long.py": "x = 1\n" * 60,
        "training/also.py": "import bloodsmear.shared\n",
        **{f"training/user_{number}.py": "from bloodsmear.leaf import word\n" for number in range(4)},
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_signals_connections_and_relays_are_counted(checkout: Path) -> None:
    files = figures.sources(checkout)
    assert len(files) == 10
    assert sorted(figures.signals(files)) == ["chosen", "closed", "named"]
    assert len(figures.connections(files)) == 4
    # A connection that ends in a method is not a relay.
    assert len(figures.relays(files)) == 3


def test_a_short_file_is_a_door_or_a_leaf_or_shared_or_has_no_reason_to_be_alone(checkout: Path) -> None:
    short = {file.name: reason for file, reason in figures.short_files(figures.sources(checkout))}
    assert "desktop/long.py" not in short
    assert short["bloodsmear/__init__.py"] == "door"
    assert short["bloodsmear/leaf.py"] == "leaf of 5 files"
    assert short["desktop/panel.py"] == ""
    assert short["bloodsmear/shared.py"] == "shared by 2 rooms"


def test_a_way_goes_on_in_the_thread_that_was_handed_the_job(tmp_path: Path) -> None:
    """Through files of this project only; this test's own do not count."""
    from bloodsmear import atomic_file
    from bloodsmear.jobs import Cancel

    def hand_over() -> None:
        thread = threading.Thread(target=lambda: atomic_file.write(tmp_path / "file", b"x"))
        thread.start()
        thread.join()

    end = atomic_file.write.__code__
    with figures.Way(
        lambda frame: frame.f_code is Cancel.__init__.__code__, lambda frame: frame.f_code is end
    ) as way:
        Cancel()
        hand_over()
    assert way.files[-1] == "bloodsmear/atomic_file.py"
    assert "bloodsmear/jobs" in way.files[0]


def test_the_committed_picture_is_that_of_the_imports() -> None:
    assert picture.PICTURE.read_text("utf-8") == picture.draw(), "run build_scripts/architecture_picture.py"


def test_a_room_stands_above_all_that_it_imports_and_detours_are_left_out() -> None:
    edges = {"top": frozenset({"middle", "leaf"}), "middle": frozenset({"leaf"}), "leaf": frozenset[str]()}
    assert picture.levels_of(edges) == {"top": 2, "middle": 1, "leaf": 0}
    assert picture.without_detours(edges)["top"] == {"middle"}
