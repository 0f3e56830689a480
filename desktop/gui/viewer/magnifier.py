"""A lens under the cursor: the picture three times as large as the view shows it, at the same place of both views."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.gui.theme.palette import VIEW
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.view_range import LARGEST_SCALE, ViewRange

_SIDE_PX = 220
_TIMES = 3.0
# Of a large picture that is shown whole three times is still a reduced one.
_LEAST_SCALE = 1.0
_RING, _RING_PX = "#F4F6FA", 2.0


class Magnifier(QObject):
    """`changed()`: it was switched on or off. While it is on a lens follows the cursor, and goes with it."""

    changed = Signal()

    def __init__(self, panes: Sequence[PicturePane], view_range: ViewRange, parent: QObject) -> None:
        super().__init__(parent)
        self.is_on = False
        # The view that the cursor is over.
        self._over: PicturePane | None = None
        self._lenses = [_Lens(pane, view_range) for pane in panes]
        for pane in panes:
            pane.hovered.connect(lambda _x, _y, pane=pane: self._follow(pane))
            pane.left.connect(lambda: self._follow(None))
        view_range.changed.connect(lambda: self._follow(self._over))

    def toggle(self) -> None:
        """Switch it on, or off."""
        self.is_on = not self.is_on
        self._follow(self._over)
        self.changed.emit()

    def _follow(self, over: PicturePane | None) -> None:
        """Stand where the cursor is now: keys move the picture below it."""
        self._over = over
        at = None
        if over is not None and self.is_on:
            view = over.view
            at = view.image_position(QPointF(view.viewport().mapFromGlobal(QCursor.pos())))
        for lens in self._lenses:
            lens.show_place(at)


class _Lens(QWidget):
    """Of one view; the mouse goes through it."""

    def __init__(self, pane: PicturePane, view_range: ViewRange) -> None:
        super().__init__(pane)
        self._pane = pane
        self._range = view_range
        self._at = QPointF()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(_SIDE_PX, _SIDE_PX)
        self.hide()

    def show_place(self, at: QPointF | None) -> None:
        """Stand over this place (image px); None hides it, and a place beside the picture."""
        size = self._range.image_size
        if at is None or not QRectF(0, 0, size.width(), size.height()).contains(at):
            self.hide()
            return
        self.show()
        self._at = at
        view = self._pane.view
        middle = view.viewport().mapTo(self._pane, view.view_position(at).toPoint())
        self.move(middle.x() - _SIDE_PX // 2, middle.y() - _SIDE_PX // 2)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """What lies there, larger, with a ring; nothing while another image is being read."""
        if self._pane.pixels is None:
            return
        scale = min(max(_TIMES * self._range.scale, _LEAST_SCALE), LARGEST_SCALE)
        round_part = QRectF(self.rect()).adjusted(_RING_PX, _RING_PX, -_RING_PX, -_RING_PX)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addEllipse(round_part)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor(VIEW))
        painter.translate(self.width() / 2, self.height() / 2)
        painter.scale(scale, scale)
        painter.translate(-self._at)
        reach = _SIDE_PX / scale / 2
        self._pane.view.draw_picture(
            painter, QRectF(self._at.x() - reach, self._at.y() - reach, 2 * reach, 2 * reach)
        )
        painter.restore()
        painter.setPen(QPen(QColor(_RING), _RING_PX))
        painter.drawEllipse(round_part)
        painter.end()
