"""Fitting a head alone, in closed form, on what convolutions that stay as they are see of the images: for few images.

An epoch is a look at each image: in the first as it is, in each further one laid another way, turned or mirrored.
After it the head is fitted on all looks so far, by what `bloodsmear teach` fits its heads by.
"""

import contextlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear import atomic_file
from bloodsmear.classifiers.preprocess import scale_pixels
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel
from bloodsmear.jobs.training_files import WHOLE_WEIGHTS, EpochFigures
from bloodsmear.jobs.training_messages import TrainingMessage
from bloodsmear.teaching.cross_validation import teach_head
from bloodsmear.teaching.folds import FEWEST_CASES, assign_folds
from bloodsmear.teaching.ridge import LinearHead, balanced_weights, log_loss
from training.architectures.pooled_head import FEATURE_LAYER, OUTPUT
from training.data.pictures import LabelledPictures
from training.fitting.checkpoint import keep_epoch, keep_whole, load_checkpoint
from training.fitting.config import FitConfig
from training.fitting.failures import explaining
from training.fitting.feed import fit_to_size
from training.fitting.fit import FitRequest, begin_network, predict_pictures
from training.fitting.history import epoch_done, read_history, stopped_improving
from training.fitting.pace import Pace

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# A square picture lies in eight ways; after these there is nothing new to see.
_MOST_LOOKS = 8
_LOOKS_FILE = "looks.npz"
# Before the numbers of an array on the disk.
_HEADER_BYTES = 1_000


def fit_head_alone(
    request: FitRequest, config: FitConfig, tell: Callable[[TrainingMessage], None], cancel: Cancel
) -> list[EpochFigures]:
    """Look and fit until the last epoch or until validation stops improving; a run that was interrupted goes on.

    As `fit_network`, with what it leaves and raises. Where `request.rest` is given, leaves the network of WHOLE_WEIGHTS
    as well, whose head was fitted on all images.
    """
    request.run.mkdir(parents=True, exist_ok=True)
    with explaining(request.run, config), ThreadPoolExecutor(2, "changes") as pool:
        return _HeadFit(request, config, tell, cancel, pool).go_on()


