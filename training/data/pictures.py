"""The images of a data set, decoded once and kept at the classifier's input size."""

import hashlib
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear import atomic_file
from bloodsmear.classifiers.preprocess import fit_to_input, resize_image
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import DataSetError, ImageError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.jobs import Progress, Report
from training.data.data_set import LabelledImage

Pictures = npt.NDArray[np.uint8]
REDUCED_SIDE_PX = 24


@dataclass(frozen=True, slots=True)
class PictureSet:
    """All decoded images, reduced: the same for every recipe but for `pixels`.

    `pixels` uint8 N×H×W×3 at the recipe's size before scaling, `reduced` uint8 N×24×24×3 for finding near
    duplicates, `fingerprints` uint64 N of the decoded images.
    """

    pixels: Pictures
    reduced: Pictures
    fingerprints: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class LabelledPictures:
    """`pixels` uint8 N×H×W×3 at the input size, `targets` int64 N."""

    pixels: Pictures
    targets: npt.NDArray[np.int64]


def load_pictures(images: Sequence[LabelledImage], recipe: Recipe, cache: Path, report: Report) -> PictureSet:
    """Decode and resize by the recipe, through a cache file in the folder `cache`.

    Raises DataSetError that names every image that cannot be read.
    """
    file = cache / f"pictures-{_key(images, recipe)}.npz"
    saved = _read_cache(file) if file.is_file() else None
    if saved is not None:
        return saved
    pictures = _decode_all(images, recipe, report)
    cache.mkdir(parents=True, exist_ok=True)
    # Two runs may make the same cache at once: each writes a file of its own and renames it.
    with atomic_file.open_replacing(file) as target:
        np.savez(target, pixels=pictures.pixels, reduced=pictures.reduced, fingerprints=pictures.fingerprints)
    return pictures


def _read_cache(file: Path) -> PictureSet | None:
    """What was kept; None where the file is damaged, and the images are decoded anew."""
    try:
        with np.load(file, allow_pickle=False) as saved:
            return PictureSet(saved["pixels"], saved["reduced"], saved["fingerprints"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _decode_all(images: Sequence[LabelledImage], recipe: Recipe, report: Report) -> PictureSet:
    pixels = np.empty((len(images), recipe.height_px, recipe.width_px, 3), np.uint8)
    reduced = np.empty((len(images), REDUCED_SIDE_PX, REDUCED_SIDE_PX, 3), np.uint8)
    fingerprints = np.empty(len(images), np.uint64)
    unreadable: list[str] = []

    def read(place: int) -> None:
        try:
            decoded = decode_image(images[place].path).pixels
        except ImageError as error:
            unreadable.append(str(error))
            return
        pixels[place] = fit_to_input(decoded, recipe)
        reduced[place] = resize_image(decoded, REDUCED_SIDE_PX, REDUCED_SIDE_PX, "area")
        fingerprints[place] = fingerprint(decoded)

    with ThreadPoolExecutor() as pool:
        for done, _ in enumerate(pool.map(read, range(len(images))), 1):
            report(Progress(done, len(images), "reading images"))
    if unreadable:
        listed = "\n".join(sorted(unreadable))
        raise DataSetError(f"{len(unreadable)} images cannot be read. Repair or remove them:\n{listed}")
    return PictureSet(pixels, reduced, fingerprints)


def _key(images: Sequence[LabelledImage], recipe: Recipe) -> str:
    # Name, size and time of each file: a changed image is decoded anew.
    digest = hashlib.sha256(f"{recipe} 2".encode())
    for image in images:
        state = image.path.stat()
        digest.update(f"{image.path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
