"""The images of a data set, decoded to the classifier's input size."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.classifiers.preprocess import fit_to_input, resize_image
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import DataSetError, ImageError
from bloodsmear.images.decode import decoding
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Progress, Report
from training.data.data_set import LabelledImage

Pictures = npt.NDArray[np.uint8]
REDUCED_SIDE_PX = 24


@dataclass(frozen=True, slots=True)
class PictureSet:
    """All decoded images, reduced: the same for every recipe, except `pixels`.

    `pixels` uint8 N×H×W×3 at the recipe's size before scaling, `reduced` uint8 N×24×24×3 for finding near
    duplicates, `fingerprints` uint64 N of the decoded images. `large` uint8 N×S×S×3 are those that a fit changes at
    random before it reduces them; None where it changes `pixels`.
    """

    pixels: Pictures
    reduced: Pictures
    fingerprints: npt.NDArray[np.uint64]
    large: Pictures | None = None

    def at(self, places: Sequence[int]) -> "PictureSet":
        """Those at these places."""
        large = None if self.large is None else self.large[places]
        return PictureSet(self.pixels[places], self.reduced[places], self.fingerprints[places], large)


@dataclass(frozen=True, slots=True)
class LabelledPictures:
    """`pixels` uint8 N×H×W×3 at the input size, or larger where a fit is to reduce them; `targets` int64 N."""

    pixels: Pictures
    targets: npt.NDArray[np.int64]


def decode_pictures(
    images: Sequence[LabelledImage], recipe: Recipe, report: Report, large_px: int = 0
) -> PictureSet:
    """Decode all images and resize them by the recipe, and to `large_px` × `large_px` as well unless it is 0.

    Raises DataSetError that names every one that cannot be read.
    """
    pixels = np.empty((len(images), recipe.height_px, recipe.width_px, 3), np.uint8)
    large = np.empty((len(images), large_px, large_px, 3), np.uint8) if large_px else None
    large_recipe = replace(
        recipe, width_px=large_px or recipe.width_px, height_px=large_px or recipe.height_px
    )
    reduced = np.empty((len(images), REDUCED_SIDE_PX, REDUCED_SIDE_PX, 3), np.uint8)
    fingerprints = np.empty(len(images), np.uint64)
    unreadable: list[str] = []

    def read(place: int) -> None:
        try:
            with decoding(images[place].path, asked=images[place].asked) as decoded:
                images[place].require_bytes(decoded.sha256)
                keep(place, decoded.pixels)
        except ImageError as error:
            unreadable.append(str(error))

    def keep(place: int, decoded: RgbImage) -> None:
        pixels[place] = fit_to_input(decoded, recipe)
        if large is not None:
            large[place] = fit_to_input(decoded, large_recipe)
        reduced[place] = resize_image(decoded, REDUCED_SIDE_PX, REDUCED_SIDE_PX, "area")
        fingerprints[place] = fingerprint(decoded)

    with ThreadPoolExecutor() as pool:
        for done, _ in enumerate(pool.map(read, range(len(images))), 1):
            report(Progress(done, len(images), "reading images"))
    if unreadable:
        listed = "\n".join(sorted(unreadable))
        raise DataSetError(f"{len(unreadable)} images cannot be read. Repair or remove them:\n{listed}")
    return PictureSet(pixels, reduced, fingerprints, large)
