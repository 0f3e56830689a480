"""The shipped classifiers on real frames: the window's report is the command line's, its answers are bit-equal."""

import csv
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.images.decode import decode_image
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyStore
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
RowsOf = Callable[[Path], list[dict[str, str]]]
LOADING_MS, SCREENING_MS = 120_000, 300_000


@pytest.fixture(scope="module")
def frames(shared_data: Path) -> Path:
    if not all((paths.shipped_classifiers() / one / "model.keras").is_file() for one in ("vgg16", "unet")):
        pytest.skip("needs the two classifiers in models/")
    return shared_data / "fullsize"


@pytest.fixture(scope="module")
def screened(
    frames: Path,
    converted_once: Path,
    bloodsmear_in: Callable[[Path], Bloodsmear],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The folder with the report r.csv and the study s of all frames, screened once by the command line."""
    place = tmp_path_factory.mktemp("screened")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOODSMEAR_HOME", str(place / "home"))
        shutil.copytree(converted_once, paths.graph_cache())
    done = bloodsmear_in(place / "home")("screen", frames, "-o", place / "r.csv", "--study", place / "s")
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def window(
    qapp: QApplication, tmp_path: Path, frames: Path, converted: None, qtbot: QtBot
) -> Iterator[MainWindow]:
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


def test_the_real_frames_give_35_rows_that_the_shipped_classifiers_answer(
    frames: Path, screened: Path, rows_of: RowsOf
) -> None:
    rows = rows_of(screened / "r.csv")
    assert len(rows) == 35
    assert {row["status"] for row in rows} == {"ok"}
    sizes = {row["image"]: (int(row["width_px"]), int(row["height_px"])) for row in rows}
    for image, size in sizes.items():
        decoded = decode_image(frames / image)
        assert (decoded.width_px, decoded.height_px) == size


def test_the_window_exports_what_the_command_line_writes(
    window: MainWindow, frames: Path, screened: Path, tmp_path: Path, qtbot: QtBot
) -> None:
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
    assert rows == without_times(screened / "r.csv")
    shown = window.controller.study.records
    assert {image: shown[image].answers for image in shown} == {
        image: record.answers for image, record in records_in(screened / "s").items()
    }


@pytest.mark.usefixtures("converted")
def test_an_image_alone_gets_the_answers_that_it_gets_among_others(
    frames: Path, screened: Path, bloodsmear: Bloodsmear, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.bloodsmear"
    chosen = max(path for path in (frames / "Pro").iterdir() if path.is_file())
    single = tmp_path / "single"
    single.mkdir()
    (single / chosen.name).write_bytes(chosen.read_bytes())
    assert bloodsmear("screen", single, "-o", tmp_path / "b.csv", "--study", alone).returncode == 0

    assert records_in(alone)[chosen.name].answers == records_in(screened / "s")[f"Pro/{chosen.name}"].answers
