"""What cannot be read: one ImageError with a sentence that does not name the file, and never half a picture."""

import contextlib
import hashlib
import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any, NoReturn

import cv2
import numpy as np
import pytest
from PIL import Image

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodeLimits, decode_bytes, decode_image, decode_reduced


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
}


def refusal(path: Path, **options: Any) -> ImageError:
    with pytest.raises(ImageError) as caught:
        decode_image(path, **options)
    error = caught.value
    assert error.path == path
    assert str(path) not in error.reason
    assert path.name not in error.reason
    assert error.reason.endswith(".")
    return error


@pytest.mark.parametrize("percent", [30, 50, 90, 99])
@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_off_is_refused_and_says_nothing_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str, percent: int
) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(WHOLE[kind][: len(WHOLE[kind]) * percent // 100])

    error = refusal(path)

    assert "cut off" in error.reason
    assert error.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
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


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if kind.startswith(("jpeg", "png"))])
def test_a_broken_download_filled_up_with_zeroes_is_refused(kind: str) -> None:
    content = WHOLE[kind]
    half = content[: len(content) // 2] + bytes(len(content) - len(content) // 2)

    with pytest.raises(ImageError, match="cut off"):
        decode_bytes(half, Path("zeroes.jpg"))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()

    error = refusal(path)

    assert "empty (0 bytes)" in error.reason
    assert error.sha256 == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    "content", [b"Dear colleague, please find attached\n", b"GIF89a" + bytes(99), b"\xff"]
)
def test_what_holds_no_image_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.jpg"
    path.write_bytes(content)

    assert "holds no JPEG, PNG, TIFF, BMP or WebP image" in refusal(path).reason


def test_a_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "folder.png"
    path.mkdir()

    assert "is a folder" in refusal(path).reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.png"
    os.mkfifo(path)

    assert "not a file" in refusal(path).reason


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert "no longer there" in refusal(tmp_path / "gone.png").reason


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(WHOLE["png"])
    path.chmod(0)

    assert "no permission" in refusal(path).reason


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (PermissionError(13, "Permission denied"), "no permission"),
        (OSError(5, "Input/output error"), "(Input/output error); look whether its drive is connected"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_a_failing_read_is_refused_with_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, words: str
) -> None:
    path = tmp_path / "smear.png"
    path.write_bytes(WHOLE["png"])

    def fail(*arguments: object, **options: object) -> NoReturn:
        raise failure

    monkeypatch.setattr(np, "fromfile", fail)

    assert words in refusal(path).reason


def test_a_file_with_too_many_bytes_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(bytes(2_000_001))
    monkeypatch.delattr(np, "fromfile")

    error = refusal(path, limits=DecodeLimits(file_bytes=1_500_000))

    assert error.reason == "the file has 2.0 MB, more than the 1.5 MB allowed."


@pytest.mark.parametrize("kind", WHOLE)
def test_too_many_pixels_are_refused_before_they_are_decoded(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.delattr(cv2, "imdecode")

    with pytest.raises(ImageError, match=r"more than the 0\.005 megapixels allowed"):
        decode_bytes(WHOLE[kind], Path("large"), DecodeLimits(pixels=5000))


def test_a_png_that_claims_a_giant_picture_is_refused() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )

    with pytest.raises(ImageError, match="60000×60000 px, more than the 200 megapixels allowed"):
        decode_bytes(content, Path("bomb.png"))


def test_a_png_with_a_flipped_bit_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    content = bytearray(WHOLE["png"])
    content[len(content) // 2] ^= 1

    with pytest.raises(ImageError, match="damaged"):
        decode_bytes(bytes(content), Path("flipped.png"))
    assert capfd.readouterr() == ("", "")


def test_floating_point_samples_are_refused() -> None:
    content = saved(Image.fromarray(np.ones((5, 5), np.float32)), "TIFF")

    with pytest.raises(ImageError, match="of type float32; save it with 8 or 16 bits a channel"):
        decode_bytes(content, Path("float.tif"))


def test_a_16_bit_tiff_with_its_colours_in_separate_planes_is_refused() -> None:
    # OpenCV gives such a file samples that it never filled: whatever lay in the memory.
    in_pixels, in_planes = (struct.pack("<HHIH", 284, 3, 1, value) for value in (1, 2))
    content = sixteen_bit(".tif")
    assert content.count(in_pixels) == 1
    with pytest.raises(ImageError, match="separate planes"):
        decode_bytes(content.replace(in_pixels, in_planes), Path("planes.tif"))


@pytest.mark.parametrize("offset", [2**63, 2**64 - 1])
def test_a_big_tiff_that_points_beyond_every_memory_is_refused(offset: int) -> None:
    start = b"II+\0" + struct.pack("<HHQ", 8, 0, offset)
    width = b"II+\0" + struct.pack("<HHQQHHQQ", 8, 0, 16, 1, 256, 16, 9, offset)
    for content in (start, width):
        with pytest.raises(ImageError, match="damaged or cut off"):
            decode_bytes(content, Path("beyond.tif"))


def test_an_orientation_that_points_beyond_every_memory_leaves_the_image_as_it_is() -> None:
    exif = b"Exif\0\0II+\0" + struct.pack("<HHQ", 8, 0, 2**64 - 1)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    whole = WHOLE["jpeg"]
    decoded = decode_bytes(whole[:2] + segment + whole[2:], Path("beyond.jpg"))
    np.testing.assert_array_equal(decoded.pixels, decode_bytes(whole, Path("whole.jpg")).pixels)


@pytest.mark.parametrize("fault", [MemoryError(), cv2.error("no such conversion")])
def test_what_fails_after_decoding_is_a_refusal_too(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> NoReturn:
        raise fault

    monkeypatch.setattr(cv2, "cvtColor", fail)
    with pytest.raises(ImageError):
        decode_bytes(WHOLE["png"], Path("large.png"))


def test_random_damage_gives_a_picture_or_an_image_error_and_nothing_else() -> None:
    random = np.random.default_rng(11)
    for content in WHOLE.values():
        for _ in range(25):
            damaged = np.frombuffer(content, np.uint8).copy()
            places = random.integers(0, min(len(damaged), 400), 4)
            damaged[places] = random.integers(0, 256, 4)
            with contextlib.suppress(ImageError):
                decode_bytes(damaged.tobytes(), Path("damaged"), DecodeLimits(pixels=10_000_000))
