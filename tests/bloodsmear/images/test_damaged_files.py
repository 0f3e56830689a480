"""Files of every format, cut off, overwritten and with false sizes: the declared picture or an ImageError.

The corpus is made on the fly. `BLOODSMEAR_SOAK=1` (benchmarks/soak.py) looks at a hundred times as many files.
"""

import contextlib
import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bloodsmear import paths
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodedImage, DecodeLimits, decode_bytes, decode_image, decode_reduced
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.formats.sniff import open_picture

SOAK = os.environ.get("BLOODSMEAR_SOAK") == "1"
LIMITS = DecodeLimits(pixels=1_000_000)


def picture(mode: str = "RGB") -> Image.Image:
    noise = np.random.default_rng(5).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    return Image.fromarray(cv2.resize(noise, (256, 192), interpolation=cv2.INTER_CUBIC)).convert(mode)


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def sixteen_bit(file_ending: str) -> bytes:
    return cv2.imencode(file_ending, np.asarray(picture()).astype(np.uint16) * 257)[1].tobytes()


WHOLE: dict[str, bytes] = {
    "jpeg": saved(picture(), "JPEG"),
    "jpeg progressive": saved(picture(), "JPEG", progressive=True),
    "jpeg with restart marks": saved(picture(), "JPEG", restart_marker_rows=1),
    "jpeg grey": saved(picture("L"), "JPEG"),
    "jpeg cmyk": saved(picture("CMYK"), "JPEG"),
    "png": saved(picture(), "PNG"),
    "png palette": saved(picture("P"), "PNG"),
    "png 16 bit": sixteen_bit(".png"),
    "tiff": saved(picture(), "TIFF"),
    "tiff lzw": saved(picture(), "TIFF", compression="tiff_lzw"),
    "tiff deflate": saved(picture(), "TIFF", compression="tiff_adobe_deflate"),
    "tiff jpeg": saved(picture(), "TIFF", compression="jpeg"),
    "tiff grey": saved(picture("L"), "TIFF"),
    "tiff cmyk": saved(picture("CMYK"), "TIFF"),
    "tiff 16 bit": sixteen_bit(".tif"),
    "tiff 16 bit grey, directory first": saved(Image.fromarray(np.full((90, 90), 999, np.uint16)), "TIFF"),
    "big tiff": saved(picture(), "TIFF", big_tiff=True),
    "bmp": saved(picture(), "BMP"),
    "bmp palette": saved(picture("P"), "BMP"),
    "webp": saved(picture(), "WEBP"),
    "webp lossless": saved(picture(), "WEBP", lossless=True),
    "jpeg 2000": saved(picture(), "JPEG2000"),
    "avif": saved(picture(), "AVIF"),
}


@pytest.mark.parametrize("percent", range(1, 100) if SOAK else [5, 30, 50, 90, 99])
@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_off_is_refused_and_says_nothing_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str, percent: int
) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(WHOLE[kind][: len(WHOLE[kind]) * percent // 100])

    with pytest.raises(ImageError, match="cut off") as caught:
        decode_image(path)

    assert path.name not in caught.value.reason
    assert caught.value.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if "jpeg" in kind])
