"""The few icons, drawn: glyphs such as ◫ look different, or are missing, on every system."""

from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

IconName = Literal["side_by_side", "stacked", "wipe", "blink", "difference", "folder", "picture"]

_SIDE_PX = 16
# Drawn three times as large as shown, so that they stay sharp at 300 % scaling.
_SCALE = 3


def icon(name: IconName, colour: str) -> QIcon:
    """An icon of 16 px in one colour (`#RRGGBB`)."""
    return QIcon(icon_pixmap(name, colour, _SIDE_PX))


def icon_pixmap(name: IconName, colour: str, side_px: int) -> QPixmap:
    """The same as a pixmap of `side_px`."""
    pixmap = QPixmap(side_px * _SCALE, side_px * _SCALE)
    pixmap.setDevicePixelRatio(_SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side_px / _SIDE_PX, side_px / _SIDE_PX)
    painter.setPen(QPen(QColor(colour), 1.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    _draw(painter, name)
    painter.end()
    return pixmap


def _draw(painter: QPainter, name: IconName) -> None:
    frame = QRectF(2, 3, 12, 10)
    if name == "side_by_side":
        painter.drawRoundedRect(frame, 1.5, 1.5)
        painter.drawLine(QLineF(8, 3, 8, 13))
    elif name == "stacked":
        painter.drawRoundedRect(frame, 1.5, 1.5)
        painter.drawLine(QLineF(2, 8, 14, 8))
    elif name == "wipe":
        painter.drawRoundedRect(frame, 1.5, 1.5)
        painter.drawLine(QLineF(8, 1, 8, 15))
        for x in (10.5, 13):
            painter.drawLine(QLineF(x, 3, x, 13))
    elif name == "blink":
        painter.drawRoundedRect(QRectF(1.5, 2, 9.5, 8), 1.5, 1.5)
        painter.drawPolyline(
            [QPointF(13, 6), QPointF(14.5, 6), QPointF(14.5, 14), QPointF(5, 14), QPointF(5, 12)]
        )
    elif name == "difference":
        painter.drawRoundedRect(frame, 1.5, 1.5)
        painter.drawLine(QLineF(5, 8, 11, 8))
        painter.drawLine(QLineF(8, 5, 8, 8))
        painter.drawLine(QLineF(8, 8, 8, 11))
        painter.drawLine(QLineF(5, 8, 5, 8))
    elif name == "folder":
        painter.drawPolyline(
            [QPointF(2, 12.5), QPointF(2, 4), QPointF(6.5, 4), QPointF(8, 5.5), QPointF(14, 5.5)]
        )
        painter.drawPolyline([QPointF(14, 5.5), QPointF(14, 12.5), QPointF(2, 12.5)])
    else:
        painter.drawRoundedRect(frame, 1.5, 1.5)
        painter.drawEllipse(QPointF(5.5, 6.5), 1, 1)
        painter.drawPolyline(
            [QPointF(3, 12), QPointF(7, 8.5), QPointF(9, 10.5), QPointF(11, 8), QPointF(13.5, 11)]
        )


def picture_icon(picture: QPixmap) -> QIcon:
    """A small picture as a row's icon, as it is in a chosen row as well: Qt would lay the choice's colour over it."""
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
