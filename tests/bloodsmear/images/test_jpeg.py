"""A JPEG that is damaged in the middle is refused, and never a picture with a grey or a shifted rest."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes, decode_reduced
from bloodsmear.images.rgb_image import RgbImage

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "baseline": ("RGB", {}),
    "no subsampling": ("RGB", {"subsampling": 0, "quality": 95}),
    "optimised": ("RGB", {"optimize": True}),
    "progressive": ("RGB", {"progressive": True}),
    "restart marks": ("RGB", {"restart_marker_rows": 1}),
    "grey": ("L", {}),
    "cmyk": ("CMYK", {"subsampling": 0}),
}
DAMAGES = ("zeroes", "other bytes", "bytes left out", "bytes put in")


def smear(side_px: int = 320) -> Image.Image:
    noise = np.random.default_rng(8).integers(0, 256, (side_px // 6, side_px // 6, 3), dtype=np.uint8)
    return Image.fromarray(cv2.resize(noise, (side_px, side_px), interpolation=cv2.INTER_CUBIC))


def jpeg(kind: str, image: Image.Image | None = None) -> bytes:
    mode, options = KINDS[kind]
    buffer = io.BytesIO()
    (image or smear()).convert(mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def damaged(content: bytes, damage: str, start: int, length: int) -> bytes:
    before, after = content[:start], content[start + length :]
    other = np.random.default_rng(start).integers(0, 255, length, dtype=np.uint8).tobytes()
    if damage == "zeroes":
        return before + bytes(length) + after
    if damage == "other bytes":
        return before + other + after
    if damage == "bytes left out":
        return before + after
    return content[:start] + other + content[start:]


def pixels_of(content: bytes) -> RgbImage:
    return decode_bytes(content, Path("smear.jpg")).pixels


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [512, 4096])
def test_a_stretch_of_zeroes_is_refused_wherever_it_lies(
    kind: str, length: int, capfd: pytest.CaptureFixture[str]
) -> None:
    content = jpeg(kind)
    for percent in (30, 50, 70, 80):
        broken = damaged(content, "zeroes", len(content) * percent // 100, length)
        with pytest.raises(ImageError, match="damaged or cut off"):
            pixels_of(broken)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("damage", ["other bytes", "bytes left out", "bytes put in"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_or_foreign_sector_is_refused(kind: str, damage: str) -> None:
    content = jpeg(kind)
    refused = 0
    for percent in range(30, 80, 5):
        try:
            pixels_of(damaged(content, damage, len(content) * percent // 100, 512))
        except ImageError:
            refused += 1
    # A JPEG has no checksum: now and then the sector holds as many blocks as the one before, and nothing shows it.
    assert refused >= 7


def test_a_thumbnail_of_a_damaged_jpeg_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "zeroed.jpg"
    content = jpeg("baseline")
    path.write_bytes(damaged(content, "zeroes", len(content) // 2, 1024))

    with pytest.raises(ImageError, match="damaged or cut off"):
        decode_reduced(path, 40)


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (221, 196, 214)])
@pytest.mark.parametrize("kind", KINDS)
def test_large_even_areas_are_not_damage(kind: str, colour: tuple[int, int, int]) -> None:
    even = Image.new("RGB", (640, 480), colour)
    pixels = pixels_of(jpeg(kind, even))
    assert (pixels == pixels[0, 0]).all()
    even.paste(smear(64), (300, 200))
    assert pixels_of(jpeg(kind, even)).shape == (480, 640, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_jpeg_has_the_pixels_that_opencv_gives_it(kind: str) -> None:
    content = jpeg(kind, smear(333))

    blue_first = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)

    assert blue_first is not None
    # Inks are turned into colours by another rounding.
    allowed = 1 if kind == "cmyk" else 0
    assert np.abs(pixels_of(content).astype(int) - blue_first[..., ::-1]).max() <= allowed


def test_colours_that_are_stored_in_a_rare_way_are_read() -> None:
    buffer = io.BytesIO()
    smear().convert("CMYK").save(buffer, "JPEG", subsampling=2)

    expected = np.asarray(smear()).astype(int)

    assert np.abs(pixels_of(buffer.getvalue()) - expected).mean() < 12


def test_stray_bytes_between_the_segments_of_the_header_are_passed_over() -> None:
    content = jpeg("baseline")
    frame = content.index(b"\xff\xc0")

    np.testing.assert_array_equal(pixels_of(content[:frame] + b"stray" + content[frame:]), pixels_of(content))


def samsung(content: bytes) -> bytes:
    """Se = 0 in a sequential scan, as Samsung's phones write it."""
    scan = content.index(b"\xff\xda")
    length = int.from_bytes(content[scan + 2 : scan + 4], "big")
    changed = bytearray(content)
    changed[scan + 2 + length - 2] = 0
    return bytes(changed)


def with_half_a_profile(content: bytes) -> bytes:
    """Part 2 of 2 of a colour profile; part 1 is missing."""
    segment = b"\xff\xe2" + (36).to_bytes(2, "big") + b"ICC_PROFILE\0" + bytes([2, 2]) + b"x" * 20
    return content[:2] + segment + content[2:]


