"""The files of decoded pictures in the user's cache: read and written whole, the oldest ones taken away."""

import contextlib
import hashlib
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bloodsmear import atomic_file
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.jobs import Report
from training.data.data_set import LabelledImage
from training.data.pictures import PictureSet, decode_pictures

# 33,000 images of 224 × 224 px, or 72,000 of 150 × 150.
LARGEST_CACHE_BYTES = 5_000_000_000
_FILES = "pictures-*.npz"
# What `atomic_file` writes beside them until it is whole; a process that was killed leaves its own behind.
_HALF_FILES = ".pictures-*.tmp"
_HALF_FILE_LIFE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class PictureCache:
    """The files in `folder`, at most `limit_bytes` of them but for the one that was used last."""

    folder: Path
    limit_bytes: int = LARGEST_CACHE_BYTES

    def read(self, key: str) -> PictureSet | None:
        """What was kept under the key; None where nothing is, or the file is damaged: the images are decoded anew."""
        file = self._file(key)
        try:
            with np.load(file, allow_pickle=False) as saved:
                large = saved.get("large")
                pictures = PictureSet(saved["pixels"], saved["reduced"], saved["fingerprints"], large)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        # Its time says when it was used last, which decides what goes first.
        with contextlib.suppress(OSError):
            file.touch()
        return pictures

    def write(self, key: str, pictures: PictureSet) -> None:
        """Keep the pictures under the key, and take others away, those used longest ago first. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Two runs may make the same file at once: each writes a file of its own and renames it.
        with atomic_file.open_replacing(self._file(key)) as target:
            arrays: dict[str, Any] = {"pixels": pictures.pixels, "reduced": pictures.reduced}
            if pictures.large is not None:
                arrays["large"] = pictures.large
            np.savez(target, fingerprints=pictures.fingerprints, **arrays)
        self._make_room(self._file(key))

    def _file(self, key: str) -> Path:
        return self.folder / _FILES.replace("*", key)

    def _make_room(self, in_use: Path) -> None:
        # Another process may take the same ones away, or (on Windows) be reading one, which then stays.
        for half in self.folder.glob(_HALF_FILES):
            with contextlib.suppress(OSError):
                if time.time() - half.stat().st_mtime > _HALF_FILE_LIFE_S:
                    half.unlink()
        files = []
        for file in self.folder.glob(_FILES):
            with contextlib.suppress(OSError):
                files.append((file.stat().st_mtime_ns, file.stat().st_size, file))
        total = sum(size for _, size, _ in files)
        for _, size, file in sorted(files):
            if total <= self.limit_bytes:
                break
            if file != in_use:
                with contextlib.suppress(OSError):
                    file.unlink()
                    total -= size


def load_pictures(
    images: Sequence[LabelledImage], recipe: Recipe, cache: Path, report: Report, large_px: int = 0
) -> PictureSet:
    """Decode and resize by the recipe, and to `large_px` as well (0: not), through a file in the folder `cache`.

    Raises DataSetError that names every image that cannot be read.
    """
    kept, key = PictureCache(cache), _key(images, recipe, large_px)
    pictures = kept.read(key)
    if pictures is None:
        pictures = decode_pictures(images, recipe, report, large_px)
        kept.write(key, pictures)
    return pictures


def _key(images: Sequence[LabelledImage], recipe: Recipe, large_px: int) -> str:
    # Name, size and time of each file: a changed image is decoded anew.
    digest = hashlib.sha256(f"{recipe} {large_px} 4".encode())
    for image in images:
        state = image.path.stat()
        digest.update(f"{image.path}\0{image.page}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
        if image.sha256:
            # What was read as any bytes may not be what was decided on.
            digest.update(f"{image.sha256} {image.camera_bits}".encode())
    return digest.hexdigest()[:16]
