"""An older .h5 network rebuilt in Keras 3, layer by layer, with its weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from bloodsmear.classifiers.keras_side.older_files.declared_sizes import LARGEST_SIDE_PX
from bloodsmear.classifiers.keras_side.older_files.h5_config_check import network_text
from bloodsmear.classifiers.keras_side.older_files.keras_ops import (
    apply_keras_operation,
    constant_of,
    module_of_operation,
)
from bloodsmear.classifiers.keras_side.older_files.layers import TRAINING_ONLY, build_layers, known_class
from bloodsmear.classifiers.keras_side.older_files.network_config import (
    LayerCall,
    LayerConfig,
    NetworkConfig,
    TensorRef,
    read_network,
)
from bloodsmear.classifiers.keras_side.older_files.plain_ops import apply_operation
from bloodsmear.classifiers.keras_side.older_files.stored_weights import StoredWeights, assign
from bloodsmear.errors import ClassifierError

Size = tuple[int, int]
_NORMALIZATION_WEIGHTS = ("mean", "variance")


def rebuild_h5(keras: Any, path: Path, shown: Path, free_size: Size | None = None) -> Any:
    """The network of an .h5 file as a Keras model with one image in and one answer out.

    `keras` is the imported package, on any backend; `free_size` (width, height in pixels) is taken where the network
    leaves its input's size open. ClassifierError names what is refused and `shown`, the file as
    the user knows it, of which `path` is a copy that `check_h5_file` has let through.
    """
    with h5py.File(path, "r") as file:
        text = network_text(shown, file)
        network = read_network(shown, text)
        version = str(file.attrs.get("keras_version", "2"))
        try:
            weights = StoredWeights(file["model_weights"])
            rebuilt = _Rebuilding(keras, weights, version.startswith(("1", "2")), free_size).model_of(network)
            weights.require_all_used()
        except ClassifierError as error:
            raise ClassifierError(f"{shown} is refused: {error}.") from error
        except (ValueError, TypeError, KeyError, IndexError, RuntimeError) as error:
            said = " ".join(str(error).split()).replace(str(path), shown.name)[:300]
            raise ClassifierError(f"{shown} cannot be rebuilt: {said}") from error
    return rebuilt


@dataclass(frozen=True, slots=True)
class _Chain:
    """The Keras layers that stand for one saved layer, called one after the other."""

    layers: tuple[Any, ...]

    def __call__(self, inputs: Any) -> Any:
        for layer in self.layers:
            inputs = layer(inputs)
        return inputs


class _Rebuilding:
    """Rebuilds the networks of one file; nested ones by the same way."""

    def __init__(
        self, keras: Any, weights: StoredWeights, saved_by_keras_2: bool, free_size: Size | None
    ) -> None:
        self._keras = keras
        self._weights = weights
        self._saved_by_keras_2 = saved_by_keras_2
        self._free_size = free_size

    def model_of(self, network: NetworkConfig, nested: bool = False) -> Any:
        """The network as a Keras model; its layers have their weights. One that is `nested` takes what it says."""
        tensors: dict[TensorRef, Any] = {}
        waiting = list(network.layers)
        while waiting:
            ready = [layer for layer in waiting if self._is_ready(layer, tensors)]
            if not ready:
                raise ClassifierError(
                    f"the inputs of its layer {waiting[0].name!r} are nowhere in its network"
                )
            for layer in ready:
                if layer.class_name == "InputLayer":
                    tensors[TensorRef(layer.name, 0, 0)] = self._input(layer, network, nested)
                else:
                    self._place(layer, tensors)
            waiting = [layer for layer in waiting if layer not in ready]
        inputs = [tensors[ref] for ref in network.inputs]
        outputs = [tensors[ref] for ref in network.outputs]
        if len(inputs) != 1 or len(outputs) != 1:
            raise ClassifierError(
                f"it takes {len(inputs)} inputs and gives {len(outputs)} answers; one of each is known"
            )
        return self._keras.Model(inputs[0], outputs[0], name=network.name)

    @staticmethod
    def _is_ready(layer: LayerConfig, tensors: dict[TensorRef, Any]) -> bool:
        return all(ref in tensors for call in layer.calls for ref in _refs_of(call))

    def _place(self, layer: LayerConfig, tensors: dict[TensorRef, Any]) -> None:
        callee = self._callee(layer)
        for number, call in enumerate(layer.calls):
            given = [_look_up(one, tensors) for one in call.arguments]
            if module_of_operation(layer) is not None:
                named = {key: _look_up(value, tensors) for key, value in call.named.items()}
                answer = apply_keras_operation(layer, given, named)
            elif callee is None:
                refs = _refs_of(call)
                named = {key: value for key, value in call.named.items() if not isinstance(value, TensorRef)}
                answer = apply_operation(self._keras, layer, [tensors[ref] for ref in refs], named)
            else:
                if len(given) != 1 or not _answers_plainly(layer, call):
                    raise ClassifierError(f"its layer {layer.name!r} is called in an unknown way")
                answer = callee(given[0])
            tensors[TensorRef(layer.name, number, 0)] = answer
        if isinstance(callee, _Chain):
            self._give_weights(layer, callee)

    def _callee(self, layer: LayerConfig) -> Any:
        """What is called for a layer: a network, a chain of layers, or None for a plain operation."""
        if layer.network is not None:
            return self.model_of(layer.network, nested=True)
        kind = known_class(layer.class_name)
        if module_of_operation(layer) is not None or kind in ("TFOpLambda", "SlicingOpLambda"):
            return None
        if kind in TRAINING_ONLY:
            return self._keras.layers.Identity(name=layer.keras_name)
        if kind == "Normalization":
            return self._normalization(layer)
        return _Chain(tuple(build_layers(self._keras, layer, self._saved_by_keras_2)))

    def _give_weights(self, layer: LayerConfig, chain: _Chain) -> None:
        first = chain.layers[0]
        assign(first, self._weights.take(layer.name, [variable.name for variable in first.weights]))

    def _normalization(self, layer: LayerConfig) -> Any:
        """Its mean and variance are settings, or weights that it was adapted to."""
        settings = layer.settings
        mean, variance = settings.get("mean"), settings.get("variance")
        if settings.get("invert"):
            raise ClassifierError(f"its layer {layer.name!r} inverts a normalization")
        if mean is None:
            taken = self._weights.take(layer.name, (*_NORMALIZATION_WEIGHTS, "count"))
            mean, variance = (np.ravel(taken[name]).tolist() for name in _NORMALIZATION_WEIGHTS)
        axis = settings.get("axis", -1)
        (axis,) = axis if isinstance(axis, Sequence) else (axis,)
        return self._keras.layers.Normalization(
            axis=axis, mean=mean, variance=variance, name=layer.keras_name
        )

    def _input(self, layer: LayerConfig, network: NetworkConfig, nested: bool) -> Any:
        settings, name = layer.settings, layer.keras_name
        shape: Sequence[int | None] = (
            settings.get("batch_input_shape") or settings.get("batch_shape") or network.input_shape
        )
        sides = list(shape[1:])
        if nested and (None not in sides or self._free_size is None):
            # A head takes features, and a part what stands before it.
            return self._keras.Input(sides, name=name)
        if len(sides) == 3 and None in sides[:2] and self._free_size is not None:
            width, height = self._free_size
            sides = [sides[0] or height, sides[1] or width, sides[2] or 3]
        if len(sides) != 3 or sides[2] not in (3, None):
            raise ClassifierError(
                f"it takes an input of the shape {tuple(shape)}; an image with three colours is wanted"
            )
        if not sides[0] or not sides[1]:
            raise ClassifierError("it takes images of any size, so give the size: width and height")
        if max(sides[0], sides[1]) > LARGEST_SIDE_PX:
            raise ClassifierError(f"it takes an input of the shape {tuple(shape)}, which is too large")
        return self._keras.Input((sides[0], sides[1], 3), name=name)


def _refs_of(call: LayerCall) -> list[TensorRef]:
    found: list[TensorRef] = []
    for value in (*call.arguments, *call.named.values()):
        found += [
            one for one in (value if isinstance(value, list) else [value]) if isinstance(one, TensorRef)
        ]
    return found


def _answers_plainly(layer: LayerConfig, call: LayerCall) -> bool:
    """Whether a call asks for no more than the layer's answer: one called as if in training would give another."""
    trains = call.named.get("training") and known_class(layer.class_name) not in TRAINING_ONLY
    return not trains and not any(call.named[name] for name in call.named if name != "training")


def _look_up(argument: Any, tensors: dict[TensorRef, Any]) -> Any:
    if isinstance(argument, list):
        return [_look_up(one, tensors) for one in argument]
    if isinstance(argument, dict) and "class_name" in argument:
        return constant_of(argument)
    return tensors[argument] if isinstance(argument, TensorRef) else argument
