"""How marks look on a view, and where a press hits one."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF, QTextLayout, QTextOption

from bloodsmear.review.marks import DrawnShape, Place
from desktop.gui.theme.palette import GRID_PX

# Dark around light is seen on glass and on a nucleus alike.
_DARK = "#14171C"
_LINE_PX, _AROUND_PX, _CHOSEN_PX = 2.0, 5.0, 3.0
_HEAD_PX, _POINT_PX, _HANDLE_PX, _TICK_PX = 14.0, 6.0, 8.0, 6.0
_WORDS_PX = 13
# Words are wrapped at this width, and where there is less room earlier.
_WIDEST_WORDS_PX, _NARROWEST_WORDS_PX = 240.0, 90.0
_PADDING_PX = QPointF(2 * GRID_PX, GRID_PX / 2)
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
        scale = to_view(QPointF(1, 0)).x() - to_view(QPointF(0, 0)).x()
        chip = (
            _chip_of_text(drawn, places[0], scale)
            if drawn.shape == "text"
            else _chip_of(drawn, places, view.area)
        )
        painter.setPen(QPen(QColor(colour), _LINE_PX) if chosen and len(places) == 1 else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_DARK))
        painter.drawRoundedRect(chip, GRID_PX, GRID_PX)
        painter.setPen(QColor(colour))
        _wrapped(drawn.words, chip.width()).draw(painter, chip.topLeft() + _PADDING_PX)
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
            chip = _chip_of_text(drawn, QPointF(x0, y0) * px_per_px, px_per_px)
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


def _chip_of_text(drawn: DrawnShape, upper_left: QPointF, px_per_px: float) -> QRectF:
    """The ground of a text, which lies where it was put, and on the picture."""
    (x, y), (width, height) = drawn.places[0], drawn.size_px
    chip = _chip(drawn.words, upper_left, width * px_per_px)
    over_x = chip.width() - (width - x) * px_per_px
    over_y = chip.height() - (height - y) * px_per_px
    return chip.translated(
        -max(0.0, min(over_x, x * px_per_px)),
        -max(0.0, min(over_y, y * px_per_px)),
    )


def _chip_of(drawn: DrawnShape, places: Sequence[QPointF], area: QRectF) -> QRectF:
    """The ground of the words beside a shape; they come into view with it."""
    chip = _chip_beside(drawn, places, area.width())
    around = QRectF(places[0], places[-1]).normalized().adjusted(-1, -1, 1, 1)
    if area.intersects(around):
        chip.moveLeft(max(area.left(), min(chip.left(), area.right() - chip.width())))
        # Clear of the view's own chips: the caption above, scale bar and values below.
        lowest = area.bottom() - CHIPS_PX - chip.height()
        chip.moveTop(max(area.top() + CHIPS_PX, min(chip.top(), lowest)))
    return chip


def _chip(words: str, upper_left: QPointF, room_px: float) -> QRectF:
    room_px = max(_NARROWEST_WORDS_PX, min(_WIDEST_WORDS_PX, room_px))
    layout = _wrapped(words, room_px)
    widths_px = [layout.lineAt(line).naturalTextWidth() for line in range(layout.lineCount())]
    # A px more: wrapped in this width anew, they break at the same places.
    width_px = math.ceil(max(widths_px)) + 1 + 2 * _PADDING_PX.x()
    height_px = layout.boundingRect().height() + 2 * _PADDING_PX.y()
    return QRectF(upper_left.x(), upper_left.y(), width_px, height_px)


def _wrapped(words: str, width_px: float) -> QTextLayout:
    """The lines that have room in so wide a ground; a word without room is broken."""
    layout, option = QTextLayout(words, _font()), QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    top_px = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width_px - 2 * _PADDING_PX.x())
        line.setPosition(QPointF(0, top_px))
        top_px += line.height()
    layout.endLayout()
    return layout


def _chip_beside(drawn: DrawnShape, places: Sequence[QPointF], room_px: float) -> QRectF:
    in_view = replace(drawn, places=tuple((place.x(), place.y()) for place in places))
    x, y = in_view.words_place
    if drawn.shape != "arrow":
        return _chip(drawn.words, QPointF(x + 2 * GRID_PX, y + GRID_PX), room_px)
    # Behind the arrow's end, on the side from which it comes.
    chip = _chip(drawn.words, QPointF(x, y), room_px)
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
