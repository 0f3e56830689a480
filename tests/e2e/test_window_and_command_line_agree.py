"""The shipped classifiers on real frames: the window's report is the command line's, its answers are bit-equal."""

import csv
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyStore
from desktop.gui.app import build_window
from desktop.gui.main_window import AskFiles, MainWindow

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
LOADING_MS, SCREENING_MS = 120_000, 300_000


@pytest.fixture
def frames(shared_data: Path) -> Path:
    if not all((paths.shipped_classifiers() / one / "model.keras").is_file() for one in ("vgg16", "unet")):
        pytest.skip("needs the two classifiers in models/")
    return shared_data / "fullsize"


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, frames: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """The real window with the shipped classifiers; it exports to window.csv."""
    report = tmp_path / "window.csv"
    ask = AskFiles(folder=lambda _parent, _start: frames, report=lambda _parent, _suggested: report)
    window = build_window(qapp, settings_file=tmp_path / "settings.json", ask=ask)
    with qtbot.waitSignal(window.controller.classifiers_ready, timeout=LOADING_MS):
        window.show()
    yield window
    window.close()
    window.deleteLater()


def without_times(report: Path) -> list[list[str]]:
    with report.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    times = header.index("screened_at")
    return [row[:times] + row[times + 1 :] for row in (header, *rows)]


def records_in(study: Path) -> dict[str, ImageRecord]:
    with StudyStore.open_existing(study) as store:
        return {record.image: record for record in store.records()}


def test_the_window_exports_what_the_command_line_writes(
    window: MainWindow, frames: Path, bloodsmear: Bloodsmear, tmp_path: Path, qtbot: QtBot
) -> None:
    study = tmp_path / "cli.bloodsmear"
    done = bloodsmear("screen", frames, "-o", tmp_path / "cli.csv", "--study", study)
    assert done.returncode == 0, done.stderr

    with qtbot.waitSignal(window.controller.file.opened):
        window.open_folders([frames])
    heard: list[str] = []
    for last_word in (window.controller.screening.ended, window.controller.screening.failed):
        last_word.connect(heard.append)
    assert window.actions_by_name["screen"].isEnabled()
    window.actions_by_name["screen"].trigger()
    qtbot.waitUntil(lambda: bool(heard), timeout=SCREENING_MS)
    assert heard == ["Screened 35 images."]
    with qtbot.waitSignal(window.controller.file.exported):
        window.actions_by_name["export"].trigger()

    rows = without_times(tmp_path / "window.csv")
    assert len(rows) == 1 + 35
    assert rows == without_times(tmp_path / "cli.csv")
    shown = window.controller.study.records
    assert {image: shown[image].answers for image in shown} == {
        image: record.answers for image, record in records_in(study).items()
    }


def test_an_image_alone_gets_the_answers_that_it_gets_among_others(
    frames: Path, bloodsmear: Bloodsmear, tmp_path: Path
) -> None:
    together, alone = tmp_path / "together.bloodsmear", tmp_path / "alone.bloodsmear"
    folder = frames / "Pro"
    chosen = max(path for path in folder.iterdir() if path.is_file())
    single = tmp_path / "single"
    single.mkdir()
    (single / chosen.name).write_bytes(chosen.read_bytes())
    assert bloodsmear("screen", folder, "-o", tmp_path / "a.csv", "--study", together).returncode == 0
    assert bloodsmear("screen", single, "-o", tmp_path / "b.csv", "--study", alone).returncode == 0

    assert records_in(alone)[chosen.name].answers == records_in(together)[chosen.name].answers
