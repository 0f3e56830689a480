"""A length on the image: a line, or a circle by its diameter, drawn with the mouse on any view and seen on all."""

import math
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from bloodsmear.images.scale import length_words
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.viewer.mark_shapes import CHIPS_PX, draw_ticks

Kind = Literal["line", "circle"]
# Dark around light is seen on glass and on a nucleus alike.
_LIGHT, _DARK = "#F4F6FA", "#14171C"
_LINE_PX, _AROUND_PX, _TICK_PX = 2.0, 4.5, 6.0
# A click that moved less than this (image px) drew nothing.
_LEAST_PX = 1.0


class Ruler(QObject):
    """Places are in image px. `changed()`: another length is drawn; `chosen()`: the mouse draws now, or no more.

    `ended()`: the mouse let go of the line.
    """

    changed = Signal()
    chosen = Signal()
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kind: Kind | None = None
        self._ends: tuple[QPointF, QPointF] | None = None
        self._um_per_px: float | None = None
        self._size_px: tuple[int, int] | None = None

    @property
    def kind(self) -> Kind | None:
        """What the mouse draws; None while it moves the picture."""
        return self._kind

    @property
    def draws(self) -> bool:
        """Whether a press draws."""
        return self._kind is not None

    @property
    def is_active(self) -> bool:
        """Whether there is something that Escape leaves."""
        return self._kind is not None

    @property
    def length_px(self) -> float | None:
        """The length of the line, or the circle's diameter, in image px; None while none is drawn."""
        if self._ends is None:
            return None
        across = self._ends[1] - self._ends[0]
        length_px = math.hypot(across.x(), across.y())
        return length_px if length_px >= _LEAST_PX else None

    def toggle(self, kind: Kind) -> None:
        """Draw this from now on; asked for again, leave."""
        self._choose(None if self._kind == kind else kind)

    def follow(self, other: "Ruler") -> None:
        """Draw what the other one draws, each on its own picture."""
        other.chosen.connect(lambda: self._choose(other.kind) if other.kind != self._kind else None)

    def leave(self) -> None:
        """The mouse moves the picture again, and nothing is drawn on it."""
        self._choose(None)

    @property
    def measured(self) -> tuple[tuple[float, float], ...]:
        """The two ends, to be kept as a mark; none while nothing is measured."""
        if self._ends is None or self.length_px is None:
            return ()
        return tuple((end.x(), end.y()) for end in self._ends)

    def set_picture(self, size_px: tuple[int, int] | None) -> None:
        """Another picture comes, of this width and height (None: there is none); nothing of the one before stays."""
        self._size_px, self._um_per_px = size_px, None
        self.drop()

    def drop(self) -> None:
        """Take away what is drawn: it was kept as a mark."""
        if self._ends is not None:
            self._ends = None
            self.changed.emit()

    def set_um_per_px(self, um_per_px: float | None) -> None:
        """The scale of the image that is shown; None where lengths are told in px."""
        self._um_per_px = um_per_px
        self.changed.emit()

    def begin(self, at: QPointF, _screen_px: float = 1.0) -> bool:
        """A press: one end, or one edge of the circle; whether it was for the ruler."""
        if self._kind is None:
            return False
        on_picture = self._on_picture(at)
        self._ends = on_picture, on_picture
        self.changed.emit()
        return True

    def press_twice(self, _at: QPointF, _screen_px: float) -> bool:
        """While it is chosen, the second click is one."""
        return self._kind is not None

    def move(self, at: QPointF) -> None:
        """The other end follows the cursor."""
        if self._ends is not None:
            self._ends = self._ends[0], self._on_picture(at)
            self.changed.emit()

    def end(self) -> None:
        """The cursor lets go; a click draws nothing and ends nothing."""
        if self.length_px is not None:
            self.ended.emit()

    def words(self) -> str:
        """`7.31 µm`, with `⌀` before it where it is a diameter; empty while none is drawn."""
        if self.length_px is None:
            return ""
        words = length_words(self.length_px, self._um_per_px)
        return f"⌀ {words}" if self._kind == "circle" else words

    def paint(self, painter: QPainter, to_view: Callable[[QPointF], QPointF], area: QRectF) -> None:
        """Draw it on a view; `to_view` says where a place of the image lies there, its words stay within `area`."""
        if self._ends is None or self.length_px is None:
            return
        one, other = to_view(self._ends[0]), to_view(self._ends[1])
        # Words at the edge, with nothing beside them, would be taken for the scale.
        if not area.intersects(self._around(one, other)):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width_px in ((_DARK, _AROUND_PX), (_LIGHT, _LINE_PX)):
            painter.setPen(QPen(QColor(colour), width_px))
            painter.drawLine(one, other)
            if self._kind == "circle":
                painter.drawEllipse(self._around(one, other))
            else:
                draw_ticks(painter, one, other)
        _draw_words(painter, self.words(), other, area)

    def _around(self, one: QPointF, other: QPointF) -> QRectF:
        """What the line, or the circle by its diameter, takes of a view."""
        if self._kind == "circle":
            side = math.hypot(other.x() - one.x(), other.y() - one.y())
            around = QRectF(0, 0, side, side)
            around.moveCenter((one + other) / 2)
            return around
        # Of a level line, too, something can be seen.
        return QRectF(one, other).normalized().adjusted(-_TICK_PX, -_TICK_PX, _TICK_PX, _TICK_PX)

    def _on_picture(self, at: QPointF) -> QPointF:
        if self._size_px is None:
            return at
        width, height = self._size_px
        return QPointF(min(max(at.x(), 0.0), width), min(max(at.y(), 0.0), height))

    def _choose(self, kind: Kind | None) -> None:
        self._kind = kind
        self._ends = None
        self.changed.emit()
        self.chosen.emit()


def _draw_words(painter: QPainter, words: str, at: QPointF, area: QRectF) -> None:
    """Beside the end that was drawn last, on a ground of their own, inside the view and clear of its chips."""
    metrics = painter.fontMetrics()
    chip = QRectF(0, 0, metrics.horizontalAdvance(words) + 4 * GRID_PX, metrics.height() + GRID_PX)
    chip.moveTo(at.x() + 3 * GRID_PX, at.y() + 3 * GRID_PX)
    chip.moveLeft(max(area.left(), min(chip.left(), area.right() - chip.width())))
    if chip.bottom() > area.bottom() - CHIPS_PX:
        chip.moveBottom(min(at.y() - 3 * GRID_PX, area.bottom() - CHIPS_PX))
    chip.moveTop(max(area.top() + CHIPS_PX, chip.top()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_DARK))
    painter.drawRoundedRect(chip, GRID_PX, GRID_PX)
    painter.setPen(QColor(_LIGHT))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
