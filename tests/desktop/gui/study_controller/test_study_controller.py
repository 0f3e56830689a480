"""The controller without a window: what the reader asks for, and what comes back on the window's thread."""

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.errors import ClassifierError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import DEFAULTS, denoise_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel
from bloodsmear.review.records import ImageRecord
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reading import ReadRequest, read_image
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, default_study_path, screen
from desktop.gui.messages import Message
from desktop.gui.study_controller import ScreeningState, StudyController

MakeController = Callable[..., StudyController]


@pytest.fixture
def make_controller(qtbot: QtBot) -> Iterator[MakeController]:
    made: list[StudyController] = []

    def make(load: Callable[[], ClassifierSet]) -> StudyController:
        made.append(StudyController(load, thumbnail_side_px=32))
        return made[-1]

    yield make
    for controller in made:
        assert controller.close()


@pytest.fixture
def controller(make_controller: MakeController, fake_classifiers: ClassifierSet) -> StudyController:
    return make_controller(lambda: fake_classifiers)


def open_study(controller: StudyController, folder: Path, qtbot: QtBot) -> None:
    controller.load_classifiers()
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([folder])


def heard(controller: StudyController) -> list[Message]:
    said: list[Message] = []
    controller.said.connect(said.append)
    return said


def test_the_images_of_a_folder_arrive_in_natural_order(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished) as finished:
        controller.open_folders([smear_folder])
    assert finished.args == [1]
    assert list(controller.study.found)[:2] == ["case 1/smear 0.png", "case 1/smear 2.png"]
    assert controller.study.position("case 1/smear 2.png") == "2 of 7"


def test_a_dropped_file_opens_the_folder_it_lies_in(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder / "case 1" / "smear 0.png"])
    assert list(controller.study.found) == ["smear 0.png", "smear 2.png", "smear 4.png"]


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


def test_the_original_is_shown_before_the_classifiers_are_there(
    make_controller: MakeController, smear_folder: Path, qtbot: QtBot
) -> None:
    def never_called() -> ClassifierSet:
        raise AssertionError

    controller = make_controller(never_called)
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    with (
        qtbot.waitSignal(controller.image.denoised_ready),
        qtbot.waitSignal(controller.image.original_ready) as original,
    ):
        controller.image.choose("case 1/smear 0.png")
    assert original.args[0] == "case 1/smear 0.png"
    assert original.args[1].shape == (48, 64, 3)


def test_non_local_means_waits_until_the_classifiers_are_loaded_and_a_quick_denoiser_does_not(
    make_controller: MakeController, fake_classifiers: ClassifierSet, smear_folder: Path, qtbot: QtBot
) -> None:
    loaded = threading.Event()
    denoised: list[str] = []

    def load() -> ClassifierSet:
        assert loaded.wait(10)
        return fake_classifiers

    controller = make_controller(load)
    image = controller.image
    image.denoised_ready.connect(lambda _image, _pixels, caption: denoised.append(caption))
    controller.load_classifiers()
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    with qtbot.waitSignal(image.denoising):
        image.choose("case 1/smear 0.png")
    with qtbot.waitSignal(image.denoised_ready):
        image.choose_denoiser("median")
    image.choose_denoiser("non_local_means")
    qtbot.wait(100)
    assert denoised == ["Denoised · median"]
    with qtbot.waitSignal(image.denoised_ready):
        loaded.set()
    assert denoised == ["Denoised · median", "Denoised · non-local means"]


def test_the_windows_answer_is_the_command_lines_bit_for_bit(
    controller: StudyController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder, qtbot)
    with qtbot.waitSignal(controller.image.record_ready) as ready:
        controller.image.choose("case 2/smear 3.png")
    record, position = ready.args
    found = controller.study.found["case 2/smear 3.png"]
    expected = read_image(ReadRequest(found), fake_classifiers.classifiers)
    assert record.answers == expected.answers
    assert record.consensus == expected.consensus
    assert position == "5 of 7"


def test_an_unreadable_image_says_why_and_is_kept_as_a_row(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder, qtbot)
    with (
        qtbot.waitSignal(controller.record_changed) as changed,
        qtbot.waitSignal(controller.image.unreadable) as unreadable,
    ):
        controller.image.choose("case 2/torn.png")
    assert "torn.png" in unreadable.args[1]
    # Its folders would hide the reason; the list shows the case.
    assert "/" not in unreadable.args[1]
    record: ImageRecord = changed.args[0]
    assert record.status == "unreadable"
    assert "torn.png" not in record.error


def test_only_the_latest_chosen_image_is_heard_of(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder, qtbot)
    read: list[str] = []
    controller.image.record_ready.connect(lambda record, _position: read.append(record.image))
    for image in list(controller.study.found)[:6]:
        controller.image.choose(image)
    qtbot.waitUntil(lambda: bool(read))
    qtbot.wait(100)
    assert read == [list(controller.study.found)[5]]


