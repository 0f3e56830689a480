"""The configuration of a .keras file, checked as data: every class in it must be on a list of Keras' own.

Keras 3 finds the classes of a file by module and name. With nothing in it but what is listed here, loading it runs
Keras' layers and nothing else. Imports no Keras.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bloodsmear.classifiers.keras_side.older_files.declared_sizes import check_declared_sizes
from bloodsmear.classifiers.keras_side.older_files.keras_ops import is_known_operation
from bloodsmear.classifiers.keras_side.older_files.keras_zip_scan import scan_keras_zip
from bloodsmear.classifiers.keras_side.older_files.layers import is_known_class
from bloodsmear.errors import ClassifierError

_MODULES = {
    "keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.models",
    # A functional network is written with the module that its class lies in.
    "keras.src.models.functional", "keras.src.models.sequential", "keras.src.models.model",
}  # fmt: skip
# What a fit compiles its network with. Every class there is Keras' own.
_COMPILED = {"keras.optimizers", "keras.optimizers.schedules", "keras.losses", "keras.metrics"}
_NETWORKS = {"Functional", "Sequential", "Model", "InputLayer"}
# What stands beside the layers: how weights began, what training did to them, and what an input is.
_PARTS = {
    "Zeros", "Ones", "Constant", "GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform", "LecunNormal",
    "LecunUniform", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal", "Identity",
    "L1", "L2", "L1L2", "OrthogonalRegularizer", "MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm", "DTypePolicy",
    "__keras_tensor__", "__tuple__", "__numpy__", "__tensor__", "__ellipsis__", "__slice__", "Normalization",
}  # fmt: skip


def check_keras_file(path: Path, shown: Path, *, compiled: bool = False) -> None:
    """Look at the .keras file `path`, a copy of `shown`, as data: zip, weights, classes, numbers. ClassifierError.

    `compiled`: how it was compiled is going to be loaded, too, so it is looked at.
    """
    scanned = scan_keras_zip(path, shown)
    check_keras_config(shown, scanned.config, scanned.largest_side)
    if compiled:
        for part in _parts_of(json.loads(scanned.config).get("compile_config")):
            if part.get("module") not in _COMPILED or part.get("registered_name") is not None:
                raise ClassifierError(
                    f"{shown} is refused: it was compiled with a {part.get('class_name')!r} of {part.get('module')!r}, "
                    "which is not on the list of known ones and may be code."
                )


def check_keras_config(path: Path, text: bytes, largest_side: int) -> None:
    """Raise ClassifierError, which names the class, where a .keras file holds one that is not on the list.

    `largest_side` is that of the file's arrays, which bear out the numbers.
    """
    try:
        config = json.loads(text)
        if config.get("class_name") not in _NETWORKS - {"InputLayer"}:
            raise ClassifierError(
                f"{path} is refused: it is a {config.get('class_name')!r}, not a network. Save the whole network."
            )
        # How it was compiled is mostly not loaded.
        for part in _parts_of({key: value for key, value in config.items() if key != "compile_config"}):
            _refuse_unknown(path, part)
        check_declared_sizes(path, config, largest_side)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ClassifierError(f"{path} describes its network in an unknown way ({error}).") from error


def _parts_of(config: Any) -> Iterator[Mapping[str, Any]]:
    waiting: list[Any] = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            if "class_name" in part or "module" in part:
                yield part
            waiting += part.values()


def _refuse_unknown(path: Path, part: Mapping[str, Any]) -> None:
    kind, module, registered = part.get("class_name"), part.get("module"), part.get("registered_name")
    # Keras writes the module None beside its own tensors and tuples.
    at_home = module is None or module in _MODULES
    # Keras 3 writes no prefix; `Custom>Dense` would be somebody's own Dense.
    known = kind in _PARTS or kind in _NETWORKS or (">" not in str(kind) and is_known_class(str(kind)))
    is_operation = is_known_operation(str(kind), str(module))
    if not ((is_operation or (at_home and known)) and registered in (None, kind)):
        raise ClassifierError(
            f"{path} is refused: it holds a {kind!r} of {module or registered or 'an unknown module'!r}, "
            "which is not on the list of known layers and may be code."
        )
