"""From a file to `RgbImage`: the only place that decodes. Every format becomes one upright 8-bit sRGB picture."""

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bloodsmear.errors import ImageError
from bloodsmear.images.colour import Coloured, to_rgb
from bloodsmear.images.formats.picture import Picture
from bloodsmear.images.formats.reader_contract import (
    CUT_OFF,
    DAMAGE_ERRORS,
    DECODER,
    Asked,
    CameraBitsError,
    FormatError,
)
from bloodsmear.images.formats.sniff import open_picture
from bloodsmear.images.memory_room import FREE_BYTES, memory_room
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale import NOTHING_STATED, StatedScale, stated_scale

_NO_MEMORY = "there is not enough memory for it; close other programs or make the image smaller."


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What a file may ask of the memory, and the least side of a smear: looked at before anything is decoded."""

    pixels: int = 200_000_000
    file_bytes: int = 500_000_000
    least_side_px: int = 32


DEFAULT_LIMITS = DecodeLimits()
FIRST = Asked()


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """`pixels`, upright; `sha256` of the file's bytes; `width_px` and `height_px` of the upright picture.

    `picture` (64 hex digits) tells these pixels from those of the file's other pages, and of other programs' versions.
    `colour_profile` is the name of the embedded profile that the colours were converted by; empty if there is none,
    where it is sRGB's, or where it cannot be read. `scale` is what the file states of it, and nothing where the
    picture was decoded reduced.
    """

    pixels: RgbImage
    sha256: str
    width_px: int
    height_px: int
    picture: str = ""
    colour_profile: str = ""
    scale: StatedScale = NOTHING_STATED


@contextmanager
def decoding(
    path: Path, limits: DecodeLimits = DEFAULT_LIMITS, asked: Asked = FIRST, at_least_px: int | None = None
) -> Iterator[DecodedImage]:
    """A decoded file, for a block: until it ends a large image keeps its room in the PC's memory (`memory_room`).

    With `at_least_px` as `decode_reduced`. Raises ImageError with the path and a reason that does not name it.
    """
    room, needed = memory_room(), _file_bytes(path, limits)
    while True:
        with room.held(needed):
            content = read_image_file(path, limits)
            with _named_errors(path, content):
                picture = _open(content, asked, limits)
                divisor = _divisor(picture, at_least_px)
            wanted = len(content) + picture.memory_bytes(divisor)
            if wanted <= max(needed, FREE_BYTES):
                with _named_errors(path, content):
                    coloured = _upright(picture, divisor)
                decoded = _decoded(coloured, hashlib.sha256(content).hexdigest(), asked)
                if divisor == 1:
                    decoded = replace(decoded, scale=stated_scale(picture.facts.sizes))
                del content, picture, coloured
                yield decoded
                return
        # Nothing is held while it waits for more: its bytes are read once more.
        del content, picture
        needed = wanted


def decode_image(path: Path, limits: DecodeLimits = DEFAULT_LIMITS, asked: Asked = FIRST) -> DecodedImage:
    """Read and decode one file. Raises ImageError with the path and a reason that does not name it."""
    with decoding(path, limits, asked) as decoded:
        return decoded


def read_image_file(path: Path, limits: DecodeLimits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a file. Raises ImageError for what is not a file, empty, too large or not to be read.

    np.fromfile opens names that cv2.imread cannot on Windows: Cyrillic, CJK, emoji.
    """
    try:
        if path.is_dir():
            raise ImageError(path, "it is a folder, not a file.")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for without end
            raise ImageError(path, "it is a device or a pipe, not a file.")
        file_bytes = status.st_size
        if file_bytes > limits.file_bytes:
            size, largest = f"{file_bytes / 1e6:.1f} MB", f"{limits.file_bytes / 1e6:g} MB"
            raise ImageError(path, f"the file has {size}, more than the {largest} allowed.")
        content = np.fromfile(path, dtype=np.uint8).tobytes()
        after = path.stat()
    except FileNotFoundError as error:
        raise ImageError(
            path, "the file is no longer there; it was moved or deleted, or its drive is not connected."
        ) from error
    except PermissionError as error:
        raise ImageError(path, "you have no permission to read the file; ask its owner for it.") from error
    except MemoryError as error:
        raise ImageError(path, _NO_MEMORY) from error
    except OSError as error:
        cause = error.strerror or "unknown error"
        reason = f"the file could not be read ({cause}); look whether its drive is connected."
        raise ImageError(path, reason) from error
    if (after.st_size, after.st_mtime_ns) != (file_bytes, status.st_mtime_ns) or len(content) != file_bytes:
        # Half of the old picture and half of the new one can look like a picture; the bytes stand for neither.
        reason = "the file was changed while it was read; screen it again when it is complete."
        raise ImageError(path, reason)
    if not content:
        reason = "the file is empty (0 bytes); copy it again from where it came."
        raise ImageError(path, reason, hashlib.sha256(content).hexdigest())
    return content


