"""An embedded colour profile is honoured, whatever the format; a broken one is not damage."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from bloodsmear.images.decode import DecodedImage, decode_bytes, decode_reduced

ANYWHERE = Path("anywhere")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile_of(space: bytes, name: str, own: dict[bytes, bytes], pcs: bytes = b"XYZ ") -> bytes:
    """An ICC profile of version 2 (ICC.1:2001-04, 6 and 10) with a name, D50 as its white, and tags of its own."""
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name.encode() + bytes(79),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061),
        **own,
    }
    table, data, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, body in tags.items():
        body += bytes(-len(body) % 4)
        table, data = table + tag + struct.pack(">II", at + len(data), len(body)), data + body
    device = b"prtr" if space == b"CMYK" else b"mntr"
    head = struct.pack(">I", at + len(data)) + b"lcms" + struct.pack(">I", 0x02100000) + device + space + pcs
    return (
        (head.ljust(36, b"\0") + b"acsp").ljust(68, b"\0")
        + struct.pack(">3i", 63190, 65536, 54061).ljust(60, b"\0")
        + table
        + data
    )


def power(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))


def wide_profile() -> bytes:
    """Like Adobe RGB's: another green than sRGB's, a plain gamma."""
    green = [round(value * 65536) for value in (0.2053, 0.6257, 0.0609)]
    return profile_of(
        b"RGB ",
        "Wide green",
        {
            b"rXYZ": b"XYZ " + bytes(4) + struct.pack(">3i", 39943, 20385, 1276),
            b"gXYZ": b"XYZ " + bytes(4) + struct.pack(">3i", *green),
            b"bXYZ": b"XYZ " + bytes(4) + struct.pack(">3i", 9788, 4142, 48820),
            **{tag: power(2.2) for tag in (b"rTRC", b"gTRC", b"bTRC")},
        },
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
def test_a_broken_profile_is_not_damage(kind: str, profile: bytes) -> None:
    image = decoded(saved(kind, profile, **KINDS[kind]))

    assert image.colour_profile == ""
    np.testing.assert_array_equal(image.pixels, decoded(saved(kind, b"", **KINDS[kind])).pixels)


def test_a_profile_that_unpacks_to_rubbish_is_not_damage() -> None:
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


GREY = np.tile(np.arange(1, 255, 4, dtype=np.uint8), (48, 1))
GAMMA = 1.5
OF_GREY = profile_of(b"GRAY", "Grey gamma 1.5", {b"kTRC": power(GAMMA)})


def shown_of(light: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """sRGB's curve (IEC 61966-2-1): from light, 0 to 1, to 0 to 255."""
    return (
        np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
        * 255
    )


OPTIONS_OF_GREY: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 100},
    "TIFF jpeg": {"compression": "jpeg", "quality": 100},
    "TIFF white is zero": {"tiffinfo": {262: 0}},
}


def grey_saved(kind: str, profile: bytes) -> bytes:
    name, _, more = kind.partition(" ")
    image, options = Image.fromarray(GREY), OPTIONS_OF_GREY.get(kind, {})
    if more == "16 bit":
        image = Image.fromarray(GREY.astype(np.uint16) * 257)
    elif more == "alpha":
        image = Image.merge("LA", [image, Image.new("L", image.size, 255)])
    buffer = io.BytesIO()
    image.save(buffer, name, icc_profile=profile, **options)
    return buffer.getvalue()


KINDS_OF_GREY = (
    "JPEG",
    "PNG",
    "PNG 16 bit",
    "PNG alpha",
    "TIFF",
    "TIFF 16 bit",
    "TIFF jpeg",
    "TIFF white is zero",
)


@pytest.mark.parametrize("kind", KINDS_OF_GREY)
def test_grey_with_a_profile_of_its_own_is_read_by_it(kind: str) -> None:
    image = decoded(grey_saved(kind, OF_GREY))

    stored = decoded(grey_saved(kind, b"")).pixels
    assert image.colour_profile == "Grey gamma 1.5"
    assert np.abs(image.pixels - shown_of((stored / 255.0) ** GAMMA)).max() <= 1
    assert np.abs(stored.astype(int) - GREY[..., np.newaxis]).max() <= 2


@pytest.mark.parametrize("kind", KINDS_OF_GREY)
def test_a_profile_of_colours_in_a_grey_file_is_not_damage(kind: str) -> None:
    image = decoded(grey_saved(kind, WIDE))

    assert image.colour_profile == ""
    np.testing.assert_array_equal(image.pixels, decoded(grey_saved(kind, b"")).pixels)


def test_a_thumbnail_of_a_grey_jpeg_has_its_profile_too(tmp_path: Path) -> None:
    (tmp_path / "grey.jpg").write_bytes(grey_saved("JPEG", OF_GREY))

    small = decode_reduced(tmp_path / "grey.jpg", 32)

    assert small.colour_profile == "Grey gamma 1.5"
    assert small.pixels.shape == (24, 32, 3)


@pytest.mark.parametrize("kind", ["RGB", "Lab"])
def test_a_profile_of_another_space_in_a_file_of_colours_is_not_damage(kind: str) -> None:
    profile = OF_GREY if kind == "RGB" else ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    image = decoded(saved("PNG", profile))

    assert image.colour_profile == ""
    np.testing.assert_array_equal(image.pixels, np.asarray(picture()))


# Of no ink, full ink, and what lies between: the Lab colour of each corner, as far apart as inks are.
INKS = np.array(
    [[c, m, y, k] for c in (0, 255) for m in (0, 255) for y in (0, 255) for k in (0, 255)], np.uint8
)
LAB = np.array(
    [
        [100 - 25 * c - 30 * m - 5 * y - 40 * k, 6 * m - 6 * c, 8 * y - 5 * c]
        for c, m, y, k in (INKS // 255).tolist()
    ],
    float,
).clip((0, -90, -90), (100, 90, 90))


def of_inks() -> bytes:
    """A table of two points an ink, from inks to Lab (the type `mft1`: ICC.1:2001-04, 6.5.10)."""
    corners = np.round(LAB * (2.55, 1, 1) + (0, 128, 128)).astype(np.uint8)
    identity = np.arange(256, dtype=np.uint8).tobytes()
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0))
    table += (
        struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
        + identity * 4
        + corners.tobytes()
        + identity * 3
    )
    return profile_of(b"CMYK", "Four inks", {b"A2B0": table}, b"Lab ")


@pytest.mark.parametrize("kind", ["TIFF", "JPEG"])
def test_inks_with_a_profile_have_the_colours_that_it_gives_them(kind: str) -> None:
    inks = np.repeat(np.repeat(INKS[np.newaxis], 4, axis=1), 32, axis=0)
    buffer = io.BytesIO()
    options: dict[str, Any] = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    Image.fromarray(inks, "CMYK").save(buffer, kind, icc_profile=of_inks(), **options)

    image = decoded(buffer.getvalue())

    fy = (LAB[:, 0] + 16) / 116
    f = np.stack([fy + LAB[:, 1] / 500, fy, fy - LAB[:, 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * (0.9642, 1, 0.8249)
    to_light = [
        (3.1338561, -1.6168667, -0.4906146),
        (-0.9787684, 1.9161415, 0.033454),
        (0.0719453, -0.2289914, 1.4052427),
    ]
    expected = shown_of(np.clip(xyz @ np.array(to_light).T, 0, 1))
    assert image.colour_profile == "Four inks"
    # The table has 8 bits, the JPEG its own rounding.
    assert np.abs(image.pixels[16, 1::4] - expected).max() <= 4
