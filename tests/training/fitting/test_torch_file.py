"""A file that PyTorch wrote is read as data."""

import collections
import os
import pickle
import zipfile
from pathlib import Path

import pytest

from training.fitting.torch_file import read_tensors


class Hostile:
    """What calls a function while it is read."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.getenv, ("PATH",)


@pytest.mark.parametrize(
    "content", [Hostile(), collections.Counter("ab"), 7], ids=["a call", "a class", "no file"]
)
def test_what_is_no_tensor_is_refused(content: object, tmp_path: Path) -> None:
    package = tmp_path / "package.whl"
    with zipfile.ZipFile(package, "w") as packed:
        packed.writestr("package/model.pth", pickle.dumps(content))
    with pytest.raises((pickle.UnpicklingError, ValueError), match=r"not a tensor|no file of PyTorch"):
        read_tensors(package)
