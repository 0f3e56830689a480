"""Keras 3's plain functions of tensors, as `x * y` and `keras.ops.relu(x)` leave them in a network. Those on the list.

An `Add` of keras.layers is a layer, that of keras.src.ops.numpy is one of these; an .h5 file doesn't name the module.
"""

import importlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from bloodsmear.classifiers.keras_side.older_files.network_config import LayerConfig
from bloodsmear.errors import ClassifierError

# What keras.applications' preprocessing and networks are made of, and their like.
OPERATIONS: Mapping[str, frozenset[str]] = {
    "keras.src.ops.numpy": frozenset({
        "Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Negative", "Maximum", "Minimum", "Mean", "Max", "Min",
        "Sum", "Concatenate", "Stack", "Clip", "Power", "Square", "Sqrt", "Absolute", "Exp", "Log", "Tanh", "Flip",
        "GetItem", "Reshape", "Transpose", "ExpandDims", "Squeeze",
    }),
    "keras.src.ops.nn": frozenset({
        "Relu", "Relu6", "LeakyRelu", "Elu", "Selu", "Sigmoid", "Silu", "Softmax", "Softplus", "Softsign",
        "HardSigmoid", "HardSilu", "Gelu",
    }),
    "keras.src.ops.core": frozenset({"Cast"}),
    "keras.src.ops.image": frozenset({"Resize"}),
}  # fmt: skip
_FLOATS = ("float16", "bfloat16", "float32", "float64")


def is_known_operation(class_name: str, module: str) -> bool:
    """Whether a function is on the list."""
    return class_name in OPERATIONS.get(module, ())


def module_of_operation(layer: LayerConfig) -> str | None:
    """The module of the listed function that was saved in a layer's place; None for a layer."""
    if layer.module:
        return layer.module if is_known_operation(layer.class_name, layer.module) else None
    # Every layer says whether it may be trained.
    if "trainable" in layer.settings:
        return None
    return next((module for module, names in OPERATIONS.items() if layer.class_name in names), None)


def apply_keras_operation(layer: LayerConfig, arguments: list[Any], named: Mapping[str, Any]) -> Any:
    """Call the function of a saved network as it was called there. ClassifierError for another than those listed."""
    module = module_of_operation(layer)
    if module is None:
        raise ClassifierError(
            f"its layer {layer.name!r} calls {layer.class_name!r}, which is not on the list of known operations"
        )
    settings = {
        key: _plain(layer, value) for key, value in layer.settings.items() if key not in ("name", "dtype")
    }
    if "dtype" in layer.settings and layer.class_name == "Cast":
        settings["dtype"] = "float32"
        if str(layer.settings["dtype"]) not in _FLOATS:
            raise ClassifierError(f"its layer {layer.name!r} casts to {layer.settings['dtype']}")
    if layer.class_name == "GetItem":
        # JSON does not have tuples, and a list is another index.
        arguments = [tuple(one) if isinstance(one, list) else one for one in arguments]
    operation = getattr(importlib.import_module(module), layer.class_name)
    return operation(name=layer.keras_name, **settings)(*arguments, **named)


def constant_of(saved: Mapping[str, Any]) -> Any:
    """What a constant argument of a call was: an array, or a part of an index. KeyError for anything else."""
    match saved["class_name"]:
        case "__tensor__" | "__numpy__":
            return np.asarray(saved["config"]["value"], np.float32)
        case "__ellipsis__":
            return Ellipsis
        case "__slice__":
            parts = saved["config"]
            return slice(parts.get("start"), parts.get("stop"), parts.get("step"))
        case "__tuple__":
            return tuple(saved["items"] if "items" in saved else saved["config"]["value"])
    raise KeyError(saved["class_name"])


def _plain(layer: LayerConfig, value: Any) -> Any:
    parts = value if isinstance(value, list) else [value]
    if not all(one is None or isinstance(one, bool | int | float | str) for one in parts):
        raise ClassifierError(
            f"its layer {layer.name!r} is set to something that is neither a number nor a word"
        )
    return value
