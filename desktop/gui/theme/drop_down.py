"""A list to choose one from, with an arrow in the theme's colour: a style sheet can only give it a picture."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox

_HALF_WIDTH_PX, _HEIGHT_PX = 4.0, 4.0
_FROM_RIGHT_PX = 14.0


class DropDown(QComboBox):
    """A QComboBox that draws its own arrow. The wheel scrolls the page below it and changes no choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to what the field stands on."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw field and text, then the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.Text)
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        tip = QPointF(self.width() - _FROM_RIGHT_PX, (self.height() + _HEIGHT_PX) / 2)
        left, right = QPointF(-_HALF_WIDTH_PX, -_HEIGHT_PX), QPointF(_HALF_WIDTH_PX, -_HEIGHT_PX)
        painter.drawPolyline([tip + left, tip, tip + right])
        painter.end()
