"""The tensors of a file that PyTorch wrote, read as data and without PyTorch.

Such a file is a pickle, which may name what to call while it is read: one that names anything but tensors is refused.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_MAGIC = 0x1950A86A20F9469CFC6C


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Reader(pickle.Unpickler):
    """Reads what PyTorch writes for tensors, and refuses all else."""

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch", "FloatStorage"): np.dtype(np.float32),
            ("torch", "LongStorage"): np.dtype(np.int64),
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"The file names {module}.{name}, which is not a tensor.")
        return known[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        return _Storage(str(pid[2]), pid[1])


def _tensor(storage: _Storage, offset: int, shape: Any, strides: Any, *_rest: Any) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def holds_tensors(package: Path) -> bool:
    """Whether it is a package of the Python registry with one .pth file in it."""
    if package.suffix != ".whl":
        return False
    with zipfile.ZipFile(package) as packed:
        return sum(name.endswith(".pth") for name in packed.namelist()) == 1


def read_tensors(package: Path) -> dict[str, npt.NDArray[Any]]:
    """The tensors of the one .pth file in the package, by their names. UnpicklingError, ValueError."""
    with zipfile.ZipFile(package) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".pth"))
        file = io.BytesIO(packed.read(name))
    if _Reader(file).load() != _MAGIC:
        raise ValueError(f"{package} holds no file of PyTorch as it wrote them until version 1.5.")
    for _ in range(2):  # its version, and how numbers lie in it
        _Reader(file).load()
    tensors, keys = _Reader(file).load(), _Reader(file).load()
    types = {tensor.storage.key: tensor.storage.dtype for tensor in tensors.values()}
    storages = {}
    for key in keys:
        (count,) = np.frombuffer(file.read(8), np.int64)
        storages[key] = np.frombuffer(file.read(int(count) * types[key].itemsize), types[key])
    return {name: _array(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _array(tensor: _Tensor, storage: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """ValueError where it reaches beyond its storage."""
    last = tensor.offset + sum(
        (count - 1) * step for count, step in zip(tensor.shape, tensor.strides, strict=True)
    )
    if min(tensor.offset, *tensor.shape, *tensor.strides, 0) < 0 or last >= len(storage):
        raise ValueError(
            f"A tensor of the shape {tensor.shape} reaches beyond the numbers that the file has for it."
        )
    strides = [step * storage.itemsize for step in tensor.strides]
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides).copy()
