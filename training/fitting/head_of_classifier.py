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
# The U-Net's last maps, by the number of their block; VGG16's say it themselves: block3_conv3, block5_pool.
_OF_UNET = {
    "encoder_1_norm_2": 1,
    "encoder_2_norm_2": 2,
    "bottleneck_norm_2": 3,
    "decoder_2_conv_2": 4,
    "decoder_1_conv_2": 5,
}


def head_of_classifier(weights: Path) -> tuple[tuple[int, ...], PooledAs] | None:
    """The blocks of a VGG16 or a U-Net whose last maps its head sees, and as what.

    None for no classifier, or of another network. `weights` is a classifier's folder, its model.keras, or any other
    file. Nothing of the network is built.
    """
    model = weights / MODEL_NAME if weights.is_dir() else weights
    if model.suffix != ".keras":
        return None
    try:
        with zipfile.ZipFile(model) as packed:
            described = json.loads(packed.read(require_small(packed, _DESCRIBED)))
        layers = described["config"]["layers"]
        averaged = [_input_of(layer) for layer in layers if layer["class_name"] == "GlobalAveragePooling2D"]
        blocks = tuple(sorted(block for name in averaged if (block := _block_of(name))))
    except (OSError, ValueError, LookupError, TypeError, RecursionError, zipfile.BadZipFile, zlib.error):
        # Loading a damaged file says so in a sentence.
        return None
    if not blocks:
        return None
    # A deviation is the root of a second mean: that of squares, which is no block's.
    return blocks, "means" if len(blocks) == len(averaged) else "deviations"


def _block_of(name: str) -> int | None:
    return int(name[5]) if name[:5] == "block" and name[6:7] == "_" else _OF_UNET.get(name)


def _input_of(layer: dict[str, Any]) -> str:
    return str(layer["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0])
