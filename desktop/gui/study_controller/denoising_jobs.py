"""The work of denoising and of preparing images that leaves the window's thread.

What brings in OpenCV is imported on the job's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear import paths
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodedImage, decode_image
from bloodsmear.images.denoise_settings import DenoisedKey, DenoiseSettings
from bloodsmear.images.denoised_store import DenoisedStore
from bloodsmear.images.scan import FoundImage

if TYPE_CHECKING:
    from bloodsmear.images.denoising import Denoising
    from bloodsmear.images.rgb_image import RgbImage


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A decoded file, and by what it is known that the file was not changed since: its time and its bytes."""

    decoded: DecodedImage
    modified_ns: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that cannot be read: the sentence why, and whether setting the camera's bits is the way out."""

    sentence: str
    wants_camera_bits: bool


@dataclass(frozen=True, slots=True)
class FoundDenoised:
    """What there is of a denoised picture: all of it as it was kept, or what remains to be done."""

    pixels: RgbImage | None
    remaining: Denoising | None


def read_file(found: FoundImage, known: ReadFile | None) -> ReadFile:
    """Decode the file, or give back what is known of it where it has not changed. Raises ImageError."""

    try:
        status = found.path.stat()
        stamp = status.st_mtime_ns, status.st_size
    except OSError:
        # Decoding says in a sentence what is wrong with it.
        stamp = 0, 0
    if known is not None and (known.modified_ns, known.file_bytes) == stamp:
        return known
    return ReadFile(decode_image(found.path, asked=found.asked), *stamp)


def read_chosen(found: FoundImage, known: ReadFile | None) -> ReadFile | UnreadFile:
    """The same, with the reason in place of an error."""
    try:
        return read_file(found, known)
    except ImageError as error:
        # The list shows where the file lies; a long path would only hide the reason.
        shown = ImageError(Path(error.path.name), error.reason)
        return UnreadFile(str(shown), error.wants_camera_bits)


def find_denoised(key: DenoisedKey, original: RgbImage) -> FoundDenoised:
    """The denoised picture from the disk, or the work that makes it."""
    from bloodsmear.images.denoising import Denoising

    if key.settings.slow:
        kept = DenoisedStore(paths.denoised_pictures()).read(key)
        if kept is not None and kept.shape == original.shape:
            return FoundDenoised(kept, None)
    return FoundDenoised(None, Denoising(original, key.settings))


def keep_denoised(key: DenoisedKey, pixels: RgbImage) -> None:
    """Keep a denoised picture on the disk."""

    DenoisedStore(paths.denoised_pictures()).keep(key, pixels)


def clear_denoised() -> int:
    """Remove every denoised picture from the disk; says how many bytes that freed."""

    return DenoisedStore(paths.denoised_pictures()).clear()


def make_preview(original: RgbImage, settings: DenoiseSettings) -> RgbImage:
    """About the denoised picture, at once."""
    from bloodsmear.images.denoise_preview import denoise_preview

    return denoise_preview(original, settings)
