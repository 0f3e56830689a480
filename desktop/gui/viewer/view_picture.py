"""The shown image with its name, and the picture of a view that leaves the program: it says whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPixmap

from bloodsmear import RESEARCH_USE
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme.palette import GRID_PX, SMALL_TEXT_PX, VIEW

_INK, _MUTED = "#E8EBF0", "#B4BCC8"
_EDGE_PX = 3 * GRID_PX
_LINES = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWrapAnywhere


@dataclass(frozen=True, slots=True, eq=False)
class ShownPicture:
    """What the views show: name and pixels are of one image, for they are given and taken away as one."""

    image: str
    pixels: RgbImage


@dataclass(frozen=True, slots=True)
class TakenView:
    """A picture of the views over its caption, what that says line by line, and the image that they showed."""

    image: str
    caption: tuple[str, ...]
    picture: QImage


def file_and_folder(image: str) -> str:
    """`smear 1.jpg · case 2`: two cases have files of the same name; where there is little room the end is cut."""
    folder, _, name = image.rpartition("/")
    return f"{name} · {folder}" if folder else name


def take_view(view: QPixmap, image: str, remarks: Sequence[str], font: QFont) -> TakenView:
    """The picture of a view over a caption: the image's name in bold, a line for each remark, and for which use it is.

    As many pixels as the screen has for it; a name that is wider is wrapped, and nothing of it is cut.
    """
    bold, small = QFont(font), QFont(font)
    bold.setBold(True)
    small.setPixelSize(SMALL_TEXT_PX)
    size = view.deviceIndependentSize().toSize()
    room = QRect(_EDGE_PX, size.height() + 2 * GRID_PX, size.width() - 2 * _EDGE_PX, 100 * SMALL_TEXT_PX)
    lines = [(image, bold, _INK), *((line, font, _INK) for line in remarks), (RESEARCH_USE, small, _MUTED)]
    placed: list[tuple[QRect, str, QFont, str]] = []
    for text, own, colour in lines:
        area = QFontMetrics(own).boundingRect(room, _LINES, text)
        area.setWidth(room.width())
        placed.append((area, text, own, colour))
        room.setTop(area.bottom() + 1 + GRID_PX)
    whole = QSize(size.width(), room.top() + GRID_PX)
    picture = QImage(whole * view.devicePixelRatio(), QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(view.devicePixelRatio())
    picture.fill(QColor(VIEW))
    painter = QPainter(picture)
    painter.drawPixmap(0, 0, view)
    for area, text, own, colour in placed:
        painter.setFont(own)
        painter.setPen(QColor(colour))
        painter.drawText(area, _LINES, text)
    painter.end()
    return TakenView(image, tuple(text for text, _, _ in lines), picture)
