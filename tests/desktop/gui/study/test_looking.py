"""Where a classifier looked: for the chosen image, by the chosen classifier, and not while answers are hidden."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ClassifierError
from bloodsmear.explaining.activation_map import ActivationMap
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel, Report
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.workflows.classifier_set import ClassifierSet, load_default_classifiers, mark_of
from desktop.gui.job_runner import JobRunner, Lane
from desktop.gui.study.looking import HIDDEN, LANE, Looking, open_mapper_of
from desktop.gui.study.open_study import OpenStudy

PIXELS = np.full((60, 80, 3), 220, np.uint8)


class FakeMapper:
    """Looks at the upper left corner, in 2 × 2 parts."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked

    def activation_map(
        self, _image: RgbImage, label_key: str, _report: Report, _cancel: Cancel
    ) -> ActivationMap:
        """One value for each quarter."""
        self.asked.append(label_key)
        return ActivationMap(np.eye(2, dtype=np.float32), 0.5, 0.5, label_key, "class_activation")


class Desk:
    """A Looking, and all that it said."""

    def __init__(self, classifiers: ClassifierSet) -> None:
        self.parent = QObject()
        self.asked: list[str] = []
        self.opened: list[str] = []
        self.shown: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.runner = JobRunner([Lane(LANE, order="latest_only")], self.parent)
        self.marks = classifiers.marks
        self.looking = Looking(OpenStudy(classifiers=classifiers), self.runner, self.parent, self._open)
        self.looking.ready.connect(lambda image, _colours, sentence: self.shown.append((image, sentence)))
        self.looking.said.connect(self.said.append)

    def read(self, image: str, sha256: str = "") -> None:
        """Choose an image: it is decoded and answered."""
        answers = tuple(Answer(mark, Prediction((0.1, 0.7, 0.1, 0.1))) for mark in self.marks)
        self.looking.forget()
        self.looking.take_original(image, PIXELS, f"picture of {image}")
        self.looking.take_record(ImageRecord(image, "case", "ok", sha256=sha256 or image, answers=answers))

    def _open(self, mark: ClassifierMark) -> FakeMapper:
        self.opened.append(mark.id)
        return FakeMapper(self.asked)


@pytest.fixture
def desk(fake_classifiers: ClassifierSet, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(fake_classifiers)
    yield made
    assert made.runner.close()


def test_nothing_is_computed_until_a_classifier_is_chosen(desk: Desk, qtbot: QtBot) -> None:
    desk.read("1.png")
    assert (desk.opened, desk.shown, desk.said) == ([], [], [])

    with qtbot.waitSignal(desk.looking.ready) as ready:
        desk.looking.choose("unet")

    image, colours, sentence = ready.args
    assert image == "1.png"
    assert colours.shape == (60, 80, 4)
    assert colours[0, 0, 3] > 100
    assert colours[0, -1, 3] == 0
    assert sentence.startswith("U-Net. Where, not why: what speaks for ")
    assert desk.opened == ["unet"]


def test_each_chosen_image_has_its_map_and_a_known_one_is_not_computed_again(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.looking.choose("vgg16")
    for image in ("1.png", "2.png"):
        with qtbot.waitSignal(desk.looking.ready):
            desk.read(image)
    desk.read("1.png")
    assert [image for image, _ in desk.shown] == ["1.png", "2.png", "1.png"]
    assert len(desk.asked) == 2
    assert desk.opened == ["vgg16"]


def test_a_page_has_its_own_map_although_all_pages_have_the_same_bytes(desk: Desk, qtbot: QtBot) -> None:
    desk.looking.choose("vgg16")
    for image in ("1.tif", "1.tif [2]"):
        with qtbot.waitSignal(desk.looking.ready):
            desk.read(image, sha256="ab")
    assert len(desk.asked) == 2


def test_nothing_is_computed_nor_shown_while_answers_are_hidden(desk: Desk, qtbot: QtBot) -> None:
    desk.looking.set_hidden(True)
    desk.looking.choose("vgg16")
    desk.read("1.png")
    qtbot.wait(50)
    assert (desk.opened, desk.shown) == ([], [])
    assert set(desk.said) == {HIDDEN}

    with qtbot.waitSignal(desk.looking.ready):
        desk.looking.set_hidden(False)
    with qtbot.waitSignal(desk.looking.cleared):
        desk.looking.set_hidden(True)


def test_off_takes_the_map_away(desk: Desk, qtbot: QtBot) -> None:
    desk.looking.choose("vgg16")
    with qtbot.waitSignal(desk.looking.ready):
        desk.read("1.png")
    with qtbot.waitSignal(desk.looking.cleared):
        desk.looking.choose("")
    desk.read("2.png")
    assert len(desk.asked) == 1


def test_what_goes_wrong_is_a_sentence(fake_classifiers: ClassifierSet, desk: Desk, qtbot: QtBot) -> None:
    def refuse(_mark: ClassifierMark) -> FakeMapper:
        raise ClassifierError("The classifier is gone.")

    desk.looking._open_mapper = refuse
    desk.looking.choose("vgg16")
    desk.read("1.png")
    qtbot.waitUntil(lambda: "The classifier is gone." in desk.said)
    assert desk.shown == []


@pytest.mark.usefixtures("converted")
def test_a_shipped_classifier_opens_and_another_of_its_name_does_not() -> None:
    mark = load_default_classifiers(ids=("vgg16",)).marks[0]
    assert mark_of(open_mapper_of(mark).card) == mark
    other = ClassifierMark(mark.id, mark.name, "0.9+00000000", "0" * 64, mark.label_keys)
    with pytest.raises(ClassifierError, match="is not on this PC any more"):
        open_mapper_of(other)
