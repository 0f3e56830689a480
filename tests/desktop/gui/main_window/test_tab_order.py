"""Tab leads through the whole window, in the order in which it is read."""

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.gui.gallery.filter_bar import FilterBar
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.main_window import MainWindow


def stops(window: MainWindow) -> list[QWidget]:
    """Where Tab stops, once round."""
    found: list[QWidget] = []
    while True:
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in found:
            return found[found.index(focus) :]
        found.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)


def name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QPushButton) else ""
    return widget.accessibleName() or words


def test_tab_goes_from_column_to_column_and_in_each_from_top_to_bottom(window: MainWindow) -> None:
    order = stops(window)
    names = [name(stop) for stop in order]
    for wanted in ("Filter by name or case", "Filter", "Show all: 7 images", "Images", "Original picture"):
        assert wanted in names
    columns = (window.list_column, window.viewer, window.reading, window.review.panel)
    of = [next((n for n, each in enumerate(columns) if each.isAncestorOf(stop)), -1) for stop in order]
    first = of.index(0)
    of, order = of[first:] + of[:first], order[first:] + order[:first]
    assert [number for number in of if number >= 0] == sorted(number for number in of if number >= 0)
    for column in (0, 2, 3):
        tops = [
            stop.mapTo(window, QPoint(0, 0)).y()
            for stop, number in zip(order, of, strict=True)
            if number == column
        ]
        # Beside each other some stand a few px higher than what comes before them.
        assert all(below > above - 16 for above, below in pairwise(tops)), tops


def test_a_chip_of_the_filter_menu_is_reached_and_removed_by_keys(window: MainWindow) -> None:
    window.gallery.findChildren(FilterBar)[0].filter_chosen.emit(ListFilter(below_percent=99))
    chips = [stop for stop in stops(window) if name(stop).startswith("Filter: ")]
    assert len(chips) == 1
    chips[0].setFocus()
    QTest.keyClick(chips[0], Qt.Key.Key_Space)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert name(focus) == "Filter"
    assert not [stop for stop in stops(window) if name(stop).startswith("Filter: ")]
