"""The chosen image: shown, read and denoised, each as soon as it can be."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.errors import BloodsmearError, ClassifierError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DEFAULTS
from bloodsmear.images.denoising import Denoising
from bloodsmear.jobs import Cancel
from bloodsmear.review.records import ImageRecord
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reading import ReadRequest, read_image
from desktop.gui.messages import Message
from desktop.gui.study import StudyController, image_jobs

MakeController = Callable[..., StudyController]
OpenStudy = Callable[[StudyController, Path], list[Message]]


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
        image.choose_denoiser(DEFAULTS["median"])
    image.choose_denoiser(DEFAULTS["non_local_means"])
    qtbot.wait(100)
    assert denoised == ["Denoised · median, 5 px"]
    with qtbot.waitSignal(image.denoised_ready):
        loaded.set()
    assert denoised == [
        "Denoised · median, 5 px",
        "Denoised · non-local means, h 10",
    ]


def test_the_windows_answer_is_the_command_lines_bit_for_bit(
    controller: StudyController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    open_study(controller, smear_folder)
    with qtbot.waitSignal(controller.image.record_ready) as ready:
        controller.image.choose("case 2/smear 3.png")
    (record,) = ready.args
    found = controller.study.found["case 2/smear 3.png"]
    expected = read_image(ReadRequest(found), fake_classifiers.classifiers)
    assert record.answers == expected.answers
    assert record.consensus == expected.consensus


def test_an_unreadable_image_says_why_and_is_kept_as_a_row(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    open_study(controller, smear_folder)
    with (
        qtbot.waitSignal(controller.records_changed) as changed,
        qtbot.waitSignal(controller.image.unreadable) as unreadable,
    ):
        controller.image.choose("case 2/torn.png")
    assert "torn.png" in unreadable.args[1]
    # Its folders would hide the reason; the list shows the case.
    assert "/" not in unreadable.args[1]
    (record,) = changed.args[0]
    assert record.status == "unreadable"
    assert "torn.png" not in record.error


def test_a_drive_that_is_gone_unsays_nothing_that_was_read(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    open_study(controller, smear_folder)
    image = "case 1/smear 0.png"
    with qtbot.waitSignal(controller.image.record_ready) as ready:
        controller.image.choose(image)
    smear_folder.rename(smear_folder.with_name("elsewhere"))
    changed: list[ImageRecord] = []
    controller.records_changed.connect(changed.extend)
    with (
        qtbot.waitSignal(controller.image.unanswered) as unanswered,
        qtbot.waitSignal(controller.image.unreadable) as unreadable,
    ):
        controller.image.choose(image)
    assert "its drive is not connected" in unreadable.args[1]
    assert unanswered.args == [image, False]
    assert controller.study.records[image] == ready.args[0]
    assert changed == []


def test_only_the_latest_chosen_image_is_heard_of(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    open_study(controller, smear_folder)
    read: list[str] = []
    controller.image.record_ready.connect(lambda record: read.append(record.image))
    for image in list(controller.study.found)[:6]:
        controller.image.choose(image)
    qtbot.waitUntil(lambda: bool(read))
    qtbot.wait(100)
    assert read == [list(controller.study.found)[5]]


def test_what_was_read_is_kept_and_not_asked_for_again(
    make_controller: MakeController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    first = make_controller(lambda: fake_classifiers)
    open_study(first, smear_folder)
    with qtbot.waitSignal(first.image.record_ready):
        first.image.choose("case 1/smear 0.png")
    assert first.close()
    second = make_controller(lambda: fake_classifiers)
    changed: list[ImageRecord] = []
    second.records_changed.connect(changed.extend)
    open_study(second, smear_folder)
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


def test_the_answers_on_the_denoised_image_come_when_they_are_asked_for(
    controller: StudyController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    open_study(controller, smear_folder)
    controller.image.choose_denoiser(DEFAULTS["median"])
    with qtbot.waitSignal(controller.image.denoised_ready):
        controller.image.choose("case 1/smear 0.png")
    with qtbot.waitSignal(controller.image.denoised_answers_ready) as ready:
        controller.image.want_denoised_answers(True)
    pixels = decode_image(controller.study.found["case 1/smear 0.png"].path).pixels
    median = denoise_image(pixels, DEFAULTS["median"])
    expected = [classifier.predict(median) for classifier in fake_classifiers.classifiers]
    assert [answer.prediction for answer in ready.args[1]] == expected


def test_with_denoising_off_no_answer_on_a_denoised_image_is_waited_for(
    controller: StudyController, smear_folder: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    open_study(controller, smear_folder)
    image = controller.image
    image.want_denoised_answers(True)
    with qtbot.waitSignal(image.denoised_answers_ready):
        image.choose("case 1/smear 0.png")
    with qtbot.waitSignal(image.undenoised) as undenoised:
        image.choose_denoiser(None)
    assert undenoised.args == ["case 1/smear 0.png"]
    with qtbot.waitSignal(image.undenoised) as undenoised:
        image.choose("case 1/smear 2.png")
    assert undenoised.args == ["case 1/smear 2.png"]


def test_a_denoise_that_fails_is_said_for_the_pane_and_leaves_no_answer_to_wait_for(
    controller: StudyController,
    smear_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    def refuse(_denoising: Denoising, _say: object, _cancel: Cancel) -> None:
        raise BloodsmearError("The image is too large to denoise.")

    monkeypatch.setattr(Denoising, "run", refuse)
    said = open_study(controller, smear_folder)
    with (
        qtbot.waitSignal(controller.image.unanswered) as unanswered,
        qtbot.waitSignal(controller.image.denoising_failed) as failed,
    ):
        controller.image.choose("case 1/smear 0.png")
    assert failed.args == ["The image is too large to denoise."]
    assert unanswered.args == ["case 1/smear 0.png", True]
    assert [message.text for message in said] == ["The image is too large to denoise."]


def test_a_classifier_that_fails_leaves_no_answer_to_wait_for(
    controller: StudyController,
    smear_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    def refuse(*_arguments: object) -> ImageRecord:
        raise ClassifierError("The classifier vgg16 gave no probabilities.")

    monkeypatch.setattr(image_jobs, "read_decoded", refuse)
    said = open_study(controller, smear_folder)
    with qtbot.waitSignal(controller.image.unanswered) as unanswered:
        controller.image.choose("case 1/smear 0.png")
    assert unanswered.args == ["case 1/smear 0.png", False]
    assert [message.text for message in said] == ["The classifier vgg16 gave no probabilities."]


def test_an_image_that_was_read_ahead_is_shown_as_soon_as_it_is_chosen(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder)
    image = controller.image
    with qtbot.waitSignal(image.record_ready):
        image.choose("case 1/smear 0.png")
    qtbot.waitUntil(lambda: image.pictures.file("case 1/smear 2.png") is not None)
    shown: list[str] = []
    image.original_ready.connect(lambda name, _pixels: shown.append(name))
    image.choose("case 1/smear 2.png")
    assert shown == ["case 1/smear 2.png"]
    with qtbot.waitSignal(image.record_ready) as read:
        pass
    assert read.args[0].image == "case 1/smear 2.png"
    assert shown == ["case 1/smear 2.png"]


def test_an_image_that_was_read_ahead_and_is_gone_since_is_shown_no_longer(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder)
    image = controller.image
    with qtbot.waitSignal(image.record_ready):
        image.choose("case 1/smear 0.png")
    qtbot.waitUntil(lambda: image.pictures.file("case 1/smear 2.png") is not None)
    (smear_folder / "case 1/smear 2.png").unlink()
    with qtbot.waitSignal(image.unreadable) as gone:
        image.choose("case 1/smear 2.png")
    assert gone.args[0] == "case 1/smear 2.png"
    assert image.sha256 == ""


def test_the_chosen_image_is_read_when_its_drive_is_back(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder)
    image = controller.image
    told: list[str] = []
    image.unreadable.connect(lambda _image, sentence: told.append(sentence))
    away = smear_folder.rename(smear_folder.with_name("away"))
    with qtbot.waitSignal(image.record_made):
        image.choose("case 1/smear 0.png")
    with qtbot.waitSignal(image._again.timeout):
        pass
    away.rename(smear_folder)
    with qtbot.waitSignals([image.original_ready, image.record_ready]):
        pass
    assert controller.study.records["case 1/smear 0.png"].status == "ok"
    # Once: nothing blinks while it is away.
    assert len(told) == 1
    assert not image._again.isActive()


def test_a_damaged_image_is_not_read_again_and_again(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder)
    with qtbot.waitSignal(controller.image.record_made):
        controller.image.choose("case 2/torn.png")
    assert not controller.image._again.isActive()


def test_once_the_classifiers_are_loaded_nothing_says_that_they_are_being_loaded(
    make_controller: MakeController, fake_classifiers: ClassifierSet, smear_folder: Path, qtbot: QtBot
) -> None:
    loaded = threading.Event()

    def load() -> ClassifierSet:
        assert loaded.wait(10)
        return fake_classifiers

    controller = make_controller(load)
    controller.load_classifiers()
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    controller.image.choose("case 1/smear 0.png")
    assert "classifiers are being loaded" in controller.review.state.waiting
    told: list[str] = []
    controller.review.changed.connect(lambda state: told.append(state.waiting))
    loaded.set()
    with qtbot.waitSignal(controller.image.record_ready):
        pass
    assert told[0] == "The study's file is being opened; decisions are kept in it."
