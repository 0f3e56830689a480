"""What a classifier of cells says, in the window: it sorts the gallery, and blind reading hides it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from bloodsmear.images.region import Region
from bloodsmear.workflows import cell_suggestions
from bloodsmear.workflows.cell_suggestions import CellsToAsk, Suggester, Suggestion
from desktop.gui.cells.cell_model import CellRole
from desktop.gui.main_window import MainWindow
from tests.desktop.gui.main_window.test_cell_gallery import (  # noqa: F401 - a fixture
    gallery,
    names,
    press,
    read_folder,
    select,
)


def test_what_a_classifier_of_cells_says_sorts_them_names_none_and_is_gone_in_blind_reading(
    open_window: Callable[[], MainWindow],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def say(asked: Sequence[CellsToAsk], *_rest: object) -> Iterator[tuple[str, dict[Region, Suggestion]]]:
        for one in asked:
            sure = (0.9 - place / 10 for place in range(len(one.boxes)))
            yield one.found.image, {box: Suggestion("Blast", 0, next(sure), "#56B4E9") for box in one.boxes}

    monkeypatch.setattr(cell_suggestions, "suggesters", lambda: [Suggester(Path("ours"), "Our cells")])
    monkeypatch.setattr(cell_suggestions, "suggestions_for", say)
    window = open_window()
    page = gallery(window, qtbot)
    order = page.findChild(QComboBox, "cell_order")
    assert order is not None
    qtbot.waitUntil(lambda: order.findData("certainty") != -1)

    def marked() -> list[bool]:
        rows = range(page.model.rowCount())
        return [page.model.index(row).data(CellRole.SUGGESTION) is not None for row in rows]

    with qtbot.waitSignal(window.controller.cell_gallery.all_suggested):
        order.setCurrentIndex(order.findData("certainty"))
        order.activated.emit(order.currentIndex())
    assert (names(page), marked()) == ([""] * 7, [True] * 7)
    select(page, 0)
    press(window, page, Qt.Key.Key_N, qtbot)
    assert (names(page)[:2], marked()[:2]) == (["neutrophil", ""], [False, True])
    window.review.toggle_blind()
    qtbot.waitUntil(lambda: order.findData("certainty") == -1)
    assert marked() == [False] * 7
