"""The window watches the open folder: what comes is listed, screened and in the report, also where nothing was."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.reports.report_kind import SEMICOLON
from bloodsmear.workflows import watching as watching_module
from bloodsmear.workflows.arrivals import Stillness
from bloodsmear.workflows.watching import WatchTiming
from desktop.gui.messages import Message
from desktop.gui.study import StudyController

OpenStudy = Callable[[StudyController, Path], list[Message]]
RowsOf = Callable[[Path], list[dict[str, str]]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at the folder all the time, and takes what it finds at the second look."""
    monkeypatch.setattr(watching_module, "_POLL_S", 0.01)
    monkeypatch.setattr(watching_module, "WatchTiming", partial(WatchTiming, stillness=Stillness(0, 0)))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.csv"


@pytest.fixture
def in_the_window(
    controller: StudyController, smear_folder: Path, open_study: OpenStudy
) -> tuple[StudyController, Path]:
    """A controller that has the folder open, and the folder."""
    open_study(controller, smear_folder)
    return controller, smear_folder


def watch_until(
    controller: StudyController, qtbot: QtBot, report: Path, condition: Callable[[], bool]
) -> str:
    """Watch until the condition holds, stop, and return what is said at the end."""
    controller.screening.watch(report)
    qtbot.waitUntil(condition)
    with qtbot.waitSignal(controller.screening.ended) as ended:
        controller.screening.stop()
    return str(ended.args[0])


def test_the_report_of_a_watched_folder_has_the_form_that_was_chosen(
    in_the_window: tuple[StudyController, Path], report: Path, qtbot: QtBot
) -> None:
    controller, _folder = in_the_window
    controller.screening.watch(report, SEMICOLON)
    qtbot.waitUntil(report.exists)
    with qtbot.waitSignal(controller.screening.ended):
        controller.screening.stop()
    assert report.read_text("utf-8-sig").startswith("image;case;")


def test_what_comes_is_listed_screened_and_in_the_report(
    in_the_window: tuple[StudyController, Path], report: Path, qtbot: QtBot, rows_of: RowsOf
) -> None:
    controller, smear_folder = in_the_window
    grown: list[str] = []
    controller.folder.grown.connect(lambda found: grown.extend(image.image for image in found))
    arrived = smear_folder / "case 3" / "new.png"

    def come() -> None:
        arrived.parent.mkdir()
        shutil.copy(smear_folder / "case 1" / "smear 0.png", arrived)

    controller.screening.watch(report)
    qtbot.waitUntil(lambda: len(controller.study.records) == 7)
    come()
    qtbot.waitUntil(lambda: "case 3/new.png" in controller.study.records)
    with qtbot.waitSignal(controller.screening.ended) as ended:
        controller.screening.stop()

    assert grown == ["case 3/new.png"]
    assert ended.args == [
        "Stopped watching. report.csv has 8 images; 1 could not be read (see its row in the list)."
    ]
    assert {row["image"]: row["status"] for row in rows_of(report)}["case 3/new.png"] == "ok"
    assert len(rows_of(report)) == 8
    assert not controller.screening.running
    assert controller.can_screen


def test_an_empty_folder_is_watched_and_its_first_image_opens_the_study(
    controller: StudyController, smear_folder: Path, report: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    camera = tmp_path / "camera"
    camera.mkdir()
    controller.load_classifiers()
    qtbot.waitUntil(lambda: bool(controller.study.marks))
    with qtbot.waitSignal(controller.folder.nothing_found):
        controller.open_folders([camera])
    assert not controller.can_screen
    assert controller.screening.can_watch

    def come_and_look() -> bool:
        if not any(camera.iterdir()):
            shutil.copy(smear_folder / "case 1" / "smear 0.png", camera / "first.png")
        return controller.study.path is not None and "first.png" in controller.study.records

    said = watch_until(controller, qtbot, report, come_and_look)

    assert said == "Stopped watching. report.csv has 1 image."
    assert list(controller.study.found) == ["first.png"]
    assert controller.can_screen


def test_a_watch_of_nothing_ends_without_a_report(
    controller: StudyController, report: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    camera = tmp_path / "camera"
    camera.mkdir()
    controller.load_classifiers()
    qtbot.waitUntil(lambda: bool(controller.study.marks))
    with qtbot.waitSignal(controller.folder.nothing_found):
        controller.open_folders([camera])

    said = watch_until(controller, qtbot, report, lambda: True)

    assert said.startswith("Stopped")
    assert not report.exists()
    assert controller.screening.can_watch


def test_a_report_that_cannot_be_written_is_said_and_the_watch_goes_on(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    said = open_study(controller, smear_folder)
    taken = tmp_path / "taken.csv"
    taken.mkdir()

    watch_until(controller, qtbot, taken, lambda: len(controller.study.records) == 7)

    # The cut image is waited for, so it came in a round of its own, after the report was refused for the first time.
    refused = [message.text for message in said if "the report is written with the next ones" in message.text]
    assert len(refused) == 2
    assert all("taken.csv" in sentence for sentence in refused)


def test_nothing_is_watched_while_a_screening_is_under_way_or_no_folder_is_open(
    controller: StudyController, smear_folder: Path, report: Path, open_study: OpenStudy, qtbot: QtBot
) -> None:
    can_watch = [controller.screening.can_watch]
    open_study(controller, smear_folder)
    can_watch.append(controller.screening.can_watch)
    with qtbot.waitSignal(controller.screening.ended):
        controller.screening.start()
        can_watch.append(controller.screening.can_watch)
        controller.screening.watch(report)
    assert can_watch == [False, True, False]
    assert not report.exists()


def test_another_folder_ends_the_watch_of_the_first(
    in_the_window: tuple[StudyController, Path], report: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    controller, smear_folder = in_the_window
    controller.screening.watch(report)
    qtbot.waitUntil(lambda: len(controller.study.records) == 7)
    shutil.copytree(smear_folder / "case 1", tmp_path / "second")
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([tmp_path / "second"])
    assert not controller.screening.running
    assert set(controller.study.found) == {"smear 0.png", "smear 2.png", "smear 4.png"}
