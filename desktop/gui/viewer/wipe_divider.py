"""The line between the two pictures of the wipe, drawn over them and moved by mouse or keys."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.gui.theme.palette import VIEW

# Wide enough to be caught, the line itself narrow enough to hide nothing.
WIDTH_PX = 24
_LINE_PX = 2
_LINE = "#F4F6FA"
_RING = "#7DB8F2"
_STEP = 0.02
_KEYS = {Qt.Key.Key_Left: -_STEP, Qt.Key.Key_Right: _STEP}


class WipeDivider(QWidget):
    """`moved(share)`: where it was moved to, as a share of the parent's width (0 to 1). The parent places it.

    `wheeled(units, at)`: the wheel is the picture's, which lies beneath; `at` in px of the parent.
    """

    moved = Signal(float)
    wheeled = Signal(int, QPointF)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share = 0.5
        self._area = parent
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Divider between original and denoised")
        self.setToolTip("Drag, or Left and Right while it has the focus")

    def line_px(self) -> int:
        """The column of the parent (px) from which on the denoised picture shows."""
        return round(self.share * self._area.width())

    def place(self) -> None:
        """Stand over the line, from top to bottom."""
        self.setGeometry(self.line_px() - WIDTH_PX // 2, 0, WIDTH_PX, self._area.height())

    def event(self, event: QEvent) -> bool:
        """Left and Right are for the divider while it has the focus, whatever the window does with them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move by a step; every other key is for the window."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            self._move_to(self.share + _KEYS[key])
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the line."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the cursor while a button is down."""
        at_px = self.mapToParent(event.position()).x()
        self._move_to(at_px / max(1, self._area.width()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave it to the picture."""
        self.wheeled.emit(event.angleDelta().y(), self.mapToParent(event.position()))
        event.accept()

    def focusInEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """Draw the ring."""
        self.update()

    def focusOutEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """Take the ring away."""
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A line with a round handle in its middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = WIDTH_PX / 2, self.height() / 2
        line = QRectF(x - _LINE_PX / 2, 0, _LINE_PX, self.height())
        painter.fillRect(line.adjusted(-1, 0, 1, 0), QColor(VIEW))
        painter.fillRect(line, QColor(_LINE))
        painter.setBrush(QColor(_LINE))
        painter.setPen(QPen(QColor(_RING if self.hasFocus() else VIEW), 2))
        painter.drawEllipse(QPointF(x, y), 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(VIEW))
        for way in (-1, 1):
            tip, foot = QPointF(x + 7 * way, y), x + 3 * way
            painter.drawPolygon(QPolygonF([tip, QPointF(foot, y - 4), QPointF(foot, y + 4)]))
        painter.end()

    def _move_to(self, share: float) -> None:
        self.share = min(max(share, 0.0), 1.0)
        self.moved.emit(self.share)
