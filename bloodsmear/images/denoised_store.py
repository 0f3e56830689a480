"""Denoised pictures on the disk, so that an image looked at again is there at once.

They lie in the user's local cache and nowhere else, and may go at any time: the folder holds `limit_bytes` at most,
what was not used for longest goes first, and `clear` removes everything. A file is named after the picture that it was
made of (a hash of the image file's bytes and its page, see DecodedImage), never after a path.
"""

import contextlib
import os
from pathlib import Path

import cv2
import numpy as np

from bloodsmear import atomic_file
from bloodsmear.images.denoise_settings import DenoisedKey
from bloodsmear.images.rgb_image import RgbImage

LIMIT_BYTES = 1_000_000_000
# Lossless. The strongest compression saves a twentieth more and takes ten times as long.
_PNG_OPTIONS = (cv2.IMWRITE_PNG_COMPRESSION, 1)


class DenoisedStore:
    """The folder. It is a help and no more: where it cannot be read or written, nothing is found and nothing kept."""

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def read(self, key: DenoisedKey) -> RgbImage | None:
        """The picture, bit for bit as it was kept: uint8 H×W×3. None if there is none."""
        file = self._folder / _file_name(key)
        try:
            blue_first = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_COLOR)
            os.utime(file)
        except (OSError, cv2.error):
            return None
        if blue_first is None:
            # Cut off or damaged: it would never be of use.
            _remove(file)
            return None
        return np.asarray(cv2.cvtColor(blue_first, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def keep(self, key: DenoisedKey, pixels: RgbImage) -> None:
        """Keep the picture, and let go of the oldest that do not fit any more."""
        encoded = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _PNG_OPTIONS)[1].tobytes()
        if len(encoded) > self._limit_bytes:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(encoded))
            atomic_file.write(self._folder / _file_name(key), encoded)

    def clear(self) -> int:
        """Remove every picture; says how many bytes are free again."""
        return sum(_remove(file) for file in self._files())

    def held_bytes(self) -> int:
        """How much lies in the folder."""
        return sum(size for _, size, _ in self._by_age())

    def _files(self) -> list[Path]:
        try:
            # With what an interrupted writing left behind.
            return [file for file in self._folder.iterdir() if file.suffix in (".png", ".tmp")]
        except OSError:
            return []

    def _by_age(self) -> list[tuple[float, int, Path]]:
        """When each file was last used, its bytes and the file, the oldest first."""
        found = []
        for file in self._files():
            # Another window may have removed it meanwhile.
            with contextlib.suppress(OSError):
                status = file.stat()
                found.append((status.st_mtime, status.st_size, file))
        return sorted(found)

    def _make_room(self, for_bytes: int) -> None:
        files = self._by_age()
        held_bytes = sum(size for _, size, _ in files)
        for _, size, file in files:
            if held_bytes + for_bytes <= self._limit_bytes:
                return
            _remove(file)
            held_bytes -= size


def _file_name(key: DenoisedKey) -> str:
    # Another OpenCV may decode or denoise otherwise, so its version belongs to the name. 2 leaves
    # the scale bar as it is.
    settings = key.settings
    return f"{key.picture}-{settings.name}-{settings.strength}-opencv{cv2.__version__}-2.png"


def _remove(file: Path) -> int:
    """Remove a file; says how many bytes that freed."""
    try:
        size = file.stat().st_size
        file.unlink()
    except OSError:
        return 0
    return size
