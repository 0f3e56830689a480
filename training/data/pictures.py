"""The images of a data set, decoded to the classifier's input size."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.preprocess import fit_to_input, resize_image
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import DataSetError, ImageError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.formats.asked import Asked
from bloodsmear.jobs import Progress, Report
from training.data.data_set import LabelledImage

Pictures = npt.NDArray[np.uint8]
REDUCED_SIDE_PX = 24


@dataclass(frozen=True, slots=True)
class PictureSet:
    """All decoded images, reduced: the same for every recipe but for `pixels`.

    `pixels` uint8 N×H×W×3 at the recipe's size before scaling, `reduced` uint8 N×24×24×3 for finding near
    duplicates, `fingerprints` uint64 N of the decoded images.
    """

    pixels: Pictures
    reduced: Pictures
    fingerprints: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class LabelledPictures:
    """`pixels` uint8 N×H×W×3 at the input size, `targets` int64 N."""

    pixels: Pictures
    targets: npt.NDArray[np.int64]


def decode_pictures(images: Sequence[LabelledImage], recipe: Recipe, report: Report) -> PictureSet:
    """Decode all images and resize them by the recipe. Raises DataSetError that names every one that cannot be read."""
    pixels = np.empty((len(images), recipe.height_px, recipe.width_px, 3), np.uint8)
    reduced = np.empty((len(images), REDUCED_SIDE_PX, REDUCED_SIDE_PX, 3), np.uint8)
    fingerprints = np.empty(len(images), np.uint64)
    unreadable: list[str] = []

    def read(place: int) -> None:
        try:
            decoded = decode_image(images[place].path, asked=Asked(images[place].page)).pixels
        except ImageError as error:
            unreadable.append(str(error))
            return
        pixels[place] = fit_to_input(decoded, recipe)
        reduced[place] = resize_image(decoded, REDUCED_SIDE_PX, REDUCED_SIDE_PX, "area")
        fingerprints[place] = fingerprint(decoded)

    with ThreadPoolExecutor() as pool:
        for done, _ in enumerate(pool.map(read, range(len(images))), 1):
            report(Progress(done, len(images), "reading images"))
    if unreadable:
        listed = "\n".join(sorted(unreadable))
        raise DataSetError(f"{len(unreadable)} images cannot be read. Repair or remove them:\n{listed}")
    return PictureSet(pixels, reduced, fingerprints)
