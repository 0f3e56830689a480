"""The keys over the window, for a glance: shown and taken away by the same key."""

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.gui.dialogs.keys import KeyLine
from desktop.gui.theme.palette import LIGHT
from desktop.gui.theme.plain_text import PlainLabel

# In the order of the work: open and go through the images, look, decide. A menu that isn't named comes after them.
_ORDER = ("File", "Images", "View", "Decision")
# As many as a screen of 960 × 540 has room for, side by side.
_MOST_COLUMNS = 3
_BETWEEN_COLUMNS_PX, _BETWEEN_LINES_PX = 24, 2
_STYLE = (
    f"QFrame#key_overlay {{ background: rgba(20, 23, 28, 244); }} QLabel {{ color: {LIGHT.view_text};"
    " background: transparent; }"
    " QLabel#key_cap { background: rgba(255, 255, 255, 28); border: 1px solid rgba(255, 255, 255, 96);"
    " border-bottom-width: 2px; border-radius: 3px; padding: 0 5px; font-size: 11px; }"
)
_FOOT = "Esc or a click closes this. Keys of your own: Help ▸ Change keys…"

Menus = Sequence[tuple[str, Sequence[KeyLine]]]


class KeyOverlay(QFrame):
    """Covers the widget `over`, which it follows. Keys reach the window beneath but for Esc, which closes it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._before: QWidget | None = None
        self.setObjectName("key_overlay")
        self.setStyleSheet(_STYLE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(_BETWEEN_COLUMNS_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addStretch(1)
        # All of them are to be had on the smallest screen, too: there the middle scrolls.
        inside = QWidget()
        inside.setLayout(self._columns)
        column.addWidget(_see_through(inside), 20)
        column.addSpacing(12)
        foot = PlainLabel(_FOOT)
        foot.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(foot)
        column.addStretch(1)
        over.installEventFilter(self)
        self.hide()

    def toggle(self, lines: Sequence[KeyLine]) -> None:
        """Show these keys, or take them away."""
        if self.isVisible():
            self._close()
            return
        self._before = self.window().focusWidget()
        self._fill([line for line in lines if line.keys])
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Esc is the overlay's while it shows: elsewhere it stops a screening."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click closes."""
        self._close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay as large as what lies beneath."""
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False

    def _close(self) -> None:
        """Go, and leave the focus where it was: Qt gives it to the next button, which Space would press."""
        self.clearFocus()
        if self._before is not None and isValid(self._before):
            self._before.setFocus()
        self._before = None
        self.hide()

    def _fill(self, lines: Sequence[KeyLine]) -> None:
        while (item := self._columns.takeAt(0)) is not None:
            if (before := item.widget()) is not None:
                before.deleteLater()
        self._columns.addStretch(1)
        for menus in _in_columns(lines):
            self._columns.addWidget(_column(menus))
        self._columns.addStretch(1)


def _in_columns(lines: Sequence[KeyLine]) -> list[Menus]:
    """All menus with their lines, parted in order so that the longest column is as short as it can be."""
    there = dict.fromkeys(line.menu for line in lines)
    order = [menu for menu in _ORDER if menu in there] + [menu for menu in there if menu not in _ORDER]
    menus: Menus = [(menu, [line for line in lines if line.menu == menu]) for menu in order]
    ways: Iterable[list[Menus]] = (
        [menus[start:end] for start, end in pairwise((0, *cuts, len(menus)))]
        for cuts in combinations(range(1, len(menus)), min(_MOST_COLUMNS, len(menus)) - 1)
    )
    # A heading takes the room of two lines.
    return min(ways, key=lambda columns: max(sum(2 + len(of) for _, of in column) for column in columns))


def _column(menus: Menus) -> QWidget:
    """These menus one below the other, each with its heading."""
    shown = QWidget()
    grid = QGridLayout(shown)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(_BETWEEN_LINES_PX)
    for menu, lines in menus:
        heading = PlainLabel(menu)
        heading.setProperty("look", "title")
        heading.setContentsMargins(0, 8, 0, 2)
        grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
        for line in lines:
            row = grid.rowCount()
            # The first key alone: with a second one the menus of today are wider than a small screen.
            cap = PlainLabel(line.keys[0])
            cap.setObjectName("key_cap")
            grid.addWidget(PlainLabel(line.words), row, 0)
            grid.addWidget(cap, row, 1, Qt.AlignmentFlag.AlignRight)
    grid.setRowStretch(grid.rowCount(), 1)
    return shown


def _see_through(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setStyleSheet("background: transparent;")
    area.setWidget(inside)
    return area


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
