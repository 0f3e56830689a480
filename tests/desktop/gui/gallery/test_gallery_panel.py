"""The panel of the list as the main window uses it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ImageRecord
from desktop.gui.gallery import GalleryPanel
from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.theme import LIGHT


@pytest.fixture
def panel(qtbot: QtBot) -> GalleryPanel:
    """The panel, shown, without a folder."""
    panel = GalleryPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(252, 520)
    panel.show()
    return panel


@pytest.fixture
def full(panel: GalleryPanel, found: list[FoundImage]) -> GalleryPanel:
    """The panel with six images."""
    panel.begin_loading("root")
    panel.add_images(found)
    panel.loading_finished(0)
    return panel


def _words(panel: GalleryPanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def _chips(panel: GalleryPanel) -> list[str]:
    return [chip.text() for chip in panel.findChildren(QPushButton) if chip.property("look") == "chip"]


def _press_chip(panel: GalleryPanel, qtbot: QtBot, word: str) -> None:
    chip = next(chip for chip in panel.findChildren(QPushButton) if chip.text().startswith(word))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)


def _type(panel: GalleryPanel, qtbot: QtBot, text: str) -> None:
    field = panel.findChild(QLineEdit)
    view = panel.findChild(QListView)
    assert field is not None
    assert view is not None
    field.setText(text)
    # The list is filtered a moment after the last key.
    qtbot.wait(200)


def test_without_a_folder_it_says_how_to_open_one(panel: GalleryPanel) -> None:
    assert "No folder is open" in _words(panel)
    assert panel.count() == 0
    assert panel.selected() is None


def test_while_searching_it_names_the_folder(panel: GalleryPanel) -> None:
    panel.begin_loading("Ward 7")
    assert "Looking for images… in Ward 7" in _words(panel)


def test_the_first_images_show_while_the_rest_is_still_being_searched(
    panel: GalleryPanel, found: list[FoundImage]
) -> None:
    panel.begin_loading("root")
    panel.add_images(found[:2])
    view = panel.findChild(QListView)
    assert view is not None
    assert view.isVisible()
    assert "2 so far" in _words(panel)


def test_a_folder_without_images_says_so(panel: GalleryPanel) -> None:
    panel.begin_loading("root")
    panel.show_error("No image was found in root (4 other files).", "No images here")
    assert "No images here" in _words(panel)
    assert "4 other files" in _words(panel)


def test_an_error_stands_on_the_page(panel: GalleryPanel) -> None:
    panel.begin_loading("root")
    panel.show_error("Cannot read the folder root: permission denied.")
    assert "permission denied" in _words(panel)
    assert "Looking for" not in _words(panel)


def test_an_error_after_images_were_found_keeps_them(full: GalleryPanel) -> None:
    full.show_error("The drive was taken away.")
    view = full.findChild(QListView)
    assert view is not None
    assert view.isVisible()
    assert "The drive was taken away." in _words(full)


def test_another_folder_forgets_the_images_of_the_one_before(full: GalleryPanel) -> None:
    full.select("case 0/Snap_0.jpg")
    full.begin_loading("other")
    assert full.count() == 0
    assert full.selected() is None
    assert _chips(full)[0] == "All 0"


def test_selecting_says_so_once(full: GalleryPanel) -> None:
    selected: list[str] = []
    full.image_selected.connect(selected.append)
    full.select("case 0/Snap_2.jpg")
    full.select("case 0/Snap_2.jpg")
    full.select("not there.jpg")
    assert selected == ["case 0/Snap_2.jpg"]


def test_next_and_previous_stop_at_the_ends(full: GalleryPanel) -> None:
    selected: list[str] = []
    full.image_selected.connect(selected.append)
    full.select_next()
    full.select_previous()
    for _ in range(7):
        full.select_next()
    assert selected[0] == "case 0/Snap_0.jpg"
    assert full.selected() == "case 1/Snap_5.jpg"
    assert len(selected) == 6


def test_the_arrow_keys_select(full: GalleryPanel, qtbot: QtBot) -> None:
    full.select("case 0/Snap_0.jpg")
    view = full.findChild(QListView)
    assert view is not None
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert full.selected() == "case 1/Snap_1.jpg"


def test_a_filter_that_hides_the_chosen_image_chooses_the_first_that_is_shown(
    full: GalleryPanel, qtbot: QtBot
) -> None:
    # Else the keys would decide an image that the list does not show.
    full.select("case 0/Snap_2.jpg")
    selected: list[str] = []
    full.image_selected.connect(selected.append)
    _type(full, qtbot, "Snap_4")
    assert selected == ["case 0/Snap_4.jpg"]
    _type(full, qtbot, "nothing is called so")
    assert full.selected() == "case 0/Snap_4.jpg"
    _type(full, qtbot, "")
    view = full.findChild(QListView)
    assert view is not None
    assert view.currentIndex().data() == "Snap_4.jpg"
    assert selected == ["case 0/Snap_4.jpg"]


def test_choosing_an_image_while_ctrl_is_still_held_marks_no_second_one(full: GalleryPanel) -> None:
    full.select("case 0/Snap_2.jpg")
    view = full.findChild(QListView)
    assert view is not None
    # Ctrl+Z leads to the image of the act that it takes back before anybody lets go of Ctrl.
    QTest.keyPress(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    full.select("case 0/Snap_0.jpg")
    QTest.keyRelease(view, Qt.Key.Key_Z)
    assert full.marked.images() == ()
    assert [index.data() for index in view.selectionModel().selectedRows()] == ["Snap_0.jpg"]


def test_next_goes_on_behind_a_hidden_image(full: GalleryPanel, qtbot: QtBot) -> None:
    _type(full, qtbot, "case 1")
    # As taking back a decision does.
    full.select("case 0/Snap_2.jpg")
    full.select_next()
    assert full.selected() == "case 1/Snap_3.jpg"


def test_previous_goes_back_before_a_hidden_image(full: GalleryPanel, qtbot: QtBot) -> None:
    _type(full, qtbot, "case 1")
    # As taking back a decision does.
    full.select("case 0/Snap_2.jpg")
    full.select_previous()
    assert full.selected() == "case 1/Snap_1.jpg"


def test_a_filter_that_fits_nothing_says_so(full: GalleryPanel, qtbot: QtBot) -> None:
    _type(full, qtbot, "nothing like it")
    assert "No image fits" in _words(full)


def test_the_chips_count(full: GalleryPanel, make_record: Callable[..., ImageRecord]) -> None:
    full.set_records([make_record("case 0/Snap_0.jpg")])
    full.set_records([make_record("case 1/Snap_1.jpg", "disagree", "benign", "disagreement")])
    full.set_records([make_record("case 0/Snap_2.jpg", "agree", "benign", "exposure")])
    full.set_records([ImageRecord("case 1/Snap_3.jpg", "case 1", "unreadable", error="cut off")])
    assert _chips(full) == ["All 6", "To decide 6", "Disagree 1", "Flagged 2", "Unreadable 1"]
    # Read again, with another outcome.
    full.set_records([make_record("case 1/Snap_1.jpg")])
    assert _chips(full) == ["All 6", "To decide 6", "Disagree 0", "Flagged 1", "Unreadable 1"]


def test_a_chip_shows_its_kind_alone(
    full: GalleryPanel, qtbot: QtBot, make_record: Callable[..., ImageRecord]
) -> None:
    full.set_records([make_record("case 1/Snap_1.jpg", "disagree", "benign", "disagreement")])
    _press_chip(full, qtbot, "Disagree")
    view = full.findChild(QListView)
    assert view is not None
    assert view.model().rowCount() == 1


def test_painted_rows_ask_for_thumbnails_and_no_others(
    panel: GalleryPanel, found: list[FoundImage], qtbot: QtBot
) -> None:
    many = [FoundImage(Path(f"/root/{n}.jpg"), f"{n}.jpg", "root") for n in range(500)]
    asked: list[str] = []
    panel.thumbnail_needed.connect(asked.append)
    panel.begin_loading("root")
    panel.add_images(many)
    qtbot.waitUntil(lambda: "0.jpg" in asked)
    assert 3 <= len(asked) < 20
    # The topmost last: the outside answers the latest request first.
    assert asked[-1] == "0.jpg"


def test_a_thumbnail_is_asked_for_once(full: GalleryPanel, qtbot: QtBot) -> None:
    asked: list[str] = []
    full.thumbnail_needed.connect(asked.append)
    qtbot.waitUntil(lambda: len(asked) >= 5)
    full.set_thumbnail("case 0/Snap_0.jpg", np.zeros((54, 72, 3), np.uint8))
    full.set_thumbnail("case 1/Snap_1.jpg", None)
    full.repaint()
    qtbot.wait(50)
    assert len(asked) == len(set(asked))


def test_a_thumbnail_may_be_given_while_it_is_asked_for(full: GalleryPanel, qtbot: QtBot) -> None:
    given: list[str] = []

    def give(image: str) -> None:
        given.append(image)
        full.set_thumbnail(image, np.zeros((54, 72, 3), np.uint8))

    full.thumbnail_needed.connect(give)
    qtbot.waitUntil(lambda: len(given) >= 5)


def _rows(panel: GalleryPanel, *rows: int) -> None:
    """Click a row, and further ones with Ctrl."""
    view = panel.findChild(QListView)
    assert view is not None
    for place, row in enumerate(rows):
        held = Qt.KeyboardModifier.ControlModifier if place else Qt.KeyboardModifier.NoModifier
        centre = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, centre)


def test_a_thumbnail_of_a_file_that_was_out_of_reach_is_asked_for_again_and_no_other(
    qtbot: QtBot, found: list[FoundImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.gui.gallery.image_list_view._AGAIN_MS", 50)
    panel = GalleryPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(252, 520)
    panel.show()
    asked: list[str] = []
    panel.thumbnail_needed.connect(asked.append)
    panel.begin_loading("root")
    panel.add_images(found)
    qtbot.waitUntil(lambda: found[1].image in asked)
    panel.set_thumbnail(found[0].image, None, True)
    panel.set_thumbnail(found[1].image, None, False)
    qtbot.waitUntil(lambda: asked.count(found[1].image) == 2)
    # Its drive is still away, then it is back.
    panel.set_thumbnail(found[1].image, None, False)
    qtbot.waitUntil(lambda: asked.count(found[1].image) == 3)
    panel.set_thumbnail(found[1].image, np.zeros((54, 72, 3), np.uint8), True)
    qtbot.wait(120)
    assert (asked.count(found[0].image), asked.count(found[1].image)) == (1, 3)


def test_a_thumbnail_of_older_bytes_goes_at_once_and_the_new_one_is_asked_for(
    full: GalleryPanel, qtbot: QtBot
) -> None:
    asked: list[str] = []
    full.thumbnail_needed.connect(asked.append)
    image = "case 0/Snap_0.jpg"
    qtbot.waitUntil(lambda: image in asked)
    full.set_thumbnail(image, np.full((54, 72, 3), 200, np.uint8))
    full.drop_thumbnail(image)
    view = full.findChild(QListView)
    assert view is not None
    assert view.model().index(0, 0).data(ImageRole.THUMBNAIL) is None
    qtbot.waitUntil(lambda: asked.count(image) == 2)


def test_the_one_highlighted_row_is_the_chosen_image(full: GalleryPanel) -> None:
    view = full.findChild(QListView)
    assert view is not None
    ctrl, rows = Qt.KeyboardModifier.ControlModifier, view.selectionModel()

    def seen() -> tuple[str | None, list[str]]:
        return full.selected(), [index.data(ImageRole.IMAGE) for index in rows.selectedRows()]

    first, third = "case 0/Snap_0.jpg", "case 0/Snap_2.jpg"
    _rows(full, 0, 1, 1)
    assert seen() == (first, [first]), "the second one is taken out of two"
    _rows(full, 1)
    QTest.keyClick(view, Qt.Key.Key_Down, ctrl)
    assert seen() == (third, [third])
    place = view.visualRect(view.model().index(0, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, ctrl, place)
    assert seen() == (first, [first])
    full.resize(252, 800)
    beside = view.viewport().rect().bottomLeft()
    assert not view.indexAt(beside).isValid()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert seen() == (first, [first])


def test_the_list_chooses_no_image_because_keys_come_to_it(
    full: GalleryPanel, found: list[FoundImage], qtbot: QtBot
) -> None:
    view, field = full.findChild(QListView), full.findChild(QLineEdit)
    assert view is not None
    assert field is not None
    full.activateWindow()
    qtbot.waitUntil(full.isActiveWindow)
    _type(full, qtbot, "case 1")
    full.select("case 0/Snap_2.jpg")
    field.setFocus()
    # As after a note.
    full.focus_list()
    assert view.hasFocus()
    assert full.selected() == "case 0/Snap_2.jpg"
    # Its study is opened again: the image to begin with is not the first one.
    full.begin_loading("root")
    full.add_images(found)
    assert view.hasFocus()
    assert full.selected() is None


def test_a_letter_that_is_no_key_leads_to_no_image(full: GalleryPanel) -> None:
    full.select("case 0/Snap_2.jpg")
    view = full.findChild(QListView)
    assert view is not None
    QTest.keyClicks(view, "s")
    assert full.selected() == "case 0/Snap_2.jpg"


def test_images_are_marked_with_ctrl_and_a_plain_click_unmarks_them(full: GalleryPanel) -> None:
    told: list[tuple[str, ...]] = []
    full.marked.changed.connect(told.append)
    _rows(full, 3, 0)
    assert full.marked.images() == ("case 0/Snap_0.jpg", "case 1/Snap_3.jpg")
    _rows(full, 1)
    assert full.marked.images() == ()
    assert told == [("case 0/Snap_0.jpg", "case 1/Snap_3.jpg"), ()]


def test_only_what_the_filter_shows_is_marked(full: GalleryPanel, qtbot: QtBot) -> None:
    full.marked.mark_all()
    assert len(full.marked.images()) == 6
    _type(full, qtbot, "case 1")
    assert full.marked.images() == ("case 1/Snap_1.jpg", "case 1/Snap_3.jpg", "case 1/Snap_5.jpg")
    _type(full, qtbot, "")
    assert len(full.marked.images()) == 3


def test_unmarking_keeps_the_chosen_image(full: GalleryPanel) -> None:
    full.select("case 0/Snap_2.jpg")
    full.marked.mark_all()
    full.marked.unmark()
    assert full.marked.images() == ()
    assert full.selected() == "case 0/Snap_2.jpg"


def test_the_place_of_the_chosen_image_is_that_in_the_list_as_it_is_shown(
    panel: GalleryPanel, found: list[FoundImage], qtbot: QtBot
) -> None:
    places: list[tuple[int, int]] = []
    panel.place_changed.connect(lambda number, shown: places.append((number, shown)))
    panel.begin_loading("root")
    # While the folder is searched it is the place among those found so far.
    panel.add_images(found[:1])
    panel.select(found[0].image)
    panel.add_images(found[1:])
    panel.select_next()
    _type(panel, qtbot, "case 1")
    panel.select_next()
    panel.begin_loading("another")
    assert places == [(0, 1), (1, 1), (1, 6), (2, 6), (1, 3), (2, 3), (0, 0)]
