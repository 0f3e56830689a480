"""The gallery's rows: what is said of cells reaches the rows that show them, in whatever order they stand."""

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from bloodsmear.cells.reader_cells import ReaderCell
from bloodsmear.images.cells import Cell
from bloodsmear.images.region import Region
from bloodsmear.reports.cell_report import ImageCells
from desktop.gui.cells.cell_model import NOTED, CellModel

BOXES = [Region(100 * place, 10, 20 + 5 * place, 30) for place in range(3)]
ADDED = Region(500, 10, 20, 20)


def found_in(image: str) -> ImageCells:
    cells = tuple(
        Cell(0.0, 0.0, (), box, float(box.width_px * 30), is_cut=False, is_smudge=False) for box in BOXES
    )
    return ImageCells(
        image, "case 1", "ab" * 32, 1, 1, red_cell_px=40.0, cells=cells, looks=((0.5,) * 9,) * len(cells)
    )


@pytest.fixture
def model(qapp: QApplication) -> CellModel:
    """Three cells of each of two images, the largest nuclei first."""
    made = CellModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    for image in ("1.png", "2.png"):
        made.put(found_in(image), ())
    made.arrange("size")
    return made


def rows(model: CellModel) -> list[tuple[str, int, str]]:
    shown = map(model.cell_at, range(model.rowCount()))
    return [(one.image, one.box.left_px, one.name) for one in shown]


def test_names_of_several_images_reach_their_rows_and_are_told_once(model: CellModel) -> None:
    told: list[int] = []
    model.counted.connect(lambda: told.append(model.counts().total()))
    model.say({"1.png": [ReaderCell(BOXES[0], "blast")], "2.png": [ReaderCell(BOXES[2], "blast")]})
    assert rows(model) == [
        *(("1.png", 200, ""), ("2.png", 200, "blast"), ("1.png", 100, "")),
        *(("2.png", 100, ""), ("1.png", 0, "blast"), ("2.png", 0, "")),
    ]
    assert told == [2]
    model.say({"1.png": [ReaderCell(BOXES[0], "blast")], "of another study": ()})
    assert told == [2]


def test_cells_with_a_note_are_shown_alone(model: CellModel) -> None:
    model.say({"2.png": [ReaderCell(BOXES[1], note="ask")]})
    model.show_only(NOTED)
    assert rows(model) == [("2.png", 100, "")]


def test_removed_cells_go_and_come_back_behind_the_others_like_added_ones(model: CellModel) -> None:
    gone = [ReaderCell(box, is_removed=True) for box in BOXES[:2]]
    model.say({"1.png": [*gone, ReaderCell(ADDED, is_added=True)]})
    before = [
        ("1.png", 200, ""),
        ("2.png", 200, ""),
        ("2.png", 100, ""),
        ("2.png", 0, ""),
        ("1.png", 500, ""),
    ]
    assert (rows(model), model.cells) == (before, 5)
    model.say({"1.png": [*gone[:1], ReaderCell(ADDED, "blast", is_added=True)]})
    assert rows(model) == [*before[:4], ("1.png", 500, "blast"), ("1.png", 100, "")]
    assert model.counts() == {"blast": 1}


def test_of_the_cells_of_one_name_those_that_get_another_stay_in_place_until_they_are_sorted_anew(
    model: CellModel,
) -> None:
    model.show_only("")
    model.say({"1.png": [ReaderCell(BOXES[2], "blast")]})
    assert (rows(model)[0], model.rowCount()) == (("1.png", 200, "blast"), 6)
    model.show_only("")
    assert model.rowCount() == 5
    model.say({"1.png": []})
    assert rows(model)[-1] == ("1.png", 200, "")
