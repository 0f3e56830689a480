"""A .keras file (a zip) looked at as data before Keras opens it: names, sizes, and its weights' HDF5 file."""

import tempfile
import zipfile
import zlib
from pathlib import Path

from bloodsmear.classifiers.keras_side.older_files.hdf5_scan import LARGEST_TOTAL_BYTES, scan_hdf5
from bloodsmear.errors import ClassifierError

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
_FILES = {CONFIG, "metadata.json", WEIGHTS}
LARGEST_CONFIG_BYTES = 32_000_000
LARGEST_RATIO = 1000


def read_keras_config(path: Path, shown: Path) -> bytes:
    """The bytes of config.json of the file `path`, a copy of `shown`.

    ClassifierError names what is wrong with the zip or the weights inside.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _look_at_names(shown, archive)
            for entry in archive.infolist():
                _look_at_sizes(shown, entry)
            with tempfile.TemporaryDirectory(prefix="bloodsmear-scan-") as scratch:
                scan_hdf5(Path(archive.extract(WEIGHTS, scratch)), shown)
            return archive.read(CONFIG)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ClassifierError(
            f"{shown} is no whole .keras file ({error}). Copy it again from where it was made."
        ) from error


def _look_at_names(path: Path, archive: zipfile.ZipFile) -> None:
    names = [entry.filename for entry in archive.infolist()]
    strange = [name for name in names if name not in _FILES]
    if strange:
        raise ClassifierError(
            f"{path} is refused: it holds {strange[0]!r}, which is in no .keras file of a classifier."
        )
    missing = sorted(_FILES - {"metadata.json"} - set(names))
    if missing or len(names) != len(set(names)):
        raise ClassifierError(
            f"{path} is refused: it lacks {', '.join(missing) or 'nothing, but names a file twice'}."
        )


def _look_at_sizes(path: Path, entry: zipfile.ZipInfo) -> None:
    limit = LARGEST_TOTAL_BYTES if entry.filename == WEIGHTS else LARGEST_CONFIG_BYTES
    if entry.file_size > limit or entry.file_size > LARGEST_RATIO * max(entry.compress_size, 100):
        raise ClassifierError(
            f"{path} is refused: its {entry.filename} of {entry.compress_size:,} bytes would unpack to "
            f"{entry.file_size:,}. A classifier's file shrinks by little."
        )
