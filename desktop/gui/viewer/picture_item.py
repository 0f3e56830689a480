"""A picture on a graphics scene, smooth when it is made smaller, pixel by pixel when it is enlarged."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bloodsmear.images.rgb_image import RgbImage

# From three screen pixels per image pixel on, the pixels themselves are what is being looked at.
_PIXELS_FROM_SCALE = 3.0


class PictureItem(QGraphicsItem):
    """Covers the rectangle (0, 0, width, height) in image px."""

    def __init__(self) -> None:
        super().__init__()
        # Level n is the picture at 1 / 2^n: bilinear drawing alone skips pixels below one half.
        self._levels: list[QImage] = []
        self._area = QRectF()

    def set_pixels(self, pixels: RgbImage | None) -> None:
        """Show this picture, or none."""
        self.prepareGeometryChange()
        self._levels = []
        self._area = QRectF()
        if pixels is not None:
            height_px, width_px, _ = pixels.shape
            whole = QImage(pixels.tobytes(), width_px, height_px, 3 * width_px, QImage.Format.Format_RGB888)
            # The screen's own format, converted once and not at every painting.
            self._levels = [whole.convertToFormat(QImage.Format.Format_RGB32)]
            self._area = QRectF(0, 0, width_px, height_px)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The picture's own rectangle."""
        return self._area

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw the level that is just larger than what the screen shows."""
        if not self._levels:
            return
        scale = painter.deviceTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < _PIXELS_FROM_SCALE)
        painter.drawImage(self._area, self._level_for(scale))

    def _level_for(self, scale: float) -> QImage:
        level = 0
        while scale <= 0.5 and min(self._levels[level].width(), self._levels[level].height()) >= 2:
            level, scale = level + 1, scale * 2
            if level == len(self._levels):
                half = self._levels[-1].size() / 2
                smooth = Qt.TransformationMode.SmoothTransformation
                self._levels.append(
                    self._levels[-1].scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
                )
        return self._levels[level]