def of_jfif_2(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[content.index(b"JFIF\0") + 5] = 2
    return bytes(changed)


REMARKS = [samsung, with_half_a_profile, of_jfif_2]


@pytest.mark.parametrize("remark", REMARKS)
@pytest.mark.parametrize("kind", ["baseline", "restart marks", "grey"])
def test_what_libjpeg_only_remarks_on_costs_no_image(kind: str, remark: Callable[[bytes], bytes]) -> None:
    np.testing.assert_array_equal(pixels_of(remark(jpeg(kind))), pixels_of(jpeg(kind)))


@pytest.mark.parametrize("remark", REMARKS)
def test_damage_of_a_file_with_a_remark_is_still_refused(remark: Callable[[bytes], bytes]) -> None:
    content = remark(jpeg("baseline"))
    for damage in ("zeroes", "bytes left out"):
        with pytest.raises(ImageError, match="damaged or cut off"):
            pixels_of(damaged(content, damage, len(content) // 2, 600))


def scans_of(content: bytes) -> list[int]:
    """Where the data of each scan begins."""
    found, at = [], content.find(b"\xff\xda")
    while at >= 0:
        found.append(at + 2 + int.from_bytes(content[at + 2 : at + 4], "big"))
        at = content.find(b"\xff\xda", found[-1])
    return found


def test_zeroes_in_any_scan_of_a_progressive_jpeg_are_refused() -> None:
    content = jpeg("progressive")
    starts = scans_of(content)
    whole, hidden = pixels_of(content).astype(int), set()
    for scan, (start, end) in enumerate(zip(starts, [*starts[1:], len(content)], strict=True)):
        for at in range(start, end - 300, 200):
            broken = damaged(content, "zeroes", at, 300)
            if is_read(broken):
                hidden.add(scan)
                assert np.abs(pixels_of(broken) - whole).max() <= 6

    # The seventh refines the DC coefficients by a bit for each block, which says nothing and moves colours by little.
    assert len(starts) == 10
    assert hidden <= {6}


def is_read(content: bytes) -> bool:
    try:
        pixels_of(content)
    except ImageError:
        return False
    return True


@pytest.mark.parametrize("length", [64, 200, 320, 512])
@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"progressive": True}], ids=str)
def test_zeroes_in_the_header_are_refused_or_cost_no_pixel(options: dict[str, bool], length: int) -> None:
    # libjpeg takes the usual tables for those that are lost, and passes over what is left of one.
    buffer = io.BytesIO()
    smear().save(buffer, "JPEG", quality=90, **options)
    content = buffer.getvalue()
    whole, scan = pixels_of(content), content.index(b"\xff\xda")

    for at in range(2, scan - length, 5):
        broken = damaged(content, "zeroes", at, length)
        if is_read(broken):
            np.testing.assert_array_equal(pixels_of(broken), whole)


def test_zeroes_in_what_is_said_about_a_picture_and_behind_it_are_not_damage() -> None:
    content = jpeg("baseline")
    exif = b"\xff\xe1" + (8008).to_bytes(2, "big") + b"Exif\0\0" + bytes(8000)

    for more in (content[:2] + exif + content[2:], content + bytes(5000), content + content):
        np.testing.assert_array_equal(pixels_of(more), pixels_of(content))


def test_zeroes_are_seen_in_the_files_of_phones_with_a_strange_scan_header() -> None:
    content = samsung(jpeg("baseline"))

    hidden = [
        at
        for at in range(len(content) // 3, len(content) - 600, 300)
        if is_read(damaged(content, "zeroes", at, 512))
    ]

    assert not hidden


@pytest.mark.parametrize("progressive", [True, False])
def test_even_slopes_and_patterns_are_not_damage(progressive: bool) -> None:
    y, x = np.mgrid[0:900, 0:1200]
    slope = np.stack([200 + x / 40, 210 + 0 * x, 220 + y / 45], axis=-1)
    pattern = np.repeat(((x // 4 + y // 4) % 2 * 200)[..., np.newaxis], 3, axis=-1)
    for picture in (slope, pattern):
        for quality in (20, 75, 95):
            buffer = io.BytesIO()
            Image.fromarray(picture.astype(np.uint8)).save(
                buffer, "JPEG", quality=quality, progressive=progressive
            )
            assert is_read(buffer.getvalue())


def test_a_jpeg_ls_is_refused_with_what_it_is() -> None:
    content = bytes(imagecodecs.jpegls_encode(np.asarray(smear(64))))

    with pytest.raises(ImageError, match="it is a JPEG-LS, which is not read"):
        pixels_of(content)


def test_a_jpeg_of_two_channels_is_refused_with_how_many_it_has() -> None:
    content = bytearray(jpeg("grey"))
    content[content.index(b"\xff\xc0") + 9] = 2

    with pytest.raises(ImageError, match="is a JPEG with 2 channels, which is not read"):
        pixels_of(bytes(content))


def test_a_jpeg_of_12_bits_is_refused_with_what_it_is() -> None:
    content = bytearray(jpeg("baseline"))
    content[content.index(b"\xff\xc0") + 4] = 12

    with pytest.raises(ImageError, match="is a JPEG with 12 bits a channel, which is not read"):
        pixels_of(bytes(content))
