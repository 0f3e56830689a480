"""How a cell of the gallery is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QPolygon
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bloodsmear.cells.names import cell_name
from desktop.gui.cells.cell_model import CellRole, ShownCell
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX, SMALL_TEXT_PX

if TYPE_CHECKING:  # what asks classifiers is not needed for the first picture
    from bloodsmear.workflows.cell_suggestions import Suggestion

CROP_SIDE_PX = 96
_EDGE_PX = GRID_PX
_RING_PX, _DOTS_PX = 2, 3
_CORNER_PX = 3 * GRID_PX


class CellDelegate(QStyledItemDelegate):
    """Draws straight onto the view, no widget per cell."""

    def __init__(self, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._font = QFont()
        self._font.setPixelSize(SMALL_TEXT_PX)
        self._line_px = QFontMetrics(self._font).height()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens

    @property
    def tile(self) -> QSize:
        """What one cell takes."""
        return QSize(CROP_SIDE_PX + 2 * _EDGE_PX, CROP_SIDE_PX + self._line_px + 2 * _EDGE_PX + GRID_PX // 2)

    def sizeHint(  # noqa: N802 - Qt's name
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The same for every cell."""
        return self.tile

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one cell."""
        tokens, area, state = self._tokens, QRect(option.rect), option.state
        cell: ShownCell = index.data(CellRole.CELL)
        crop: QPixmap | None = index.data(CellRole.CROP)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, QColor(tokens.selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(tokens.surface_hover))
        place = QRect(area.left() + _EDGE_PX, area.top() + _EDGE_PX, CROP_SIDE_PX, CROP_SIDE_PX)
        if crop is None:
            painter.fillRect(place, QColor(tokens.track))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, crop)
        said: Suggestion | None = index.data(CellRole.SUGGESTION)
        if said is not None:
            # Beside the solid one of what is chosen: something was said of the cell, and nobody has named it.
            painter.setPen(QPen(QColor(said.colour), _DOTS_PX, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(place).adjusted(1, 1, -1, -1))
        if cell.note:
            self._draw_corner(painter, place)
        if selected or state & QStyle.StateFlag.State_HasFocus:
            style = Qt.PenStyle.SolidLine if selected else Qt.PenStyle.DotLine
            painter.setPen(QPen(QColor(tokens.accent_text), _RING_PX, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))
        line = QRect(place.left(), place.bottom() + 1 + GRID_PX // 2, place.width(), self._line_px)
        painter.setFont(self._font)
        painter.setPen(QColor(tokens.text if cell.name else tokens.text_muted))
        words = cell_name(cell.name).name if cell.name else "–"
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, cut)

    def _draw_corner(self, painter: QPainter, place: QRect) -> None:
        """As spreadsheets say that there is a note."""
        corner = place.topRight() + QPoint(1, 0)
        ends = corner - QPoint(_CORNER_PX, 0), corner + QPoint(0, _CORNER_PX)
        painter.setPen(QPen(QColor(self._tokens.surface), 1))
        painter.setBrush(QColor(self._tokens.accent_text))
        painter.drawPolygon(QPolygon([ends[0], corner, ends[1]]))
