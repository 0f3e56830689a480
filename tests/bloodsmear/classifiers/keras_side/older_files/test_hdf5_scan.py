"""HDF5 files as strangers make them: links, shapes, kinds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from bloodsmear.classifiers.keras_side.older_files.hdf5_scan import scan_hdf5
from bloodsmear.errors import ClassifierError


def external_link(file: Any) -> None:
    file["weights"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file: Any) -> None:
    file["weights"] = h5py.SoftLink("/somewhere")


def external_array(file: Any) -> None:
    file.create_dataset("weights", (10,), "f4", external=[("secret.bin", 0, 40)])


def virtual_array(file: Any) -> None:
    layout = h5py.VirtualLayout((10,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "weights", (10,))
    file.create_virtual_dataset("weights", layout)


def huge_shape(file: Any) -> None:
    file.create_dataset("weights", (1 << 20, 1 << 20), "f4", chunks=(64, 64))


def objects(file: Any) -> None:
    file.create_dataset("weights", data=["words"], dtype=h5py.string_dtype())


def circle(file: Any) -> None:
    outer = file.create_group("outer")
    outer["inner"] = outer


def long_text(file: Any) -> None:
    file.attrs.create("note", "x" * 70_000_000, dtype=h5py.string_dtype())


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (external_link, "is an external link to '/etc/passwd'"),
        (soft_link, "is a soft link"),
        (external_array, "takes its values from another file"),
        (virtual_array, "takes its values from another file"),
        (huge_shape, "declares the shape"),
        (objects, "which are not numbers"),
        (circle, "groups within groups without end"),
        (long_text, "70 MB of it are outside of every array"),
    ],
)
def test_a_hostile_file_is_refused_with_its_own_sentence(
    fill: Callable[[Any], None], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "stranger.h5"
    with h5py.File(path, "w") as file:
        fill(file)
    with pytest.raises(ClassifierError, match=words):
        scan_hdf5(path, path)


def test_plain_arrays_in_plain_groups_are_let_through(tmp_path: Path) -> None:
    path = tmp_path / "plain.h5"
    with h5py.File(path, "w") as file:
        file.attrs["names"] = [b"one", b"two"]
        file.create_group("empty").attrs["weight_names"] = np.array([], "S1")
        file.create_dataset("outer/kernel", data=np.ones((3, 4), np.float16), compression="gzip")
    scan_hdf5(path, path)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_refused(share: float, tmp_path: Path) -> None:
    path = tmp_path / "cut.h5"
    with h5py.File(path, "w") as file:
        for number in range(50):
            file.create_dataset(f"group {number}/kernel", data=np.ones((30, 40), np.float32))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(ClassifierError, match="not a whole HDF5 file"):
        scan_hdf5(path, Path("the user's name for it"))
