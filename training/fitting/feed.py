"""Batches for Keras: shuffled, augmented, scaled; the same for the same seed and epoch."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.preprocess import resize_image, scale_pixels
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage
from training.data.pictures import Pictures
from training.fitting.augment import augment_image, change_corner
from training.fitting.config import FitConfig


def fit_to_size(picture: RgbImage, recipe: Recipe) -> RgbImage:
    """A picture that was changed at a larger size, reduced to the input's as the recipe does it."""
    return resize_image(picture, recipe.width_px, recipe.height_px, recipe.resize)


def change_picture(pictures: Pictures, place: int, recipe: Recipe, config: FitConfig, epoch: int) -> RgbImage:
    """The picture at `place`, changed at random as in this epoch (from 0), at the input's size."""
    random = np.random.default_rng((config.seed, epoch, place))
    picture, settings = pictures[place], config.augment
    if settings.corner_share > 0:
        other = pictures[int(random.integers(len(pictures)))]
        picture = change_corner(picture, other, settings.corner_share, random)
    changed = augment_image(picture, settings, random)
    if settings.late_corner_share > 0:
        other = pictures[int(random.integers(len(pictures)))]
        changed = change_corner(changed, other, settings.late_corner_share, random)
    return fit_to_size(changed, recipe)


class TrainingFeed(keras.utils.PyDataset):  # type: ignore[misc]  # keras has no types
    """One epoch of augmented batches: float32 [n, H, W, 3] and one-hot targets float32 [n, labels].

    Every label weighs the same in the loss (class weights are the batch's third part). The order and each image's
    changes follow from seed, epoch and place, so a resumed epoch equals the uninterrupted one.
    """

    def __init__(
        self, pictures: Pictures, targets: npt.NDArray[np.int64], recipe: Recipe, config: FitConfig
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._pictures = pictures
        self._targets = targets
        self._recipe = recipe
        self._config = config
        counts = np.bincount(targets)
        self._label_weights = (len(targets) / (len(counts) * counts)).astype(np.float32)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="augment")
        self.begin_epoch(0)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffle for `epoch`."""
        self._epoch = epoch
        self._order = np.random.default_rng((self._config.seed, epoch)).permutation(len(self._pictures))

    def __len__(self) -> int:
        """Batches an epoch; the last images of the shuffled order that fill no batch wait for another epoch."""
        return max(1, len(self._pictures) // self._config.batch_images)

    def __getitem__(self, batch: int) -> tuple[Any, Any, Any]:
        """Batch number `batch`: inputs, one-hot targets, weights."""
        size = self._config.batch_images
        places = self._order[batch * size : (batch + 1) * size]
        changed = list(self._pool.map(self._changed, places))
        inputs = scale_pixels(np.stack(changed), self._recipe)
        targets = self._targets[places]
        one_hot = np.eye(len(self._label_weights), dtype=np.float32)[targets]
        return inputs, one_hot, self._label_weights[targets]

    def _changed(self, place: int) -> RgbImage:
        return change_picture(self._pictures, int(place), self._recipe, self._config, self._epoch)

    def close(self) -> None:
        """End the augmenting threads."""
        self._pool.shutdown()
