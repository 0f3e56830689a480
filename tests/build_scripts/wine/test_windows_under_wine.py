"""The Windows program under Wine: it screens as on Linux, and chosen tests pass there."""

from pathlib import Path

import pytest
import windows_under_wine
from freeze.left_out import is_left_out
from wine.frozen import HEADERS
from wine.windows_python import ICU, RUNTIME, imported_names

needs_wine = pytest.mark.skipif(
    not windows_under_wine.Place().is_ready,
    reason="needs a Windows by Wine (.venv/bin/python build_scripts/windows_under_wine.py setup)",
)
# What a system could do in its own way: files, their names and locks, numbers, images, a window. All of the tests are
# windows_under_wine.py's own.
CHOSEN = (
    "tests/bloodsmear/images/test_formats.py",
    "tests/bloodsmear/reports/test_csv_report.py",
    "tests/bloodsmear/storage/test_open_mark.py",
    "tests/bloodsmear/storage/test_sqlite_side_files.py",
    "tests/bloodsmear/test_file_names.py",
    "tests/bloodsmear/workflows/test_crashing_images.py",
    "tests/desktop/gui/gallery/test_image_list_model.py",
    "tests/desktop/gui/viewer/test_viewer_panel.py",
)


@needs_wine
def test_windows_screens_as_linux_does_and_each_goes_on_with_what_the_other_made() -> None:
    assert windows_under_wine.main(["screen"]) == 0
    assert windows_under_wine.main(["exchange"]) == 0


@needs_wine
def test_chosen_tests_pass_on_windows() -> None:
    assert windows_under_wine.main(["test", *CHOSEN]) == 0


@needs_wine
def test_qt_loads_icu_which_windows_has_from_10_1903_on_and_wines_stub_stands_in_for() -> None:
    """Where this fails, Qt no longer loads it: the oldest Windows may be older again (docs/release.md)."""
    place = windows_under_wine.Place()
    core = place.python.folder / "Lib" / "site-packages" / "PySide6" / "Qt6Core.dll"
    assert "ucnv_open" in imported_names(core, ICU)
    assert imported_names(core, "nothing.dll") == []


@needs_wine
def test_what_stands_in_lies_in_wines_windows_and_nowhere_in_the_python_that_freezes() -> None:
    place = windows_under_wine.Place()
    for name in (ICU, RUNTIME):
        assert (place.wine.drive_c / "windows" / "system32" / name).is_file()
    names = {path.name.lower() for path in place.python.folder.rglob("*.dll")}
    assert names & {ICU, RUNTIME} == set()


def test_without_a_set_up_a_sentence_says_what_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(windows_under_wine, "PLACE", tmp_path)
    assert windows_under_wine.main(["screen"]) == 1
    assert "windows_under_wine.py setup comes first" in capsys.readouterr().err
    assert windows_under_wine.main(["--help"]) == 0
    assert windows_under_wine.main(["dance"]) == 2


def test_an_edition_that_there_is_not_and_one_that_is_not_frozen_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(windows_under_wine, "PLACE", tmp_path)
    place = windows_under_wine.Place()
    monkeypatch.setattr(windows_under_wine, "_wanted", lambda: "ready")
    place.stamp.write_text("ready")
    assert windows_under_wine.main(["install", "light"]) == 1
    assert "the editions review and full, not light" in capsys.readouterr().err
    assert windows_under_wine.main(["install", "--quickly", "full"]) == 1
    assert "windows_under_wine.py freeze full comes first" in capsys.readouterr().err


def test_installing_goes_on_beside_freezing_the_other_edition_in_a_windows_of_its_own() -> None:
    freezing, installing = (windows_under_wine.Place(one) for one in ("freeze full", "install review"))
    assert freezing.lock != installing.lock
    assert freezing.lock == windows_under_wine.Place("test").lock
    assert installing.lock == windows_under_wine.Place("install full").lock


def test_what_the_python_that_freezes_lacks_is_in_no_edition() -> None:
    assert is_left_out(f"{HEADERS}/tsl/platform/types.h")


def test_a_release_goes_through_both_editions_and_ends_at_what_is_not_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def carry_out(words: list[str]) -> int:
        done.append(" ".join(words))
        return 3 if words == ["freeze", "full"] else 0

    monkeypatch.setattr(windows_under_wine, "main", carry_out)
    assert windows_under_wine.release() == 3
    assert done == ["setup", "test", "freeze review", "install review --wine10", "freeze full"]
