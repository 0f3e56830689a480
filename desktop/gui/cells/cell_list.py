"""The list of the gallery's cells: which of them are chosen."""

from collections.abc import Iterable

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView, QListView

from desktop.gui.cells.cell_model import CellModel, ShownCell


class CellList(QListView):
    """The cells of `cells`, of which some are chosen. Letters name cells here."""

    def __init__(self, cells: CellModel) -> None:
        super().__init__()
        self._cells = cells
        self.setObjectName("cells")
        self.setAccessibleName("Cells")
        self.setModel(cells)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

    def chosen_rows(self) -> list[int]:
        """The rows of the chosen cells, from the top."""
        return sorted(index.row() for index in self.selectedIndexes())

    def chosen(self) -> tuple[ShownCell, ...]:
        """The chosen cells, in the order in which they are shown."""
        return tuple(self._cells.cell_at(row) for row in self.chosen_rows())

    def go_to(self, row: int) -> None:
        """Choose this one alone; none where there is no such row."""
        index = self._cells.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def choose_again(self, cells: Iterable[ShownCell]) -> None:
        """Choose those of the cells that are shown, wherever they stand now: a key must name no other ones."""
        for place, row in enumerate(self._cells.rows_of(cells)):
            if place == 0:
                self.go_to(row)
            else:
                self.selectionModel().select(self._cells.index(row), QItemSelectionModel.SelectionFlag.Select)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Choose nothing by a letter that is no key: the next key would name a cell that the reader did not choose."""
