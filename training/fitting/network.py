"""The network of a fit: built, begun from what it is to start from, and loaded again with its best weights."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import h5py
import keras
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import BEST_WEIGHTS, WHOLE_WEIGHTS
from training.architectures.efficientnet_lite0 import FIRST_LAYERS, build_fitted_lite0, build_lite0
from training.architectures.folded_norms import fold_head_norm, fold_norms, start_head_norm, start_norms
from training.architectures.pooled_head import FEATURE_LAYER
from training.architectures.unet import build_fitted_unet, build_unet
from training.architectures.vgg16 import build_fitted_vgg16, build_normed_vgg16, build_vgg16
from training.fitting.config import FitConfig
from training.fitting.imagenet_weights import require_small
from training.fitting.start_weights import WEIGHTS_IN_MODEL, StartWeights, load_start_weights

Batches = Iterable[npt.NDArray[np.float32]]

# With a norm before the head, for the time of the fit.
_FITTED = {"vgg16": build_fitted_vgg16, "unet": build_fitted_unet, "efficientnet_lite0": build_fitted_lite0}


def build_network(config: FitConfig, label_count: int) -> keras.Model:
    """The architecture of `config` at its input size as it is fitted, freshly initialised."""
    if config.norm_while_fitting:
        return build_normed_vgg16(config.height_px, config.width_px, label_count)
    if _has_head_norm(config):
        return _FITTED[config.architecture](
            config.height_px, config.width_px, label_count, config.pooled_blocks
        )
    return _build_plain(config, label_count)


def start_from(
    model: keras.Model,
    config: FitConfig,
    start: StartWeights,
    recipe: Recipe,
    batches: Callable[[], Batches],
) -> None:
    """Load what `load_start_weights` takes into a fresh `model` of `config`.

    `batches` gives training images as the network sees them, float32 [n, H, W, 3]: where the network has norms and the
    source has none, the norms are set to them. TrainingError says what does not fit.
    """
    # A classifier has no norm before its head any more; one of a fresh head begins as all others do.
    classifier = start.source.is_dir() or start.source.suffix == ".keras"
    lacks_head_norm = _has_head_norm(config) and classifier and not start.fresh_head
    lacks_norms = config.norm_while_fitting and not _has_norms(start.source)
    if not lacks_head_norm and not lacks_norms:
        load_start_weights(model, start.source, recipe, start.fresh_head)
        return
    plain = _build_plain(config, model.output_shape[-1])
    load_start_weights(plain, start.source, recipe, start.fresh_head)
    (start_head_norm if lacks_head_norm else start_norms)(model, plain, batches())


def choose_fitted(model: keras.Model, config: FitConfig, *, head_alone: bool) -> None:
    """Set which layers of a network of `config` a fit changes: all but what the config holds, or the head alone."""
    names = [layer.name for layer in model.layers]
    first_of_head = names.index(FEATURE_LAYER)
    first_fitted = names.index(FIRST_LAYERS[config.frozen_blocks + 1]) if config.frozen_blocks else 0
    for place, layer in enumerate(model.layers[:first_of_head]):
        held = isinstance(layer, keras.layers.BatchNormalization) and config.frozen_norms
        layer.trainable = not head_alone and not held and place >= first_fitted


def load_best(run: Path, config: FitConfig, label_count: int, *, whole: bool = False) -> keras.Model:
    """The network of a run with its best weights, in float32, as it ships. TrainingError where no epoch is finished.

    `whole`: with the head that was fitted on all images, of a run whose config says `whole_ships`.
    """
    weights = run / (WHOLE_WEIGHTS if whole else BEST_WEIGHTS)
    if not weights.is_file():
        if whole and (run / BEST_WEIGHTS).is_file():
            raise TrainingError(
                f"The fit in {run} was cut off before the network of all images was kept. Fit it on, then export it."
            )
        raise TrainingError(f"The run in {run} has no finished epoch yet. Fit it first.")
    keras.mixed_precision.set_dtype_policy("float32")
    fitted = build_network(config, label_count)
    try:
        fitted.load_weights(weights)
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"The weights in {weights} are damaged. Begin a new run in another folder."
        ) from error
    if not config.norm_while_fitting and not _has_head_norm(config):
        return fitted
    plain = _build_plain(config, label_count)
    (fold_norms if config.norm_while_fitting else fold_head_norm)(fitted, plain)
    return plain


def _build_plain(config: FitConfig, label_count: int) -> keras.Model:
    if config.architecture == "unet":
        return build_unet(config.height_px, config.width_px, label_count, config.pooled_blocks)
    build = build_vgg16 if config.architecture == "vgg16" else build_lite0
    return build(config.height_px, config.width_px, label_count, config.pooled_blocks, config.pooled_as)


def _has_head_norm(config: FitConfig) -> bool:
    """Whether a norm stands before the head while it is fitted by steps: where it sees several blocks."""
    return len(config.pooled_blocks) > 1 and config.pooled_as == "means"


def _has_norms(source: Path) -> bool:
    """Whether `source` is a .weights.h5 file, or a run's checkpoint, of a network that was fitted with norms."""
    if not source.is_file():
        return False
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as packed:
                there = WEIGHTS_IN_MODEL in packed.namelist()
                weights = packed.read(require_small(packed, WEIGHTS_IN_MODEL)) if there else b""
            return _names_a_norm(io.BytesIO(weights))
        return _names_a_norm(source)
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error):
        # Loading a damaged file says so in a sentence.
        return False


def _names_a_norm(weights: Path | io.BytesIO) -> bool:
    with h5py.File(weights, "r") as saved:
        return any(name.startswith("batch_normalization") for name in saved.get("layers", ()))
