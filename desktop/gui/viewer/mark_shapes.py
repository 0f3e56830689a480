"""How marks look on a view, and where a press hits one."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from bloodsmear.review.marks import DrawnShape, Place
from desktop.gui.theme.palette import GRID_PX

# Dark around light is seen on glass and on a nucleus alike.
_DARK = "#14171C"
_LINE_PX, _AROUND_PX, _CHOSEN_PX = 2.0, 5.0, 3.0
_HEAD_PX, _POINT_PX, _HANDLE_PX, _TICK_PX = 14.0, 6.0, 8.0, 6.0
_WORDS_PX = 13
# The view's own chips lie so near its upper and lower edges.
CHIPS_PX = 10 * GRID_PX
# So near (screen px) to a line is on it.
REACH_PX = 8.0


@dataclass(frozen=True, slots=True)
class OnView:
    """A view to draw on: `to_view` says where a place of the image lies there; words stay within `area`."""

    painter: QPainter
    to_view: Callable[[QPointF], QPointF]
    area: QRectF


def paint_shape(view: OnView, drawn: DrawnShape, colour: str, *, chosen: bool = False) -> None:
    """Draw one shape with its words; a chosen one is thicker and has handles at its places."""
    painter, to_view = view.painter, view.to_view
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    places = [to_view(QPointF(x, y)) for x, y in drawn.places]
    line_px = _CHOSEN_PX if chosen else _LINE_PX
    for pen_colour, width_px in ((_DARK, line_px + _AROUND_PX - _LINE_PX), (colour, line_px)):
        pen = QPen(QColor(pen_colour), width_px)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        _draw_lines(painter, drawn, places)
    if drawn.words:
        chip = _chip_of(drawn, places, view.area)
        painter.setPen(QPen(QColor(colour), _LINE_PX) if chosen and len(places) == 1 else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_DARK))
        painter.drawRoundedRect(chip, GRID_PX, GRID_PX)
        painter.setFont(_font())
        painter.setPen(QColor(colour))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, drawn.words)
    if chosen:
        painter.setPen(QPen(QColor(_DARK), 1.0))
        painter.setBrush(QColor(colour))
        for place in places if drawn.shape != "text" else ():
            handle = QRectF(0, 0, _HANDLE_PX, _HANDLE_PX)
            handle.moveCenter(place)
            painter.drawRect(handle)


def hits(drawn: DrawnShape, at: QPointF, px_per_px: float) -> bool:
    """Whether a press at this place (image px) is on the shape, where an image px is so many screen px."""
    reach = REACH_PX / px_per_px
    x, y = at.x(), at.y()
    (x0, y0), (x1, y1) = drawn.places[0], drawn.places[-1]
    match drawn.shape:
        case "point":
            return math.hypot(x - x0, y - y0) <= reach + _POINT_PX / px_per_px
        case "text":
            chip = _chip(drawn, QPointF(x0, y0) * px_per_px)
            return chip.contains(at * px_per_px)
        case "circle" | "diameter":
            (middle_x, middle_y), radius = drawn.circle
            return abs(math.hypot(x - middle_x, y - middle_y) - radius) <= reach
        case "arrow" | "length":
            return _distance((x, y), (x0, y0), (x1, y1)) <= reach
        case "box":
            corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
            return any(
                _distance((x, y), corner, corners[number - 1]) <= reach
                for number, corner in enumerate(corners)
            )


def place_at(drawn: DrawnShape, at: QPointF, px_per_px: float) -> int | None:
    """Which of its places a press (image px) takes hold of; None for the shape as a whole."""
    if len(drawn.places) < 2:
        return None
    distances = [math.hypot(at.x() - x, at.y() - y) for x, y in drawn.places]
    nearest = min(range(len(distances)), key=distances.__getitem__)
    return nearest if distances[nearest] * px_per_px <= REACH_PX else None


def moved(drawn: DrawnShape, by: QPointF, place: int | None) -> DrawnShape:
    """The shape, or one of its places, moved by so many image px; it stays on the picture."""
    width, height = drawn.size_px
    held = drawn.places if place is None else (drawn.places[place],)
    x = min(max(by.x(), -min(x for x, _ in held)), width - max(x for x, _ in held))
    y = min(max(by.y(), -min(y for _, y in held)), height - max(y for _, y in held))
    places = tuple(
        (px + x, py + y) if place in (None, number) else (px, py)
        for number, (px, py) in enumerate(drawn.places)
    )
    return replace(drawn, places=places)


def _draw_lines(painter: QPainter, drawn: DrawnShape, places: Sequence[QPointF]) -> None:
    one, other = places[0], places[-1]
    match drawn.shape:
        case "arrow":
            painter.drawLine(one, other)
            in_view = replace(drawn, places=((one.x(), one.y()), (other.x(), other.y())))
            painter.drawPolyline(QPolygonF([QPointF(*place) for place in in_view.arrow_head(_HEAD_PX)]))
        case "length":
            painter.drawLine(one, other)
            draw_ticks(painter, one, other)
        case "circle" | "diameter":
            radius = math.hypot(other.x() - one.x(), other.y() - one.y()) / 2
            painter.drawEllipse((one + other) / 2, radius, radius)
        case "box":
            painter.drawRect(QRectF(one, other).normalized())
        case "point":
            painter.drawEllipse(one, _POINT_PX, _POINT_PX)
            painter.drawPoint(one)


def draw_ticks(painter: QPainter, one: QPointF, other: QPointF) -> None:
    """The two short lines across the ends of a measured one."""
    length = math.hypot(other.x() - one.x(), other.y() - one.y())
    if length > 0:
        across = QPointF(one.y() - other.y(), other.x() - one.x()) * (_TICK_PX / length)
        for end in (one, other):
            painter.drawLine(end - across, end + across)


def _chip_of(drawn: DrawnShape, places: Sequence[QPointF], area: QRectF) -> QRectF:
    """The ground of the words; a text lies where it was put, others come into view with their shape."""
    if drawn.shape == "text":
        return _chip(drawn, places[0])
    chip = _chip_beside(drawn, places)
    around = QRectF(places[0], places[-1]).normalized().adjusted(-1, -1, 1, 1)
    if area.intersects(around):
        chip.moveLeft(max(area.left(), min(chip.left(), area.right() - chip.width())))
        # Clear of the view's own chips: the caption above, scale bar and values below.
        lowest = area.bottom() - CHIPS_PX - chip.height()
        chip.moveTop(max(area.top() + CHIPS_PX, min(chip.top(), lowest)))
    return chip


def _chip(drawn: DrawnShape, upper_left: QPointF) -> QRectF:
    metrics = QFontMetricsF(_font())
    width = metrics.horizontalAdvance(drawn.words) + 4 * GRID_PX
    return QRectF(upper_left.x(), upper_left.y(), width, metrics.height() + GRID_PX)


def _chip_beside(drawn: DrawnShape, places: Sequence[QPointF]) -> QRectF:
    in_view = replace(drawn, places=tuple((place.x(), place.y()) for place in places))
    x, y = in_view.words_place
    if drawn.shape != "arrow":
        return _chip(drawn, QPointF(x + 2 * GRID_PX, y + GRID_PX))
    # Behind the arrow's end, on the side from which it comes.
    chip = _chip(drawn, QPointF(x, y))
    tip = places[-1]
    chip.moveCenter(
        QPointF(
            x + math.copysign(chip.width() / 2 + GRID_PX, x - tip.x()),
            y + math.copysign(chip.height() / 2 + GRID_PX, y - tip.y()),
        )
    )
    return chip


def _font() -> QFont:
    font = QFont()
    font.setPixelSize(_WORDS_PX)
    font.setBold(True)
    return font


def _distance(at: Place, one: Place, other: Place) -> float:
    """Of a place from the line between two others."""
    across, down = other[0] - one[0], other[1] - one[1]
    length = across * across + down * down
    share = 0.0 if not length else ((at[0] - one[0]) * across + (at[1] - one[1]) * down) / length
    share = min(1.0, max(0.0, share))
    return math.hypot(at[0] - one[0] - share * across, at[1] - one[1] - share * down)
