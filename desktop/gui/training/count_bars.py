"""How many images of each label a folder holds, as bars on one scale."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import NO_NAMES, Names, label_name, reading_order
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX

_BAR_PX = 10
_NAME_PX = 120
_COUNT_PX = 64
_USUAL_PX = 560


class CountBars(QWidget):
    """A line a label: its name, a bar in its colour, the count. All bars on the scale of the largest."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._counts: tuple[tuple[str, int], ...] = ()
        self._names = NO_NAMES
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        self.update()

    def set_counts(self, counts: tuple[tuple[str, int], ...], names: Names = NO_NAMES) -> None:
        """Show these counts by label key, in the order of every list; `names` are those of labels of one's own."""
        by_key = dict(counts)
        self._counts = tuple((key, by_key[key]) for key in reading_order(tuple(by_key)))
        self._names = names
        self.setAccessibleName(
            ", ".join(f"{count} images of {label_name(key, names)}" for key, count in self._counts)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A line a label."""
        return QSize(_USUAL_PX, len(self._counts) * self._line_px())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Short bars are still bars."""
        return QSize(_NAME_PX + _COUNT_PX + 80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw all lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line_px, width_px = self._line_px(), self.width()
        bar_px = width_px - _NAME_PX - _COUNT_PX
        largest = max((count for _, count in self._counts), default=0)
        middle = Qt.AlignmentFlag.AlignVCenter
        for number, (key, count) in enumerate(self._counts):
            top_px = number * line_px
            painter.setPen(QColor(self._tokens.text))
            cut, name_px = Qt.TextElideMode.ElideRight, _NAME_PX - GRID_PX
            name = self.fontMetrics().elidedText(label_name(key, self._names), cut, name_px)
            painter.drawText(QRect(0, top_px, name_px, line_px), middle, name)
            right = QRect(width_px - _COUNT_PX, top_px, _COUNT_PX, line_px)
            painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, f"{count:,}")
            painter.setPen(Qt.PenStyle.NoPen)
            bar = QRectF(_NAME_PX, top_px + (line_px - _BAR_PX) / 2, bar_px, _BAR_PX)
            for colour, share in (
                (QColor(self._tokens.track), 1.0),
                (QColor(label_colour(key, tuple(self._names))), count / (largest or 1)),
            ):
                painter.setBrush(colour)
                bar.setWidth(bar_px * share)
                if share > 0:
                    painter.drawRoundedRect(bar, 3, 3)
        painter.end()

    def _line_px(self) -> int:
        return max(self.fontMetrics().height(), _BAR_PX) + 2 * GRID_PX
