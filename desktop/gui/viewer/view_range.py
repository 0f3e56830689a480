"""Which part of the image the views show. The one owner of the range: views follow it and never change it.

Two views of pyqtgraph that are linked to each other with a locked aspect drift apart when they are resized (its
issues 1348 and 1103), because each computes its range from the other's. Here a view only ever asks.
"""

import math

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

from bloodsmear.images.region import Region

# One image pixel as 32 × 32 screen pixels is as close as anybody looks.
LARGEST_SCALE = 32.0
ZOOM_STEP = 1.25


class ViewRange(QObject):
    """Centre (image px) and scale (view px per image px). `changed` is emitted after every change.

    Image coordinates have their origin at the upper left corner of the upper left pixel, y downwards.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._image = QSizeF(4, 3)
        self._view = QSizeF(1, 1)
        self._centre = QPointF(2, 1.5)
        self._scale = 1.0
        self._own_scale = 1.0
        self._fitted = True

    @property
    def scale(self) -> float:
        """View px per image px."""
        return self._scale

    @property
    def image_size(self) -> QSizeF:
        """Width and height of the image (px)."""
        return self._image

    @property
    def centre(self) -> QPointF:
        """The place of the image (image px) in the middle of the views."""
        return self._shown_centre()

    @property
    def fitted(self) -> bool:
        """Whether the whole image is shown as large as it can be, and stays so when the views are resized."""
        return self._fitted

    def set_image_size(self, width_px: int, height_px: int) -> None:
        """A picture of another size is fitted; one of the same size keeps zoom and place."""
        size = QSizeF(width_px, height_px)
        if size != self._image:
            self._image = size
            self.fit()

    def set_view_size(self, width_px: float, height_px: float, device_pixel_ratio: float = 1.0) -> None:
        """The views were resized: a fitted image is fitted again, else scale and centre stay."""
        self._take_view_size(width_px, height_px, device_pixel_ratio)
        if self._fitted:
            self.fit()
        else:
            # The centre that was chosen is kept, also where the new size shows another one: back is back.
            self.changed.emit()

    def fit(self) -> None:
        """Show the whole image."""
        self._fitted = True
        self._centre = QPointF(self._image.width() / 2, self._image.height() / 2)
        self._scale = self._fit_scale()
        self.changed.emit()

    def one_to_one(self) -> None:
        """One image pixel on one pixel of the screen."""
        self._fitted = False
        self._move_to(self._shown_centre(), self._own_scale)

    def look_at(self, place: Region, across: float) -> None:
        """Show this place of the image (px) in the middle, at least so large that it has this share of a view."""
        side_px = max(place.width_px, place.height_px, 1)
        wanted = across * min(self._view.width(), self._view.height()) / side_px
        self._fitted = False
        middle = QPointF(place.left_px + place.width_px / 2, place.top_px + place.height_px / 2)
        self._move_to(middle, min(max(self._scale, wanted), LARGEST_SCALE))

    def zoom(self, factor: float, offset: QPointF | None = None) -> None:
        """Enlarge by `factor`; what lies at `offset` (view px from the middle of a view) stays there."""
        offset = offset if offset is not None else QPointF(0, 0)
        scale = min(max(self._scale * factor, self._smallest_scale()), LARGEST_SCALE)
        fit_scale = self._fit_scale()
        if scale <= fit_scale < self._scale:
            # Zooming out past the whole image is the same as Fit: from there on it stays whole in a resize.
            self.fit()
            return
        self._fitted = self._fitted and scale == self._scale
        held = self._shown_centre() + offset / self._scale
        self._move_to(held - offset / scale, scale)

    def zoom_in(self) -> None:
        """A step closer."""
        self.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """A step back."""
        self.zoom(1 / ZOOM_STEP)

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the image by so many view px."""
        self._move_to(self._shown_centre() - QPointF(dx_px, dy_px) / self._scale, self._scale)

    def go_to(self, centre: QPointF) -> None:
        """Show what lies around this place (image px), as large as now."""
        if not self._fitted:
            self._move_to(centre, self._scale)

    def shown(self, view_width_px: float, view_height_px: float) -> QRectF:
        """The part of the image plane (image px) that a view of this size shows."""
        size = QSizeF(view_width_px / self._scale, view_height_px / self._scale)
        corner = self._shown_centre() - QPointF(size.width() / 2, size.height() / 2)
        return QRectF(corner, size)

    def shown_region(self, view_width_px: float, view_height_px: float) -> Region:
        """The pixels of the image of which a view of this size shows something; at least one."""
        shown = self.shown(view_width_px, view_height_px)
        left, width = _pixels_between(shown.left(), shown.right(), self._image.width())
        top, height = _pixels_between(shown.top(), shown.bottom(), self._image.height())
        return Region(left, top, width, height)

    def fit_scale_of(self, image: QSizeF) -> float:
        """View px per image px at which an image of this size (px) is shown whole."""
        across, down = self._view.width() / image.width(), self._view.height() / image.height()
        return min(across, down, LARGEST_SCALE)

    def _take_view_size(self, width_px: float, height_px: float, device_pixel_ratio: float) -> None:
        self._view = QSizeF(max(1.0, width_px), max(1.0, height_px))
        self._own_scale = 1 / device_pixel_ratio

    def _fit_scale(self) -> float:
        return self.fit_scale_of(self._image)

    def _smallest_scale(self) -> float:
        # A picture smaller than the view may be shown at its own size, too.
        return min(self._fit_scale(), self._own_scale)

    def _move_to(self, centre: QPointF, scale: float) -> None:
        self._scale = min(max(scale, self._smallest_scale()), LARGEST_SCALE)
        self._centre = centre
        self._centre = self._shown_centre()
        self.changed.emit()

    def _shown_centre(self) -> QPointF:
        """The centre moved so that no empty ground shows while there is image to show."""
        if self._fitted:
            # All of the image shows, to within a rounding of the scale that must not move it.
            return QPointF(self._image.width() / 2, self._image.height() / 2)
        return QPointF(
            _kept_inside(self._centre.x(), self._image.width(), self._view.width() / self._scale),
            _kept_inside(self._centre.y(), self._image.height(), self._view.height() / self._scale),
        )


