"""The controller without a window: what the reader asks for, and what comes back on the window's thread."""

import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.errors import ClassifierError
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import (
    ScreeningEvents,
    ScreeningPlan,
    default_study_path,
    screen,
    screened_study,
)
from desktop.gui.messages import Message
from desktop.gui.study import ScreeningState, StudyController, folders

MakeController = Callable[..., StudyController]
OpenStudy = Callable[[StudyController, Path], list[Message]]


def test_the_images_of_a_folder_arrive_in_natural_order(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished) as finished:
        controller.open_folders([smear_folder])
    assert finished.args == [1]
    assert list(controller.study.found)[:2] == ["case 1/smear 0.png", "case 1/smear 2.png"]


def test_a_folder_without_images_is_named_with_what_to_do(
    controller: StudyController, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("no image")
    with qtbot.waitSignal(controller.folder.nothing_found) as nothing_found:
        controller.open_folders([tmp_path / "empty"])
    (sentence,) = nothing_found.args
    assert str(tmp_path / "empty") in sentence
    assert "1 other file" in sentence
    assert "Open a folder with" in sentence


def test_a_deleted_folder_is_named_and_another_can_be_opened(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.failed) as failed:
        controller.open_folders([tmp_path / "gone"])
    assert "gone" in failed.args[0]
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])


