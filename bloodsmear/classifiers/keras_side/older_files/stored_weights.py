"""The weights of an older .h5 file, by layer and by their own name; each is used once, or the file is refused."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.errors import ClassifierError

Weight = npt.NDArray[Any]
# Random numbers of layers that work in training only.
_NOT_NEEDED = {"seed_generator_state", "seed_generator"}
_OUTERMOST = "top_level_model_weights"
# What one kind of layer calls a weight now, and called it before.
_OTHER_NAMES = {"kernel": ("depthwise_kernel",), "depthwise_kernel": ("kernel",)}


class StoredWeights:
    """What `model_weights` of an open .h5 file holds: its owner's path → weight's name → values as float32.

    An owner is `conv1/bn` or, where Keras wrote the networks around a layer, too, `densenet121/conv1/bn`.
    """

    def __init__(self, group: Any) -> None:
        """Read all names and no values. ClassifierError where a name occurs twice in a layer."""
        self._arrays: dict[tuple[str, str], Any] = {}
        # A layer's own name may hold a slash, which HDF5 takes for a group: so the names come from Keras' list.
        for outer in (*_list_of(group, "layer_names"), _OUTERMOST):
            for stored in _list_of(group[outer], "weight_names") if outer in group else ():
                path, _, name = stored.split(":")[0].rpartition("/")
                owner = path or outer
                if name in _NOT_NEEDED:
                    continue
                if (owner, name) in self._arrays:
                    raise ClassifierError(f"it holds the weight {owner}/{name} twice")
                self._arrays[owner, name] = group[outer][stored]
        self._unused = set(self._arrays)

    def take(self, layer: str, names: Iterable[str]) -> dict[str, Weight]:
        """The layer's weights by the names it has now; ClassifierError where one is missing."""
        wanted = list(names)
        owner = self._owner_of(layer) if wanted else layer
        taken: dict[str, Weight] = {}
        for name in wanted:
            spellings = (name, *_OTHER_NAMES.get(name, ()))
            known = next((one for one in spellings if (owner, one) in self._unused), None)
            if known is None:
                there = ", ".join(sorted(one for path, one in self._arrays if path == owner)) or "none"
                raise ClassifierError(
                    f"the weight {name!r} of its layer {layer!r} is missing (there: {there})"
                )
            self._unused.discard((owner, known))
            taken[name] = np.asarray(self._arrays[owner, known], np.float32)
        return taken

    def _owner_of(self, layer: str) -> str:
        owners = {owner for owner, _ in self._unused}
        if layer in owners:
            return layer
        within = sorted(owner for owner in owners if owner.endswith(f"/{layer}"))
        if len(within) > 1:
            raise ClassifierError(
                f"the weights of its layer {layer!r} may be those of {' or of '.join(within)}"
            )
        return within[0] if within else layer

    def require_all_used(self) -> None:
        """ClassifierError where weights are left over: they belong to a layer that was not rebuilt as it was."""
        if self._unused:
            layer, name = sorted(self._unused)[0]
            raise ClassifierError(
                f"{len(self._unused)} of its weights do not belong to any layer of its network, {layer}/{name} first"
            )


def assign(layer: Any, weights: Mapping[str, Weight]) -> None:
    """Give a built Keras layer its weights by name. ClassifierError where a shape differs."""
    values = []
    for variable in layer.weights:
        stored = weights[variable.name]
        if tuple(stored.shape) != tuple(variable.shape):
            raise ClassifierError(
                f"the weight {variable.name!r} of its layer {layer.name!r} has the shape {tuple(stored.shape)}, "
                f"but the layer needs {tuple(variable.shape)}"
            )
        values.append(stored)
    if values:
        layer.set_weights(values)


def _list_of(group: Any, attribute: str) -> list[str]:
    """A list of names that Keras wrote; over 64 kB it is stored in pieces, `weight_names0`, `weight_names1`, …"""
    attributes = group.attrs
    numbered = [name for name in attributes if name.removeprefix(attribute).isdigit()]
    pieces = [attribute] if attribute in attributes else sorted(numbered, key=lambda name: (len(name), name))
    names = [name for piece in pieces for name in attributes[piece]]
    return [name.decode("utf-8") if isinstance(name, bytes) else str(name) for name in names]
