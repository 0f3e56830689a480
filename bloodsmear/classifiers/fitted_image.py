"""One decoded image and what recipes make of it, each form made once for all the classifiers that ask for it."""

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import without_scale_bar


class FittedImage:
    """A decoded image (uint8 H×W×3) on its way to classifiers. For one thread, as long as the image is read.

    The two classifiers that ship have the same recipe: fitting and looking at the whole costs as much again as
    decoding when each does it for itself.
    """

    def __init__(self, image: RgbImage) -> None:
        self.image = image
        self._without_bar: RgbImage | None = None
        self._pixels: dict[Recipe, RgbImage] = {}
        self._appearances: dict[Recipe, npt.NDArray[np.float64]] = {}

    def pixels(self, recipe: Recipe) -> RgbImage:
        """What `fit_to_input` gives: uint8 height_px × width_px × 3."""
        key = _without_scaling(recipe)
        if key not in self._pixels:
            self._pixels[key] = self._fitted(recipe)
        return self._pixels[key]

    def appearance(self, recipe: Recipe) -> npt.NDArray[np.float64]:
        """What `appearance_of` gives of these pixels: 30 values."""
        key = _without_scaling(recipe)
        if key not in self._appearances:
            self._appearances[key] = appearance_of(self.pixels(recipe), recipe)
        return self._appearances[key]

    def _fitted(self, recipe: Recipe) -> RgbImage:
        if not recipe.fill_scale_bar:
            return fit_to_input(self.image, recipe)
        if self._without_bar is None:
            self._without_bar = without_scale_bar(self.image)
        return fit_to_input(self._without_bar, replace(recipe, fill_scale_bar=False))


def _without_scaling(recipe: Recipe) -> Recipe:
    """Recipes that differ in scale and offset only fit an image alike."""
    return replace(recipe, scale=1.0, offset=0.0)