def test_what_was_read_is_kept_and_not_asked_for_again(
    make_controller: MakeController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    first = make_controller(lambda: fake_classifiers)
    open_study(first, smear_folder, qtbot)
    with qtbot.waitSignal(first.image.record_ready):
        first.image.choose("case 1/smear 0.png")
    assert first.close()
    second = make_controller(lambda: fake_classifiers)
    changed: list[ImageRecord] = []
    second.record_changed.connect(changed.append)
    open_study(second, smear_folder, qtbot)
    assert [record.image for record in changed] == ["case 1/smear 0.png"]
    asked = [classifier.asked for classifier in fake_classifiers.classifiers]  # type: ignore[attr-defined]  # the fake counts
    with qtbot.waitSignal(second.image.record_ready):
        second.image.choose("case 1/smear 0.png")
    assert [classifier.asked for classifier in fake_classifiers.classifiers] == asked  # type: ignore[attr-defined]


def test_an_image_read_before_the_classifiers_were_there_is_kept_as_well(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    with qtbot.waitSignal(controller.image.original_ready):
        controller.image.choose("case 1/smear 0.png")
    with qtbot.waitSignals([controller.file.opened, controller.image.record_ready]):
        controller.load_classifiers()
    target = smear_folder.parent / "report.csv"
    with qtbot.waitSignal(controller.file.exported):
        controller.file.export(target)
    rows = target.read_text("utf-8-sig").splitlines()
    assert ",ok," in rows[1]
    assert ",not_screened," in rows[2]


def test_screening_reads_everything_and_says_how_it_went(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder, qtbot)
    states: list[ScreeningState] = []
    said = heard(controller)
    controller.screening.changed.connect(states.append)
    with qtbot.waitSignal(controller.screening.ended):
        controller.screening.start()
    assert len(controller.study.records) == 7
    assert states[0].running
    assert not states[-1].running
    assert [(message.kind, "7 images; 1 could not be read" in message.text) for message in said] == [
        ("info", True)
    ]


def test_a_report_from_the_window_equals_the_command_lines(
    controller: StudyController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    from bloodsmear.workflows.export import export_csv

    other = tmp_path / "other.bloodsmear"
    screen(ScreeningPlan((smear_folder,), other), fake_classifiers, ScreeningEvents(), Cancel())
    export_csv(other, tmp_path / "command.csv")
    open_study(controller, smear_folder, qtbot)
    with qtbot.waitSignal(controller.screening.ended):
        controller.screening.start()
    with qtbot.waitSignal(controller.file.exported):
        controller.file.export(tmp_path / "window.csv")
    assert without_times(tmp_path / "window.csv") == without_times(tmp_path / "command.csv")


def without_times(report: Path) -> list[list[str]]:
    import csv

    with report.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    column = rows[0].index("screened_at")
    return [row[:column] + row[column + 1 :] for row in rows]


def test_the_window_uses_the_study_of_the_command_line(
    controller: StudyController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    screen(ScreeningPlan((smear_folder,)), fake_classifiers, ScreeningEvents(), Cancel())
    open_study(controller, smear_folder, qtbot)
    assert controller.study.path == default_study_path((smear_folder,), fake_classifiers.marks)
    assert len(controller.study.records) == 7


def test_stopping_keeps_what_is_finished(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    for number in range(60):
        shutil.copy(smear_folder / "case 1" / "smear 0.png", smear_folder / f"copy {number}.png")
    open_study(controller, smear_folder, qtbot)
    controller.screening.record_ready.connect(lambda _record: controller.screening.stop())
    with qtbot.waitSignal(controller.screening.ended) as ended:
        controller.screening.start()
    assert "kept" in ended.args[0]
    assert 0 < len(controller.study.records) < 67


def test_a_report_that_cannot_be_written_is_said_in_a_sentence(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    open_study(controller, smear_folder, qtbot)
    said = heard(controller)
    with qtbot.waitSignal(controller.file.failed):
        controller.file.export(tmp_path / "no such folder" / "report.csv")
    assert [message.kind for message in said] == ["problem"]
    assert "report.csv" in said[0].text


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


def test_the_answers_on_the_denoised_image_come_when_they_are_asked_for(
    controller: StudyController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder, qtbot)
    controller.image.choose_denoiser("median")
    with qtbot.waitSignal(controller.image.denoised_ready):
        controller.image.choose("case 1/smear 0.png")
    with qtbot.waitSignal(controller.image.denoised_answers_ready) as ready:
        controller.image.want_denoised_answers(True)
    pixels = decode_image(controller.study.found["case 1/smear 0.png"].path).pixels
    median = denoise_image(pixels, DEFAULTS["median"])
    expected = [classifier.predict(median) for classifier in fake_classifiers.classifiers]
    assert [answer.prediction for answer in ready.args[1]] == expected


def test_the_choice_to_check_denoised_images_is_kept_in_the_study(
    make_controller: MakeController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    first = make_controller(lambda: fake_classifiers)
    open_study(first, smear_folder, qtbot)
    with qtbot.waitSignal(first.file.opened):
        first.set_check_denoised(True)
    with qtbot.waitSignal(first.image.denoised_answers_ready):
        first.image.choose("case 1/smear 0.png")
    assert first.close()
    second = make_controller(lambda: fake_classifiers)
    open_study(second, smear_folder, qtbot)
    assert second.study.check_denoised
    assert len(second.study.records["case 1/smear 0.png"].denoised_answers) == 2


def keep_the_choice_to_check(folder: Path, classifiers: ClassifierSet) -> None:
    screen(ScreeningPlan((folder,), check_denoised=True), classifiers, ScreeningEvents(), Cancel())


def test_screening_waits_for_the_studys_file_so_that_its_choice_to_check_is_not_lost(
    controller: StudyController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    keep_the_choice_to_check(smear_folder, fake_classifiers)
    tried: list[bool] = []

    def press_screen(_other_files: int) -> None:
        tried.append(controller.can_screen)
        controller.screening.start()
        tried.append(controller.screening.running)

    controller.load_classifiers()
    qtbot.waitUntil(lambda: bool(controller.study.marks))
    controller.folder.finished.connect(press_screen)
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([smear_folder])
    assert tried == [False, False]
    assert controller.can_screen
    assert controller.study.check_denoised


def test_a_choice_to_check_made_while_the_classifiers_load_holds_and_is_kept(
    make_controller: MakeController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    first = make_controller(lambda: fake_classifiers)
    with qtbot.waitSignal(first.folder.finished):
        first.open_folders([smear_folder])
    first.set_check_denoised(True)
    with qtbot.waitSignal(first.file.opened):
        first.load_classifiers()
    assert first.study.check_denoised
    assert first.close()
    second = make_controller(lambda: fake_classifiers)
    open_study(second, smear_folder, qtbot)
    assert second.study.check_denoised


def test_a_choice_to_check_made_while_the_file_is_being_opened_is_never_undone(
    controller: StudyController, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    keep_the_choice_to_check(smear_folder, fake_classifiers)
    seen: list[bool] = []
    controller.file.opened.connect(lambda: seen.append(controller.study.check_denoised))
    controller.load_classifiers()
    qtbot.waitUntil(lambda: bool(controller.study.marks))
    controller.folder.finished.connect(lambda _other_files: controller.set_check_denoised(False))
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([smear_folder])
    qtbot.wait(100)
    assert seen == [False]


def test_the_choice_to_check_of_one_study_is_not_taken_over_by_the_next(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    shutil.copytree(smear_folder / "case 1", tmp_path / "second")
    open_study(controller, smear_folder, qtbot)
    controller.set_check_denoised(True)
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([tmp_path / "second"])
    assert not controller.study.check_denoised


def test_thumbnails_come_for_good_images_and_none_for_bad_ones(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    came: dict[str, RgbImage | None] = {}
    controller.thumbnail_ready.connect(came.__setitem__)
    controller.request_thumbnail("case 1/smear 0.png")
    controller.request_thumbnail("case 2/torn.png")
    qtbot.waitUntil(lambda: len(came) == 2)
    good = came["case 1/smear 0.png"]
    assert good is not None
    assert max(good.shape[:2]) == 32
    assert came["case 2/torn.png"] is None


def test_opening_another_folder_while_screening_leaves_the_first_alone(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder, qtbot)
    shutil.copytree(smear_folder / "case 1", tmp_path / "second")
    controller.screening.start()
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([tmp_path / "second"])
    qtbot.wait(100)
    assert set(controller.study.records) == set()
    assert not controller.screening.running
    assert controller.can_screen


def test_a_large_image_is_denoised_in_strips_bit_for_bit_and_can_be_stopped() -> None:
    from bloodsmear.jobs import JobCancelled
    from desktop.gui.study_controller.engine_jobs import denoise_in_strips

    random = np.random.default_rng(1)
    pixels = random.integers(0, 255, (600, 500, 3), dtype=np.uint8)
    in_strips = denoise_in_strips(pixels, "non_local_means", Cancel())
    assert np.array_equal(in_strips, denoise_image(pixels, DEFAULTS["non_local_means"]))
    stopped = Cancel()
    stopped.request()
    with pytest.raises(JobCancelled):
        denoise_in_strips(pixels, "non_local_means", stopped)
