"""The scale that a file states or a reader sets: what counts, what is offered, and what says nothing."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from bloodsmear.images.decode import decode_bytes, decode_reduced
from bloodsmear.images.formats.facts import PixelSize
from bloodsmear.images.scale import (
    Objective,
    SetScale,
    StatedScale,
    is_scale,
    length_words,
    objectives_in,
    round_length_um,
    scale_of,
    stated_scale,
    typed_number,
    um_words,
    with_objective,
    with_scale,
    without_scale,
)

ANYWHERE = Path("a.tif")
PIXELS = np.full((48, 64, 3), 200, np.uint8)


def stated(content: bytes) -> StatedScale:
    return decode_bytes(content, ANYWHERE).scale


def tiff(**more: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, PIXELS, photometric="rgb", **more)
    return buffer.getvalue()


def ome(sizes: str) -> bytes:
    description = (
        f'<OME><Image><Pixels DimensionOrder="XYCZT" SizeX="64" SizeY="48" SizeC="3" SizeZ="1" SizeT="1" {sizes}>'
        '<Channel SamplesPerPixel="3"/><TiffData IFD="0" PlaneCount="1"/></Pixels></Image></OME>'
    )
    return tiff(description=description.encode(), metadata=None)


def saved(kind: str, **more: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).save(buffer, kind, **more)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("sizes", "um"),
    [
        ('PhysicalSizeX="0.1625" PhysicalSizeY="0.1625"', 0.1625),
        (
            'PhysicalSizeX="0.1625" PhysicalSizeXUnit="µm" PhysicalSizeY="0.1625" PhysicalSizeYUnit="µm"',
            0.1625,
        ),
        ('PhysicalSizeX="65" PhysicalSizeXUnit="nm" PhysicalSizeY="65" PhysicalSizeYUnit="nm"', 0.065),
        ('PhysicalSizeX="1.1e-4" PhysicalSizeXUnit="mm" PhysicalSizeY="1.1E-4" PhysicalSizeYUnit="mm"', 0.11),
    ],
)
def test_ome_states_the_scale_with_its_unit_and_it_counts(sizes: str, um: float) -> None:
    scale = stated(ome(sizes))

    assert scale.um_per_px == pytest.approx(um)
    assert scale.counts


@pytest.mark.parametrize(
    "sizes",
    [
        'PhysicalSizeX="nan" PhysicalSizeY="nan"',
        'PhysicalSizeX="inf" PhysicalSizeY="inf"',
        'PhysicalSizeX="-0.1" PhysicalSizeY="-0.1"',
        'PhysicalSizeX="0" PhysicalSizeY="0"',
        'PhysicalSizeX="1e999" PhysicalSizeY="1e999"',
        f'PhysicalSizeX="{"9" * 500}" PhysicalSizeY="{"9" * 500}"',
        'PhysicalSizeX="0.1" PhysicalSizeXUnit="pixel" PhysicalSizeY="0.1" PhysicalSizeYUnit="pixel"',
        'PhysicalSizeX="0.1"',
        'PhysicalSizeX="1_0" PhysicalSizeY="1_0"',
    ],
)
def test_what_is_not_a_size_in_ome_says_nothing(sizes: str) -> None:
    assert stated(ome(sizes)) == StatedScale()


def test_pixels_that_are_not_square_say_nothing_and_the_sentence_says_so() -> None:
    scale = stated(ome('PhysicalSizeX="0.1" PhysicalSizeY="0.2"'))

    assert scale.um_per_px is None
    assert "not square" in scale.words


@pytest.mark.parametrize("unit", ["micron", "um", "\\u00B5m"])
def test_imagej_states_the_scale_by_its_own_unit_and_it_counts(unit: str) -> None:
    description = f"ImageJ=1.54f\nunit={unit}\n".encode("ascii")
    scale = stated(tiff(description=description, metadata=None, resolution=(9.5, 9.5), resolutionunit=1))

    assert scale.um_per_px == pytest.approx(1 / 9.5, rel=1e-6)
    assert scale.counts


def test_imagej_with_a_unit_of_pixels_says_nothing() -> None:
    description = b"ImageJ=1.54f\nunit=pixel\n"
    content = tiff(description=description, metadata=None, resolution=(9.5, 9.5), resolutionunit=1)

    assert stated(content) == StatedScale()


@pytest.mark.parametrize("dots", [72, 96, 300, 600, 1200, 4800])
def test_the_dots_an_inch_of_a_camera_or_printer_say_nothing_in_any_format(dots: int) -> None:
    density = (dots, dots)
    for content in (
        tiff(resolution=density, resolutionunit=2, metadata=None),
        saved("JPEG", dpi=density),
        saved("PNG", dpi=density),
        saved("BMP", dpi=density),
    ):
        scale = stated(content)

        assert scale.um_per_px is None
        assert "dots an inch" in scale.words


def test_a_resolution_that_a_microscope_can_have_is_offered_and_does_not_count_by_itself() -> None:
    per_cm = 10_000 / 0.25
    exif = Image.Exif()
    exif[282] = exif[283] = per_cm
    exif[296] = 3
    for content in (
        tiff(resolution=(per_cm, per_cm), resolutionunit=3, metadata=None),
        saved("JPEG", exif=exif),
        saved("WebP", exif=exif),
        saved("PNG", dpi=(per_cm * 2.54, per_cm * 2.54)),
    ):
        scale = stated(content)

        assert scale.um_per_px == pytest.approx(0.25, rel=1e-4)
        assert not scale.counts


def test_exif_that_points_anywhere_says_nothing_and_the_image_is_read() -> None:
    for entries in (
        b"\xff\xff" + b"\xff" * 60,
        b"\x01\x00" + struct.pack("<HHII", 282, 5, 1, 0xFFFFFFF0),
        b"",
    ):
        exif = b"Exif\0\0II*\0\x08\0\0\0" + entries
        plain = saved("JPEG")
        content = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]
        # JFIF of Pillow comes after, and states no unit.
        assert stated(content) == StatedScale()


def test_a_png_that_states_no_pixel_a_metre_says_nothing() -> None:
    plain = saved("PNG")
    body = b"pHYs" + struct.pack(">IIB", 0, 4_000_000_000, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))

    assert stated(plain[:33] + chunk + plain[33:]) == StatedScale()


def test_a_picture_that_is_decoded_reduced_has_no_scale_of_the_whole(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[282] = exif[283] = 40_000.0
    exif[296] = 3
    path = tmp_path / "large.jpg"
    Image.fromarray(np.full((480, 640, 3), 200, np.uint8)).save(path, exif=exif)

    assert decode_reduced(path, 100).scale == StatedScale()


def test_the_first_plausible_statement_of_several_counts() -> None:
    scale = stated_scale((PixelSize(84.7, 84.7, "EXIF"), PixelSize(0.2, 0.2, "JFIF")))

    assert scale.um_per_px == 0.2


STATED = StatedScale(0.25, True, "")
OFFERED = StatedScale(0.25, False, "")


def test_what_a_reader_set_counts_before_the_file_and_the_inner_folder_before_the_study() -> None:
    study = SetScale("", 64, 48, 0.1, "typed")
    folder = SetScale("a/b", 64, 48, 0.2, "bar")

    def um(image: str, *scales: SetScale, file: StatedScale = STATED) -> float | None:
        found = scale_of(image, (64, 48), scales, file)
        return None if found is None else found.um_per_px

    assert um("a/b/1.tif", study, folder) == um("a/b/1.tif", folder, study) == 0.2
    assert um("a/bc/1.tif", study, folder) == um("1.tif", study, folder) == 0.1
    assert um("c/1.tif", folder) == 0.25
    assert um("c/1.tif", folder, file=OFFERED) is None


def test_a_scale_that_was_set_says_nothing_of_images_of_another_size() -> None:
    study = SetScale("", 64, 48, 0.1, "typed")

    assert scale_of("1.tif", (32, 24), [study], StatedScale()) is None
    assert scale_of("1.tif", (48, 64), [study], StatedScale()) is None


def test_a_scale_replaces_the_one_of_the_same_folder_and_size_alone() -> None:
    first, other = SetScale("", 64, 48, 0.1, "typed"), SetScale("a", 64, 48, 0.3, "typed")
    second = SetScale("", 64, 48, 0.2, "bar")

    assert with_scale((first, other), second) == (other, second)
    assert without_scale((first, other), "", (64, 48)) == (other,)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25),
        (" 0,25 ", 0.25),
        ("7", 7.0),
        ("0", None),
        ("-1", None),
        ("1e3", None),
        ("nan", None),
        ("", None),
    ],
)
def test_a_typed_number_has_a_point_or_a_comma(text: str, number: float | None) -> None:
    assert typed_number(text) == number


def test_only_what_a_microscope_can_have_is_a_scale() -> None:
    assert [is_scale(um) for um in (0.009, 0.01, 5.0, 5.1, float("nan"), float("inf"))] == [
        False, True, True, False, False, False,
    ]  # fmt: skip


def test_a_round_length_is_one_two_or_five_times_a_power_of_ten() -> None:
    assert [round_length_um(um) for um in (0.6, 1.0, 1.99, 2.0, 49.9, 50.0, 380.0)] == [
        0.5, 1.0, 1.0, 2.0, 20.0, 50.0, 200.0,
    ]  # fmt: skip


def test_lengths_are_in_micrometres_with_a_scale_and_in_pixels_without() -> None:
    assert length_words(45.23, 0.1625) == "7.35 µm"
    assert length_words(129.1, 0.1625) == "21.0 µm"
    assert length_words(99.99, 1) == "100 µm"
    assert length_words(20_000, 0.25) == "5,000 µm"
    assert length_words(45.23, None) == "45.2 px"
    assert um_words(0.16250001) == "0.1625 µm"


def test_objectives_are_lines_of_the_settings_and_one_name_stands_for_one() -> None:
    lines = with_objective(("0.1625 40×", "not one", "99 too coarse"), Objective("100× oil", 0.0645))

    assert objectives_in(lines) == (Objective("40×", 0.1625), Objective("100× oil", 0.0645))
    assert objectives_in(with_objective(lines, Objective("40×", 0.17)))[-1] == Objective("40×", 0.17)
    assert len(objectives_in(with_objective(lines, Objective("40×", 0.17)))) == 2


@pytest.mark.parametrize(
    "tags",
    [
        [(282, 12, 2, (float("nan"), 1.0), True), (283, 12, 2, (float("inf"), 1.0), True)],
        [(282, 3, 2, (1, 0), True), (283, 3, 2, (1, 0), True)],
        [(282, 4, 2, (4_294_967_295, 1), True), (283, 4, 2, (4_294_967_295, 1), True)],
        [(296, 12, 2, (float("nan"), 1.0), True)],
    ],
)
def test_a_tiff_whose_resolution_is_of_a_strange_type_is_read_and_has_no_scale(tags: list[Any]) -> None:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, PIXELS, photometric="rgb", metadata=None, extratags=tags)
    content = buffer.getvalue()

    decoded = decode_bytes(content, ANYWHERE)

    np.testing.assert_array_equal(decoded.pixels, PIXELS)
    assert decoded.scale.um_per_px is None


def changed(content: bytes, code: int, entry: bytes) -> bytes:
    """A little-endian TIFF with the entry (type, count, value: 10 bytes) of one tag changed."""
    (at,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, at)
    for place in range(at + 2, at + 2 + 12 * entries, 12):
        if struct.unpack_from("<H", content, place)[0] == code:
            return content[: place + 2] + entry + content[place + 12 :]
    raise AssertionError(f"no tag {code}")


@pytest.mark.parametrize("code", [282, 283, 296])
@pytest.mark.parametrize(
    "entry",
    [
        struct.pack("<HII", 5, 1, 0xFFFFFFF0),
        struct.pack("<HII", 5, 0xFFFFFFFF, 8),
        struct.pack("<HII", 12, 2, 8),
        struct.pack("<HII", 11, 1, 0x7FC00000),
        struct.pack("<HII", 2, 4, 0x41414141),
        struct.pack("<HII", 7, 4, 0x41414141),
        struct.pack("<HII", 3, 1, 0),
        struct.pack("<HII", 99, 1, 0),
    ],
)
def test_a_tiff_whose_resolution_is_damaged_is_read_as_it_would_be_without(code: int, entry: bytes) -> None:
    content = changed(tiff(resolution=(300, 300), resolutionunit=2, metadata=None), code, entry)

    decoded = decode_bytes(content, ANYWHERE)

    np.testing.assert_array_equal(decoded.pixels, PIXELS)
    assert decoded.scale.um_per_px is None