def test_a_folder_whose_drive_does_not_answer_holds_up_no_other_folder(
    controller: StudyController,
    smear_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    answers, scan_folders = threading.Event(), folders.scan_folders

    def scan(dropped: Sequence[Path], say: Callable[[object], None], cancel: Cancel) -> folders.ScanOutcome:
        if dropped[0] == tmp_path / "share":
            answers.wait(10)
        return scan_folders(dropped, say, cancel)

    monkeypatch.setattr(folders, "scan_folders", scan)
    controller.open_folders([tmp_path / "share"])
    try:
        with qtbot.waitSignal(controller.folder.finished, timeout=3000):
            controller.open_folders([smear_folder])
    finally:
        answers.set()
    assert len(controller.study.found) == 7


def test_screening_reads_everything_and_says_how_it_went(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    said = open_study(controller, smear_folder)
    states: list[ScreeningState] = []
    controller.screening.changed.connect(states.append)
    with qtbot.waitSignal(controller.screening.ended):
        controller.screening.start()
    assert len(controller.study.records) == 7
    assert states[0].running
    assert not states[-1].running
    assert [(message.kind, "7 images; 1 could not be read" in message.text) for message in said] == [
        ("info", True)
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links want a privilege there")
def test_a_folder_opened_by_a_link_is_screened_under_the_name_it_was_opened_by(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    """As on a mapped drive of Windows: the window's study and the screening's must be about the same folder."""
    (tmp_path / "link").symlink_to(smear_folder, target_is_directory=True)
    said = open_study(controller, tmp_path / "link")
    controller.screening.start()
    qtbot.waitUntil(lambda: bool(said))
    assert [message.kind for message in said] == ["info"]
    assert len(controller.study.records) == 7


def test_a_report_from_the_window_equals_the_command_lines(
    controller: StudyController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    from bloodsmear.workflows.export import export_csv

    beside = smear_folder.parent
    other = beside / "other.bloodsmear"
    screen(ScreeningPlan((smear_folder,), other), fake_classifiers, ScreeningEvents(), Cancel())
    export_csv(other, beside / "command.csv")
    open_study(controller, smear_folder)
    with qtbot.waitSignal(controller.screening.ended):
        controller.screening.start()
    with qtbot.waitSignal(controller.file.exported):
        controller.file.export(beside / "window.csv")
    assert without_times(beside / "window.csv") == without_times(beside / "command.csv")


def without_times(report: Path) -> list[list[str]]:
    import csv

    with report.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    column = rows[0].index("screened_at")
    return [row[:column] + row[column + 1 :] for row in rows]


def test_the_window_uses_the_study_of_the_command_line(
    controller: StudyController, smear_folder: Path, fake_classifiers: ClassifierSet, open_study: OpenStudy
) -> None:
    screen(ScreeningPlan((smear_folder,)), fake_classifiers, ScreeningEvents(), Cancel())
    open_study(controller, smear_folder)
    assert controller.study.path == default_study_path((smear_folder,), fake_classifiers.marks)
    assert len(controller.study.records) == 7


def test_stopping_keeps_what_is_finished(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    for number in range(60):
        shutil.copy(smear_folder / "case 1" / "smear 0.png", smear_folder / f"copy {number}.png")
    open_study(controller, smear_folder)
    controller.screening.record_ready.connect(lambda _record: controller.screening.stop())
    with qtbot.waitSignal(controller.screening.ended) as ended:
        controller.screening.start()
    assert "kept" in ended.args[0]
    assert 0 < len(controller.study.records) < 67


def test_a_report_that_cannot_be_written_is_said_in_a_sentence(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, tmp_path: Path, open_study: OpenStudy
) -> None:
    said = open_study(controller, smear_folder)
    with qtbot.waitSignal(controller.file.failed):
        controller.file.export(tmp_path / "no such folder" / "report.csv")
    assert [message.kind for message in said] == ["problem"]
    assert "report.csv" in said[0].text


def test_a_report_asked_for_without_a_study_is_refused_in_a_sentence(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, tmp_path: Path, open_study: OpenStudy
) -> None:
    said = open_study(controller, smear_folder)
    # As when another folder is opened while the reader still chooses the file.
    controller.file.close()
    controller.file.export(tmp_path / "report.csv")
    assert [message.text for message in said] == [
        "No study is open, so no report was written. Open a folder first."
    ]


def test_a_report_asked_for_too_late_fails_once(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, tmp_path: Path, open_study: OpenStudy
) -> None:
    said = open_study(controller, smear_folder)
    path = controller.study.path
    controller.file.close()
    # As after a study that could not be opened anew: it is named, and not open.
    controller.study.path = path
    with qtbot.waitSignal(controller.file.failed):
        controller.file.export(tmp_path / "report.csv")
    assert ["No study is open" in message.text for message in said] == [True]


def test_without_any_classifier_the_images_are_still_shown(
    make_controller: MakeController, smear_folder: Path, qtbot: QtBot
) -> None:
    def refuse() -> ClassifierSet:
        raise ClassifierError("No classifier can be used. Install Bloodsmear again.")

    controller = make_controller(refuse)
    with qtbot.waitSignal(controller.classifiers_ready) as ready:
        controller.load_classifiers()
    assert ready.args[0] == ()
    assert ready.args[1][0].reason == "No classifier can be used. Install Bloodsmear again."
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    with qtbot.waitSignal(controller.image.record_ready):
        controller.image.choose("case 1/smear 0.png")
    assert not controller.can_screen


def test_a_library_that_cannot_be_imported_is_said_in_place_of_the_classifiers(
    make_controller: MakeController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def fail_to_import() -> ClassifierSet:
        raise ImportError("DLL load failed while importing openvino")

    # The module of the classifiers imports the same library, so it cannot be had either.
    monkeypatch.setitem(sys.modules, "bloodsmear.workflows.classifier_set", None)
    controller = make_controller(fail_to_import)
    with qtbot.waitSignal(controller.classifiers_ready) as ready:
        controller.load_classifiers()
    marks, (left_out,) = ready.args
    assert marks == ()
    assert "ImportError" in left_out.reason
    assert not controller.can_screen


def test_opening_another_folder_while_screening_leaves_the_first_alone(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    open_study(controller, smear_folder)
    shutil.copytree(smear_folder / "case 1", tmp_path / "second")
    controller.screening.start()
    with qtbot.waitSignal(controller.screening.ended) as said, qtbot.waitSignal(controller.file.opened):
        controller.open_folders([tmp_path / "second"])
    assert said.args is not None
    assert said.args[0].startswith("The screening of smears ended after ")
    assert "To go on, open it again" in said.args[0]
    qtbot.wait(100)
    assert set(controller.study.records) == set()
    assert not controller.screening.running
    assert controller.can_screen


def test_a_folder_that_another_program_screens_is_not_screened_here_and_can_be_later(
    controller: StudyController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    said = open_study(controller, smear_folder)
    elsewhere = ScreeningPlan((smear_folder,), controller.study.path)
    with screened_study(Scan(elsewhere.folders), elsewhere, fake_classifiers):
        with qtbot.waitSignal(controller.screening.failed):
            controller.screening.start()
        assert "is being screened already" in said[-1].text
        assert controller.can_screen
    with qtbot.waitSignal(controller.screening.ended):
        controller.screening.start()
