"""The pages about cells: the gallery with some names and a note, and the counter a cell before its target."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel
from review_scene import begin_review
from window_stage import Stage

from desktop.gui.cells import CellGalleryPage, CounterPage
from desktop.gui.cells.cell_model import CellRole

_GALLERY_PX = (1092, 600)
# The first five of the demo images, and a note on the seventh.
_NAMED = ("lymphocyte", "lymphocyte", *["segmented_neutrophil"] * 3)
_NOTED, _NOTE = 6, "Nucleoli? Ask in the morning"
_COUNTED = {
    "neutrophil": 56,
    "lymphocyte": 32,
    "monocyte": 7,
    "eosinophil": 3,
    "unidentified": 1,
    "erythroblast": 2,
}


def show_cell_gallery(stage: Stage) -> None:
    """The cells of the study; some have names, and the chosen one has a note."""
    begin_review(stage)
    window = stage.window
    window.preferences.change("cell_names", "with_blasts")
    ended: list[bool] = []
    window.controller.cell_gallery.ended.connect(lambda: ended.append(True))
    window.actions_by_name["cell_gallery"].trigger()
    (page,) = window.findChildren(CellGalleryPage)
    page.resize(*_GALLERY_PX)
    stage.wait(lambda: len(ended) == 1, "the cells of the case are found")
    page.choose_scope("study")
    page.scope_chosen.emit("study")
    stage.wait(lambda: len(ended) == 2, "the cells of the study are found")
    model, selection = page.model, page.view.selectionModel()
    for row, name in enumerate(_NAMED):
        selection.setCurrentIndex(model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        page.table.chosen.emit(name)
    selection.setCurrentIndex(model.index(_NOTED), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    page.note_wanted.emit((model.cell_at(_NOTED).place,), _NOTE)
    stage.wait(lambda: model.cell_at(_NOTED).note == _NOTE, "the note is kept")
    stage.shown = page
    rows = range(model.rowCount())
    stage.wait(lambda: all(model.index(row).data(CellRole.CROP) for row in rows), "the crops are there")


def show_counter(stage: Stage) -> None:
    """A reader has counted a case, a white cell before the target."""
    begin_review(stage)
    review, window = stage.window.controller.review, stage.window
    window.actions_by_name["counter"].trigger()
    (page,) = window.findChildren(CounterPage)
    for name, cells in _COUNTED.items():
        for _ in range(cells):
            page.table.chosen.emit(name)
    counted = sum(_COUNTED.values())
    case = window.controller.study.found[window.controller.image.image or ""].case
    stage.wait(lambda: len(review.reviewed.counted(case)) == counted, "every cell is counted")
    stage.shown = page
