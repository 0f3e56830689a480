"""What leaves the window of an image: its picture, its name, the view; always those of the image that is shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from bloodsmear import RESEARCH_USE
from bloodsmear.images.decode import decode_image
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.main_window.actions import ACTIONS
from desktop.gui.main_window.menus import ImageMenu
from desktop.gui.messages import Message
from desktop.gui.questions import AskFiles

RED, BLUE = "a/red.png", "b/blue & 2.png"
COLOURS = {RED: (210, 20, 30), BLUE: (20, 30, 210)}


def rgb_at(picture: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = picture.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


class Reader:
    """Answers where a view is saved, and remembers which files were to be shown or opened elsewhere."""

    def __init__(self) -> None:
        self.target: Path | None = None
        self.offered: Path | None = None
        self.shown: list[tuple[str, Path]] = []
        self.printed: list[tuple[str, QImage]] = []
        self.system_can = True

    def print_picture(self, _parent: QWidget, picture: QImage, name: str) -> bool:
        self.printed.append((name, picture))
        return True

    def view(self, _parent: QWidget, suggested: Path) -> Path | None:
        self.offered = suggested
        return self.target

    def ask(self) -> AskFiles:
        return replace(
            AskFiles(),
            view=self.view,
            print_picture=self.print_picture,
            open_file=lambda path: self.show("opened", path),
            show_in_folder=lambda path: self.show("in its folder", path),
        )

    def show(self, how: str, path: Path) -> bool:
        self.shown.append((how, path))
        return self.system_can


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, colour in COLOURS.items():
        file = tmp_path / "smears" / name
        file.parent.mkdir(parents=True)
        pixels = np.full((120, 160, 3), colour[::-1], np.uint8)
        file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return tmp_path / "smears"


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, fake_classifiers: ClassifierSet, folder: Path, reader: Reader
) -> Iterator[MainWindow]:
    """The window on two images, one red and one blue; the red one is shown."""
    made = build_window(qapp, load_classifiers=lambda: fake_classifiers, ask=reader.ask())
    qtbot.addWidget(made)
    made.resize(1366, 724)
    made.viewer.comparing.set_way("original")
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitSignal(made.controller.image.original_ready):
        made.open_folders([folder])
    yield made
    QGuiApplication.clipboard().clear()


def do(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def choose(window: MainWindow, image: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.image.original_ready):
        window.gallery.select(image)


def list_of(window: MainWindow) -> QListView:
    [view] = [one for one in window.findChildren(QListView) if one.accessibleName() == "Images"]
    return view


def colour_share(image: QImage, colour: tuple[int, int, int]) -> float:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    pixels = rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(int)
    return float((abs(pixels - colour) <= 2).all(axis=2).mean())


def test_the_copied_picture_has_every_pixel_of_the_image_that_is_shown(
    window: MainWindow, qtbot: QtBot
) -> None:
    for image in (RED, BLUE):
        if image != window.gallery.selected():
            choose(window, image, qtbot)
        do(window, "copy_picture")
        copied = QGuiApplication.clipboard().image()
        assert (copied.width(), copied.height()) == (160, 120)
        assert rgb_at(copied, 3, 3) == COLOURS[image]


def test_the_copied_view_shows_the_picture_over_its_caption(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, BLUE, qtbot)
    do(window, "copy_view")
    copied = QGuiApplication.clipboard().image()
    assert colour_share(copied, COLOURS[BLUE]) > 0.3
    assert colour_share(copied, COLOURS[RED]) == 0


def test_while_another_image_is_being_read_nothing_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    said: list[Message] = []
    window.pictures.said.connect(said.append)
    QGuiApplication.clipboard().setText("before")
    window.viewer.show_loading(BLUE)
    for name in ("copy_picture", "copy_view", "save_view"):
        do(window, name)
    assert QGuiApplication.clipboard().text() == "before"
    assert [message.kind for message in said] == ["problem"] * 3
    assert all("nothing to copy or save" in message.text for message in said)


def test_a_saved_view_is_what_is_copied_and_its_place_is_offered_again(
    window: MainWindow, reader: Reader, tmp_path: Path, qtbot: QtBot
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    do(window, "copy_view")
    copied = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB888)
    for name in ("view.png", "view.tif"):
        reader.target = kept / name
        with qtbot.waitSignal(window.pictures.said):
            do(window, "save_view")
        saved = decode_image(kept / name).pixels
        assert saved.shape == (copied.height(), copied.width(), 3)
        for x, y in ((20, 20), (copied.width() // 2, copied.height() // 2)):
            assert tuple(saved[y, x]) == rgb_at(copied, x, y)
    do(window, "save_view")
    assert reader.offered == kept / "red view.png"


def test_a_view_never_takes_the_place_of_an_image_of_the_study(
    window: MainWindow, reader: Reader, folder: Path, qtbot: QtBot
) -> None:
    before = (folder / BLUE).read_bytes()
    reader.target = folder / BLUE
    with qtbot.waitSignal(window.pictures.said) as said:
        do(window, "save_view")
    assert "is an image of this study" in said.args[0].text
    assert (folder / BLUE).read_bytes() == before


def test_a_view_that_cannot_be_saved_is_told_with_the_reason(
    window: MainWindow, reader: Reader, tmp_path: Path, qtbot: QtBot
) -> None:
    reader.target = tmp_path / "gone" / "view.png"
    with qtbot.waitSignal(window.pictures.said) as said:
        do(window, "save_view")
    assert said.args[0].kind == "problem"
    assert str(reader.target) in said.args[0].text


def test_the_caption_names_the_image_its_scale_and_the_use(window: MainWindow, qtbot: QtBot) -> None:
    taken = window.viewer.take_view()
    assert taken is not None
    assert taken.caption == (RED, "No scale is known", RESEARCH_USE)
    window.viewer.show_scale(RED, 0.0645)
    choose(window, BLUE, qtbot)
    window.viewer.show_scale(BLUE, 0.0645)
    taken = window.viewer.take_view()
    assert taken is not None
    assert (taken.image, taken.caption) == (BLUE, (BLUE, "0.0645 µm a pixel", RESEARCH_USE))


def test_names_are_copied_as_the_list_and_the_reports_have_them(window: MainWindow) -> None:
    do(window, "copy_name")
    assert QGuiApplication.clipboard().text() == RED
    do(window, "mark_all")
    do(window, "copy_name")
    assert QGuiApplication.clipboard().text() == f"{RED}\n{BLUE}"


def test_the_file_of_the_chosen_image_is_shown_elsewhere(
    window: MainWindow, reader: Reader, folder: Path, qtbot: QtBot
) -> None:
    choose(window, BLUE, qtbot)
    do(window, "show_in_folder")
    do(window, "open_elsewhere")
    assert reader.shown == [("in its folder", folder / BLUE), ("opened", folder / BLUE)]


@pytest.mark.parametrize("action", ["show_in_folder", "open_elsewhere"])
def test_where_the_system_has_no_program_for_it_the_reader_is_told(
    window: MainWindow, reader: Reader, folder: Path, action: str, qtbot: QtBot
) -> None:
    reader.system_can = False
    with qtbot.waitSignal(window.pictures.said) as said:
        do(window, action)
    assert said.args[0].kind == "problem"
    assert str(folder / RED) in said.args[0].text


@pytest.mark.parametrize("place", ["picture", "list"])
def test_the_right_click_menus_are_rows_of_the_table_below_the_images_name(
    window: MainWindow, place: str, qtbot: QtBot
) -> None:
    choose(window, BLUE, qtbot)
    if place == "picture":
        window.viewer.menu_wanted.emit(QPoint(300, 300))
    else:
        row = list_of(window).visualRect(list_of(window).currentIndex()).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, row, list_of(window).mapToGlobal(row))
        QApplication.sendEvent(list_of(window).viewport(), event)
    [menu] = [one for one in window.findChildren(ImageMenu) if one.isVisible()]
    name, *others = [action for action in menu.actions() if not action.isSeparator() and action.isVisible()]
    # Decisions and tools to draw stand in menus of their own.
    below = [action.menu() for action in others]
    entries = [
        entry
        for action, inner in zip(others, below, strict=True)
        for entry in (inner.actions() if isinstance(inner, QMenu) else [action])
    ]
    menu.hide()
    assert name.text() == "b/blue && 2.png"
    assert not name.isEnabled()
    rows = sorted((row for row in ACTIONS if place in row.on), key=lambda row: not row.of_marked)
    assert [entry.objectName() for entry in entries] == [row.name for row in rows]
    assert all(entry is window.actions_by_name[entry.objectName()] for entry in entries)


def test_what_is_done_to_one_image_alone_stands_below_its_own_name_where_several_are_marked(
    window: MainWindow, qtbot: QtBot
) -> None:
    choose(window, BLUE, qtbot)
    do(window, "mark_all")
    window.viewer.menu_wanted.emit(QPoint(300, 300))
    [menu] = [one for one in window.findChildren(ImageMenu) if one.isVisible()]
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    menu.hide()
    several, own = texts.index("2 marked images"), texts.index("b/blue && 2.png")
    assert several < texts.index("Decide") < own < texts.index("Copy the picture")
    assert several < texts.index("Copy the name") < own


def test_a_drag_out_of_the_list_carries_copies_of_the_files_alone(window: MainWindow, folder: Path) -> None:
    view = list_of(window)
    do(window, "mark_all")
    data = view.dragged()  # type: ignore[attr-defined]  # found by its name among Qt's lists
    assert [url.toLocalFile() for url in data.urls()] == [
        (folder / RED).as_posix(),
        (folder / BLUE).as_posix(),
    ]
    assert view.model().supportedDragActions() == Qt.DropAction.CopyAction


def test_the_view_is_printed_over_its_caption(window: MainWindow, reader: Reader) -> None:
    window.actions_by_name["print"].trigger()
    ((name, picture),) = reader.printed
    assert name == RED
    assert rgb_at(picture, picture.width() // 2, picture.height() // 3) == COLOURS[RED]
    taken = window.viewer.take_view()
    assert taken is not None
    assert picture == taken.picture
