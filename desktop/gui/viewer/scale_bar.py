"""The program's own scale bar over a view: a round length, right at every zoom; none where no scale is known."""

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bloodsmear.images.scale import round_length_um, um_words
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import CORNER_PX, GRID_PX, SMALL_TEXT_PX
from desktop.gui.viewer.view_range import ViewRange

# At most so much of a view, so that it says a length and hides no cells.
_LARGEST_SHARE, _LARGEST_PX, _LEAST_PX = 0.25, 180.0, 24.0
_LINE_PX, _TICK_PX, _EDGE_PX = 2, 6, 2 * GRID_PX


class ScaleBar(QWidget):
    """Its owner says which scale holds, and places it; `fit` gives it the length that suits the zoom."""

    def __init__(self, view_range: ViewRange, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._range = view_range
        self._ground, self._ink = QColor(tokens.chip), QColor(tokens.view_text)
        self._um_per_px: float | None = None
        self._length_um = self._length_px = 0.0
        self.setStyleSheet(f"font-size: {SMALL_TEXT_PX}px;")
        self.ensurePolished()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def um_per_px(self) -> float | None:
        """The scale that it has; None where none is known."""
        return self._um_per_px

    def set_um_per_px(self, um_per_px: float | None) -> None:
        """The scale of the image that is shown; None where it is not known."""
        self._um_per_px = um_per_px

    def fit(self, room_px: float) -> bool:
        """Take the largest round length that suits a view of this width; whether there is one."""
        most_px = min(_LARGEST_SHARE * room_px, _LARGEST_PX)
        if self._um_per_px is None or most_px < _LEAST_PX:
            return False
        um_per_view_px = self._um_per_px / self._range.scale
        self._length_um = round_length_um(most_px * um_per_view_px)
        self._length_px = self._length_um / um_per_view_px
        metrics = self.fontMetrics()
        width_px = max(self._length_px, float(metrics.horizontalAdvance(self.words())))
        self.resize(math.ceil(width_px) + 2 * _EDGE_PX, metrics.height() + _TICK_PX + 2 * GRID_PX)
        self.setAccessibleName(f"Scale bar, {self.words()}")
        self.update()
        return True

    def words(self) -> str:
        """What the bar is long: `10 µm`."""
        return "1 mm" if self._length_um == 1000 else um_words(self._length_um)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The length in words, over a line with ticks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(QRectF(self.rect()), CORNER_PX - 2, CORNER_PX - 2)
        painter.setPen(self._ink)
        text = QRectF(0, GRID_PX / 2, self.width(), self.fontMetrics().height())
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, self.words())
        left, bottom = (self.width() - self._length_px) / 2, self.height() - GRID_PX
        ends = (left, left + self._length_px - _LINE_PX)
        painter.fillRect(QRectF(left, bottom - _LINE_PX, self._length_px, _LINE_PX), self._ink)
        for end in ends:
            painter.fillRect(QRectF(end, bottom - _TICK_PX, _LINE_PX, _TICK_PX), self._ink)
        painter.end()
