"""Weights in half precision: half the file, the same computation in float32."""

import io
import zipfile
from pathlib import Path

import h5py
import numpy as np

_WEIGHTS = "model.weights.h5"


def store_weights_in_half(model_file: Path) -> None:
    """Rewrite the weights inside a .keras file as float16, in place; Keras loads them as float32.

    The network stays a float32 one (no float16 policy), so only the rounding of the weights changes its answers.
    """
    with zipfile.ZipFile(model_file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[_WEIGHTS] = _halved(members[_WEIGHTS])
    temporary = model_file.with_suffix(".half.tmp")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # A fixed time: the same weights make the same file, bit for bit.
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    temporary.replace(model_file)


def _halved(content: bytes) -> bytes:
    target = io.BytesIO()
    with h5py.File(io.BytesIO(content), "r") as source, h5py.File(target, "w") as halved:
        halved.attrs.update(source.attrs)

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Group):
                place = halved.require_group(name)
            else:
                values = np.asarray(item[()])
                wanted = np.float16 if values.dtype == np.float32 else values.dtype
                place = halved.create_dataset(name, data=values.astype(wanted))
            place.attrs.update(item.attrs)

        source.visititems(copy)
    return target.getvalue()
