"""From a file to `RgbImage`: the only place that decodes. 5 formats, one upright 8-bit RGB picture."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.errors import ImageError
from bloodsmear.images.file_header import FileHeader, HeaderError, TiffSamples, read_header
from bloodsmear.images.jpeg import decode_jpeg
from bloodsmear.images.rgb_image import RgbImage

# OpenCV's own log goes to stderr, between the lines of a progress bar; every refusal here has its sentence.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

_NO_MEMORY = "there is not enough memory for it; close other programs or make the image smaller."
_NOT_DECODED = (
    "the picture in the file is damaged, cut off or of a rare kind; copy it again or save it as PNG."
)

_Samples = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What a file may ask of the memory: looked at before anything is decoded."""

    pixels: int = 200_000_000
    file_bytes: int = 500_000_000


DEFAULT_LIMITS = DecodeLimits()


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """`pixels`, upright; `sha256` of the file's bytes; `width_px` and `height_px` of the upright picture."""

    pixels: RgbImage
    sha256: str
    width_px: int
    height_px: int


def decode_image(path: Path, limits: DecodeLimits = DEFAULT_LIMITS) -> DecodedImage:
    """Read and decode one file. Raises ImageError with the path and a reason that does not name it."""
    return decode_bytes(read_file(path, limits), path, limits)


