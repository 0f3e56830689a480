"""A first look at a network file of another program: what it is, before anybody is asked about it. Imports no Keras."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import h5py

from bloodsmear.classifiers.keras_side.older_files.h5_config_check import network_text
from bloodsmear.classifiers.keras_side.older_files.keras_zip_scan import CONFIG, LARGEST_CONFIG_BYTES
from bloodsmear.classifiers.keras_side.older_files.network_config import (
    LayerConfig,
    NetworkConfig,
    TensorRef,
    read_network,
)
from bloodsmear.errors import ClassifierError

NetworkKind = Literal["h5", "keras"]
_HDF5_START = b"\x89HDF\r\n\x1a\n"
_ZIP_START = b"PK\x03\x04"
_LFS_START = b"version https://git-lfs.github.com/spec/"
_PAGE_STARTS = (b"<!doctype html", b"<html")
_LOOKED_AT_BYTES = 512
# What hands on the answer of the layer before it.
_PASSED_THROUGH = {"Activation", "Dropout", "Flatten", "Reshape", "Identity"}


@dataclass(frozen=True, slots=True)
class NetworkLook:
    """What a file says of itself at once. `one_output`: its network answers one number for two labels."""

    one_output: bool


def kind_of_file(path: Path) -> NetworkKind:
    """By its first bytes, whatever its name is. ClassifierError says what else it is and what to do. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT_BYTES)
    if start.startswith(_HDF5_START):
        return "h5"
    if start.startswith(_ZIP_START):
        return "keras"
    if start.startswith(_LFS_START):
        raise ClassifierError(
            f"{path} is a Git LFS pointer: some lines that name the network, which itself still has to be downloaded. "
            "Download the file from its page in a browser, or with `git lfs pull`."
        )
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_STARTS):
        raise ClassifierError(
            f"{path} is a web page (HTML), saved in place of the network, which itself still has to be downloaded. "
            "Open the page in a browser and download the file that it names."
        )
    raise ClassifierError(
        f"{path} is neither an .h5 nor a .keras file of Keras (pickles and other formats may hold code)."
    )


def look_at_network_file(path: Path) -> NetworkLook:
    """What the file is. ClassifierError where it is none of a network. All else is checked when it is added."""
    try:
        text = _h5_text(path) if kind_of_file(path) == "h5" else _keras_text(path)
    except OSError as error:
        raise ClassifierError(
            f"{path} cannot be read, or is damaged ({error.strerror or error}). Copy it again."
        ) from error
    return NetworkLook(text is not None and _has_one_output(path, text))


def _h5_text(path: Path) -> str | bytes | None:
    with h5py.File(path, "r") as file:
        return network_text(path, file)


def _keras_text(path: Path) -> bytes | None:
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(CONFIG)
            return archive.read(CONFIG) if entry.file_size <= LARGEST_CONFIG_BYTES else None
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise ClassifierError(
            f"{path} is not a whole .keras file: it lacks {CONFIG}, or was cut off. Copy it again."
        ) from error


def _has_one_output(path: Path, text: str | bytes) -> bool:
    if len(text) > LARGEST_CONFIG_BYTES:
        return False
    try:
        last = _last_layer(read_network(path, text))
    except ClassifierError:
        # Adding it says what is wrong.
        return False
    return last is not None and last.class_name == "Dense" and last.settings.get("units") == 1


def _last_layer(network: NetworkConfig) -> LayerConfig | None:
    """The layer whose numbers the network answers with, inside nested networks, too."""
    layers = {layer.name: layer for layer in network.layers}
    layer = layers.get(network.outputs[0].layer) if network.outputs else None
    # At most once through each.
    for _ in layers:
        if layer is None or layer.network is not None or layer.class_name not in _PASSED_THROUGH:
            break
        given = layer.calls[0].arguments[0] if layer.calls and layer.calls[0].arguments else None
        layer = layers.get(given.layer) if isinstance(given, TensorRef) else None
    return _last_layer(layer.network) if layer is not None and layer.network is not None else layer
