"""An .h5 file checked as data before Keras is loaded: its structure, its layers' classes, its numbers."""

import json
from pathlib import Path
from typing import Any

import h5py

from bloodsmear.classifiers.keras_side.older_files.declared_sizes import check_declared_sizes
from bloodsmear.classifiers.keras_side.older_files.hdf5_scan import scan_hdf5
from bloodsmear.classifiers.keras_side.older_files.keras_zip_scan import LARGEST_CONFIG_BYTES
from bloodsmear.classifiers.keras_side.older_files.layers import require_known
from bloodsmear.classifiers.keras_side.older_files.network_config import NetworkConfig, read_network
from bloodsmear.errors import ClassifierError


def check_h5_file(path: Path, shown: Path) -> None:
    """Look at the .h5 file `path`, a copy of `shown`. ClassifierError names what is refused."""
    largest_side = scan_hdf5(path, shown)
    with h5py.File(path, "r") as file:
        text = network_text(shown, file)
    if len(text) > LARGEST_CONFIG_BYTES:
        raise ClassifierError(
            f"{shown} is refused: it describes its network in {len(text):,} letters, more than any classifier."
        )
    network = read_network(shown, text)
    try:
        _require_known_layers(network)
    except ClassifierError as error:
        raise ClassifierError(f"{shown} is refused: {error}.") from error
    check_declared_sizes(shown, json.loads(text), largest_side)


def network_text(shown: Path, file: Any) -> str | bytes:
    """The configuration that an open .h5 file holds. ClassifierError where it holds none."""
    if "model_config" not in file.attrs or "model_weights" not in file:
        raise ClassifierError(
            f"{shown} holds only a network's weights, or no network. Save the whole network (`model.save`)."
        )
    text = file.attrs["model_config"]
    if not isinstance(text, str | bytes):
        raise ClassifierError(f"{shown} describes its network in an unknown way.")
    return text


def _require_known_layers(network: NetworkConfig) -> None:
    for layer in network.layers:
        if layer.network is not None:
            _require_known_layers(layer.network)
        else:
            require_known(layer)
