"""Looking at every image of a data set once, before a fit: what can't be read, sizes, and what is needed to compare."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.preprocess import resize_image
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decoding
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel, Progress, Report
from training.data.data_set import LabelledImage
from training.data.pictures import REDUCED_SIDE_PX


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen of the images that can be read, in their order, and a sentence for each that cannot.

    `sizes_px` holds width and height, `sha256` that of the decoded pixels: a copy with another name, date or
    compression without loss has the same. `reduced` uint8 N×24×24×3, `fingerprints` uint64 N.
    """

    readable: tuple[LabelledImage, ...]
    unreadable: tuple[str, ...]
    sizes_px: tuple[tuple[int, int], ...]
    sha256: tuple[str, ...]
    reduced: npt.NDArray[np.uint8]
    fingerprints: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Seen:
    size_px: tuple[int, int]
    sha256: str
    reduced: npt.NDArray[np.uint8]
    fingerprint: int


def inspect_images(images: Sequence[LabelledImage], report: Report, cancel: Cancel) -> Inspection:
    """Decode every image and keep what fits into a few kilobytes of each. Raises JobCancelled."""
    seen: list[_Seen | str] = []

    def look(image: LabelledImage) -> _Seen | str:
        cancel.checkpoint()
        return _look_at(image)

    with ThreadPoolExecutor() as pool:
        for done, found in enumerate(pool.map(look, images), 1):
            seen.append(found)
            report(Progress(done, len(images), "checking images"))
    good = [found for found in seen if isinstance(found, _Seen)]
    return Inspection(
        readable=tuple(image for image, found in zip(images, seen, strict=True) if isinstance(found, _Seen)),
        unreadable=tuple(found for found in seen if isinstance(found, str)),
        sizes_px=tuple(found.size_px for found in good),
        sha256=tuple(found.sha256 for found in good),
        reduced=np.array([found.reduced for found in good], np.uint8).reshape(
            -1, REDUCED_SIDE_PX, REDUCED_SIDE_PX, 3
        ),
        fingerprints=np.array([found.fingerprint for found in good], np.uint64),
    )


def _look_at(image: LabelledImage) -> _Seen | str:
    try:
        with decoding(image.path, asked=image.asked) as decoded:
            image.require_bytes(decoded.sha256)
            return _seen(decoded.pixels)
    except ImageError as error:
        return str(error) if image.sha256 else f"{error} Or take it out of the folder."


def _seen(pixels: RgbImage) -> _Seen:
    return _Seen(
        size_px=(pixels.shape[1], pixels.shape[0]),
        # The shape belongs to it: 2×3 and 3×2 white pixels are the same bytes.
        sha256=hashlib.sha256(f"{pixels.shape}".encode() + pixels.tobytes()).hexdigest(),
        reduced=resize_image(pixels, REDUCED_SIDE_PX, REDUCED_SIDE_PX, "area"),
        fingerprint=fingerprint(pixels),
    )
