"""A saved network's configuration (Keras 2 or 3) as plain data: layers, and what each is called on.

Nothing here imports Keras. Functional, Sequential and nested networks; the two ways in which Keras wrote a layer's
inputs: lists of `[layer, node, tensor, arguments]`, and since Keras 3 dictionaries of arguments.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bloodsmear.errors import ClassifierError

_NETWORKS = {"Functional", "Model", "Sequential"}
# In the place of a layer's name: what follows is a number or a list of them.
_CONSTANT = "_CONSTANT_VALUE"
_MOST_LAYERS = 5000
# Keras' own modules; a class from elsewhere is somebody's code.
_KERAS_MODULES = ("keras", "tensorflow.keras", "tf_keras")


@dataclass(frozen=True, slots=True)
class TensorRef:
    """The output number `tensor` of the call number `call` of the layer `layer`."""

    layer: str
    call: int
    tensor: int


@dataclass(frozen=True, slots=True)
class LayerCall:
    """One call of a layer: its arguments in order, TensorRefs or lists of them, and those that were given by name."""

    arguments: tuple[Any, ...]
    named: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LayerConfig:
    """A layer as it was saved. `network` is set where the layer is a network of its own, `module` since Keras 3."""

    class_name: str
    name: str
    settings: Mapping[str, Any]
    calls: tuple[LayerCall, ...]
    network: "NetworkConfig | None" = None
    module: str = ""

    @property
    def keras_name(self) -> str:
        """The name that it has when rebuilt: Keras 3 takes no slash."""
        return self.name.replace("/", "_")


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """A network's layers in the order in which they were saved, its inputs and its outputs."""

    name: str
    layers: tuple[LayerConfig, ...]
    inputs: tuple[TensorRef, ...]
    outputs: tuple[TensorRef, ...]
    input_shape: tuple[int | None, ...] = field(default=())


def read_network(path: Path, text: str | bytes) -> NetworkConfig:
    """Parse the configuration of the file `path`. ClassifierError names what is not a plain network of known layers."""
    try:
        saved = json.loads(text)
        return _read_network(path, saved)
    except ClassifierError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ClassifierError(
            f"{path} describes its network in an unknown way ({type(error).__name__}: {error}). "
            "Save it again with a current Keras as .keras, or ask its maker."
        ) from error


def _read_network(path: Path, saved: Mapping[str, Any]) -> NetworkConfig:
    kind = saved["class_name"]
    if kind not in _NETWORKS:
        raise ClassifierError(
            f"{path} is refused: it is a {kind!r}, which is its maker's code, not a plain network."
        )
    settings = saved["config"]
    # Before TensorFlow 2.2 a Sequential's settings were the list of its layers alone.
    layers = settings if isinstance(settings, list) else settings["layers"]
    if len(layers) > _MOST_LAYERS:
        raise ClassifierError(f"{path} is refused: it has {len(layers):,} layers, more than any classifier.")
    name = str(settings.get("name", "network")) if isinstance(settings, dict) else "network"
    if kind == "Sequential":
        batch_shape = settings.get("build_input_shape") if isinstance(settings, dict) else None
        return _read_sequential(path, name, layers, batch_shape)
    read = tuple(_read_layer(path, layer) for layer in layers)
    inputs, outputs = _refs(settings["input_layers"]), _refs(settings["output_layers"])
    by_name = {layer.name: layer for layer in read}
    if len(by_name) != len(read):
        raise ClassifierError(f"{path} is refused: two of its layers have one name.")
    return NetworkConfig(name, read, inputs, outputs, _input_shape(by_name[inputs[0].layer].settings))


