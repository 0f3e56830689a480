"""The keys over the window, for a glance: shown and taken away by the same key."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.dialogs.keys import KeyLine
from desktop.gui.theme.palette import LIGHT

_LINES = 20
_STYLE = (
    f"QFrame#key_overlay {{ background: rgba(20, 23, 28, 230); }} QLabel {{ color: {LIGHT.view_text};"
    " background: transparent; }"
)
_FOOT = "Esc or a click closes this. Keys of your own: Menu ▸ Help ▸ Change keys…"


class KeyOverlay(QFrame):
    """Covers the widget `over`, which it follows. Keys reach the window beneath but for Esc, which closes it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("key_overlay")
        self.setStyleSheet(_STYLE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.addStretch(1)
        column.addLayout(self._grid)
        column.addSpacing(12)
        foot = QLabel(_FOOT)
        foot.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(foot)
        column.addStretch(1)
        over.installEventFilter(self)
        self.hide()

    def toggle(self, lines: Sequence[KeyLine]) -> None:
        """Show these keys, or take them away."""
        if self.isVisible():
            self.hide()
            return
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
            self.hide()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click closes."""
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay as large as what lies beneath."""
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False

    def _fill(self, lines: Sequence[KeyLine]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (label := item.widget()) is not None:
                label.deleteLater()
        for number, line in enumerate(lines):
            column, row = divmod(number, _LINES)
            self._grid.addWidget(QLabel(line.words), row, 2 * column)
            keys = QLabel(line.keys)
            keys.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(keys, row, 2 * column + 1)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
