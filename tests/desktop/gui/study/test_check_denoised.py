"""The choice to check denoised images: it is the study's, and nothing loses it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DenoisedKey, DenoiseSettings
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reading import CHECK_DENOISER, answers_of
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from desktop.gui.messages import Message
from desktop.gui.study import StudyController
from desktop.gui.study.image_jobs import ask_as_the_check_does, keep_denoised

MakeController = Callable[..., StudyController]
OpenStudy = Callable[[StudyController, Path], list[Message]]
# The check denoises on one thread, behind whatever else this PC does.
PATIENCE_MS = 60_000


def test_the_choice_to_check_denoised_images_is_kept_in_the_study(
    make_controller: MakeController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    open_study: OpenStudy,
) -> None:
    first = make_controller(lambda: fake_classifiers)
    open_study(first, smear_folder)
    with qtbot.waitSignal(first.file.opened):
        first.set_check_denoised(True)
    with qtbot.waitSignal(first.image.denoised_answers_ready):
        first.image.choose("case 1/smear 0.png")
    assert first.close()
    second = make_controller(lambda: fake_classifiers)
    open_study(second, smear_folder)
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
    make_controller: MakeController,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
    open_study: OpenStudy,
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
    open_study(second, smear_folder)
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
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot, open_study: OpenStudy
) -> None:
    shutil.copytree(smear_folder / "case 1", tmp_path / "second")
    open_study(controller, smear_folder)
    controller.set_check_denoised(True)
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([tmp_path / "second"])
    assert not controller.study.check_denoised


@pytest.mark.parametrize("looked_at", [DenoiseSettings("gaussian", 3), None])
def test_the_check_uses_the_references_denoiser_whatever_is_looked_at(
    controller: StudyController,
    smear_folder: Path,
    qtbot: QtBot,
    open_study: OpenStudy,
    looked_at: DenoiseSettings | None,
) -> None:
    image, chosen = controller.image, "case 1/smear 0.png"
    image.choose_denoiser(looked_at)
    open_study(controller, smear_folder)
    with qtbot.waitSignal(controller.file.opened):
        controller.set_check_denoised(True)
    with qtbot.waitSignal(
        image.record_made,
        timeout=PATIENCE_MS,
        check_params_cb=lambda record: record.image == chosen and bool(record.denoised_answers),
    ):
        image.choose(chosen)
    denoised = denoise_image(decode_image(smear_folder / chosen).pixels, CHECK_DENOISER)
    assert controller.study.classifiers is not None
    expected = answers_of(denoised, controller.study.classifiers.classifiers)
    assert controller.study.records[chosen].denoised_answers == expected


def test_the_check_takes_a_kept_picture_of_this_very_page_and_of_no_other(
    smear_folder: Path, fake_classifiers: ClassifierSet
) -> None:
    decoded = decode_image(smear_folder / "case 1" / "smear 0.png")
    black, grey = np.zeros_like(decoded.pixels), np.full_like(decoded.pixels, 127)
    # As an older version kept it: by the file's bytes, which all pages of a TIFF share.
    keep_denoised(DenoisedKey(decoded.sha256, CHECK_DENOISER), black)
    keep_denoised(DenoisedKey(decoded.picture, CHECK_DENOISER), grey)
    classifiers = fake_classifiers.classifiers

    told = ask_as_the_check_does(decoded, classifiers, Cancel())

    assert told == answers_of(grey, classifiers) != answers_of(black, classifiers)