def _read_sequential(
    path: Path, name: str, layers: Sequence[Mapping[str, Any]], batch_shape: Any
) -> NetworkConfig:
    """A chain: each layer is called once, on the one before."""
    chain: list[LayerConfig] = []
    read = [_read_layer(path, layer) for layer in layers]
    if not read:
        raise ClassifierError(f"{path} is refused: its network has no layers.")
    if read[0].class_name != "InputLayer":
        # The first layer says what it takes, or the network was built with a shape.
        shape = _input_shape(read[0].settings) or tuple(batch_shape or ())
        inner = read[0].network
        shape = shape or (inner.input_shape if inner is not None else ())
        chain.append(LayerConfig("InputLayer", f"{name}_input", {"batch_input_shape": shape}, ()))
    for layer in read:
        calls = (LayerCall((TensorRef(chain[-1].name, 0, 0),), {}),) if chain else ()
        chain.append(replace(layer, calls=calls))
    first, last = TensorRef(chain[0].name, 0, 0), TensorRef(chain[-1].name, 0, 0)
    return NetworkConfig(name, tuple(chain), (first,), (last,), _input_shape(chain[0].settings))


def _read_layer(path: Path, saved: Mapping[str, Any]) -> LayerConfig:
    kind, settings = str(saved["class_name"]), saved["config"]
    _refuse_foreign(path, saved)
    inner = _read_network(path, saved) if kind in _NETWORKS else None
    name = str(saved.get("name") or settings["name"])
    calls = tuple(_read_call(node) for node in saved.get("inbound_nodes", ()))
    module = str(saved.get("module") or "")
    return LayerConfig(kind, name, settings if isinstance(settings, dict) else {}, calls, inner, module)


def _refuse_foreign(path: Path, saved: Mapping[str, Any]) -> None:
    module, registered = saved.get("module"), saved.get("registered_name")
    kind = saved["class_name"]
    at_home = module is None or str(module).split(".src")[0].startswith(_KERAS_MODULES)
    own_name = registered is None or str(registered).rpartition(">")[2] == str(kind).rpartition(">")[2]
    if not at_home or not own_name:
        raise ClassifierError(
            f"{path} is refused: its layer {kind!r} comes from {module or registered!r}, which is its maker's code."
        )


def _read_call(node: Any) -> LayerCall:
    if isinstance(node, dict):  # Keras 3
        arguments = tuple(_read_argument(one) for one in node.get("args", ()))
        named = {key: _read_argument(value) for key, value in node.get("kwargs", {}).items()}
        return LayerCall(arguments, {key: value for key, value in named.items() if value is not None})
    if node and isinstance(node[0], str):  # an operation on one tensor
        return _call_of([node])
    return _call_of(node)


def _call_of(entries: Sequence[Sequence[Any]]) -> LayerCall:
    """Keras 2: one entry `[layer, call, tensor, arguments]` for each tensor of the first argument."""
    named = dict(entries[0][3]) if entries and len(entries[0]) > 3 else {}
    named = {key: _read_old_value(value) for key, value in named.items() if value is not None}
    if len(entries) == 1 and entries[0][0] == _CONSTANT:  # as `255.0 * x` leaves it
        return LayerCall((), {"x": entries[0][2], **named})
    refs = [TensorRef(str(one[0]), int(one[1]), int(one[2])) for one in entries]
    return LayerCall((refs[0] if len(refs) == 1 else refs,), named)


def _read_old_value(value: Any) -> Any:
    is_ref = isinstance(value, list) and len(value) in (3, 4) and isinstance(value[0], str)
    return TensorRef(value[0], int(value[1]), int(value[2])) if is_ref else value


def _read_argument(value: Any) -> Any:
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        layer, call, tensor = value["config"]["keras_history"]
        return TensorRef(str(layer), int(call), int(tensor))
    if isinstance(value, list):
        return [_read_argument(one) for one in value]
    return value


def _refs(saved: Any) -> tuple[TensorRef, ...]:
    if isinstance(saved, list) and saved and isinstance(saved[0], str):  # Keras 3 with one input
        return (TensorRef(saved[0], int(saved[1]), int(saved[2])),)
    return tuple(TensorRef(str(one[0]), int(one[1]), int(one[2])) for one in saved)


def _input_shape(settings: Mapping[str, Any]) -> tuple[int | None, ...]:
    shape = settings.get("batch_input_shape") or settings.get("batch_shape") or ()
    return tuple(None if side is None else int(side) for side in shape)
