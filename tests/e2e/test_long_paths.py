"""Folders so deep that a path has more than 260 characters, each name short enough: from the scan to the reports."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main
from desktop.gui.study import StudyController

# Windows takes more than 260 where its policy and the program's manifest both allow it; macOS takes 1024 in all.
LENGTHS = [300, 450] if sys.platform == "darwin" else [300, 700]


@pytest.fixture(params=LENGTHS)
def deep_folder(request: pytest.FixtureRequest, smear_folder: Path, tmp_path: Path) -> Path:
    """The smears at a place whose path is that long."""
    place: Path = tmp_path
    length: int = request.param
    while len(str(place)) < length - 100:
        place = place / ("ä long name " * 8)[:90]
    place = place / ("x" * max(1, length - len(str(place)) - 1))
    try:
        place.parent.mkdir(parents=True)
    except OSError:  # Windows without its policy for long paths
        pytest.skip("this system takes no path of that length")
    shutil.move(smear_folder, place)
    return place


@pytest.fixture
def run(fake_classifiers: ClassifierSet) -> Callable[..., int]:
    """`run(words…)`: the command line in this process, with classifiers that load nothing."""
    source = ClassifierSource(
        lambda streams: fake_classifiers,
        lambda ids, streams: fake_classifiers,
        lambda ids, streams: fake_classifiers,
    )
    return lambda *words: main([str(word) for word in words], source)


def test_the_command_line_screens_and_reports_there(
    deep_folder: Path,
    run: Callable[..., int],
    rows_of: Callable[[Path], list[dict[str, str]]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    report, page = deep_folder / "report.csv", deep_folder / "report.html"
    study = deep_folder / "night.bloodsmear"
    assert len(str(report)) > 300
    if len(str(study)) > 500:
        assert run("screen", deep_folder, "-o", report, "--study", study) == 3
        assert "too long" in capsys.readouterr().err
        study = tmp_path / "night.bloodsmear"
    # 1: done, but an image of the seven is torn.
    assert run("screen", deep_folder, "-o", report, "--study", study) == 1
    assert [row["status"] for row in rows_of(report)] == ["ok"] * 6 + ["unreadable"]
    assert run("report", study, "-o", page) == 0
    assert "smear 0.png" in page.read_text(encoding="utf-8")
    assert [path for path in deep_folder.iterdir() if path.suffix == ".tmp"] == []


def test_the_window_lists_reads_and_keeps_what_lies_there(
    deep_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    controller = StudyController(lambda: fake_classifiers, thumbnail_side_px=32)
    try:
        with qtbot.waitSignal(controller.file.opened):
            controller.load_classifiers()
            controller.open_folders([deep_folder])
        first = next(iter(controller.study.found))
        with qtbot.waitSignal(controller.thumbnails.ready) as small:
            controller.thumbnails.request(first)
        assert small.args[1] is not None
        with qtbot.waitSignal(controller.image.record_ready):
            controller.image.choose(first)
        with qtbot.waitSignal(controller.file.exported):
            controller.file.export(deep_folder / "window.csv")
        assert (deep_folder / "window.csv").is_file()
    finally:
        assert controller.close()
