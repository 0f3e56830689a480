"""The list of orders of the gallery of cells: two of them only where a classifier of cells may be seen."""

from typing import cast

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from desktop.gui.cells.cell_model import SAID_ORDERS, Order
from desktop.gui.theme.drop_down import DropDown

_ORDERS: tuple[tuple[Order, str], ...] = (
    ("place", "By image"),
    ("size", "Largest first"),
    ("likeness", "Like ones together"),
)
_SAID: tuple[tuple[Order, str], ...] = (
    ("said", "By suggestion"),
    ("certainty", "Least sure first"),
)


class OrderChoice(DropDown):
    """`said_by` is the name of the classifier by whose answers cells may be sorted; empty where none may be seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cell_order")
        self.setAccessibleName("Order")
        self.said_by = ""
        self.offer_said("")

    def current(self) -> Order:
        """The chosen order."""
        return cast("Order", self.currentData())

    @property
    def is_by_said(self) -> bool:
        """Whether it goes by what a classifier says."""
        return self.current() in SAID_ORDERS

    def offer_said(self, by: str) -> None:
        """Offer the orders by what a classifier of this name says; empty: take them away, and the first is chosen."""
        was, self.said_by = self.currentData(), by
        with QSignalBlocker(self):
            self.clear()
            for key, words in (*_ORDERS, *(_SAID if by else ())):
                self.addItem(words, key)
            self.setCurrentIndex(max(0, self.findData(was)))
