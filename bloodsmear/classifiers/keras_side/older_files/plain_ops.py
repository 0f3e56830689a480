"""TensorFlow's plain operations in older networks (`TFOpLambda`), as Keras layers. Those on the list and no others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bloodsmear.classifiers.keras_side.older_files.network_config import LayerConfig
from bloodsmear.errors import ClassifierError

# A call's tensors in order, its other arguments by name, the layer's name → the answer.
_Operation = Callable[[Any, Sequence[Any], Mapping[str, Any], str], Any]

_WITHOUT_EFFECT = {"name", "message"}


def apply_operation(keras: Any, layer: LayerConfig, tensors: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """Carry out a saved operation. ClassifierError where it is not on the list, or called in an unknown way."""
    function = str(layer.settings.get("function", ""))
    operation = _OPERATIONS.get(function.removeprefix("tf."))
    if operation is None:
        raise ClassifierError(
            f"its layer {layer.name!r} calls the operation {function!r}, which is not on the list of known operations"
        )
    used = {key: value for key, value in named.items() if key not in _WITHOUT_EFFECT}
    try:
        return operation(keras, tensors, used, layer.keras_name)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise ClassifierError(
            f"its layer {layer.name!r} calls {function!r} in an unknown way ({error})"
        ) from error


def _resize(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    height, width = (_number(side) for side in named["size"])
    method = named.get("method", "bilinear")
    known = {"size", "method", "antialias", "preserve_aspect_ratio"}
    if (
        method not in ("bilinear", "nearest", "bicubic")
        or set(named) - known
        or named.get("preserve_aspect_ratio")
    ):
        raise ValueError(f"resize with {dict(named)}")
    layer = keras.layers.Resizing(
        int(height),
        int(width),
        interpolation=method,
        antialias=bool(named.get("antialias", False)),
        name=name,
    )
    return layer(tensors[0])


def _add(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    if len(tensors) == 2:
        return keras.layers.Add(name=name)(list(tensors))
    return keras.layers.Rescaling(1.0, _constant(named), name=name)(tensors[0])


def _subtract(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    if len(tensors) == 2:
        return keras.layers.Subtract(name=name)(list(tensors))
    constant = _constant(named)
    if "x" in named:  # 255.0 - x
        return keras.layers.Rescaling(-1.0, constant, name=name)(tensors[0])
    return keras.layers.Rescaling(1.0, (-np.asarray(constant)).tolist(), name=name)(tensors[0])


def _multiply(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    if len(tensors) == 2:
        return keras.layers.Multiply(name=name)(list(tensors))
    return keras.layers.Rescaling(_constant(named), name=name)(tensors[0])


def _divide(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    if len(tensors) == 2:
        return keras.ops.divide(tensors[0], tensors[1])
    if "x" in named:  # 1.0 / x: no layer does it, and Keras keeps the operation itself in the network
        constant = np.asarray(_constant(named), np.float32)
        return keras.ops.divide(constant, tensors[0])
    return keras.layers.Rescaling((1.0 / np.asarray(_constant(named))).tolist(), name=name)(tensors[0])


def _negative(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    if named:
        raise ValueError(f"arguments {dict(named)}")
    return keras.layers.Rescaling(-1.0, name=name)(tensors[0])


def _bias_add(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    if named.get("data_format", "NHWC") != "NHWC":
        raise ValueError(f"colours at {named['data_format']}")
    return keras.layers.Rescaling(1.0, [_number(one) for one in named["bias"]], name=name)(tensors[0])


def _reverse_colours(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    """`x[..., ::-1]`, by which keras.applications puts blue first; also `x[:, :, :, ::-1]` and tf.reverse."""
    whole, reversed_ = ({"start": None, "stop": None, "step": step} for step in (None, -1))
    if named not in (
        {"slice_spec": [{"class_name": "__ellipsis__"}, reversed_]},
        {"slice_spec": [whole, whole, whole, reversed_]},
        {"axis": [-1]},
        {"axis": [3]},
    ):
        raise ValueError(f"a part of it: {dict(named)}")
    # Exact: every sum has one summand. A slice with a negative step is not a layer.
    turned = [[[[float(row + column == 2) for column in range(3)] for row in range(3)]]]
    layer = keras.layers.Conv2D(3, 1, use_bias=False, name=name)
    answer = layer(tensors[0])
    layer.set_weights([np.asarray(turned, np.float32)])
    return answer


def _concatenate(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    return keras.layers.Concatenate(axis=int(_number(named.get("axis", -1))), name=name)(list(tensors))


def _mean(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    keepdims = bool(named.get("keepdims", False))
    if sorted(int(_number(axis)) for axis in named["axis"]) != [1, 2]:
        raise ValueError("only the mean over height and width is known")
    return keras.layers.GlobalAveragePooling2D(keepdims=keepdims, name=name)(tensors[0])


def _activation(keras_name: str) -> _Operation:
    def apply(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
        if set(named) - {"axis"} or named.get("axis", -1) != -1:
            raise ValueError(f"arguments {dict(named)}")
        return keras.layers.Activation(keras_name, name=name)(tensors[0])

    return apply


def _clip(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    lowest, highest = _number(named["clip_value_min"]), _number(named["clip_value_max"])
    if lowest != 0:
        raise ValueError("only a limit from 0 is known")
    return keras.layers.ReLU(max_value=highest, name=name)(tensors[0])


def _cast(keras: Any, tensors: Sequence[Any], named: Mapping[str, Any], name: str) -> Any:
    # Everything is computed in float32 here; a cast to whole numbers would change values.
    if set(named) != {"dtype"} or str(named["dtype"]) not in ("float32", "float16", "bfloat16"):
        raise ValueError(f"to {named.get('dtype')}")
    return keras.layers.Identity(name=name)(tensors[0])


def _constant(named: Mapping[str, Any]) -> float | list[float]:
    """What a tensor is added to or multiplied by, before or after it: a number, or one for each colour."""
    value = named["x"] if "x" in named else named["y"]
    return [_number(one) for one in value] if isinstance(value, list) else _number(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return value


_OPERATIONS: Mapping[str, _Operation] = {
    "image.resize": _resize,
    "__operators__.add": _add,
    "math.add": _add,
    "add": _add,
    "math.subtract": _subtract,
    "__operators__.sub": _subtract,
    "subtract": _subtract,
    "math.multiply": _multiply,
    "__operators__.mul": _multiply,
    "multiply": _multiply,
    "math.truediv": _divide,
    "math.divide": _divide,
    "__operators__.truediv": _divide,
    "math.negative": _negative,
    "negative": _negative,
    "nn.bias_add": _bias_add,
    "__operators__.getitem": _reverse_colours,
    "reverse": _reverse_colours,
    "concat": _concatenate,
    "math.reduce_mean": _mean,
    "reduce_mean": _mean,
    "nn.relu": _activation("relu"),
    "nn.relu6": _activation("relu6"),
    "nn.softmax": _activation("softmax"),
    "nn.silu": _activation("silu"),
    "nn.swish": _activation("silu"),
    "nn.sigmoid": _activation("sigmoid"),
    "math.sigmoid": _activation("sigmoid"),
    "math.tanh": _activation("tanh"),
    "clip_by_value": _clip,
    "cast": _cast,
}