def read_file(path: Path, limits: DecodeLimits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a file. Raises ImageError for what is no file, empty, too large or not to be read.

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


def decode_bytes(content: bytes, path: Path, limits: DecodeLimits = DEFAULT_LIMITS) -> DecodedImage:
    """Decode the bytes of a file; `path` only names it in the ImageError."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        pixels = _decode(content, read_header(content), limits)
    except HeaderError as error:
        raise ImageError(path, str(error), sha256) from error
    height, width = pixels.shape[:2]
    return DecodedImage(pixels, sha256, width, height)


def decode_reduced(path: Path, at_least_px: int) -> RgbImage:
    """A small version whose long side still has `at_least_px`, or the whole picture; quick for JPEG only.

    JPEG is decoded at 1/2, 1/4 or 1/8 of its size (libjpeg's scaled inverse transform). Raises ImageError.
    """
    content = read_file(path)
    try:
        header = read_header(content)
        return _decode(content, header, DEFAULT_LIMITS, _divisor(header, at_least_px))
    except HeaderError as error:
        raise ImageError(path, str(error), hashlib.sha256(content).hexdigest()) from error


def _divisor(header: FileHeader, at_least_px: int) -> int:
    if header.format != "jpeg":
        return 1
    long_side = max(header.width_px, header.height_px)
    return next((divisor for divisor in (8, 4, 2) if long_side >= divisor * at_least_px), 1)


def _decode(content: bytes, header: FileHeader, limits: DecodeLimits, divisor: int = 1) -> RgbImage:
    if header.width_px * header.height_px > limits.pixels:
        size = f"{header.width_px}×{header.height_px} px"
        raise HeaderError(f"the image has {size}, more than the {limits.pixels / 1e6:g} megapixels allowed.")
    if header.tiff is not None:
        _refuse_rare_tiff(header.tiff)
    try:
        if header.format == "jpeg":
            pixels = decode_jpeg(content, header, divisor)
        else:
            pixels = _as_rgb(_samples_of(content), header)
        upright = np.ascontiguousarray(_turn_upright(pixels, header))
    except MemoryError as error:
        raise HeaderError(_NO_MEMORY) from error
    except cv2.error as error:
        reason = _NO_MEMORY if error.code == cv2.Error.StsNoMem else _NOT_DECODED
        raise HeaderError(reason) from error
    if upright.shape[:2] != _upright_size(header, divisor):
        raise HeaderError(_NOT_DECODED)
    return upright


def _upright_size(header: FileHeader, divisor: int) -> tuple[int, int]:
    """Height and width that the header promises; a damaged file may hold a picture of another size."""
    height, width = -(-header.height_px // divisor), -(-header.width_px // divisor)
    return (width, height) if header.orientation >= 5 else (height, width)


def _refuse_rare_tiff(tiff: TiffSamples) -> None:
    """Raise HeaderError for what OpenCV would give without a part of it, or not at all."""
    if tiff.photometric in (0, 1) and tiff.extra in (1, 2):
        raise HeaderError("it is a grey TIFF with transparency, which would be lost; save it as PNG.")
    if tiff.photometric == 5 and tiff.bits != 8:
        raise HeaderError(
            f"it is a CMYK TIFF with {tiff.bits} bits a channel; save it as RGB or with 8 bits."
        )


def _samples_of(content: bytes) -> _Samples:
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    # None is all that OpenCV says of a damaged file.
    if decoded is None or decoded.size == 0:
        raise HeaderError(_NOT_DECODED)
    return _eight_or_sixteen_bit(decoded)


def _eight_or_sixteen_bit(decoded: cv2.typing.MatLike) -> _Samples:
    if decoded.dtype == np.uint8:
        return np.asarray(decoded, np.uint8)
    if decoded.dtype == np.uint16:
        return np.asarray(decoded, np.uint16)
    raise HeaderError(f"its samples are of type {decoded.dtype}; save it with 8 or 16 bits a channel.")


def _as_rgb(samples: _Samples, header: FileHeader) -> RgbImage:
    if header.tiff is not None and samples.dtype == np.uint16:
        return _rgb_of_16_bit_tiff(samples, header.tiff)
    eight_bit = _as_8_bit(samples)
    if eight_bit.ndim == 2:
        rgb = _converted(eight_bit, cv2.COLOR_GRAY2RGB)
        if header.clear_grey is not None:
            rgb[samples == header.clear_grey] = 255
        return rgb
    if eight_bit.shape[2] == 3:
        return _converted(eight_bit, cv2.COLOR_BGR2RGB)
    if header.tiff is None:
        return _flattened(eight_bit, premultiplied=False)
    if header.tiff.extra in (1, 2) or header.tiff.photometric == 5:
        # libtiff hands out 8-bit samples already multiplied by alpha, whichever way they were stored.
        return _flattened(eight_bit, premultiplied=True)
    # A fourth sample that isn't said to be alpha is none; OpenCV hands it out in alpha's place.
    return _converted(eight_bit[..., :3], cv2.COLOR_BGR2RGB)


def _rgb_of_16_bit_tiff(samples: _Samples, tiff: TiffSamples) -> RgbImage:
    """OpenCV hands out the bare samples of a 16-bit TIFF (of RGBA only the order is turned)."""
    if samples.ndim == 3 and tiff.planar == 2:
        # OpenCV reads the planes as if they were pixels, and leaves what they don't fill as it lay in the memory.
        raise HeaderError("it is a 16-bit TIFF with its colours in separate planes; save it as PNG.")
    eight_bit = _as_8_bit(samples)
    if eight_bit.ndim == 2 and tiff.photometric in (0, 1):
        grey = 255 - eight_bit if tiff.photometric == 0 else eight_bit
        return _converted(grey, cv2.COLOR_GRAY2RGB)
    if eight_bit.ndim == 3 and tiff.photometric == 2:
        if eight_bit.shape[2] == 4 and tiff.extra in (1, 2):
            return _flattened(eight_bit, premultiplied=tiff.extra == 1)
        return _converted(eight_bit[..., :3], cv2.COLOR_BGR2RGB)
    raise HeaderError("it is a 16-bit TIFF in a colour space that cannot be read; save it as RGB or grey.")


# 65535 = 255 × 257, so 16 bits become 8 by value / 257, rounded: by the bit depth, never by the pixels.
_EIGHT_BIT_OF_16 = ((np.arange(65536) + 128) // 257).astype(np.uint8)


def _as_8_bit(samples: _Samples) -> RgbImage:
    return np.asarray(_EIGHT_BIT_OF_16[samples] if samples.dtype == np.uint16 else samples, dtype=np.uint8)


def _flattened(blue_first: RgbImage, premultiplied: bool) -> RgbImage:
    """On white: colour × alpha + 255 × (1 − alpha), rounded; premultiplied colours have the first product done."""
    rgb = _converted(blue_first[..., :3], cv2.COLOR_BGR2RGB)
    alpha = blue_first[..., 3:].astype(np.uint16)
    if alpha.min() == 255:
        return rgb
    if premultiplied:
        return np.asarray(np.minimum(rgb + (255 - alpha), 255), dtype=np.uint8)
    return np.asarray((rgb * alpha + 255 * (255 - alpha) + 127) // 255, dtype=np.uint8)


def _turn_upright(pixels: RgbImage, header: FileHeader) -> RgbImage:
    """Apply EXIF's orientation (1 to 8) once. OpenCV has turned TIFFs already, whatever the flags say."""
    if header.format == "tiff":
        return pixels
    if header.orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if header.orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if header.orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels


def _converted(pixels: RgbImage, code: int) -> RgbImage:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), code), dtype=np.uint8)
