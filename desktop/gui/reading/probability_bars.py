"""One classifier's probabilities as bars: a label, a bar and a percent figure in each line."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bloodsmear.review.sentences import percent
from desktop.gui.theme import Tokens
from desktop.gui.theme.labels import label_meaning
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip
from desktop.gui.theme.room import Room

_BAR_PX = 10
_LINE_GAP_PX = GRID_PX
_COLUMN_GAP_PX = 2 * GRID_PX
_WIDEST_NAME_SHARE, _WIDEST_NAME_SHARE_ALONE = 0.42, 0.6


@dataclass(frozen=True, slots=True)
class LabelBar:
    """A line: the label's key and its probability (0 to 1), None while there is none; its name and colour."""

    key: str
    probability: float | None
    name: str
    colour: str


class ProbabilityBars(QWidget):
    """Bars from 0 to 100 %, all on the same scale, painted in one widget so that nothing moves when they change. In a
    low column only the most probable label is seen.
    """

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._bars: tuple[LabelBar, ...] = ()
        self._line_gap_px = _LINE_GAP_PX
        self._one_line = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        self.update()

    def set_room(self, room: Room) -> None:
        """Whether the lines stand closer together, or there is one alone."""
        self._one_line = room == "low"
        self._line_gap_px = _LINE_GAP_PX if room == "full" else 0
        self.updateGeometry()
        self.update()

    def set_bars(self, bars: Sequence[LabelBar]) -> None:
        """Show these lines in this order."""
        if len(bars) != len(self._bars):
            self.updateGeometry()
        self._bars = tuple(bars)
        self.setAccessibleDescription(", ".join(_spoken(bar) for bar in bars))
        self.update()

    def bars(self) -> tuple[LabelBar, ...]:
        """What is known, whether there is room for one line or for all."""
        return self._bars

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A line per label."""
        return QSize(240, len(self._seen()) * self._line_px())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow bars are still bars."""
        return QSize(120 if self._one_line else 160, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the line under the cursor."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tooltip(self.tooltip_at(event.pos().y())), self)
            return True
        return super().event(event)

    def tooltip_at(self, y_px: int) -> str:
        """What the line at this height has to say; on Benign what it means here."""
        if self._one_line:
            return "\n".join(map(_spoken, self._bars))
        line = y_px // self._line_px()
        if not 0 <= line < len(self._bars):
            return ""
        bar = self._bars[line]
        return "\n".join(part for part in (_spoken(bar), label_meaning(bar.key)) if part)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw all lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        bars = self._seen()
        widest_px = max((metrics.horizontalAdvance(bar.name) for bar in bars), default=0)
        share = _WIDEST_NAME_SHARE_ALONE if self._one_line else _WIDEST_NAME_SHARE
        # One more: by its width in whole pixels a name is cut at 200 %.
        name_px = min(widest_px + 1, round(self.width() * share))
        for row, bar in enumerate(bars):
            line = QRect(0, row * self._line_px(), self.width(), metrics.height())
            self._paint_line(painter, line, name_px, bar)
        painter.end()

    def _paint_line(self, painter: QPainter, line: QRect, name_px: int, bar: LabelBar) -> None:
        tabular = _tabular(self.font())
        figure_px = QFontMetrics(tabular).horizontalAdvance("100.0")
        left, middle = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.font())
        painter.setPen(QColor(self._tokens.text))
        name = self.fontMetrics().elidedText(bar.name, Qt.TextElideMode.ElideMiddle, name_px)
        painter.drawText(line, left | middle, name)
        painter.setFont(tabular)
        figure = "–" if bar.probability is None else percent(bar.probability)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, figure)
        start_px = name_px + _COLUMN_GAP_PX + GRID_PX
        width_px = line.width() - start_px - figure_px - _COLUMN_GAP_PX
        track = QRectF(start_px, line.center().y() + 1 - _BAR_PX / 2, max(0, width_px), _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.track))
        painter.drawRoundedRect(track, 2, 2)
        if bar.probability:
            # A pixel at least: what is not zero can be seen.
            filled = QRectF(track)
            filled.setWidth(max(1.0, track.width() * bar.probability))
            painter.setBrush(QColor(bar.colour))
            painter.drawRoundedRect(filled, min(2.0, filled.width() / 2), 2)

    def _seen(self) -> tuple[LabelBar, ...]:
        if not self._one_line or not self._bars:
            return self._bars
        return (max(self._bars, key=lambda bar: bar.probability or 0),)

    def _line_px(self) -> int:
        return self.fontMetrics().height() + self._line_gap_px


def _spoken(bar: LabelBar) -> str:
    return bar.name if bar.probability is None else f"{bar.name} {percent(bar.probability)} %"


def _tabular(font: QFont) -> QFont:
    """The same font with figures of equal width, where it knows them."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag.fromString("tnum"), 1)
    return tabular
