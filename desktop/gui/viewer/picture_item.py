"""A picture on a graphics scene, smooth when it is made smaller, pixel by pixel when it is enlarged."""

import math

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import FILES_COLOURS, ShownColours, show_in

# From three screen pixels per image pixel on, the pixels themselves are what is being looked at.
_PIXELS_FROM_SCALE = 3.0
# Along each side, for a picture's brightness.
_SAMPLES = 16
# Smooth drawing mixes in the pixels beside the part that is drawn.
_BESIDE_PX = 2


class PictureItem(QGraphicsItem):
    """Covers the rectangle (0, 0, width, height) in image px."""

    def __init__(self) -> None:
        super().__init__()
        # Level n is the picture at 1 / 2^n: bilinear drawing alone skips pixels below one half.
        self._levels: list[QImage] = []
        self._area = QRectF()
        self._colours = FILES_COLOURS
        # Only what is seen is recoloured: of the rest nobody has to wait for a copy.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_colours(self, colours: ShownColours) -> None:
        """Show the picture, and those that follow, in other colours; what is kept of it stays as the file has it."""
        self._colours = colours
        self.update()

    def set_pixels(self, pixels: RgbImage | None) -> None:
        """Show this picture, or none."""
        self.prepareGeometryChange()
        self._levels = []
        self._area = QRectF()
        if pixels is not None:
            self._levels = [_image_of(pixels)]
            self._area = QRectF(self._levels[0].rect())
        self.update()

    @property
    def colours(self) -> ShownColours:
        """The colours in which pictures are shown."""
        return self._colours

    def share(self, other: "PictureItem") -> None:
        """Show the picture that another item shows; nothing of it is copied until a part of it is replaced here."""
        self.prepareGeometryChange()
        self._levels, self._area = [QImage(level) for level in other._levels], other._area
        self.update()

    def blank(self) -> None:
        """Leave an even grey in the picture's place, as bright as it was: another one comes, and nothing flashes."""
        if self._levels:
            self._levels = [_evened(self._levels[-1])]
            self.update()

    def put(self, part: RgbImage, region: Region) -> None:
        """Replace a region of the shown picture by `part`, which is as large as the region."""
        if not self._levels:
            return
        rectangle = QRect(region.left_px, region.top_px, region.width_px, region.height_px)
        _draw_into(self._levels[0], rectangle, _image_of(part))
        for level in range(1, len(self._levels)):
            finer = self._levels[level - 1]
            smaller = _halved(rectangle, finer.size())
            if smaller is None:
                # The halves do not meet pixel on pixel: they are made anew when they are painted.
                del self._levels[level:]
                break
            _draw_into(self._levels[level], smaller, _scaled(finer.copy(rectangle), smaller.size()))
            rectangle = smaller
        self.update(QRectF(region.left_px, region.top_px, region.width_px, region.height_px))

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The picture's own rectangle."""
        return self._area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw what is to be painted of it."""
        self.draw(painter, option.exposedRect)

    def draw(self, painter: QPainter, part: QRectF) -> None:
        """Draw at least this part (image px) where the painter's transform has it.

        It is of the level that is just larger than what the screen shows.
        """
        if not self._levels:
            return
        scale = painter.deviceTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < _PIXELS_FROM_SCALE)
        level = self._level_for(scale)
        if self._colours.are_the_files:
            painter.drawImage(self._area, level)
            return
        # How many pixels of the level an image pixel is, across and down.
        across, down = level.width() / self._area.width(), level.height() / self._area.height()
        left, top = math.floor(part.left() * across), math.floor(part.top() * down)
        right, bottom = math.ceil(part.right() * across), math.ceil(part.bottom() * down)
        wanted = QRect(left, top, right - left, bottom - top)
        seen = wanted.adjusted(-_BESIDE_PX, -_BESIDE_PX, _BESIDE_PX, _BESIDE_PX).intersected(level.rect())
        if not seen.isEmpty():
            place = QRectF(
                seen.left() / across, seen.top() / down, seen.width() / across, seen.height() / down
            )
            painter.drawImage(place, _recoloured(level, seen, self._colours))

    def _level_for(self, scale: float) -> QImage:
        level = 0
        while scale <= 0.5 and min(self._levels[level].width(), self._levels[level].height()) >= 2:
            level, scale = level + 1, scale * 2
            if level == len(self._levels):
                self._levels.append(_scaled(self._levels[-1], self._levels[-1].size() / 2))
        return self._levels[level]


def _image_of(pixels: RgbImage) -> QImage:
    height_px, width_px, _ = pixels.shape
    content = np.ascontiguousarray(pixels)
    image = QImage(content.data, width_px, height_px, 3 * width_px, QImage.Format.Format_RGB888)
    # The screen's own format, converted once and not at every painting; that is the copy.
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _recoloured(image: QImage, part: QRect, colours: ShownColours) -> QImage:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    seen = show_in(colours, rows[part.top() : part.bottom() + 1, part.left() : part.right() + 1])
    return QImage(seen.data, part.width(), part.height(), QImage.Format.Format_RGB32).copy()


def _scaled(image: QImage, size: QSize) -> QImage:
    return image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _evened(image: QImage) -> QImage:
    """One pixel, as bright as the image is on average by a few hundred of its pixels."""
    few = image.scaled(_SAMPLES, _SAMPLES)
    # As qGray weighs them, which would take the 256 pixels one by one.
    blue, green, red, _ = np.frombuffer(few.constBits(), np.uint8).reshape(-1, 4).mean(axis=0)
    level = round(float(5 * blue + 16 * green + 11 * red) / 32)
    even = QImage(1, 1, QImage.Format.Format_RGB32)
    even.fill(QColor(level, level, level))
    return even


def _halved(rectangle: QRect, of: QSize) -> QRect | None:
    """The rectangle in a picture half as large; None where it does not lie on whole pixels there."""
    sides = (rectangle.x(), rectangle.y(), rectangle.width(), rectangle.height(), of.width(), of.height())
    if any(side % 2 for side in sides):
        return None
    return QRect(*(side // 2 for side in sides[:4]))


def _draw_into(image: QImage, rectangle: QRect, part: QImage) -> None:
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.drawImage(rectangle.topLeft(), part)
    painter.end()
