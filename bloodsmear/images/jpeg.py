"""From a JPEG's bytes to its pixels, with every complaint of the decoder taken for what it is: a damaged picture."""

import re

import cv2
import numpy as np
import simplejpeg

from bloodsmear.images.file_header import CUT_OFF, FileHeader, HeaderError
from bloodsmear.images.jpeg_scans import has_zeroed_stretch
from bloodsmear.images.rgb_image import RgbImage

_REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
# What simplejpeg does not read and OpenCV does: colours stored coarser than brightness in an unusual way (4:2:0 of
# CMYK is one), and stray bytes between the segments of the header, which hold no pixel. Before the end, a restart
# mark, a further scan or its tables stray bytes are compressed data that was left over.
_NO_DAMAGE = re.compile(r"Could not determine subsampling|extraneous bytes before marker 0x(?!d[0-9a]|c4)")


def decode_jpeg(content: bytes, header: FileHeader, divisor: int = 1) -> RgbImage:
    """The picture as stored, or 1/2, 1/4 or 1/8 of it (libjpeg's scaled inverse transform). Raises HeaderError.

    OpenCV returns a JPEG that is damaged in the middle as a picture, with no error: what libjpeg says of it goes to
    stderr. simplejpeg runs the same libjpeg-turbo, gives the same pixels, and raises. What it doesn't read is
    looked through for zeroes only, and read by OpenCV.
    """
    if has_zeroed_stretch(content):
        raise HeaderError(CUT_OFF)
    # The smallest scale that gives at least this size.
    height, width = -(-header.height_px // divisor), -(-header.width_px // divisor)
    colour_space = "CMYK" if header.channels == 4 else "RGB"
    try:
        pixels = simplejpeg.decode_jpeg(content, colour_space, min_height=height, min_width=width)
    except ValueError as error:
        if _NO_DAMAGE.search(str(error)) is None:
            raise HeaderError(CUT_OFF) from error
        return _decoded_by_opencv(content, divisor)
    if header.channels == 4:
        return _decoded_by_opencv(content, divisor)
    return np.asarray(pixels, dtype=np.uint8)


def _decoded_by_opencv(content: bytes, divisor: int) -> RgbImage:
    flags = _REDUCED[divisor] | cv2.IMREAD_IGNORE_ORIENTATION
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if decoded is None:
        raise HeaderError(CUT_OFF)
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)