class LinkedRange(ViewRange):
    """Shows the same place as its leader, and as much larger as its views are: what is whole there is whole here.

    It changes nothing by itself: what is asked of it, it asks of the leader.
    """

    def __init__(self, leader: ViewRange, parent: QObject) -> None:
        super().__init__(parent)
        self._leader = leader
        leader.changed.connect(self._follow)

    def set_view_size(self, width_px: float, height_px: float, device_pixel_ratio: float = 1.0) -> None:
        """Its own views were resized."""
        self._take_view_size(width_px, height_px, device_pixel_ratio)
        self._follow()

    def fit(self) -> None:
        """Show the whole image."""
        self._leader.fit()

    def zoom(self, factor: float, offset: QPointF | None = None) -> None:
        """Enlarge; what lies at `offset` (view px from the middle of a view) stays there."""
        self._leader.zoom(factor, None if offset is None else offset / self._times_larger())

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the image by so many view px."""
        times = self._times_larger()
        self._leader.pan(dx_px / times, dy_px / times)

    def _follow(self) -> None:
        leader = self._leader
        self._image, self._fitted = leader.image_size, leader.fitted
        if self._fitted:
            super().fit()
        else:
            self._move_to(leader.centre, leader.scale * self._times_larger())

    def _times_larger(self) -> float:
        image = self._leader.image_size
        return self.fit_scale_of(image) / self._leader.fit_scale_of(image)


def _pixels_between(start: float, end: float, image: float) -> tuple[int, int]:
    """The first whole pixel on one axis, and how many."""
    first = min(max(0, math.floor(start)), int(image) - 1)
    return first, max(1, min(int(image), math.ceil(end)) - first)


def _kept_inside(centre: float, image: float, shown: float) -> float:
    """`centre` on one axis, kept so far from the edges that an image larger than what is shown fills the view."""
    if shown >= image:
        return image / 2
    return min(max(centre, shown / 2), image - shown / 2)
