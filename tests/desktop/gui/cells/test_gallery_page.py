"""The page of the gallery: what is typed below the cells is a note on those that were chosen while it was typed."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.cells.names import BUILT_IN
from bloodsmear.cells.reader_cells import ReaderCell
from bloodsmear.images.cells import Cell
from bloodsmear.images.region import Region
from bloodsmear.reports.cell_report import ImageCells
from desktop.gui.cells import CellGalleryPage
from desktop.gui.theme import LIGHT

LEFT = Qt.MouseButton.LeftButton
BOXES = tuple(Region(100 * place, 10, 20, 30) for place in range(3))


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[CellGalleryPage]:
    """Three cells of one image."""
    made = CellGalleryPage(LIGHT)
    made.show_sets(BUILT_IN, BUILT_IN[0].id)
    cells = tuple(Cell(0.0, 0.0, (), box, 600.0, is_cut=False, is_smudge=False) for box in BOXES)
    made.begin()
    made.model.put(ImageCells("1.png", "case 1", "ab" * 32, 1, 1, cells=cells, looks=((),) * 3), ())
    # Without pixels there are no crops, and none is waited for.
    made.model.put_crops("1.png", {})
    made.end(0)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


def test_where_no_cell_is_of_the_chosen_name_the_page_says_so_and_not_that_none_was_found(
    page: CellGalleryPage,
) -> None:
    only, sentence = page.findChild(QComboBox, "cell_filter"), page.findChild(QLabel, "cells_empty")
    assert only is not None
    assert sentence is not None
    only.setCurrentIndex(only.findText("With a note"))
    only.activated.emit(only.currentIndex())
    assert sentence.isVisible()
    assert sentence.text().startswith("No cell here is one of those")


def test_a_note_is_of_all_that_are_chosen_and_its_letters_name_nothing(page: CellGalleryPage) -> None:
    noted: list[tuple[list[Region], str]] = []
    named: list[str] = []
    page.note_wanted.connect(lambda places, text: noted.append(([one.box for one in places], text)))
    page.names_wanted.connect(lambda _places, name: named.append(name))
    line = page.findChild(QLineEdit, "cell_note")
    assert line is not None
    page.view.selectAll()
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    QTest.keyClicks(line, "nml 1")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert noted.pop() == (list(BOXES), "nml 1")
    assert page.view.hasFocus()
    page.model.say({"1.png": [ReaderCell(box, note="nml 1") for box in BOXES]})
    assert line.text() == "nml 1"
    assert page.model.index(1).data(Qt.ItemDataRole.ToolTipRole) == "Without a name\nNote: nml 1"

    # A click elsewhere keeps what was typed, for the cells that were chosen then; Escape does not, and closes nothing.
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    QTest.keyClicks(line, "!")
    QTest.mouseClick(page.view.viewport(), LEFT, pos=page.view.visualRect(page.model.index(2)).center())
    assert noted.pop() == (list(BOXES), "nml 1!")
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    QTest.keyClicks(line, "?")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (line.text(), page.isVisible(), noted, named) == ("nml 1", True, [], [])


def test_after_a_wrong_find_is_taken_out_a_key_names_the_next_cell(page: CellGalleryPage) -> None:
    """Before it is gone, too: the key that comes at once may not bring it back with a name."""
    named: list[Region] = []
    page.names_wanted.connect(lambda places, _name: named.extend(one.box for one in places))
    page.removal_wanted.connect(lambda _places: QTest.keyClick(page.view, Qt.Key.Key_M))
    QTest.keyClick(page.view, Qt.Key.Key_Home)
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert named == [BOXES[1]]
    page.model.say({"1.png": [ReaderCell(BOXES[0], is_removed=True)]})
    assert [one.box for one in page.selected()] == [BOXES[2]]
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert (named, page.selected()) == ([BOXES[1]], ())


def test_behind_the_last_cell_a_key_names_none(page: CellGalleryPage) -> None:
    """It named the last one anew."""
    named: list[Region] = []
    page.names_wanted.connect(lambda places, _name: named.extend(one.box for one in places))
    notice = page.findChild(QLabel, "cells_problem")
    assert notice is not None
    QTest.keyClick(page.view, Qt.Key.Key_End)
    QTest.keyClicks(page.view, "en")
    assert named == [BOXES[-1]]
    assert notice.text().startswith("Choose cells first")
    QTest.keyClick(page.view, Qt.Key.Key_Home)
    assert not notice.isVisible()


def test_a_click_on_what_cells_are_shown_gives_the_keys_to_the_cells(page: CellGalleryPage) -> None:
    """Ctrl+A chose nothing there, and an arrow key showed other cells."""
    study = next(each for each in page.findChildren(QPushButton) if each.text() == "Study")
    QTest.mouseClick(study, LEFT)
    assert page.view.hasFocus()


def test_where_no_cell_is_shown_a_key_asks_for_no_choice_and_other_cells_take_its_sentence_away(
    page: CellGalleryPage,
) -> None:
    notice = page.findChild(QLabel, "cells_problem")
    assert notice is not None
    page.view.clearSelection()
    QTest.keyClick(page.view, Qt.Key.Key_N)
    assert notice.isVisible()
    page.show_nothing("No audit set is drawn.")
    assert not notice.isVisible()
    QTest.keyClick(page.view, Qt.Key.Key_N)
    assert not notice.isVisible()


def test_a_letter_that_is_no_key_chooses_no_other_cell(page: CellGalleryPage) -> None:
    """Qt's lists look for a row that begins with it: the next key then named a cell that nobody had chosen."""
    QTest.keyClick(page.view, Qt.Key.Key_Home)
    QTest.keyClick(page.view, Qt.Key.Key_W)
    assert [one.box for one in page.selected()] == [BOXES[0]]


def test_a_list_that_is_sorted_once_all_cells_are_found_leaves_the_chosen_cell_chosen(
    page: CellGalleryPage,
) -> None:
    order = page.findChild(QComboBox, "cell_order")
    assert order is not None
    order.setCurrentIndex(order.findData("size"))
    cells = [
        Cell(0.0, 0.0, (), box, 600.0 + place, is_cut=False, is_smudge=False)
        for place, box in enumerate(BOXES)
    ]
    found = ImageCells(
        "1.png", "case 1", "ab" * 32, 1, 1, cells=tuple(cells), looks=((),) * 3, red_cell_px=9.0
    )
    page.begin()
    page.model.put(found, ())
    page.view.setCurrentIndex(page.model.index(1))
    chosen = page.selected()
    page.end(0)
    assert page.model.cell_at(0).box == BOXES[2]
    assert page.selected() == chosen
    # Looked for anew by itself, as after another program set the camera's bits.
    page.view.setCurrentIndex(page.model.index(2))
    page.begin()
    page.model.put(found, ())
    page.end(0)
    assert [one.box for one in page.selected()] == [BOXES[0]]


def test_where_names_are_read_later_than_cells_are_found_no_named_cell_is_chosen(
    page: CellGalleryPage,
) -> None:
    cells = page.model.cells_of("1.png")
    assert cells is not None
    page.view.clearSelection()
    page.begin()
    page.model.put(cells, ())
    page.end(0, names_read=False)
    assert page.selected() == ()
    page.model.say({"1.png": [ReaderCell(BOXES[0], "blast")]})
    page.end(0)
    assert [one.box for one in page.selected()] == [BOXES[1]]
