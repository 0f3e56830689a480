"""An embedded colour profile is honoured, whatever the format; a broken one is no damage."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from bloodsmear.images.decode import DecodedImage, decode_bytes

ANYWHERE = Path("anywhere")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def wide_profile() -> bytes:
    """An ICC profile like Adobe RGB's: another green than sRGB's, a plain gamma (ICC.1:2010, 9.2 and 10.18)."""
    green = [round(value * 65536) for value in (0.2053, 0.6257, 0.0609)]
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 11) + b"Wide green\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061),
        b"rXYZ": b"XYZ " + bytes(4) + struct.pack(">3i", 39943, 20385, 1276),
        b"gXYZ": b"XYZ " + bytes(4) + struct.pack(">3i", *green),
        b"bXYZ": b"XYZ " + bytes(4) + struct.pack(">3i", 9788, 4142, 48820),
    }
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256))
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    table, data, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        body += bytes(-len(body) % 4)
        table, data = table + name + struct.pack(">II", at + len(data), len(body)), data + body
    size = at + len(data)
    head = struct.pack(">I", size) + b"lcms" + struct.pack(">I", 0x02100000) + b"mntrRGB XYZ "
    return (
        (head.ljust(36, b"\0") + b"acsp").ljust(68, b"\0")
        + struct.pack(">3i", 63190, 65536, 54061).ljust(60, b"\0")
        + table
        + data
    )


WIDE = wide_profile()


def picture() -> Image.Image:
    y, x = np.mgrid[0:48, 0:64]
    return Image.fromarray(np.stack([150 + x, 250 - 2 * y, 90 + x + y], axis=-1).astype(np.uint8))


def saved(file_format: str, profile: bytes, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture().save(buffer, file_format, icc_profile=profile, **options)
    return buffer.getvalue()


def decoded(content: bytes) -> DecodedImage:
    return decode_bytes(content, ANYWHERE)


KINDS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "TIFF": {"compression": "tiff_lzw"},
    "WEBP": {"lossless": True},
    "JPEG": {"quality": 95, "subsampling": 0},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_profile_that_is_not_srgb_is_applied_and_named(kind: str) -> None:
    content = saved(kind, WIDE, **KINDS[kind])
    stored = Image.open(io.BytesIO(content)).convert("RGB")
    wide = ImageCms.ImageCmsProfile(io.BytesIO(WIDE))
    expected = np.asarray(ImageCms.profileToProfile(stored, wide, ImageCms.createProfile("sRGB")))

    image = decoded(content)

    assert image.colour_profile == "Wide green"
    assert np.abs(image.pixels.astype(int) - expected).max() <= 1
    assert np.abs(image.pixels.astype(int) - np.asarray(stored)).max() > 5


@pytest.mark.parametrize("kind", KINDS)
def test_srgb_by_whatever_name_changes_nothing(kind: str) -> None:
    image = decoded(saved(kind, SRGB, **KINDS[kind]))

    assert image.colour_profile == ""
    np.testing.assert_array_equal(image.pixels, decoded(saved(kind, b"", **KINDS[kind])).pixels)


@pytest.mark.parametrize("profile", [b"x" * 500, WIDE[:200], WIDE[:16] + b"CMYK" + WIDE[20:]])
@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_profile_is_no_damage(kind: str, profile: bytes) -> None:
    image = decoded(saved(kind, profile, **KINDS[kind]))

    assert image.colour_profile == ""
    np.testing.assert_array_equal(image.pixels, decoded(saved(kind, b"", **KINDS[kind])).pixels)


def test_a_profile_that_unpacks_to_rubbish_is_no_damage() -> None:
    whole = saved("PNG", b"")
    body = b"p\0\0" + zlib.compress(b"a profile")[:-6]
    chunk = struct.pack(">I", len(body)) + b"iCCP" + body + struct.pack(">I", zlib.crc32(b"iCCP" + body))

    np.testing.assert_array_equal(decoded(whole[:33] + chunk + whole[33:]).pixels, np.asarray(picture()))


def test_a_bmp_with_a_profile_inside_is_read_by_it() -> None:
    rows = np.asarray(picture())[::-1, :, ::-1].tobytes()
    header = struct.pack("<IiiHHIIiiII", 124, 64, 48, 1, 24, 0, 0, 0, 0, 0, 0).ljust(56, b"\0") + b"DEBM"
    header = header.ljust(108, b"\0") + struct.pack("<4I", 4, 124 + len(rows), len(WIDE), 0)
    content = b"BM" + struct.pack("<IHHI", 0, 0, 0, 138) + header + rows + WIDE

    image = decoded(content)

    assert image.colour_profile == "Wide green"
    np.testing.assert_array_equal(image.pixels, decoded(saved("PNG", WIDE)).pixels)


def test_grey_with_a_profile_of_its_own_is_read_by_it() -> None:
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, 256)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    text = b"desc" + bytes(4) + struct.pack(">I", 7) + b"Linear\0" + bytes(78)
    tags = {b"desc": text + bytes(-len(text) % 4), b"wtpt": white, b"kTRC": curve + bytes(2)}
    table, data, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        table, data = table + name + struct.pack(">II", at + len(data), len(body)), data + body
    head = struct.pack(">I", at + len(data)) + b"lcms" + struct.pack(">I", 0x02100000) + b"mntrGRAYXYZ "
    head = (head.ljust(36, b"\0") + b"acsp").ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    buffer = io.BytesIO()
    Image.new("L", (64, 48), 55).save(buffer, "PNG", icc_profile=head.ljust(128, b"\0") + table + data)

    # A light of 55 of 255 is shown as 127 of 255: that is what sRGB's curve is for.
    assert abs(int(decoded(buffer.getvalue()).pixels[0, 0, 0]) - 127) <= 2
