"""What a classifier of cells says sorts the gallery, marks what has no name, and names nothing."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from bloodsmear.cells.reader_cells import ReaderCell
from bloodsmear.images.cells import Cell
from bloodsmear.images.region import Region
from bloodsmear.reports.cell_report import ImageCells
from bloodsmear.workflows.cell_suggestions import Suggestion
from desktop.gui.cells import CellGalleryPage
from desktop.gui.cells.cell_model import CellModel, CellRole
from desktop.gui.theme import LIGHT

BOXES = [Region(50 * place, 10, 20, 20) for place in range(4)]
# Of the last one nothing is said.
SAID = {
    BOXES[0]: Suggestion("Monocyte", 1, 0.9, "#56B4E9"),
    BOXES[1]: Suggestion("Lymphocyte", 0, 0.6, "#E69F00"),
    BOXES[2]: Suggestion("Lymphocyte", 0, 0.8, "#E69F00"),
}


def cells() -> ImageCells:
    found = tuple(Cell(box.left_px + 10, 20, (), box, 300.0, is_cut=False, is_smudge=False) for box in BOXES)
    return ImageCells("case/1.png", "case", "ab" * 32, cells=found, looks=((),) * 4, red_cell_px=20.0)


@pytest.fixture
def page(qtbot: QtBot) -> CellGalleryPage:
    """Four cells, the first of them named; nothing is said of them yet."""
    made = CellGalleryPage(LIGHT)
    qtbot.addWidget(made)
    made.begin()
    made.model.put(cells(), [ReaderCell(BOXES[0], "blast")])
    made.end(0)
    return made


def order(page: CellGalleryPage) -> QComboBox:
    drop_down = page.findChild(QComboBox, "cell_order")
    assert drop_down is not None
    return drop_down


def choose(page: CellGalleryPage, key: str) -> None:
    order(page).setCurrentIndex(order(page).findData(key))
    order(page).activated.emit(order(page).currentIndex())


def shown(model: CellModel) -> list[int]:
    return [BOXES.index(model.cell_at(row).box) for row in range(model.rowCount())]


def marked(model: CellModel) -> list[int]:
    rows = [row for row in range(model.rowCount()) if model.index(row).data(CellRole.SUGGESTION) is not None]
    return [BOXES.index(model.cell_at(row).box) for row in rows]


def test_without_a_classifier_that_may_suggest_no_order_goes_by_one(page: CellGalleryPage) -> None:
    assert [order(page).findData(key) for key in ("said", "certainty")] == [-1, -1]


def test_cells_stand_by_what_is_said_or_by_how_sure_it_is_and_only_unnamed_ones_are_marked(
    page: CellGalleryPage, qtbot: QtBot
) -> None:
    page.offer_suggestions("Our cells")
    with qtbot.waitSignal(page.suggestions_wanted):
        choose(page, "said")
    assert page.model.images_to_ask() == ["case/1.png"]
    page.model.put_suggestions("case/1.png", SAID)
    page.show_suggestions()
    assert shown(page.model) == [2, 1, 0, 3]
    assert marked(page.model) == [2, 1]
    choose(page, "certainty")
    page.show_suggestions()
    assert shown(page.model) == [1, 2, 0, 3]
    assert [page.model.cell_at(row).name for row in range(4)] == ["", "", "blast", ""]
    choose(page, "size")
    assert marked(page.model) == []


def test_a_cell_unlike_those_that_were_taught_is_the_least_sure_of_all(page: CellGalleryPage) -> None:
    page.offer_suggestions("Our cells")
    choose(page, "certainty")
    page.model.put_suggestions("case/1.png", SAID | {BOXES[2]: replace(SAID[BOXES[2]], is_unlike=True)})
    page.show_suggestions()
    assert shown(page.model) == [2, 1, 0, 3]


def test_once_nothing_may_be_seen_any_more_order_and_marks_are_gone(page: CellGalleryPage) -> None:
    page.offer_suggestions("Our cells")
    choose(page, "said")
    page.model.put_suggestions("case/1.png", SAID)
    page.show_suggestions()
    page.offer_suggestions("")
    assert (shown(page.model), marked(page.model)) == ([0, 1, 2, 3], [])
    assert order(page).currentData() == "place"


def test_who_goes_on_while_the_classifier_is_asked_finds_no_other_cell_under_the_next_key(
    page: CellGalleryPage,
) -> None:
    page.offer_suggestions("Our cells")
    choose(page, "said")
    page.model.put_suggestions("case/1.png", SAID)
    page.view.setCurrentIndex(page.model.index(3))
    page.show_suggestions()
    assert [one.box for one in page.selected()] == [BOXES[3]]
    # Blind reading began in another window.
    page.offer_suggestions("")
    assert [one.box for one in page.selected()] == [BOXES[3]]
    page.offer_suggestions("Our cells")
    choose(page, "said")
    page.model.put_suggestions("case/1.png", SAID)
    page.show_suggestions()
    assert [one.box for one in page.selected()] == [BOXES[2]], "who asks and waits begins with the first"
