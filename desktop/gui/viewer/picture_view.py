"""One view of a picture. It follows the range and says what mouse and keys ask for; it changes nothing itself.

Qt's own graphics view, not pyqtgraph's: importing that would take a third of the time until the window shows
(docs/adr/0004).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import ShownColours
from desktop.gui.theme.palette import OUTLINE, VIEW
from desktop.gui.viewer.marks import Marks
from desktop.gui.viewer.picture_item import PictureItem
from desktop.gui.viewer.ruler import Ruler
from desktop.gui.viewer.view_range import ZOOM_STEP, ViewRange

# A notch of a wheel is 120 units: about a quarter larger.
_ZOOM_PER_WHEEL_UNIT = ZOOM_STEP ** (1 / 120)
_PAN_STEP_PX = 48.0
_OUTLINE_PX = 2.0
# A hand that moved less than this meant a click.
_CLICK_PX = 4.0
_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


Layer = Ruler | Marks


class PictureView(QGraphicsView):
    """`hovered(x, y)` in image px, `left` when the cursor goes, `resized` and `focus_moved` for the pane,
    `menu_wanted(place on the screen)`; `picked(x, y)` in image px and `picking_left` while a place is to be picked;
    `clicked(x, y)` in image px while clicks are wanted, `clicks_left()` when Escape ends that; `covered_otherwise()`:
    something else lies over the picture.
    """

    hovered = Signal(float, float)
    left = Signal()
    resized = Signal()
    focus_moved = Signal()
    menu_wanted = Signal(QPoint)
    picked = Signal(float, float)
    picking_left = Signal()
    clicked = Signal(float, float)
    covered_otherwise = Signal()
    clicks_left = Signal()

    def __init__(self, view_range: ViewRange, parent: QWidget | None = None) -> None:
        # A scene without a parent may go before its view does.
        self._scene = QGraphicsScene()
        super().__init__(self._scene, parent)
        self._scene.setParent(self)
        self._range = view_range
        self._dragged_from: QPointF | None = None
        self._picks = self._clicks_wanted = False
        self._pressed_at = QPointF()
        # What is drawn over the picture, and with which of them the mouse draws now.
        self._layers: tuple[Layer, ...] = ()
        self._drawing: Layer | None = None
        self._item = PictureItem()
        self._overlay = QGraphicsPixmapItem(self._item)
        self._overlay.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._outlines = QGraphicsPathItem(self._item)
        self._scene.addItem(self._item)
        # Qt's own modes invalidate where an item was last painted. Chips lie over the view, and painting the part under
        # one of them counts as painting the item where it is now: what it covered before stayed on the screen, another
        # image's cells. So each change says itself what is to be painted: everything, or the part that it replaces.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.setBackgroundBrush(QColor(VIEW))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        view_range.changed.connect(self.follow)

    def set_layers(self, *layers: Layer) -> None:
        """What is drawn over the picture, the last above; a press is offered to the last first."""
        self._layers = layers
        for layer in layers:
            layer.changed.connect(self.viewport().update)
            layer.chosen.connect(self._show_cursor)

    def set_picking(self, on: bool) -> None:
        """Whether a click picks a place in place of moving the picture."""
        self._picks = on
        self._show_cursor()

    def set_clicks_wanted(self, on: bool) -> None:
        """Whether a click is for what lies under the cursor; dragging moves the picture all the same."""
        self._clicks_wanted = on
        self._show_cursor()

    def set_pixels(self, pixels: RgbImage | None, shown_by: "PictureView | None" = None) -> None:
        """Show this picture, or none; a view that shows the same one already saves making it for the screen again."""
        if shown_by is None:
            self._item.set_pixels(pixels)
        else:
            self._item.share(shown_by._item)
        self.set_overlay(None)
        self.set_outlines(())

    def set_colours(self, colours: ShownColours) -> None:
        """Show every picture in these colours from now on."""
        self._item.set_colours(colours)
        self.viewport().update()

    def blank(self) -> None:
        """Leave an even grey in the picture's place, and nothing over it."""
        self._item.blank()
        self.set_overlay(None)
        self.set_outlines(())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is shown: neither a picture nor the grey in its place."""
        return self._item.boundingRect().isEmpty()

    def set_overlay(self, colours: npt.NDArray[np.uint8] | None) -> None:
        """Lay uint8 h×w×4 (red, green, blue, opacity) over the whole picture, or nothing; another picture ends it."""
        # All of it: another picture comes by here, too.
        self.viewport().update()
        area = self._item.boundingRect()
        if colours is None or area.isEmpty():
            self._overlay.setPixmap(QPixmap())
            self.covered_otherwise.emit()
            return
        height, width = colours.shape[:2]
        image = QImage(colours.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        self._overlay.setPixmap(QPixmap.fromImage(image.copy()))
        self._overlay.setTransform(QTransform.fromScale(area.width() / width, area.height() / height))
        self.covered_otherwise.emit()

    def mirror(self, other: "PictureView") -> None:
        """Show what another view shows, with what lies over it, in this view's own range."""
        self._item.share(other._item)
        self._item.set_colours(other._item.colours)
        self._overlay.setPixmap(other._overlay.pixmap())
        self._overlay.setTransform(other._overlay.transform())
        self._outlines.setPath(other._outlines.path())
        self.follow()

    def has_overlay(self) -> bool:
        """Whether something lies over the picture."""
        return not self._overlay.pixmap().isNull()

    def set_outlines(self, outlines: Iterable[Sequence[tuple[int, int]]]) -> None:
        """Draw these closed lines of points (x, y; image px) over the picture in place of others, or none."""
        path = QPainterPath()
        for outline in outlines:
            # Through the middle of each pixel.
            path.addPolygon(QPolygonF([QPointF(x + 0.5, y + 0.5) for x, y in outline]))
            path.closeSubpath()
        self._outlines.setPath(path)
        self.viewport().update()
        self.covered_otherwise.emit()

    def draw_picture(self, painter: QPainter, part: QRectF) -> None:
        """Draw at least this part of the picture (image px) where the painter's transform has it; nothing over it."""
        self._item.draw(painter, part)

    def put_pixels(self, part: RgbImage, region: Region) -> None:
        """Replace a region of the shown picture by `part`."""
        self._item.put(part, region)
        place = QRectF(region.left_px, region.top_px, region.width_px, region.height_px)
        # Smooth drawing mixes in the pixels beside it.
        shown = self._item.transform().mapRect(place).adjusted(-2, -2, 2, 2)
        self.viewport().update(shown.toAlignedRect())

    def follow(self) -> None:
        """Show what the range says: the scene is the viewport, and the picture moves on it."""
        size = self.viewport().size()
        if size.width() > 0 and size.height() > 0:
            self._scene.setSceneRect(0, 0, size.width(), size.height())
            shown = self._range.shown(size.width(), size.height())
            to_view = QTransform.fromScale(size.width() / shown.width(), size.height() / shown.height())
            self._item.setTransform(to_view.translate(-shown.left(), -shown.top()))
            # As wide at every zoom: a cell's edge stays visible. A cosmetic pen is half as wide on a screen of 200 %.
            self._outlines.setPen(QPen(QColor(OUTLINE), _OUTLINE_PX * shown.width() / size.width()))
            self.viewport().update()

    def view_position(self, at: QPointF) -> QPointF:
        """Where a place of the image (image px) lies in this view (view px)."""
        size = self.viewport().size()
        return (at - self._range.shown(size.width(), size.height()).topLeft()) * self._range.scale

    def image_position(self, at: QPointF) -> QPointF:
        """Where a point of this view (view px) lies in the image (image px)."""
        size = self.viewport().size()
        shown = self._range.shown(size.width(), size.height())
        return shown.topLeft() + at / self._range.scale

    def shown_range(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom (image px) as the picture lies on the view, to be held against the range."""
        to_view = self._item.sceneTransform() * self.viewportTransform()
        to_image, _ = to_view.inverted()
        shown = to_image.mapRect(QRectF(self.viewport().rect()))
        return shown.left(), shown.top(), shown.right(), shown.bottom()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The picture, and over everything marks and what is measured."""
        super().paintEvent(event)
        if self._layers and not self.is_empty:
            painter = QPainter(self.viewport())
            for layer in self._layers:
                painter.save()
                layer.paint(painter, self.view_position, QRectF(self.viewport().rect()))
                painter.restore()
            painter.end()

    def event(self, event: QEvent) -> bool:
        """Escape leaves what draws, and a letter begins the words of what was drawn. On a screen of another scaling a
        view of the same size has other pixels.
        """
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (self._leaves(event) or self._named_by(event) is not None)
        ):
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resized.emit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the pane, which tells the range."""
        super().resizeEvent(event)
        self.follow()
        self.resized.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom; what lies under the cursor stays there."""
        self.zoom_by_wheel(event.angleDelta().y(), event.position())
        event.accept()

    def zoom_by_wheel(self, units: float, at: QPointF) -> None:
        """Zoom by so many units of a wheel (120 a notch); what lies at this place (view px) stays there."""
        middle = QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        self._range.zoom(_ZOOM_PER_WHEEL_UNIT**units, at - middle)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Pick a place where one is wanted, begin to draw where something draws, or to move a mark; else to drag."""
        if event.button() == Qt.MouseButton.LeftButton and not self.is_empty:
            at = self.image_position(event.position())
            if self._picks:
                self.picked.emit(at.x(), at.y())
                return
            # While clicks are wanted, no mark is taken hold of.
            layers = [layer for layer in reversed(self._layers) if layer.draws or not self._clicks_wanted]
            self._drawing = next((layer for layer in layers if layer.begin(at, self._range.scale)), None)
            if self._drawing is not None:
                return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = self._pressed_at = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the image, and say where the cursor is."""
        if self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self._range.pan(moved.x(), moved.y())
        at = self.image_position(event.position())
        if self._drawing is not None:
            self._drawing.move(at)
        self.hovered.emit(at.x(), at.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop dragging and drawing; what was pressed and did not move was a click."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._clicks_wanted and self._dragged_from is not None and not self.is_empty:
            moved = event.position() - self._pressed_at
            if moved.manhattanLength() < _CLICK_PX:
                at = self.image_position(event.position())
                self.clicked.emit(at.x(), at.y())
        layer, self._drawing, self._dragged_from = self._drawing, None, None
        if layer is not None:
            layer.end()
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the whole image again, but where something draws, a mark lies or clicks are wanted."""
        at = self.image_position(event.position())
        if not self._clicks_wanted and not any(
            layer.press_twice(at, self._range.scale) for layer in self._layers
        ):
            self._range.fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """The right button, or the keyboard's menu key."""
        self.menu_wanted.emit(event.globalPos())

    def leaveEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """The cursor is elsewhere."""
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows pan, + and − zoom, Home fits, Escape leaves what draws; every other key is for the window."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            across, down = _ARROWS[key]
            self._range.pan(across * _PAN_STEP_PX, down * _PAN_STEP_PX)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._range.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self._range.zoom_out()
        elif key == Qt.Key.Key_Escape and self._picks:
            self.picking_left.emit()
        elif key == Qt.Key.Key_Escape and self._clicks_wanted and self._active() is None:
            self.clicks_left.emit()
        elif key == Qt.Key.Key_Escape and (active := self._active()) is not None:
            active.leave()
        elif key == Qt.Key.Key_Home:
            self._range.fit()
        elif (marks := self._named_by(event)) is not None:
            marks.begin_words(event.text())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Let the pane draw its ring."""
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Let the pane take its ring away."""
        super().focusOutEvent(event)
        self.focus_moved.emit()

    def _leaves(self, event: QKeyEvent) -> bool:
        is_on = self._active() is not None or self._picks or self._clicks_wanted
        return is_on and event.key() == Qt.Key.Key_Escape

    def _named_by(self, event: QKeyEvent) -> Marks | None:
        """The marks whose last one's words begin with the letter of this key, a capital one, too: of `Gumprecht` the
        first was the ruler's key, and the next decided.
        """
        beside = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if beside or not event.text().isalpha():
            return None
        layers = (layer for layer in self._layers if isinstance(layer, Marks))
        return next((layer for layer in layers if layer.awaits_words), None)

    def _active(self) -> Layer | None:
        """What Escape leaves."""
        return next((layer for layer in self._layers if layer.is_active and not self.is_empty), None)

    def _show_cursor(self) -> None:
        aims = self._picks or self._clicks_wanted
        aims = aims or (not self.is_empty and any(layer.draws for layer in self._layers))
        self.setCursor(Qt.CursorShape.CrossCursor if aims else Qt.CursorShape.OpenHandCursor)
