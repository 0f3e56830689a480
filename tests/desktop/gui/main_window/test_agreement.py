"""The page of agreement beside the open study: nothing of a classifier stays on it where it must not be seen."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.main_window.study_follower import open_agreement
from desktop.gui.study import StudyController

ONLY = "case 9/smear 9.png"
FIRST = "case 1/smear 0.png"


@pytest.fixture
def one_image(tmp_path: Path, smear_folder: Path) -> Path:
    """A folder with one image: a single decision completes it."""
    case = tmp_path / "other" / "case 9"
    case.mkdir(parents=True)
    shutil.copy(smear_folder / FIRST, case / "smear 9.png")
    return case.parent


@pytest.fixture
def controller(fake_classifiers: ClassifierSet, one_image: Path, qtbot: QtBot) -> Iterator[StudyController]:
    """Ada has decided all of the open study."""
    made = StudyController(lambda: fake_classifiers, thumbnail_side_px=32)
    made.load_classifiers()
    made.review.name_reader("Ada")
    open_and_decide(made, one_image, ONLY, qtbot)
    yield made
    assert made.close()


def open_and_decide(controller: StudyController, folder: Path, image: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([folder])
    qtbot.waitUntil(lambda: controller.review.reviewed.is_open)
    with qtbot.waitSignal(controller.image.record_ready):
        controller.image.choose(image)
    decide(controller, qtbot)


def decide(controller: StudyController, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controller.review.mark_changed):
        controller.review.decide("benign")


@pytest.fixture
def page(controller: StudyController, qtbot: QtBot) -> Iterator[QDialog]:
    """The page with Ada beside the classifiers."""
    pages: list[QDialog] = []
    over = QWidget()

    def show_page(shown: QDialog) -> None:
        pages.append(shown)
        shown.show()

    open_agreement(controller, show_page, over)
    qtbot.waitUntil(lambda: "U-Net" in texts(pages[0]))
    yield pages[0]
    over.deleteLater()


def texts(page: QDialog) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if not label.isHidden()]


def test_blind_reading_begun_over_images_that_are_all_decided_hides_nothing(
    controller: StudyController, page: QDialog
) -> None:
    controller.review.set_blind(True)
    assert "U-Net" in texts(page)


def test_an_undo_in_blind_reading_takes_the_classifiers_figures_away_at_once(
    controller: StudyController, page: QDialog, qtbot: QtBot
) -> None:
    controller.review.set_blind(True)
    with qtbot.waitSignal(controller.review.mark_changed):
        controller.review.undo()
    assert "U-Net" not in texts(page)
    qtbot.waitUntil(lambda: any("hidden while you read blind" in text for text in texts(page)))
    decide(controller, qtbot)
    qtbot.waitUntil(lambda: "U-Net" in texts(page))


def test_another_reader_in_blind_reading_sees_no_classifier(
    controller: StudyController, page: QDialog, qtbot: QtBot
) -> None:
    controller.review.set_blind(True)
    controller.review.name_reader("Ben")
    assert "U-Net" not in texts(page)
    qtbot.waitUntil(lambda: any("hidden while you read blind" in text for text in texts(page)))


def test_blind_reading_after_another_folder_was_opened_hides_its_figures(
    controller: StudyController, page: QDialog, smear_folder: Path, qtbot: QtBot
) -> None:
    controller.open_folders([smear_folder])
    assert "U-Net" not in texts(page)
    assert "The study is being opened." in texts(page)
    open_and_decide(controller, smear_folder, FIRST, qtbot)
    # The slower a study is read, the longer the page waits until decisions have come to rest.
    qtbot.waitUntil(lambda: "U-Net" in texts(page), timeout=60_000)
    controller.review.set_blind(True)
    assert "U-Net" not in texts(page)
    qtbot.waitUntil(lambda: any("hidden while you read blind" in text for text in texts(page)))


def test_a_study_that_cannot_be_read_is_said_in_place(
    controller: StudyController, qtbot: QtBot, page: QDialog
) -> None:
    path = controller.study.path
    controller.file.close()
    # As after a study that could not be opened anew: it is named, and not open.
    controller.study.path = path
    controller.review.set_blind(True)
    controller.review.name_reader("Ben")
    qtbot.waitUntil(lambda: any("No study is open" in text for text in texts(page)))
