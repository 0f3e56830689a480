"""Small pictures of the images, as the report holds them."""

import hashlib
from pathlib import Path

import cv2

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import read_image_file
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.thumbnail import read_thumbnail
from bloodsmear.reports.html_report.content import Picture

# 74 mm on paper at 165 pixels an inch.
_SIDE_PX = 480
_JPEG_QUALITY = 85


def read_picture(path: Path, asked: Asked, sha256: str) -> Picture:
    """What is `asked` of the file whose bytes have this sha256 (empty: whichever are there). Never raises.

    A file that is gone or has other bytes than those reported on gives no picture, and the reason.
    """
    try:
        if sha256 and hashlib.sha256(read_image_file(path)).hexdigest() != sha256:
            return Picture(reason="The file has changed since it was read; it is not shown.")
        pixels = read_thumbnail(path, _SIDE_PX, asked).pixels
    except ImageError as error:
        return Picture(reason=f"No picture: {error.reason}")
    height_px, width_px = pixels.shape[:2]
    blue_first = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", blue_first, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return Picture(jpeg.tobytes(), width_px, height_px)
