import io
import zipfile
from pathlib import Path

import h5py
import numpy as np

from training.exporting.half_weights import store_weights_in_half


def keras_file(path: Path, weights: np.ndarray) -> Path:
    inside = io.BytesIO()
    with h5py.File(inside, "w") as file:
        group = file.require_group("layers/dense/vars")
        group.attrs["name"] = "dense"
        group.create_dataset("0", data=weights)
        group.create_dataset("1", data=np.array([3], np.int64))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", inside.getvalue())
    return path


def weights_of(path: Path) -> h5py.File:
    with zipfile.ZipFile(path) as archive:
        return h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r")


def test_weights_are_halved_and_all_else_stays(tmp_path: Path) -> None:
    weights = np.random.default_rng(0).normal(size=(30, 20)).astype(np.float32)
    path = keras_file(tmp_path / "model.keras", weights)
    store_weights_in_half(path)
    with weights_of(path) as file:
        variables = file["layers/dense/vars"]
        assert variables["0"].dtype == np.float16
        assert np.array_equal(variables["0"][()], weights.astype(np.float16))
        assert variables["1"].dtype == np.int64
        assert variables.attrs["name"] == "dense"
    with zipfile.ZipFile(path) as archive:
        assert archive.read("config.json") == b"{}"


def test_the_same_weights_make_the_same_file(tmp_path: Path) -> None:
    weights = np.ones((4, 4), np.float32)
    files = [keras_file(tmp_path / f"{name}.keras", weights) for name in ("first", "second")]
    for file in files:
        store_weights_in_half(file)
    assert files[0].read_bytes() == files[1].read_bytes()
