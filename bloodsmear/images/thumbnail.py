"""Small pictures for the list: quick for JPEG, which is decoded at a fraction of its size."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bloodsmear.images.decode import FIRST, decode_reduced
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.rgb_image import RgbImage


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """`pixels` of the whole image, upright, and the `sha256` of the file's bytes that they were made of."""

    pixels: RgbImage
    sha256: str


def read_thumbnail(path: Path, side_px: int, asked: Asked = FIRST) -> Thumbnail:
    """The image in a square of `side_px`: its sides keep their ratio and never grow.

    Raises ImageError as decode_image does.
    """
    # Twice the side is decoded, so that the last step still averages: 1/8 alone would leave jagged cells.
    reduced = decode_reduced(path, 2 * side_px, asked)
    return Thumbnail(fit_into(reduced.pixels, side_px), reduced.sha256)


def fit_into(image: RgbImage, side_px: int) -> RgbImage:
    """Reduce by area until the long side is `side_px`; a smaller image is returned as it is."""
    height, width = image.shape[:2]
    factor = side_px / max(height, width)
    if factor >= 1:
        return image
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