@dataclass(frozen=True, slots=True)
class _HeadFit:
    """A fit under way. What is looked at are the training images and then those of `request.rest`."""

    request: FitRequest
    config: FitConfig
    tell: Callable[[TrainingMessage], None]
    cancel: Cancel
    pool: ThreadPoolExecutor

    def go_on(self) -> list[EpochFigures]:
        """Fit the epochs that are missing."""
        run, config = self.request.run, self.config
        history = read_history(run)
        model = load_checkpoint(run, history[-1]) if history else begin_network(self.request, config)
        seen = keras.Model(model.input, model.get_layer(FEATURE_LAYER).output)
        epochs = min(config.epochs, _MOST_LOOKS)
        pace = Pace(sum(1 for _ in self._batches()), epochs)
        shape = len(history), self._images(), int(seen.output_shape[-1])
        looks = _read_looks(run / _LOOKS_FILE, *shape)
        while len(looks) < len(history):
            # The file of looks was lost.
            looks.append(self._look(seen, len(looks), pace))
        if history and not (run / WHOLE_WEIGHTS).is_file():
            self._keep_whole(model, looks)
        validation = self.request.validation
        to_choose_by = predict_pictures(seen, validation.pixels, self.request.recipe, self.cancel.checkpoint)
        for epoch in range(len(history), epochs):
            if stopped_improving(history, config.patience_epochs):
                break
            looks.append(self._look(seen, epoch, pace))
            with atomic_file.open_replacing(run / _LOOKS_FILE) as file:
                np.savez(file, *looks)
            history = [*history, self._fit(model, looks, to_choose_by)]
            # Cut off anywhere, what ships is of the same looks as what is measured, or is not there.
            (run / WHOLE_WEIGHTS).unlink(missing_ok=True)
            keep_epoch(model, run, history, last_is_kept=config.whole_ships)
            self._keep_whole(model, looks)
            self.tell(epoch_done(history, epochs, pace.end_epoch()))
        return history

    def _keep_whole(self, model: keras.Model, looks: Sequence[npt.NDArray[np.float32]]) -> None:
        """Keep what ships, where that is a head fitted on all images; the model has that head then."""
        if self.request.rest is not None:
            _put(model, self._head(looks, self._images()))
            keep_whole(model, self.request.run)

    def _fit(
        self, model: keras.Model, looks: Sequence[npt.NDArray[np.float32]], to_choose_by: FloatArray
    ) -> EpochFigures:
        """Give the model the head that was fitted on these looks at the training images."""
        targets, validation = self.request.train.targets, self.request.validation
        head = self._head(looks, len(targets))
        _put(model, head)
        rows = np.concatenate([look[: len(targets)] for look in looks])
        loss, accuracy = _figures(head, rows, np.tile(targets, len(looks)))
        validation_loss, validation_accuracy = _figures(head, to_choose_by, validation.targets)
        number = len(looks)
        return EpochFigures(
            number, loss, accuracy, validation_loss, validation_accuracy, f"epoch_{number:03}.keras"
        )

    def _head(self, looks: Sequence[npt.NDArray[np.float32]], images: int) -> LinearHead:
        """The head that was fitted on the first `images` of each look; its strength and temperature by whole cases."""
        targets = np.concatenate([part.targets for part in self._parts()])[:images]
        folds = assign_folds(self._groups()[:images], targets, [str(label) for label in np.unique(targets)])
        rows = np.concatenate([look[:images] for look in looks])
        many = len(looks)
        labels = int(self.request.train.targets.max()) + 1
        taught = teach_head(rows, np.tile(targets, many), np.tile(folds, many), labels)
        head, temperature = taught.head, taught.temperature
        return LinearHead(head.weights / temperature, head.intercepts / temperature)

    def _groups(self) -> IntArray:
        """What is left out together where strength and temperature are chosen; each image where a label has too few.

        Of the training part: what ships is fitted as what was measured, whose temperature of the card it gets.
        """
        targets, groups = self.request.train.targets, self.request.groups
        alone = np.arange(self._images())
        if groups is None:
            return alone
        pairs = np.unique(np.stack([targets, groups[: len(targets)]]), axis=1)
        return groups if np.bincount(pairs[0]).min() >= FEWEST_CASES else alone

    def _look(self, seen: keras.Model, epoch: int, pace: Pace) -> npt.NDArray[np.float32]:
        """What the convolutions see of each image, float32 N×D."""
        recipe = self.request.recipe
        pace.begin_epoch(epoch + 1)
        rows = []
        for part, places in self._batches():
            self.cancel.checkpoint()

            def picture(place: int, pixels: npt.NDArray[np.uint8] = part.pixels) -> npt.NDArray[np.uint8]:
                return lay_picture(fit_to_size(pixels[place], recipe), epoch)

            batch = scale_pixels(np.stack(list(self.pool.map(picture, places))), recipe)
            rows.append(np.asarray(seen.predict_on_batch(batch), np.float32))
            message = pace.step_done(len(rows))
            if message is not None:
                self.tell(message)
        return np.concatenate(rows)

    def _batches(self) -> Iterator[tuple[LabelledPictures, range]]:
        size = self.config.batch_images
        for part in self._parts():
            count = len(part.targets)
            yield from ((part, range(start, min(start + size, count))) for start in range(0, count, size))

    def _parts(self) -> list[LabelledPictures]:
        return [part for part in (self.request.train, self.request.rest) if part is not None]

    def _images(self) -> int:
        return sum(len(part.targets) for part in self._parts())


def lay_picture(picture: RgbImage, way: int) -> RgbImage:
    """The picture turned by so many quarter turns, from the fifth way on mirrored as well; no pixel's colours change.

    One that is not square keeps its size: it is turned by halves.
    """
    height, width = picture.shape[:2]
    quarters = way if height == width else 2 * way
    turned = np.rot90(picture, quarters)
    return np.ascontiguousarray(turned[:, ::-1] if quarters % _MOST_LOOKS >= 4 else turned)


def _figures(head: LinearHead, rows: npt.NDArray[np.floating], targets: IntArray) -> tuple[float, float]:
    """Loss and accuracy, in which every label weighs the same."""
    logits = head.logits(rows.astype(np.float64))
    right = logits.argmax(axis=1) == targets
    # By numpy's average all right are 1: the weights' sum may be a hair more, and the history takes no such share.
    accuracy = np.average(right, weights=balanced_weights(targets, logits.shape[1]))
    return log_loss(logits, targets), float(accuracy)


def _put(model: keras.Model, head: LinearHead) -> None:
    model.get_layer(OUTPUT).set_weights([head.weights.astype(np.float32), head.intercepts.astype(np.float32)])


def _read_looks(file: Path, epochs: int, images: int, width: int) -> list[npt.NDArray[np.float32]]:
    """The looks of so many epochs; those that are whole, from the first one on: a run may come from anywhere."""
    looks: list[npt.NDArray[np.float32]] = []
    unreadable = (OSError, ValueError, KeyError, EOFError, MemoryError, zipfile.BadZipFile)
    with contextlib.suppress(*unreadable):
        with zipfile.ZipFile(file) as packed:
            if any(one.file_size > images * width * 4 + _HEADER_BYTES for one in packed.infolist()):
                return []
        with np.load(file, allow_pickle=False) as kept:
            while len(looks) < epochs and (look := kept[f"arr_{len(looks)}"]).shape == (images, width):
                looks.append(np.asarray(look, np.float32))
    return looks
