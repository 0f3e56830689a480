"""What a fit starts from: weights of the same network, an earlier classifier, or VGG16 as ImageNet taught it."""

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME, read_card
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import TrainingError
from training.architectures.efficientnet_lite0 import load_tensors
from training.fitting.imagenet_weights import holds_convolutions, read_convolutions, require_small
from training.fitting.torch_file import holds_tensors, read_tensors

WEIGHTS_IN_MODEL = "model.weights.h5"
# What EfficientNet-Lite0 saw of each channel of an image (0 to 255) when it learned ImageNet: (value - 127) / 128.
_LITE0_MEAN, _LITE0_DEVIATION = 127, 128
# What keras.applications takes from each channel of an image (0 to 255) in the order blue, green, red.
_IMAGENET_MEANS_BGR = np.array([103.939, 116.779, 123.68])

_Weights = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class StartWeights:
    """What to begin with: a .weights.h5 file, a classifier's folder or model.keras, or a file with convolutions.

    `fresh_head`: of a classifier, whose labels are others, the convolutions alone.
    """

    source: Path
    fresh_head: bool = False


def load_start_weights(model: keras.Model, source: Path, recipe: Recipe, fresh_head: bool = False) -> None:
    """Load weights into a fresh `model`, whose inputs are made by `recipe`.

    `source`: a .weights.h5 file of the same architecture; a classifier's folder or its model.keras; or as ImageNet
    taught them, with the head left fresh, VGG16's convolutions (`read_convolutions`) or EfficientNet-Lite0's. The
    input's size may be another. `fresh_head` as in `StartWeights`. TrainingError says what does not fit.
    """
    try:
        if source.is_dir() or source.suffix == ".keras":
            _load_classifier(model, source / MODEL_NAME if source.is_dir() else source, recipe, fresh_head)
        elif holds_tensors(source):
            _load_lite0(model, source, recipe)
        elif holds_convolutions(source):
            _load_imagenet(model, source, recipe)
        else:
            model.load_weights(source)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise TrainingError(
            f"The weights in {source} do not fit this network, or the file is damaged or missing. "
            "Name a .weights.h5 file or a classifier of the same architecture."
        ) from error


def fold_into_recipe(kernel: _Weights, bias: _Weights, recipe: Recipe) -> tuple[_Weights, _Weights]:
    """ImageNet's first convolution (kernel 3×3×3×n for blue, green, red; bias n) for inputs of our `recipe`.

    ImageNet's VGG16 sees value - mean in blue, green, red, ours sees value × scale + offset in red, green, blue.
    Both give the same, except at the image's outermost pixels, where the padding stands for another grey.
    """
    by_red = kernel[:, :, ::-1, :].astype(np.float64)
    means = _IMAGENET_MEANS_BGR[::-1]
    if recipe.channels == "bgr":
        by_red, means = by_red[:, :, ::-1, :], means[::-1]
    shift = -recipe.offset / recipe.scale - means
    return by_red / recipe.scale, bias + np.einsum("hwcn,c->n", by_red, shift)


def fold_lite0_into_recipe(model: keras.Model, recipe: Recipe) -> None:
    """Rewrite the first convolution of EfficientNet-Lite0 and its norm for inputs of our `recipe`.

    ImageNet's saw (value - 127) / 128 in red, green, blue. Both give the same, except at the image's outermost pixels,
    where the padding stands for another grey.
    """
    stem, norm = model.get_layer("stem_conv"), model.get_layer("stem_norm")
    (kernel,) = (weight.astype(np.float64) for weight in stem.get_weights())
    if recipe.channels == "bgr":
        kernel = kernel[:, :, ::-1, :]
    stem.set_weights([kernel / (recipe.scale * _LITE0_DEVIATION)])
    shift = (-recipe.offset / recipe.scale - _LITE0_MEAN) / _LITE0_DEVIATION
    gamma, beta, mean, variance = norm.get_weights()
    norm.set_weights([gamma, beta, mean - shift * kernel.sum(axis=(0, 1, 2)), variance])


def _load_classifier(model: keras.Model, file: Path, recipe: Recipe, fresh_head: bool) -> None:
    if (file.parent / CARD_NAME).is_file():
        _require_same_terms(file.parent, recipe)
    # The weights alone: nothing of the network that the file describes is built or run.
    with (
        tempfile.TemporaryDirectory(prefix="bloodsmear-", ignore_cleanup_errors=True) as scratch,
        zipfile.ZipFile(file) as packed,
    ):
        weights = packed.extract(require_small(packed, WEIGHTS_IN_MODEL), scratch)
        if fresh_head:
            _load_convolutions(model, Path(weights))
        else:
            model.load_weights(weights)


def _load_convolutions(model: keras.Model, weights: Path) -> None:
    """Those of the model's convolutions out of a Keras 3 file, which counts them in the network's order."""
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    with h5py.File(weights, "r") as saved:
        for place, layer in enumerate(convolutions):
            group = saved[f"layers/conv2d{f'_{place}' if place else ''}/vars"]
            layer.set_weights([np.asarray(group[one], np.float32) for one in ("0", "1")])


def _require_same_terms(folder: Path, recipe: Recipe) -> None:
    card = read_card(folder)
    theirs, ours = ((one.channels, one.scale, one.offset, one.denoise) for one in (card.recipe, recipe))
    if theirs != ours:
        raise TrainingError(
            f"The classifier in {folder} was made for images prepared in another way than a fit prepares them "
            f"(channels, scale, offset, denoiser: {theirs}, not {ours}). Start from one that was made by "
            "Bloodsmear."
        )


def _load_imagenet(model: keras.Model, file: Path, recipe: Recipe) -> None:
    layers = [layer for layer in model.layers if layer.name.startswith("block")]
    convolutions = [layer for layer in layers if isinstance(layer, keras.layers.Conv2D)]
    if not convolutions:
        raise TrainingError(
            f"{file} holds weights of VGG16, and another network was chosen.",
            at_terminal="Give --architecture vgg16 to start from them.",
        )
    found = read_convolutions(file, [layer.name for layer in convolutions])
    for place, (layer, (kernel, bias)) in enumerate(zip(convolutions, found, strict=True)):
        layer.set_weights([*fold_into_recipe(kernel, bias, recipe)] if place == 0 else [kernel, bias])


def _load_lite0(model: keras.Model, file: Path, recipe: Recipe) -> None:
    names = [layer.name for layer in model.layers]
    if "stem_conv" not in names:
        raise TrainingError(
            f"{file} holds weights of EfficientNet-Lite0, and another network was chosen.",
            at_terminal="Give --architecture efficientnet_lite0 to start from them.",
        )
    load_tensors(model, read_tensors(file))
    fold_lite0_into_recipe(model, recipe)
