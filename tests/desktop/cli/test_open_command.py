"""bloodsmear open: the words for the window."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.cli.open_command import is_bare_path, path_to_open


def test_open_takes_one_folder_that_is_there(tmp_path: Path) -> None:
    assert path_to_open(["open", str(tmp_path)]) == tmp_path


def test_open_takes_a_study_by_its_name_and_leaves_to_the_window_what_is_wrong_with_it(
    tmp_path: Path,
) -> None:
    assert path_to_open(["open", str(tmp_path / "gone.BLOODSMEAR")]) == tmp_path / "gone.BLOODSMEAR"


def test_a_folder_that_is_not_there_ends_with_2_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["open", str(tmp_path / "nowhere")], ["open"], ["open", "one", "two"]):
        with pytest.raises(SystemExit, match="2"):
            path_to_open(words)
    assert "There is no folder" in capsys.readouterr().err


def test_open_takes_an_image_and_no_other_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("smear.JPG", "notes.txt"):
        (tmp_path / name).touch()
    assert path_to_open(["open", str(tmp_path / "smear.JPG")]) == tmp_path / "smear.JPG"
    with pytest.raises(SystemExit, match="2"):
        path_to_open(["open", str(tmp_path / "notes.txt")])
    assert "notes.txt is not an image" in capsys.readouterr().err


def test_what_a_desktop_hands_over_is_told_from_a_command(tmp_path: Path) -> None:
    assert is_bare_path([str(tmp_path)])
    assert is_bare_path([str(tmp_path / "night.bloodsmear")])
    assert is_bare_path(["night.bloodsmear"])
    for words in (["screen"], ["--version"], ["screen", str(tmp_path)], []):
        assert not is_bare_path(words)


def test_reading_the_words_loads_nothing_that_delays_the_window() -> None:
    look = (
        "import sys, desktop.start, desktop.cli.open_command as o; o.path_to_open(['open', '.']);"
        "print([name for name in ('numpy', 'cv2', 'rich', 'PySide6', 'openvino') if name in sys.modules])"
    )
    outcome = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "[]"
