"""A switch with its words beside it: on or off at once, no OK button."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.gui.theme.palette import GRID_PX, Tokens

_TRACK = QSize(28, 16)
_KNOB_INSET_PX = 3
_GAP_PX = 2 * GRID_PX


class ToggleSwitch(QAbstractButton):
    """A checkable button drawn as a switch; the space bar and a click turn it."""

    def __init__(self, text: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the track, the text and the focus ring."""
        text_px = self.fontMetrics().horizontalAdvance(self.text())
        height_px = max(_TRACK.height(), self.fontMetrics().height()) + 2 * GRID_PX
        return QSize(_TRACK.width() + _GAP_PX + text_px + 2 * GRID_PX, height_px)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The track alone: the text is cut with an ellipsis."""
        return QSize(_TRACK.width() + 2 * GRID_PX, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw track, knob, text and the focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_track(painter)
        area = self.rect().adjusted(GRID_PX + _TRACK.width() + _GAP_PX, 0, -GRID_PX, 0)
        colour = self._tokens.text if self.isEnabled() else self._tokens.text_disabled
        painter.setPen(QColor(colour))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._tokens.accent_text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_track(self, painter: QPainter) -> None:
        top_px = (self.height() - _TRACK.height()) / 2
        track = QRectF(GRID_PX, top_px, _TRACK.width(), _TRACK.height())
        on = self.isChecked()
        fill = self._tokens.accent if on else self._tokens.text_muted
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill if self.isEnabled() else self._tokens.text_disabled))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        side_px = track.height() - 2 * _KNOB_INSET_PX
        left_px = track.right() - side_px - _KNOB_INSET_PX if on else track.left() + _KNOB_INSET_PX
        painter.setBrush(QColor(self._tokens.on_accent if on else self._tokens.surface))
        painter.drawEllipse(QRectF(left_px, track.top() + _KNOB_INSET_PX, side_px, side_px))
