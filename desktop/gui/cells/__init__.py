"""The pages of single cells: the counter, and the gallery in which they are named."""

from desktop.gui.cells.counter_page import Counted, CounterPage

__all__ = ["Counted", "CounterPage"]
