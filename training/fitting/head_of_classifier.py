"""Which blocks the head of a classifier sees, and what of them, out of its model.keras."""

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

from bloodsmear.classifiers.card_file import MODEL_NAME
from training.fitting.config import PooledAs
from training.fitting.imagenet_weights import require_small

_DESCRIBED = "config.json"


def head_of_classifier(weights: Path) -> tuple[tuple[int, ...], PooledAs] | None:
    """The blocks of a VGG16 whose last maps its head sees, and as what; None for no classifier or another network.

    `weights` is a classifier's folder, its model.keras, or any other file. Nothing of the network is built.
    """
    model = weights / MODEL_NAME if weights.is_dir() else weights
    if model.suffix != ".keras":
        return None
    try:
        with zipfile.ZipFile(model) as packed:
            described = json.loads(packed.read(require_small(packed, _DESCRIBED)))
        layers = described["config"]["layers"]
        averaged = [_input_of(layer) for layer in layers if layer["class_name"] == "GlobalAveragePooling2D"]
        # block3_conv3, block5_pool
        blocks = tuple(sorted(int(name[5]) for name in averaged if name[:5] == "block" and name[6:7] == "_"))
    except (OSError, ValueError, LookupError, TypeError, RecursionError, zipfile.BadZipFile, zlib.error):
        # Loading a damaged file says so in a sentence.
        return None
    if not blocks:
        return None
    # A deviation is the root of a second mean: that of squares, which is no block's.
    return blocks, "means" if len(blocks) == len(averaged) else "deviations"


def _input_of(layer: dict[str, Any]) -> str:
    return str(layer["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0])
