"""The numbers in a network's configuration, held against the arrays that its file holds. Imports no Keras.

Keras makes room for a layer before anybody sees that its weights are not in the file; so a layer with a thousand
million outputs is refused by its number.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bloodsmear.errors import ClassifierError

# As in a card.
LARGEST_SIDE_PX = 4096
# Each of them is a side of one of the layer's weights.
_SIDES_OF_WEIGHTS = frozenset({"units", "filters", "depth_multiplier", "input_dim"})
# Pixels, or pixels for each pixel.
_GEOMETRY = frozenset(
    {
        "height", "width", "size", "padding", "cropping", "kernel_size", "pool_size", "strides", "dilation_rate",
        "output_padding",
    }
)  # fmt: skip
# The shapes of what goes through the network: pixels, or as many values as a weight of the next layer has.
_SHAPES = frozenset({"batch_shape", "batch_input_shape", "build_config", "build_input_shape", "input_shape"})
# VGG19's last feature map at the largest side, flattened.
_LARGEST_FLAT = 10_000_000


def check_declared_sizes(shown: Path, config: Any, largest_side: int) -> None:
    """ClassifierError, which names the setting, where a number is beyond what the file's arrays bear out.

    `config` is parsed JSON, `largest_side` the largest side of any array in the file.
    """
    waiting: list[Any] = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            for name, value in part.items():
                _check(shown, name, value, largest_side)
            waiting += part.values()


def _check(shown: Path, name: str, value: Any, largest_side: int) -> None:
    if name in _SIDES_OF_WEIGHTS:
        limit = largest_side
    elif name in _GEOMETRY:
        limit = LARGEST_SIDE_PX
    elif name in _SHAPES:
        limit = max(LARGEST_SIDE_PX, largest_side)
    elif name == "target_shape":
        limit = _LARGEST_FLAT
    else:
        return
    for number in _numbers_in(value):
        if number > limit:
            raise ClassifierError(
                f"{shown} is refused: it sets {name} = {number:,}, but {_what_bears_it(name, limit)}. "
                "No classifier's file holds such a thing."
            )


def _what_bears_it(name: str, limit: int) -> str:
    if name in _SIDES_OF_WEIGHTS:
        return f"no weight in it has a side of more than {limit:,}"
    return f"at most {limit:,} are taken over"


def _numbers_in(value: Any) -> Iterator[int | float]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, int | float):
            yield part
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, Mapping):
            waiting += part.values()
