"""Fitting a network, an epoch at a time, with everything on the disk after each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.preprocess import scale_pixels
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.jobs import Cancel
from bloodsmear.jobs.training_files import EpochFigures
from bloodsmear.jobs.training_messages import TrainingMessage
from training.architectures.pooled_head import HEAD_NORM
from training.data.pictures import LabelledPictures, Pictures
from training.fitting.checkpoint import keep_epoch, load_checkpoint
from training.fitting.config import FitConfig
from training.fitting.failures import explaining, require_a_number
from training.fitting.feed import TrainingFeed, fit_to_size
from training.fitting.history import epoch_done, read_history, stopped_improving
from training.fitting.network import build_network, choose_fitted, start_from
from training.fitting.pace import Pace
from training.fitting.start_weights import StartWeights

_PREDICTED_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class FitRequest:
    """What one fit works on. `run` is its folder; `start_weights` (or None) is what `load_start_weights` takes.

    Of a head that is fitted alone (head_fit.py): where it is to ship fitted on all images, `rest` are those beside the
    training part. `groups` (int64 N) numbers what is left out together of the training images and then of the rest.
    """

    run: Path
    recipe: Recipe
    train: LabelledPictures
    validation: LabelledPictures
    start_weights: StartWeights | None = None
    groups: npt.NDArray[np.int64] | None = None
    rest: LabelledPictures | None = None


def fit_network(
    request: FitRequest, config: FitConfig, tell: Callable[[TrainingMessage], None], cancel: Cancel
) -> list[EpochFigures]:
    """Fit until the last epoch or until validation stops improving; a run that was interrupted goes on.

    Tells of steps and epochs. `config.precision` is a real one, never auto. Leaves the best weights in the run's folder
    (`load_best`). Raises JobCancelled within a batch of being asked to stop, and the finished epochs are kept;
    TrainingError when the loss is not a number, memory is short or the disk is full.
    """
    request.run.mkdir(parents=True, exist_ok=True)
    feed = TrainingFeed(request.train.pixels, request.train.targets, request.recipe, config)
    try:
        with explaining(request.run, config):
            return _Fit(request, config, feed, tell, cancel).go_on()
    finally:
        feed.close()


@dataclass(frozen=True, slots=True)
class _Fit:
    """A fit under way."""

    request: FitRequest
    config: FitConfig
    feed: TrainingFeed
    tell: Callable[[TrainingMessage], None]
    cancel: Cancel

    def go_on(self) -> list[EpochFigures]:
        """Fit the epochs that are missing."""
        history = read_history(self.request.run)
        if history:
            model = load_checkpoint(self.request.run, history[-1])
        else:
            model = begin_network(self.request, self.config)
            _compile(model, self.config, len(self.feed), frozen=self.config.frozen_epochs > 0)
        pace = Pace(len(self.feed), self.config.epochs)
        for epoch in range(len(history), self.config.epochs):
            if stopped_improving(history, self.config.patience_epochs):
                break
            if epoch == self.config.frozen_epochs > 0:
                _compile(model, self.config, len(self.feed))
            history = [*history, self._fit_epoch(model, epoch, pace)]
            keep_epoch(model, self.request.run, history)
            self.tell(epoch_done(history, self.config.epochs, pace.end_epoch()))
        return history

    def _fit_epoch(self, model: keras.Model, epoch: int, pace: Pace) -> EpochFigures:
        config = self.config
        self.feed.begin_epoch(epoch)
        pace.begin_epoch(epoch + 1)
        _seed_epoch(model, config.seed, epoch)
        follower = self._follower(epoch, pace)
        fitted = model.fit(self.feed, epochs=1, verbose=0, shuffle=False, callbacks=[follower]).history
        loss = float(fitted["loss"][0])
        require_a_number(loss, "loss", epoch + 1, config)
        # Of what is frozen they are as they were set at the start.
        held = config.frozen_norms or epoch < config.frozen_epochs
        recompute_statistics(model, self._norm_batches(), of_head_alone=held)
        validation_loss, validation_accuracy = self._validate(model)
        require_a_number(validation_loss, "validation loss", epoch + 1, config)
        return EpochFigures(
            epoch=epoch + 1,
            loss=loss,
            accuracy=float(fitted["accuracy"][0]),
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            checkpoint=f"epoch_{epoch + 1:03}.keras",
        )

    def _follower(self, epoch: int, pace: Pace) -> keras.callbacks.Callback:
        def after(batch: int, logs: dict[str, Any] | None = None) -> None:
            message = pace.step_done(batch + 1)
            if message is not None:
                # The running mean: once it is not a number it stays so, and the rest of the epoch would be wasted.
                require_a_number(float((logs or {}).get("loss", 0.0)), "loss", epoch + 1, self.config)
                self.tell(message)
            self.cancel.checkpoint()

        return keras.callbacks.LambdaCallback(on_train_batch_end=after)

    def _norm_batches(self) -> Iterator[npt.NDArray[np.float32]]:
        for batch in plain_batches(self.request.train.pixels, self.request.recipe, self.config):
            self.cancel.checkpoint()
            yield batch

    def _validate(self, model: keras.Model) -> tuple[float, float]:
        """Loss and accuracy in which every label weighs the same, as it does in what is fitted."""
        pixels, targets = self.request.validation.pixels, self.request.validation.targets
        probabilities = predict_pictures(model, pixels, self.request.recipe, self.cancel.checkpoint)
        weights = 1 / np.bincount(targets)[targets]
        losses = -np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-7))
        right = probabilities.argmax(axis=1) == targets
        return float(np.average(losses, weights=weights)), float(np.average(right, weights=weights))


def plain_batches(pixels: Pictures, recipe: Recipe, config: FitConfig) -> Iterator[npt.NDArray[np.float32]]:
    """Training images (uint8 N×H×W×3) as at the time of use, the same ones in every epoch: what norms are set to."""
    places = np.random.default_rng(config.seed).permutation(len(pixels))[: config.norm_images]
    size = min(43, len(places))
    for start in range(0, len(places) - size + 1, size):
        batch = [fit_to_size(pixels[place], recipe) for place in places[start : start + size]]
        yield scale_pixels(np.stack(batch), recipe)


def predict_pictures(
    model: keras.Model, pixels: Pictures, recipe: Recipe, checkpoint: Callable[[], None] | None = None
) -> npt.NDArray[np.float64]:
    """What the model gives, float64 N×D (probabilities before calibration), for uint8 pictures at the input size.

    `checkpoint` is called before every batch and may raise to end the work.
    """
    batches = []
    for start in range(0, len(pixels), _PREDICTED_AT_ONCE):
        if checkpoint is not None:
            checkpoint()
        batch = scale_pixels(pixels[start : start + _PREDICTED_AT_ONCE], recipe)
        batches.append(model.predict_on_batch(batch))
    return np.concatenate(batches).astype(np.float64)


def begin_network(request: FitRequest, config: FitConfig) -> keras.Model:
    """The network as a fit begins with it, not yet compiled. TrainingError for weights that do not fit."""
    keras.utils.set_random_seed(config.seed)
    keras.mixed_precision.set_dtype_policy(config.precision)
    label_count = int(request.train.targets.max()) + 1
    model = build_network(config, label_count)
    if request.start_weights is not None:
        start_from(
            model,
            config,
            request.start_weights,
            request.recipe,
            lambda: plain_batches(request.train.pixels, request.recipe, config),
        )
    return model


def _compile(model: keras.Model, config: FitConfig, steps_an_epoch: int, frozen: bool = False) -> None:
    """Set what is fitted and how fast: the head alone while the rest is `frozen`, else everything."""
    choose_fitted(model, config, head_alone=frozen)
    first = min(config.frozen_epochs, config.epochs)
    epochs = first if frozen else config.epochs - first
    peak_rate = config.head_rate if frozen else config.peak_rate
    warm_up = round(config.warm_up_epochs * steps_an_epoch)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak_rate * 0.01,
        decay_steps=max(1, epochs * steps_an_epoch - warm_up),
        warmup_target=peak_rate,
        warmup_steps=warm_up,
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=config.weight_decay, global_clipnorm=1.0),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing),
        # Made here: one that Keras makes in the first step has TensorFlow trace the whole step twice.
        metrics=[keras.metrics.CategoricalAccuracy("accuracy")],
        # XLA on a processor compiles for minutes and is no faster; the other backends choose for themselves.
        jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
    )
    # Else its variables are made in the first step, which TensorFlow then traces a second time.
    model.optimizer.build(model.trainable_variables)


def _seed_epoch(model: keras.Model, seed: int, epoch: int) -> None:
    """Let all chance of an epoch follow from seed and epoch, whether or not the run was interrupted before it."""
    keras.utils.set_random_seed(seed + epoch)
    for place, layer in enumerate(model.layers):
        if isinstance(layer, keras.layers.Dropout):
            # Its own generator counts on from batch to batch, and no checkpoint holds it.
            layer.seed_generator.state.assign(np.array([(seed + epoch) % 2**31, place], np.int64))


def recompute_statistics(
    model: keras.Model, batches: Iterable[npt.NDArray[np.float32]], *, of_head_alone: bool
) -> None:
    """Set each batch-norm layer's mean and variance to the average over `batches` (float32 [n, H, W, 3]).

    With Keras' running averages (momentum 0.99, batch 10, strong augmentation) held-out accuracy of the U-Net was 25 to
    49 % at 93 % training accuracy; the same weights score 97.6 % with recomputed statistics (design.md section 4).
    """
    layers = [
        layer
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization)
        and (layer.name == HEAD_NORM or not of_head_alone)
    ]
    if not layers:
        return
    momenta, fitted = [layer.momentum for layer in layers], [layer.trainable for layer in layers]
    sums: list[list[Any]] = [[0.0, 0.0] for _ in layers]
    count = 0
    for layer in layers:
        layer.momentum = 0.0  # so that the moving values are this batch's own
        layer.trainable = True
    try:
        for batch in batches:
            model(batch, training=True)
            count += 1
            for total, layer in zip(sums, layers, strict=True):
                total[0] = total[0] + keras.ops.convert_to_numpy(layer.moving_mean)
                total[1] = total[1] + keras.ops.convert_to_numpy(layer.moving_variance)
    finally:
        for layer, momentum, trainable in zip(layers, momenta, fitted, strict=True):
            layer.momentum, layer.trainable = momentum, trainable
    for total, layer in zip(sums, layers, strict=True):
        layer.moving_mean.assign(total[0] / count)
        layer.moving_variance.assign(total[1] / count)
