"""Fitting a network, an epoch at a time, with everything on the disk after each."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import keras
import msgspec
import numpy as np
import numpy.typing as npt

from bloodsmear import atomic_file
from bloodsmear.classifiers.preprocess import scale_pixels
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Cancel, Progress, Report
from training.architectures.unet import build_unet
from training.architectures.vgg16 import build_vgg16
from training.data.pictures import LabelledPictures, Pictures
from training.fitting.batch_norm import recompute_statistics
from training.fitting.config import FitConfig
from training.fitting.feed import TrainingFeed

_BUILDERS = {"vgg16": build_vgg16, "unet": build_unet}
_HISTORY = "history.json"
_BEST = "best.weights.h5"


class EpochFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One epoch: cross-entropy (nats) and accuracy (0 to 1) on both parts; the training ones while augmented."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    checkpoint: str


@dataclass(frozen=True, slots=True)
class FitRequest:
    """What one fit works on. `run` is its folder; `start_weights` (or None) a weights file to start from."""

    run: Path
    recipe: Recipe
    train: LabelledPictures
    validation: LabelledPictures
    start_weights: Path | None = None


def fit_network(request: FitRequest, config: FitConfig, report: Report, cancel: Cancel) -> list[EpochFigures]:
    """Fit until the last epoch or until validation stops improving; a run that was interrupted goes on.

    Leaves the best weights in the run's folder (`load_best`). Raises TrainingError when the loss is not a number,
    JobCancelled between two epochs when asked to stop.
    """
    request.run.mkdir(parents=True, exist_ok=True)
    history = read_history(request.run)
    feed = TrainingFeed(request.train.pixels, request.train.targets, request.recipe, config)
    try:
        model = _resume(request, history) if history else _start(request, config, len(feed))
        for epoch in range(len(history), config.epochs):
            cancel.checkpoint()
            if _stopped_improving(history, config.patience_epochs):
                break
            history = [*history, _fit_epoch(model, feed, request, config, epoch)]
            _keep(model, request.run, history)
            last = history[-1]
            report(
                Progress(
                    epoch + 1,
                    config.epochs,
                    f"loss {last.loss:.3f}, accuracy {last.accuracy:.1%}, validation loss {last.validation_loss:.3f}, "
                    f"validation accuracy {last.validation_accuracy:.1%}",
                )
            )
    finally:
        feed.close()
    return history


def build_network(config: FitConfig, label_count: int) -> keras.Model:
    """The architecture of `config` at its input size, freshly initialised."""
    return _BUILDERS[config.architecture](config.height_px, config.width_px, label_count)


def load_best(run: Path, config: FitConfig, label_count: int) -> keras.Model:
    """The network of a run with its best weights, in float32. TrainingError where no epoch is finished."""
    if not (run / _BEST).is_file():
        raise TrainingError(f"The run in {run} has no finished epoch yet. Fit it first.")
    keras.mixed_precision.set_dtype_policy("float32")
    model = build_network(config, label_count)
    _load_weights(model, run / _BEST)
    return model


def read_history(run: Path) -> list[EpochFigures]:
    """The finished epochs of a run, none where it has not begun. TrainingError where they cannot be read."""
    file = run / _HISTORY
    if not file.is_file():
        return []
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[EpochFigures])
    except msgspec.MsgspecError as error:
        raise TrainingError(f"{file} is damaged ({error}). Begin a new run in another folder.") from error


def _load_weights(model: keras.Model, file: Path) -> None:
    try:
        model.load_weights(file)
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"The weights in {file} do not fit this network, or the file is damaged or missing. "
            "Name a .weights.h5 file of the same architecture."
        ) from error


def _start(request: FitRequest, config: FitConfig, steps_an_epoch: int) -> keras.Model:
    keras.utils.set_random_seed(config.seed)
    keras.mixed_precision.set_dtype_policy(config.precision)
    label_count = int(request.train.targets.max()) + 1
    model = build_network(config, label_count)
    if request.start_weights is not None:
        _load_weights(model, request.start_weights)
    warm_up = round(config.warm_up_epochs * steps_an_epoch)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=config.peak_rate * 0.01,
        decay_steps=max(1, config.epochs * steps_an_epoch - warm_up),
        warmup_target=config.peak_rate,
        warmup_steps=warm_up,
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=config.weight_decay, global_clipnorm=1.0),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing),
        metrics=["accuracy"],
        # XLA on a processor compiles for minutes and is no faster; the other backends choose for themselves.
        jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
    )
    return model


def _resume(request: FitRequest, history: list[EpochFigures]) -> keras.Model:
    # The run's own file, written by `_keep`: weights, optimizer state and compile settings.
    checkpoint = request.run / history[-1].checkpoint
    try:
        return keras.models.load_model(checkpoint)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise TrainingError(
            f"The checkpoint {checkpoint} is damaged or missing, so the run cannot go on. Begin a new run in another "
            f"folder, with --weights {request.run / _BEST} to keep what was learned."
        ) from error


def _fit_epoch(
    model: keras.Model, feed: TrainingFeed, request: FitRequest, config: FitConfig, epoch: int
) -> EpochFigures:
    feed.begin_epoch(epoch)
    keras.utils.set_random_seed(config.seed + epoch)  # dropout follows from the epoch, resumed or not
    fitted = model.fit(feed, epochs=1, verbose=0, shuffle=False).history
    loss = float(fitted["loss"][0])
    _require_a_number(loss, "loss", epoch, config)
    recompute_statistics(model, _norm_batches(request, config))
    validation_loss, validation_accuracy = _validate(model, request)
    _require_a_number(validation_loss, "validation loss", epoch, config)
    return EpochFigures(
        epoch=epoch + 1,
        loss=loss,
        accuracy=float(fitted["accuracy"][0]),
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
        checkpoint=f"epoch_{epoch + 1:03}.keras",
    )


def _require_a_number(loss: float, name: str, epoch: int, config: FitConfig) -> None:
    if not np.isfinite(loss):
        raise TrainingError(
            f"The {name} became {loss} in epoch {epoch + 1}. Fit again with a smaller peak_rate "
            f'(now {config.peak_rate}) or with precision = "float32".'
        )


def _norm_batches(request: FitRequest, config: FitConfig) -> list[npt.NDArray[np.float32]]:
    # Plain training images, as at the time of use, the same ones in every epoch.
    places = np.random.default_rng(config.seed).permutation(len(request.train.pixels))[: config.norm_images]
    size = min(43, len(places))
    groups = [places[start : start + size] for start in range(0, len(places) - size + 1, size)]
    return [scale_pixels(request.train.pixels[group], request.recipe) for group in groups]


def _validate(model: keras.Model, request: FitRequest) -> tuple[float, float]:
    probabilities = predict_pictures(model, request.validation.pixels, request.recipe)
    chosen = probabilities[np.arange(len(probabilities)), request.validation.targets]
    loss = float(-np.log(np.maximum(chosen, 1e-7)).mean())
    return loss, float((probabilities.argmax(axis=1) == request.validation.targets).mean())


def predict_pictures(model: keras.Model, pixels: Pictures, recipe: Recipe) -> npt.NDArray[np.float64]:
    """Probabilities before calibration, float64 N×labels, for uint8 pictures at the input size."""
    batches = [
        model.predict_on_batch(scale_pixels(pixels[start : start + 32], recipe))
        for start in range(0, len(pixels), 32)
    ]
    return np.concatenate(batches).astype(np.float64)


def _keep(model: keras.Model, run: Path, history: list[EpochFigures]) -> None:
    # The history names the checkpoint and is replaced last: cut off anywhere, it names one that is whole.
    last = history[-1]
    temporary = run / "saving.keras"
    model.save(temporary)
    temporary.replace(run / last.checkpoint)
    if last.validation_loss <= min(figures.validation_loss for figures in history):
        weights = run / "saving.weights.h5"
        model.save_weights(weights)
        weights.replace(run / _BEST)
    atomic_file.write(run / _HISTORY, msgspec.json.format(msgspec.json.encode(history), indent=1))
    for older in history[:-1]:
        (run / older.checkpoint).unlink(missing_ok=True)


def _stopped_improving(history: list[EpochFigures], patience_epochs: int) -> bool:
    if not history:
        return False
    best = min(history, key=lambda figures: figures.validation_loss)
    return history[-1].epoch - best.epoch >= patience_epochs
