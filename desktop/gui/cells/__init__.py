"""The pages of single cells: the counter, and the gallery in which they are named."""

from desktop.gui.cells.counter_page import Counted, CounterPage
from desktop.gui.cells.gallery_page import CellGalleryPage, Scope
from desktop.gui.cells.own_names import OwnNamesDialog, SetChoice

__all__ = ["CellGalleryPage", "Counted", "CounterPage", "OwnNamesDialog", "Scope", "SetChoice"]
