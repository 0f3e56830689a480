"""The whole picture, small, in a corner of the views while they show a part of it: where that part is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.gui.theme.palette import GRID_PX, VIEW
from desktop.gui.viewer.pane_area import PaneArea
from desktop.gui.viewer.picture_view import PictureView
from desktop.gui.viewer.view_range import ViewRange

_LARGEST = QSize(168, 128)
# At most so much of the views, and none where they are smaller than it deserves.
_SHARE = 0.25
_LEAST_PX = 64
# Below the chips of the views.
_FROM_TOP_PX, _FROM_RIGHT_PX = 10 * GRID_PX, 3 * GRID_PX
_EDGE, _FRAME = "#F4F6FA", "#14171C"


class Overview(QWidget):
    """Of what `view` shows, over the shown image in `area`, and never over another one that is pinned beside it.

    A click or a drag on it leads there. `changed()`: it is wanted, or no more.
    """

    changed = Signal()

    def __init__(self, view_range: ViewRange, view: PictureView, area: PaneArea) -> None:
        super().__init__(area)
        self._range = view_range
        self._view = view
        self._area = area
        self.is_wanted = True
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("The whole picture, with the part that is shown")
        self.setToolTip("Click or drag: show that part")
        view_range.changed.connect(self.place)
        area.laid_out.connect(self.place)
        self.hide()

    def set_wanted(self, on: bool) -> None:
        """Whether it is to be seen where the views show a part."""
        self.is_wanted = on
        self.place()
        self.changed.emit()

    def place(self) -> None:
        """Stand in the corner, as large as there is room; hidden while all of the picture is seen."""
        image, shown = self._range.image_size, self._shown()
        within = self._area.of_shown_image
        room = QSize(round(_SHARE * within.width()), round(_SHARE * within.height()))
        size = image.scaled(_LARGEST.boundedTo(room).toSizeF(), Qt.AspectRatioMode.KeepAspectRatio).toSize()
        is_part = shown.width() < image.width() or shown.height() < image.height()
        fits = max(size.width(), size.height()) >= _LEAST_PX and not size.isEmpty()
        self.setVisible(self.is_wanted and is_part and fits and not self._view.is_empty)
        if self.isVisible():
            self.setGeometry(
                within.x() + within.width() - size.width() - _FROM_RIGHT_PX,
                within.y() + _FROM_TOP_PX,
                size.width(),
                size.height(),
            )
            self.raise_()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the part around the cursor."""
        self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The part follows the cursor while a button is down."""
        self._go_to(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The picture in a frame, and a box around what is shown."""
        image = self._range.image_size
        to_image = self.width() / image.width()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(VIEW))
        painter.save()
        painter.scale(to_image, self.height() / image.height())
        self._view.draw_picture(painter, QRectF(0, 0, image.width(), image.height()))
        painter.restore()
        shown = self._shown().intersected(QRectF(0, 0, image.width(), image.height()))
        box = QRectF(
            shown.left() * to_image,
            shown.top() * to_image,
            shown.width() * to_image,
            shown.height() * to_image,
        ).adjusted(1, 1, -1, -1)
        for colour, width_px in ((_FRAME, 4.0), (_EDGE, 2.0)):
            painter.setPen(QPen(QColor(colour), width_px))
            painter.drawRect(box)
        for colour, width_px in ((_FRAME, 6.0), (_EDGE, 2.0)):
            painter.setPen(QPen(QColor(colour), width_px))
            painter.drawRect(self.rect())
        painter.end()

    def _shown(self) -> QRectF:
        size = self._view.viewport().size()
        return self._range.shown(size.width(), size.height())

    def _go_to(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            image, at = self._range.image_size, event.position()
            self._range.go_to(
                QPointF(at.x() / self.width() * image.width(), at.y() / self.height() * image.height())
            )
        event.accept()
