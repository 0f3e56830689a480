"""A .keras file (a zip) looked at as data before Keras opens it: names, sizes, and its weights' HDF5 file."""

import errno
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.keras_side.older_files.hdf5_scan import (
    LARGEST_RATIO,
    LARGEST_TOTAL_BYTES,
    scan_hdf5,
)
from bloodsmear.classifiers.zip_check import check_zip_directory
from bloodsmear.errors import ClassifierError

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
_FILES = {CONFIG, "metadata.json", WEIGHTS}
# The largest network of keras.applications has 2 MB of it. Parsed it takes thirty times its size.
LARGEST_CONFIG_BYTES = 8_000_000
# What holds little may be as dense as it likes.
_SMALL_BYTES = 1_000_000
_HDF5_START = b"\x89HDF\r\n\x1a\n"
_ADVICE = "Copy it again from where it was made."


@dataclass(frozen=True, slots=True)
class ScannedKeras:
    """The bytes of config.json, not parsed yet, and the largest side of any array of weights."""

    config: bytes
    largest_side: int


def scan_keras_zip(path: Path, shown: Path) -> ScannedKeras:
    """Look at the file `path`, a copy of `shown`.

    ClassifierError names what is wrong with the zip or the weights inside.
    """
    try:
        check_zip_directory(path, shown, _ADVICE)
        with zipfile.ZipFile(path) as archive:
            _look_at_names(shown, archive)
            for entry in archive.infolist():
                _look_at_sizes(shown, entry)
            with archive.open(WEIGHTS) as weights:
                if weights.read(len(_HDF5_START)) != _HDF5_START:
                    raise ClassifierError(f"{shown} is refused: its {WEIGHTS} is not an HDF5 file. {_ADVICE}")
            with tempfile.TemporaryDirectory(
                prefix="bloodsmear-scan-", ignore_cleanup_errors=True
            ) as scratch:
                largest_side = scan_hdf5(Path(archive.extract(WEIGHTS, scratch)), shown)
            return ScannedKeras(archive.read(CONFIG), largest_side)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ClassifierError(trouble_sentence(shown, error)) from error


def trouble_sentence(shown: Path, error: Exception) -> str:
    """Why the file cannot be looked at; a full disk says nothing about the file."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        place = tempfile.gettempdir()
        return f"{shown} cannot be looked at: the disk of {place} is full. Free some space, then try again."
    return f"{shown} is not a whole .keras file ({error}). {_ADVICE}"


def _look_at_names(path: Path, archive: zipfile.ZipFile) -> None:
    names = [entry.filename for entry in archive.infolist()]
    strange = [name for name in names if name not in _FILES]
    if strange:
        raise ClassifierError(
            f"{path} is refused: it holds {strange[0]!r}, which a classifier's .keras file never holds."
        )
    missing = sorted(_FILES - {"metadata.json"} - set(names))
    if missing or len(names) != len(set(names)):
        raise ClassifierError(
            f"{path} is refused: it lacks {', '.join(missing) or 'nothing, but names a file twice'}."
        )


def _look_at_sizes(path: Path, entry: zipfile.ZipInfo) -> None:
    limit = LARGEST_TOTAL_BYTES if entry.filename == WEIGHTS else LARGEST_CONFIG_BYTES
    if entry.file_size > limit or entry.file_size > max(_SMALL_BYTES, LARGEST_RATIO * entry.compress_size):
        raise ClassifierError(
            f"{path} is refused: its {entry.filename} of {entry.compress_size:,} bytes would unpack to "
            f"{entry.file_size:,}. A classifier's file shrinks by little."
        )
