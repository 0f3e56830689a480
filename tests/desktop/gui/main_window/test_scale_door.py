"""The page of the scale and that of the image's information beside the open study, from image to image."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.images.scale import SetScale
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.dialogs import InformationDialog
from desktop.gui.main_window.scale_door import ScaleDoor
from desktop.gui.preferences import Preferences
from desktop.gui.study import StudyController
from desktop.gui.theme import LIGHT
from desktop.gui.theme.wrapped_text import WrappedText
from desktop.gui.viewer import ViewerPanel

FIRST, SECOND, OTHER_SIZE = "case 1/smear 0.png", "case 2/smear 1.png", "case 1/large.png"


class Window:
    """The parts that the door joins, and what is on its page."""

    def __init__(
        self, controller: StudyController, viewer: ViewerPanel, door: ScaleDoor, qtbot: QtBot
    ) -> None:
        self.controller, self.viewer, self.door, self._qtbot = controller, viewer, door, qtbot
        self.page: QDialog | None = None

    def show_page(self, page: QDialog) -> None:
        self.page = page
        self._qtbot.addWidget(page)
        page.show()

    def choose(self, image: str) -> None:
        with self._qtbot.waitSignal(self.controller.image.original_ready):
            self.controller.image.choose(image)

    def label(self, name: str) -> str:
        assert self.page is not None
        found = self.page.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()

    def words(self) -> str:
        assert self.page is not None
        return " | ".join(one.text() for one in self.page.findChildren(QLabel) if one.isVisible())

    def type(self, field: str, text: str) -> None:
        assert self.page is not None
        found = self.page.findChild(QLineEdit, field)
        assert isinstance(found, QLineEdit)
        found.clear()
        QTest.keyClicks(found, text)

    def press(self, name: str) -> None:
        assert self.page is not None
        found = self.page.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        assert found.isEnabled()
        found.click()

    def set(self, um_per_px: str) -> None:
        self.type("um_per_px", um_per_px)
        with self._qtbot.waitSignal(self.controller.scales.changed):
            self.press("set_scale")


def scale_of(window: Window) -> float | None:
    return window.controller.scales.um_per_px


@pytest.fixture
def window(
    fake_classifiers: ClassifierSet, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> Iterator[Window]:
    """The study of the folder is open, and its first image is shown."""
    assert cv2.imwrite(str(smear_folder / OTHER_SIZE), np.full((96, 128, 3), 200, np.uint8))
    controller = StudyController(lambda: fake_classifiers, thumbnail_side_px=32)
    viewer = ViewerPanel(LIGHT)
    qtbot.addWidget(viewer)
    controller.image.loading.connect(viewer.show_loading)
    controller.image.original_ready.connect(viewer.show_original)
    controller.load_classifiers()
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([smear_folder])
    door = ScaleDoor(controller, viewer, Preferences(tmp_path / "settings.json"), viewer)
    made = Window(controller, viewer, door, qtbot)
    made.choose(FIRST)
    yield made
    assert controller.close()


def test_a_typed_scale_is_kept_in_the_study_and_counts_for_images_of_its_size(window: Window) -> None:
    window.door.open(window.show_page)
    assert "has no scale yet" in window.label("scale_remark")

    window.set("0,1625")

    assert "0.1625 µm a pixel, typed, for the study" in window.label("scale_remark")
    window.choose(SECOND)
    assert scale_of(window) == 0.1625
    window.choose(OTHER_SIZE)
    assert scale_of(window) is None
    assert "has no scale yet" in window.label("scale_remark")
    study = window.controller.study.path
    assert study is not None
    with StudyStore.open_existing(study) as store:
        assert store.head.scales == (SetScale("", 64, 48, 0.1625, "typed"),)
        assert store.events.check().whole


def test_a_scale_of_a_folder_says_nothing_of_another_folder_and_can_be_removed(
    window: Window, qtbot: QtBot
) -> None:
    window.door.open(window.show_page)
    assert window.page is not None
    where = window.page.findChild(QComboBox, "scale_holds_for")
    assert isinstance(where, QComboBox)
    where.setCurrentIndex(1)
    window.set("0.2")

    window.choose(SECOND)
    assert window.controller.scales.um_per_px is None

    window.choose(FIRST)
    with qtbot.waitSignal(window.controller.scales.changed):
        window.press("remove_scale")
    assert window.controller.scales.um_per_px is None


def test_where_a_folder_has_a_scale_the_page_begins_with_the_folder(window: Window) -> None:
    window.door.open(window.show_page)
    assert window.page is not None
    where = window.page.findChild(QComboBox, "scale_holds_for")
    assert isinstance(where, QComboBox)
    where.setCurrentIndex(1)
    window.set("0.2")

    window.door.open(window.show_page)
    window.set("0.3")

    # Set for the study it would have changed nothing here.
    assert window.controller.scales.um_per_px == 0.3
    window.choose(SECOND)
    assert window.controller.scales.um_per_px is None


@pytest.mark.parametrize("text", ["", "0", "7", "0.001", "one", "1e-1"])
def test_what_is_not_a_scale_is_said_and_not_kept(window: Window, text: str) -> None:
    window.door.open(window.show_page)
    window.type("um_per_px", text)

    window.press("set_scale")

    assert "Type the micrometres of one pixel" in window.label("scale_problem")
    assert window.controller.study.scales == ()


def test_a_drawn_line_of_known_length_gives_the_scale(window: Window, qtbot: QtBot) -> None:
    window.door.open(window.show_page)
    window.press("draw_line")
    assert window.viewer.ruler.kind == "line"
    window.viewer.ruler.begin(QPointF(4, 4))
    window.viewer.ruler.move(QPointF(34, 44))
    window.viewer.ruler.end()
    assert "It is 50.0 px long" in window.words()

    window.type("line_um", "10")
    with qtbot.waitSignal(window.controller.scales.changed):
        window.press("set_scale")

    assert window.controller.study.scales == (SetScale("", 64, 48, 0.2, "drawn"),)


def test_the_page_steps_aside_while_a_line_is_drawn(window: Window) -> None:
    window.door.open(window.show_page)
    assert window.page is not None
    ruler = window.viewer.ruler
    window.press("draw_line")
    assert not window.page.isVisible()
    ruler.begin(QPointF(10, 10))
    ruler.move(QPointF(40, 50))
    assert not window.page.isVisible()
    ruler.end()
    assert window.page.isVisible()
    assert window.page.focusWidget() is window.page.findChild(QLineEdit, "line_um")

    window.press("draw_line")
    ruler.leave()
    assert window.page.isVisible()


def test_a_page_that_stepped_aside_and_was_closed_is_asked_no_more(window: Window, qtbot: QtBot) -> None:
    gone: list[bool] = []

    def show_page(page: QDialog) -> None:
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.destroyed.connect(lambda *_: gone.append(True))
        page.show()
        window.page = page

    window.door.open(show_page)
    window.press("draw_line")
    assert window.page is not None
    window.page.close()
    qtbot.waitUntil(lambda: gone == [True])

    window.viewer.ruler.begin(QPointF(10, 10))
    window.viewer.ruler.move(QPointF(40, 50))
    window.viewer.ruler.end()
    window.choose(SECOND)


def test_what_was_typed_for_one_image_does_not_stay_for_the_next(window: Window) -> None:
    window.door.open(window.show_page)
    window.type("um_per_px", "0.3")

    window.choose(SECOND)

    assert window.page is not None
    assert all(not field.text() for field in window.page.findChildren(QLineEdit))


def write_bar(path: Path, length_px: int) -> None:
    """A picture with a burnt-in scale bar."""
    picture = np.full((768, 1024, 3), (246, 236, 232), np.uint8)
    cv2.rectangle(picture, (880, 700), (1004, 748), (255, 255, 255), -1)
    cv2.rectangle(picture, (890, 735), (889 + length_px, 737), (0, 0, 0), -1)
    cv2.putText(picture, "10 um", (910, 725), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)
    assert cv2.imwrite(str(path), picture)


def open_on_bar(window: Window, folder: Path, qtbot: QtBot) -> None:
    """Open the page on an image whose bar is 100 px long."""
    write_bar(folder / OTHER_SIZE, 100)
    window.choose(OTHER_SIZE)
    window.door.open(window.show_page)
    qtbot.waitUntil(lambda: "It is 100.0 px long" in window.words())


def test_the_burnt_in_bar_is_measured_and_what_it_stands_for_gives_the_scale(
    window: Window, smear_folder: Path, qtbot: QtBot
) -> None:
    open_on_bar(window, smear_folder, qtbot)

    window.type("bar_um", "10")
    with qtbot.waitSignal(window.controller.scales.changed):
        window.press("set_scale")

    assert window.controller.study.scales == (SetScale("", 1024, 768, 0.1, "bar"),)


def test_in_another_folder_the_bar_of_an_image_of_the_same_name_is_measured_anew(
    window: Window, smear_folder: Path, qtbot: QtBot
) -> None:
    open_on_bar(window, smear_folder, qtbot)
    write_bar(smear_folder / OTHER_SIZE, 80)

    with qtbot.waitSignal(window.controller.file.opened):
        window.controller.open_folders([smear_folder])
    window.choose(OTHER_SIZE)

    qtbot.waitUntil(lambda: "It is 80.0 px long" in window.words())


def test_an_objective_is_kept_for_every_study(window: Window, tmp_path: Path) -> None:
    window.door.open(window.show_page)
    window.type("um_per_px", "0.0645")
    window.type("objective_name", "100× oil")
    window.press("keep_objective")

    assert Preferences(tmp_path / "settings.json").settings.objectives == ("0.064500 100× oil",)
    assert window.page is not None
    objectives = window.page.findChild(QComboBox, "objectives")
    assert isinstance(objectives, QComboBox)
    assert objectives.itemText(1) == "100× oil (0.0645 µm)"

    objectives.setCurrentIndex(1)
    objectives.activated.emit(1)
    window.press("forget_objective")

    assert Preferences(tmp_path / "settings.json").settings.objectives == ()
    assert objectives.count() == 1


def test_a_chosen_objective_gives_the_scale(window: Window, qtbot: QtBot) -> None:
    window.door.open(window.show_page)
    window.type("um_per_px", "0.0645")
    window.type("objective_name", "100× oil")
    window.press("keep_objective")
    window.choose(SECOND)
    assert window.page is not None
    objectives = window.page.findChild(QComboBox, "objectives")
    assert isinstance(objectives, QComboBox)

    objectives.setCurrentIndex(1)
    objectives.activated.emit(1)
    with qtbot.waitSignal(window.controller.scales.changed):
        window.press("set_scale")

    assert window.controller.study.scales == (SetScale("", 64, 48, 0.0645, "objective"),)


def test_before_the_study_is_open_no_scale_can_be_set_and_the_page_says_why(
    fake_classifiers: ClassifierSet, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    controller = StudyController(lambda: fake_classifiers, thumbnail_side_px=32)
    viewer = ViewerPanel(LIGHT)
    qtbot.addWidget(viewer)
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    window = Window(
        controller, viewer, ScaleDoor(controller, viewer, Preferences(tmp_path / "s.json"), viewer), qtbot
    )
    window.choose(FIRST)
    window.door.open(window.show_page)

    assert "can be set once it is" in window.label("scale_problem")
    assert controller.close()


def test_of_an_image_that_cannot_be_read_the_page_says_and_looks_for_nothing(
    window: Window, qtbot: QtBot
) -> None:
    window.choose(FIRST)
    window.door.open(window.show_page)
    with qtbot.waitSignal(window.controller.image.unreadable):
        window.controller.image.choose("case 2/torn.png")
    words = window.words()
    assert "No image is shown. Choose one that can be read." in words
    for said in ("Looking for", "The file states", "0 × 0"):
        assert said not in words
    assert window.page is not None
    holds_for = window.page.findChild(QComboBox, "scale_holds_for")
    assert isinstance(holds_for, QComboBox)
    assert holds_for.count() == 0
    draw = window.page.findChild(QPushButton, "draw_line")
    assert isinstance(draw, QPushButton)
    assert not draw.isEnabled()


def lines_of(window: Window) -> str:
    assert isinstance(window.page, InformationDialog)
    shown = [one.text() for one in window.page.findChildren(WrappedText) if one.isVisible()]
    return " | ".join([window.words(), *shown])


def test_image_information_follows_the_chosen_image(window: Window, qtbot: QtBot, smear_folder: Path) -> None:
    window.door.show_information(window.show_page)
    qtbot.waitUntil(lambda: "smear 0.png" in lines_of(window))
    for words in ("PNG", "64 × 48 px", "The file states no scale.", window.controller.image.sha256):
        assert words in lines_of(window)

    window.choose(OTHER_SIZE)

    qtbot.waitUntil(lambda: "large.png" in lines_of(window))
    assert "128 × 96 px" in lines_of(window)
    assert "smear 0.png" not in lines_of(window)


def test_image_information_of_a_damaged_file_says_what_is_wrong(window: Window, qtbot: QtBot) -> None:
    window.door.show_information(window.show_page)
    with qtbot.waitSignal(window.controller.image.unreadable):
        window.controller.image.choose("case 2/torn.png")

    qtbot.waitUntil(lambda: "damaged or cut off" in lines_of(window))
    assert "smear 0.png" not in lines_of(window)


def test_image_information_of_a_cut_file_with_a_whole_head_says_that_it_cannot_be_read(
    window: Window, qtbot: QtBot, smear_folder: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (96, 128, 3), np.uint8)
    whole = cv2.imencode(".jpg", noise)[1].tobytes()
    (smear_folder / "case 2" / "torn.png").write_bytes(whole[: len(whole) // 2])
    with qtbot.waitSignal(window.controller.image.unreadable):
        window.controller.image.choose("case 2/torn.png")
    window.door.show_information(window.show_page)

    qtbot.waitUntil(lambda: "128 × 96 px" in lines_of(window))
    assert "damaged or cut off" in lines_of(window)
