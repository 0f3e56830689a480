"""What cannot be read: one ImageError with a sentence that does not name the file."""

import hashlib
import io
import os
import struct
from pathlib import Path
from typing import Any, NoReturn

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodeLimits, decode_bytes, decode_image


def saved(image: Image.Image, file_format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format)
    return buffer.getvalue()


WHOLE_PNG = saved(Image.linear_gradient("L"), "PNG")
WHOLE_JPEG = saved(Image.linear_gradient("L"), "JPEG")


def refusal(path: Path, **options: Any) -> ImageError:
    with pytest.raises(ImageError) as caught:
        decode_image(path, **options)
    error = caught.value
    assert error.path == path
    assert str(path) not in error.reason
    assert path.name not in error.reason
    assert error.reason.endswith(".")
    return error


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()

    error = refusal(path)

    assert "empty (0 bytes)" in error.reason
    assert error.sha256 == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Dear colleague, please find attached\n", "is not an image that can be read"),
        (b"GIF89a" + bytes(99), "is a GIF, which keeps at most 256 colours, which is not read"),
        (
            b"ZISRAWFILE" + bytes(99),
            "is a CZI file of Zeiss, which is not read; save it as PNG, TIFF or JPEG",
        ),
        (b"\xff", "is not an image that can be read"),
    ],
)
def test_what_holds_no_image_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "letter.jpg"
    path.write_bytes(content)

    assert words in refusal(path).reason


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
    path.write_bytes(WHOLE_PNG)
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
    path.write_bytes(WHOLE_PNG)

    def fail(*arguments: object, **options: object) -> NoReturn:
        raise failure

    monkeypatch.setattr(np, "fromfile", fail)

    assert words in refusal(path).reason


@pytest.mark.parametrize("change", ["grows", "is overwritten"])
def test_a_file_that_changes_while_it_is_read_is_refused_and_has_no_sha256(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = tmp_path / "smear.png"
    path.write_bytes(WHOLE_PNG)
    read = np.fromfile

    def read_and_change(*arguments: Any, **options: Any) -> npt.NDArray[Any]:
        content = read(*arguments, **options)
        path.write_bytes(WHOLE_PNG + b"more" if change == "grows" else WHOLE_PNG[::-1])
        os.utime(path, ns=(1, 1))
        return content

    monkeypatch.setattr(np, "fromfile", read_and_change)

    error = refusal(path)

    assert "changed while it was read" in error.reason
    # Without one the next run reads the image again, whatever its bytes are then.
    assert error.sha256 == ""


def test_a_file_with_too_many_bytes_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(bytes(2_000_001))
    monkeypatch.delattr(np, "fromfile")

    error = refusal(path, limits=DecodeLimits(file_bytes=1_500_000))

    assert error.reason == "the file has 2.0 MB, more than the 1.5 MB allowed."


def test_floating_point_samples_without_a_range_are_refused() -> None:
    content = saved(Image.fromarray(np.ones((40, 40), np.float32)), "TIFF")

    with pytest.raises(ImageError, match="of type float32 without a stated range; save it with 8 or 16"):
        decode_bytes(content, Path("float.tif"))


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
    whole = WHOLE_JPEG
    decoded = decode_bytes(whole[:2] + segment + whole[2:], Path("beyond.jpg"))
    np.testing.assert_array_equal(decoded.pixels, decode_bytes(whole, Path("whole.jpg")).pixels)


@pytest.mark.parametrize(
    ("code", "words"),
    [(cv2.Error.StsNoMem, "not enough memory"), (cv2.Error.StsAssert, "damaged or cut off")],
)
def test_what_opencv_raises_while_decoding_is_a_refusal_too(
    monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def fail(*arguments: object) -> NoReturn:
        error = cv2.error("Failed to allocate 1568000000 bytes")
        error.code = code
        raise error

    monkeypatch.setattr(cv2, "imdecode", fail)
    with pytest.raises(ImageError, match=words):
        decode_bytes(WHOLE_PNG, Path("large.png"))


@pytest.mark.parametrize("size", [(31, 400), (400, 31), (16, 12)])
def test_a_picture_under_32_px_is_too_small_to_be_a_smear(size: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match=f"has {size[0]}×{size[1]} px, which is too small to be a smear"):
        decode_bytes(saved(Image.new("RGB", size), "PNG"), Path("small.png"))
