"""JPEG 2000 of every depth has the pixels that were saved; what Pillow would round over or stretch is not shown."""

import io
import struct
from pathlib import Path

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodedImage, decode_bytes

Y, X = np.mgrid[0:48, 0:64]
# Its first pixel is 0, 0, 255 and its last row holds white.
PICTURE = np.stack([255 * X / 63, 255 * Y / 47, 255 - 127 * X / 63 - 127 * Y / 47], axis=-1).astype(np.uint8)
PICTURE[-1, -8:] = 255


def decoded(content: bytes, name: str = "field.jp2") -> DecodedImage:
    return decode_bytes(content, Path(name))


def file_of(samples: npt.NDArray[np.integer], bits: int, form: str) -> bytes:
    return bytes(
        imagecodecs.jpeg2k_encode(samples, level=0, codecformat=form, bitspersample=bits, reversible=True)
    )


def of_bits(samples: npt.NDArray[np.uint8], bits: int) -> npt.NDArray[np.integer]:
    wide = np.round(samples / 255 * ((1 << bits) - 1))
    return wide.astype(np.uint8 if bits <= 8 else np.uint16)


@pytest.mark.parametrize("form", ["jp2", "j2k"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_colours_and_grey_of_any_depth_have_the_pixels_that_were_saved(bits: int, form: str) -> None:
    colours, grey = of_bits(PICTURE, bits), of_bits(PICTURE[..., 2], bits)

    assert np.abs(decoded(file_of(colours, bits, form)).pixels.astype(int) - PICTURE).max() <= 1
    pixels = decoded(file_of(grey, bits, form)).pixels
    assert np.abs(pixels.astype(int) - PICTURE[..., 2:]).max() <= 1


def test_alpha_of_16_bits_is_put_on_white() -> None:
    alpha = np.full((48, 64), 100, np.uint8)
    content = file_of(of_bits(np.dstack([PICTURE, alpha]), 16), 16, "jp2")

    assert np.abs(decoded(content).pixels - (PICTURE * (100 / 255) + 155)).max() <= 1.5


def test_a_dark_16_bit_file_that_states_nothing_asks_for_the_bits_of_the_camera() -> None:
    with pytest.raises(ImageError, match="does not say how many bits the camera has"):
        decoded(file_of(of_bits(PICTURE, 12), 16, "jp2"))


def test_coarser_colours_are_said_and_not_stretched_into_a_corner() -> None:
    content = bytearray(file_of(PICTURE, 8, "jp2"))
    stream = content.find(b"\xff\x4f\xff\x51")
    # The same samples said to lie two pixels apart, as ImageMagick writes them on request.
    struct.pack_into(">II", content, stream + 8, 127, 95)
    struct.pack_into(">II", content, stream + 24, 127, 95)
    for channel in range(3):
        content[stream + 43 + 3 * channel : stream + 45 + 3 * channel] = b"\2\2"

    with pytest.raises(ImageError, match="stored coarser than its brightness"):
        decoded(bytes(content))


@pytest.mark.parametrize("bits", [8, 16])
def test_a_profile_in_its_box_is_applied(bits: int) -> None:
    # Green where red is: lcms' own matrix profile with two of its colours exchanged shows whether it was used.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = srgb.replace(b"rXYZ", b"xXYZ").replace(b"gXYZ", b"rXYZ").replace(b"xXYZ", b"gXYZ")
    content = file_of(of_bits(PICTURE, bits), bits, "jp2")
    at = content.find(b"colr") - 4
    old = struct.unpack_from(">I", content, at)[0]
    box = struct.pack(">I4sBBB", 11 + len(profile), b"colr", 2, 0, 0) + profile
    header = content.find(b"jp2h") - 4
    grown = bytearray(content[:at] + box + content[at + old :])
    struct.pack_into(">I", grown, header, struct.unpack_from(">I", content, header)[0] + len(box) - old)

    image = decoded(bytes(grown))

    swapped = ImageCms.profileToProfile(
        Image.fromarray(PICTURE),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
    )
    assert image.colour_profile
    assert np.abs(image.pixels.astype(int) - np.asarray(swapped)).max() <= 2


def with_boxes(content: bytes, *boxes: tuple[bytes, bytes]) -> bytes:
    """More boxes at the end of the header's box, jp2h."""
    more = b"".join(struct.pack(">I", 8 + len(body)) + name + body for name, body in boxes)
    start = content.find(b"jp2h") - 4
    length = int(struct.unpack_from(">I", content, start)[0])
    return (
        content[:start]
        + struct.pack(">I", length + len(more))
        + content[start + 4 : start + length]
        + more
        + content[start + length :]
    )


@pytest.mark.parametrize("bits", [8, 16])
def test_channels_in_another_order_are_said_and_red_is_not_shown_as_blue(bits: int) -> None:
    blue_first = struct.pack(">10H", 3, 0, 0, 3, 1, 0, 2, 2, 0, 1)
    usual = struct.pack(">10H", 3, 0, 0, 1, 1, 0, 2, 2, 0, 3)
    content = file_of(of_bits(PICTURE, bits), bits, "jp2")

    assert np.abs(decoded(with_boxes(content, (b"cdef", usual))).pixels.astype(int) - PICTURE).max() <= 1
    with pytest.raises(ImageError, match="channels stand in an unusual order"):
        decoded(with_boxes(content, (b"cdef", blue_first)))


def test_a_palette_of_many_bits_is_said_and_its_numbers_are_not_shown_as_grey() -> None:
    palette = struct.pack(">HB", 2, 3) + bytes([7, 7, 7, 200, 0, 0, 0, 0, 200])
    content = file_of(np.eye(64, dtype=np.uint16), 12, "jp2")

    with pytest.raises(ImageError, match="a palette of 12 bits, which is not read"):
        decoded(with_boxes(content, (b"pclr", palette)))


def test_cielab_is_said_and_not_shown_as_rgb() -> None:
    content = file_of(PICTURE, 8, "jp2").replace(b"colr\1\0\0\0\0\0\x10", b"colr\1\0\0\0\0\0\x0e")

    with pytest.raises(ImageError, match="number 14 of JPEG 2000"):
        decoded(content)


def test_a_smooth_slope_of_16_bits_is_not_damage() -> None:
    y, x = np.mgrid[0:240, 0:320]
    slope = np.stack([255 * x / 320, 255 * y / 240, 255 - 255 * (x + y) / 560], axis=-1).astype(np.uint8)

    pixels = decoded(file_of(slope.astype(np.uint16) * 257, 16, "jp2")).pixels

    assert np.abs(pixels.astype(int) - slope).max() <= 1