def test_a_jpeg_cut_off_is_refused_for_thumbnails_too(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(WHOLE[kind][: len(WHOLE[kind]) // 2])

    with pytest.raises(ImageError, match="cut off"):
        decode_reduced(path, 40)


@pytest.mark.parametrize("kind", WHOLE)
def test_the_first_bytes_alone_are_refused_at_every_length(kind: str) -> None:
    for length in (1, 2, 3, 4, 8, 11, 12, 16, 20, 26, 30, 33, 60):
        with pytest.raises(ImageError):
            decode_bytes(WHOLE[kind][:length], Path("cut"))


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if kind.startswith(("jpeg", "png", "webp", "avif"))])
def test_a_broken_download_filled_up_with_zeroes_is_refused(kind: str) -> None:
    content = WHOLE[kind]
    half = content[: len(content) // 2] + bytes(len(content) - len(content) // 2)

    with pytest.raises(ImageError, match="cut off"):
        decode_bytes(half, Path("zeroes.jpg"))


def test_a_png_with_a_flipped_bit_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    for place in range(60, len(WHOLE["png"]), len(WHOLE["png"]) // 50):
        content = bytearray(WHOLE["png"])
        content[place] ^= 1
        with pytest.raises(ImageError, match="damaged"):
            decode_bytes(bytes(content), Path("flipped.png"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", WHOLE)
def test_too_many_pixels_are_refused_before_they_are_decoded(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.delattr(cv2, "imdecode")
    monkeypatch.delattr("simplejpeg.decode_jpeg")

    with pytest.raises(ImageError, match=r"more than the 0\.005 megapixels allowed"):
        decode_bytes(WHOLE[kind], Path("large"), DecodeLimits(pixels=5000))


@dataclass(frozen=True, slots=True)
class Damage:
    """What happens to a file: `new` takes the place of `old_length` bytes at `at` (a share of the file)."""

    kind: str
    in_header: bool
    at: float
    new: bytes
    old_length: int

    def content(self) -> bytes:
        """The damaged file."""
        whole = WHOLE[self.kind]
        start = int(self.at * min(len(whole), 400 if self.in_header else len(whole)))
        return whole[:start] + self.new + whole[start + self.old_length :]


def same_length(new: bytes) -> st.SearchStrategy[tuple[bytes, int]]:
    return st.just((new, len(new)))


REPLACED = st.one_of(
    st.binary(min_size=1, max_size=4).flatmap(same_length),
    # What sizes, counts and offsets become when they are absurd.
    st.sampled_from([b"\xff" * 4, b"\x7f" * 4, bytes(4), b"\xff" * 8, b"\x00\x00\xff\xff"]).flatmap(
        same_length
    ),
    st.integers(1, 4096).map(bytes).flatmap(same_length),
    st.tuples(st.binary(max_size=64), st.integers(0, 512)),
)


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """Any whole file of the corpus with any damage; half of them in the first 400 bytes, where the sizes stand."""
    kind, in_header = draw(st.sampled_from(sorted(WHOLE))), draw(st.booleans())
    new, old_length = draw(REPLACED)
    return Damage(kind, in_header, draw(st.floats(0, 1, exclude_max=True)), new, old_length)


@settings(max_examples=60_000 if SOAK else 400)
@given(damages())
def test_any_damage_gives_the_declared_picture_or_an_image_error_and_nothing_else(damage: Damage) -> None:
    content, path = damage.content(), Path("folder") / "smear"
    refused, decoded = _decoded_or_refused(content, path)
    if refused is not None:
        assert refused.path == path
        assert refused.reason.endswith(".")
        assert str(path) not in refused.reason
        assert refused.sha256 == hashlib.sha256(content).hexdigest()
    if decoded is not None:
        assert decoded.pixels.shape == (*_declared_sides(content), 3)
        assert decoded.pixels.dtype == np.uint8
        assert decoded.pixels.flags.c_contiguous
        assert decoded.pixels.size <= 3 * LIMITS.pixels


def _decoded_or_refused(content: bytes, path: Path) -> tuple[ImageError | None, DecodedImage | None]:
    try:
        return None, decode_bytes(content, path, LIMITS)
    except ImageError as error:
        return error, None


def _declared_sides(content: bytes) -> tuple[int, int]:
    picture = open_picture(content, Asked(pixels=LIMITS.pixels))
    if picture.orientation >= 5:
        return picture.width_px, picture.height_px
    return picture.height_px, picture.width_px


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if "jpeg" in kind])
def test_thumbnails_of_damaged_jpegs_are_small_pictures_or_image_errors(tmp_path: Path, kind: str) -> None:
    random = np.random.default_rng(11)
    path = tmp_path / "damaged.jpg"
    for _ in range(500 if SOAK else 15):
        damaged = np.frombuffer(WHOLE[kind], np.uint8).copy()
        damaged[random.integers(0, len(damaged), 3)] = random.integers(0, 256, 3)
        path.write_bytes(damaged.tobytes())
        with contextlib.suppress(ImageError):
            assert max(decode_reduced(path, 64).pixels.shape) >= 64


def test_a_stretch_of_zeroes_in_a_heic_is_refused() -> None:
    whole = (paths.format_samples() / "phone.heic").read_bytes()
    at = whole.index(b"mdat") + 60

    with pytest.raises(ImageError, match="cut off"):
        decode_bytes(whole[:at] + bytes(80) + whole[at + 80 :], Path("zeroes.heic"))


@pytest.mark.parametrize("file_format", ["WEBP", "JPEG2000", "AVIF"])
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (240, 240, 240)])
def test_large_even_areas_of_other_formats_are_not_damage(
    file_format: str, colour: tuple[int, int, int]
) -> None:
    content = saved(Image.new("RGB", (1600, 1200), colour), file_format)

    assert np.abs(decode_bytes(content, Path("even")).pixels.astype(int) - colour).max() <= 2
