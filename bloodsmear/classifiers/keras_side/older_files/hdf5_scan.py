"""An HDF5 file looked at as data before anything in it is used: sizes, kinds, links. Nothing here imports Keras."""

import math
from pathlib import Path
from typing import Any

import h5py

from bloodsmear.errors import ClassifierError

# VGG19 with its full head and an optimizer's two moments of it is 1.7 GB; nothing that a lab uses is larger. Converting
# writes all of it to the disk again.
LARGEST_FILE_BYTES = LARGEST_TOTAL_BYTES = 2_000_000_000
# Weights are noise, and shrink by a tenth; zeros shrink a thousandfold. What holds little may be as dense as it likes.
LARGEST_RATIO, _SMALL_BYTES = 20, 20_000_000
MOST_OBJECTS = 20_000
LARGEST_ATTRIBUTE_BYTES = 32_000_000
# Words of varying length lie outside all arrays, where nothing says how long they are before they are read. The largest
# network of keras.applications has 2 MB of them.
LARGEST_REST_BYTES = 64_000_000
_KNOWN_FILTERS = {"1", "2", "3", "32000"}  # gzip, shuffle, fletcher32, lzf


def scan_hdf5(path: Path, shown: Path) -> int:
    """Raise ClassifierError unless the file holds plain arrays in plain groups only; returns its arrays' largest side.

    The error names what is wrong and `shown`, the file as the user knows it, of which `path` may be a copy.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise ClassifierError(f"{shown} has {size:,} bytes, more than any classifier; it is not opened.")
    try:
        with h5py.File(path, "r") as file:
            scan = _Scan(shown, size)
            scan.look_at_all(file)
    except ClassifierError:
        raise
    # h5py says OSError for a damaged file, and RuntimeError, KeyError or ValueError for what lies in it.
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise ClassifierError(
            f"{shown} is not a whole HDF5 file ({_first_line(error)}). Copy it again from where it was made."
        ) from error
    return scan.largest_side


class _Scan:
    """One pass over a file; counts what it has seen."""

    def __init__(self, path: Path, file_bytes: int) -> None:
        self._path = path
        self._file_bytes = file_bytes
        self._objects = 0
        self._total_bytes = 0
        self._stored_bytes = 0
        self.largest_side = 1

    def look_at_all(self, root: Any) -> None:
        waiting = [root]
        while waiting:
            group = waiting.pop()
            self._look_at_attributes(group)
            for name in group:
                self._count(f"{group.name}/{name}")
                self._refuse_links(group, name)
                child = group[name]
                if isinstance(child, h5py.Group):
                    waiting.append(child)
                elif isinstance(child, h5py.Dataset):
                    self._look_at_attributes(child)
                    self._look_at_array(child)
                else:
                    raise self._refusal(f"{child.name} is neither a group nor an array")
        rest = self._file_bytes - self._stored_bytes
        if rest > LARGEST_REST_BYTES:
            raise self._refusal(f"{rest / 1e6:.0f} MB of it are outside of every array")

    def _count(self, name: str) -> None:
        # A group that holds itself under another name would go on for ever.
        self._objects += 1
        if self._objects > MOST_OBJECTS or len(name) > 2000:
            raise self._refusal(
                f"it holds more than {MOST_OBJECTS:,} objects, or groups within groups without end"
            )

    def _refuse_links(self, group: Any, name: str) -> None:
        link = group.get(name, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            raise self._refusal(f"{group.name}/{name} is an external link to {link.filename!r}")
        if not isinstance(link, h5py.HardLink):
            raise self._refusal(f"{group.name}/{name} is a soft link")

    def _look_at_attributes(self, thing: Any) -> None:
        for name in thing.attrs:
            stored = thing.attrs.get_id(name)
            # Words of varying length lie elsewhere in the file, which bounds them.
            if math.prod(stored.shape or ()) * stored.dtype.itemsize > LARGEST_ATTRIBUTE_BYTES:
                raise self._refusal(f"the attribute {name} of {thing.name} is too large")
            if stored.dtype.kind not in "SOUif":
                raise self._refusal(f"the attribute {name} of {thing.name} is of the kind {stored.dtype}")

    def _look_at_array(self, array: Any) -> None:
        if array.is_virtual or array.external:
            raise self._refusal(f"{array.name} takes its values from another file")
        if array.dtype.kind not in "fiubS":
            raise self._refusal(f"{array.name} holds values of the kind {array.dtype}, which are not numbers")
        unknown = set(array._filters) - _KNOWN_FILTERS
        unknown -= {"gzip", "shuffle", "fletcher32", "lzf"}
        if unknown:
            raise self._refusal(f"{array.name} is packed in an unknown way ({', '.join(sorted(unknown))})")
        # The declared shape, before anything of it is read.
        self._stored_bytes += array.id.get_storage_size()
        self.largest_side = max(self.largest_side, *array.shape) if array.shape else self.largest_side
        self._total_bytes += math.prod(array.shape or ()) * int(array.dtype.itemsize)
        if self._total_bytes > min(LARGEST_TOTAL_BYTES, max(_SMALL_BYTES, self._file_bytes * LARGEST_RATIO)):
            raise self._refusal(
                f"{array.name} declares the shape {array.shape}, far more than the file can hold"
            )

    def _refusal(self, what: str) -> ClassifierError:
        return ClassifierError(f"{self._path} is refused: {what}. No classifier's file holds such a thing.")


def _first_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 120 else text[:117] + "..."