def decode_bytes(
    content: bytes, path: Path, limits: DecodeLimits = DEFAULT_LIMITS, asked: Asked = FIRST
) -> DecodedImage:
    """Decode the bytes of a file; `path` only names it in the ImageError."""
    with _named_errors(path, content):
        picture = _open(content, asked, limits)
        coloured = _upright(picture, 1)
    decoded = _decoded(coloured, hashlib.sha256(content).hexdigest(), asked)
    return replace(decoded, scale=stated_scale(picture.facts.sizes))


def decode_reduced(path: Path, at_least_px: int, asked: Asked = FIRST) -> DecodedImage:
    """A small version whose long side still has `at_least_px`, or the whole picture; quick for JPEG only.

    JPEG is decoded at 1/2, 1/4 or 1/8 of its size (libjpeg's scaled inverse transform). Raises ImageError.
    """
    with decoding(path, DEFAULT_LIMITS, asked, at_least_px) as decoded:
        return decoded


def _file_bytes(path: Path, limits: DecodeLimits) -> int:
    try:
        size = path.stat().st_size
    except OSError:
        return 0  # reading it says what is wrong
    return size if size <= limits.file_bytes else 0


def _decoded(coloured: Coloured, sha256: str, asked: Asked) -> DecodedImage:
    height, width = coloured.pixels.shape[:2]
    which = f"{sha256} {asked.page} {asked.camera_bits} {DECODER}".encode()
    picture = hashlib.sha256(which).hexdigest()
    return DecodedImage(coloured.pixels, sha256, width, height, picture, coloured.profile)


@contextmanager
def _named_errors(path: Path, content: bytes) -> Iterator[None]:
    """Whatever goes wrong with a file's bytes becomes an ImageError."""
    try:
        yield
    except (FormatError, MemoryError, *DAMAGE_ERRORS) as error:
        reason = str(error) if isinstance(error, FormatError) else CUT_OFF
        if isinstance(error, MemoryError):
            reason = _NO_MEMORY
        sha256, wants_bits = hashlib.sha256(content).hexdigest(), isinstance(error, CameraBitsError)
        raise ImageError(path, reason, sha256, wants_bits) from error


def _open(content: bytes, asked: Asked, limits: DecodeLimits) -> Picture:
    """The picture, not decoded yet; it has the side of a smear at least. Raises FormatError."""
    picture = open_picture(content, replace(asked, pixels=limits.pixels))
    if min(picture.width_px, picture.height_px) < limits.least_side_px:
        size = f"{picture.width_px}×{picture.height_px} px"
        raise FormatError(f"the image has {size}, which is too small to be a smear.")
    return picture


def _upright(picture: Picture, divisor: int) -> Coloured:
    """Decoded whole, or reduced by the divisor. Raises FormatError."""
    coloured = to_rgb(picture.read(divisor))
    if coloured.pixels.shape != (-(-picture.height_px // divisor), -(-picture.width_px // divisor), 3):
        # A damaged file may hold a picture of another size than its header promises.
        raise FormatError(CUT_OFF)
    upright = np.ascontiguousarray(_turned_upright(coloured.pixels, picture.orientation))
    return Coloured(upright, coloured.profile)


def _divisor(picture: Picture, at_least_px: int | None) -> int:
    if not picture.reducible or at_least_px is None:
        return 1
    long_side = max(picture.width_px, picture.height_px)
    return next((divisor for divisor in (8, 4, 2) if long_side >= divisor * at_least_px), 1)


def _turned_upright(pixels: RgbImage, orientation: int) -> RgbImage:
    """Apply EXIF's orientation (1 to 8) once."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels
