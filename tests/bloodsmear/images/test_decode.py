"""What a readable file becomes: 8-bit RGB, upright, in its own colours, whatever the format."""

import hashlib
import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageOps

from bloodsmear.images.decode import DecodeLimits, decode_bytes, decode_image, decode_reduced
from bloodsmear.images.rgb_image import RgbImage

ANYWHERE = Path("anywhere.png")
# Pictures of a few pixels are told apart best; a smear is larger.
ANY_SIZE = DecodeLimits(least_side_px=1)
Turn = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]


def colours(width: int = 40, height: int = 36) -> RgbImage:
    """Smooth, asymmetric, with every channel different: a swap of channels or sides shows."""
    y, x = np.mgrid[0:height, 0:width]
    red, green, blue = 255 * x / width, 255 * y / height, 255 * (x + y) / (width + height)
    return np.stack([red, green, 255 - blue], axis=-1).astype(np.uint8)


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def pixels_of(content: bytes) -> RgbImage:
    return decode_bytes(content, ANYWHERE, ANY_SIZE).pixels


def tiff(samples: npt.NDArray[Any], photometric: int = 2, extra: int = 0, orientation: int = 1) -> bytes:
    """A bare little-endian TIFF: Pillow writes neither 16-bit RGB nor CMYK."""
    height, width = samples.shape[:2]
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    data = samples.tobytes()
    tags: list[tuple[int, str, list[int]]] = [
        (256, "I", [width]),
        (257, "I", [height]),
        (258, "H", [samples.itemsize * 8] * channels),
        (259, "H", [1]),
        (262, "H", [photometric]),
        (273, "I", [8]),
        (274, "H", [orientation]),
        (277, "H", [channels]),
        (278, "I", [height]),
        (279, "I", [len(data)]),
    ]
    if extra:
        tags.append((338, "H", [extra]))
    directory, overflow = struct.pack("<H", len(tags)), b""
    overflow_at = 8 + len(data) + 2 + 12 * len(tags) + 4
    for tag, kind, values in tags:
        value = struct.pack(f"<{len(values)}{kind}", *values)
        if len(value) > 4:
            value, overflow = struct.pack("<I", overflow_at + len(overflow)), overflow + value
        directory += struct.pack("<HHI", tag, {"H": 3, "I": 4}[kind], len(values)) + value.ljust(4, b"\0")
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory + bytes(4) + overflow


LOSSLESS: dict[str, tuple[str, dict[str, Any]]] = {
    "png": ("PNG", {}),
    "tiff": ("TIFF", {}),
    "tiff lzw": ("TIFF", {"compression": "tiff_lzw"}),
    "tiff deflate": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    "big tiff": ("TIFF", {"big_tiff": True}),
    "bmp": ("BMP", {}),
    "webp lossless": ("WEBP", {"lossless": True}),
}
LOSSY: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("JPEG", {"quality": 95}),
    "jpeg progressive": ("JPEG", {"quality": 95, "progressive": True}),
    "tiff jpeg": ("TIFF", {"compression": "jpeg", "quality": 95}),
    "webp": ("WEBP", {"quality": 95}),
}


@pytest.mark.parametrize("kind", LOSSLESS)
def test_a_lossless_file_gives_exactly_the_pixels_that_were_saved(kind: str) -> None:
    file_format, options = LOSSLESS[kind]

    pixels = pixels_of(saved(Image.fromarray(colours()), file_format, **options))

    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    np.testing.assert_array_equal(pixels, colours())


@pytest.mark.parametrize("kind", LOSSY)
def test_a_lossy_file_gives_the_colours_that_were_saved(kind: str) -> None:
    file_format, options = LOSSY[kind]

    pixels = pixels_of(saved(Image.fromarray(colours()), file_format, **options))

    assert np.abs(pixels.astype(int) - colours()).mean() < 3


def test_the_sha256_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "smear.png"
    path.write_bytes(saved(Image.fromarray(colours()), "PNG"))

    decoded = decode_image(path)

    assert decoded.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (decoded.width_px, decoded.height_px) == (40, 36)


@pytest.mark.parametrize("name", ["мазок.png", "血涂片 №1.png", "🔬 smear.png", "a [1] (2).x.png"])
def test_names_in_any_script_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "папка 血 🩸 [x]" / name
    path.parent.mkdir()
    path.write_bytes(saved(Image.fromarray(colours()), "PNG"))

    np.testing.assert_array_equal(decode_image(path).pixels, colours())


def test_the_format_is_told_by_the_content_and_not_by_the_name(tmp_path: Path) -> None:
    path = tmp_path / "really_a_png.jpg"
    path.write_bytes(saved(Image.fromarray(colours()), "PNG"))

    np.testing.assert_array_equal(decode_image(path).pixels, colours())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp lossless", "tiff", "tiff lzw"])
def test_exif_orientation_is_applied_exactly_once(kind: str, orientation: int) -> None:
    file_format, options = {**LOSSLESS, **LOSSY}[kind]
    exif = Image.Exif()
    exif[274] = orientation
    content = saved(Image.fromarray(colours()), file_format, exif=exif, **options)

    decoded = decode_bytes(content, ANYWHERE, ANY_SIZE)

    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB"))
    assert (decoded.height_px, decoded.width_px) == expected.shape[:2]
    assert np.abs(decoded.pixels.astype(int) - expected).max() <= 4
    assert decoded.pixels.flags.c_contiguous


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_16_bit_tiff_is_turned_exactly_once(orientation: int) -> None:
    turns: list[Turn] = [
        lambda a: a,
        lambda a: a[:, ::-1],
        lambda a: a[::-1, ::-1],
        lambda a: a[::-1],
        lambda a: a.swapaxes(0, 1),
        lambda a: a.swapaxes(0, 1)[:, ::-1],
        lambda a: a[::-1, ::-1].swapaxes(0, 1),
        lambda a: a.swapaxes(0, 1)[::-1],
    ]
    content = tiff(colours().astype(np.uint16) * 257, orientation=orientation)

    np.testing.assert_array_equal(pixels_of(content), turns[orientation - 1](colours()))


@pytest.mark.parametrize("file_ending", [".png", ".tif"])
def test_16_bits_are_scaled_by_the_bit_depth_and_not_by_the_pixels(file_ending: str) -> None:
    dark = np.zeros((4, 6, 3), np.uint16)
    dark[..., 0], dark[0, 0] = 257 * 10, (257 * 7 + 128, 257 * 7 + 129, 300)
    dark[3, 5, 2] = 5000  # more than a camera of 12 bits gives
    content = cv2.imencode(file_ending, dark[..., ::-1])[1].tobytes()

    pixels = pixels_of(content)

    assert pixels[1, 1].tolist() == [10, 0, 0]
    assert pixels[0, 0].tolist() == [7, 8, 1]


def test_16_bit_white_and_black_stay_white_and_black() -> None:
    values = np.array([[0, 65535, 32768, 128, 129]], np.uint16)

    content = cv2.imencode(".png", values)[1].tobytes()

    assert pixels_of(content)[0, :, 0].tolist() == [0, 255, 128, 0, 1]


def test_grey_palette_and_black_and_white_become_rgb() -> None:
    image = Image.fromarray(colours())
    for mode in ("L", "P", "1"):
        for file_format in ("PNG", "TIFF", "BMP"):
            other = image.convert(mode)
            expected = np.asarray(other.convert("RGB"))
            np.testing.assert_array_equal(
                pixels_of(saved(other, file_format)), expected, f"{mode} {file_format}"
            )
    grey = image.convert("L")
    assert np.abs(pixels_of(saved(grey, "JPEG", quality=95))[..., 1].astype(int) - np.asarray(grey)).max() < 8


@pytest.mark.parametrize("bits", [8, 16])
def test_a_grey_tiff_whose_zero_is_white_is_inverted(bits: int) -> None:
    grey = np.array([[0, 60, 255]], np.uint8)
    samples = grey if bits == 8 else grey.astype(np.uint16) * 257

    assert pixels_of(tiff(samples, photometric=0))[0, :, 0].tolist() == [255, 195, 0]


@pytest.mark.parametrize("adobe", ["inverted, as Photoshop writes it", "without Adobe's mark"])
def test_a_cmyk_jpeg_has_the_colours_that_pillow_gives_it(adobe: str) -> None:
    content = saved(Image.fromarray(colours()).convert("CMYK"), "JPEG", quality=95, subsampling=0)
    if adobe == "without Adobe's mark":
        start = content.index(b"\xff\xee")
        length = int.from_bytes(content[start + 2 : start + 4], "big")
        content = content[:start] + content[start + 2 + length :]

    pixels = pixels_of(content).astype(int)

    assert np.abs(pixels - colours()).mean() < 3
    if adobe != "without Adobe's mark":
        assert np.abs(pixels - np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))).max() <= 1


def test_a_ycck_jpeg_has_the_colours_that_pillow_gives_it() -> None:
    content = bytearray(saved(Image.fromarray(colours()).convert("CMYK"), "JPEG", quality=95, subsampling=0))
    start = content.index(b"\xff\xee")
    content[start + 15] = 2  # Adobe's transform: the four channels are now read as YCCK

    expected = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))

    assert np.abs(pixels_of(bytes(content)).astype(int) - expected).max() <= 1


def test_a_cmyk_tiff_is_converted() -> None:
    cmyk = np.asarray(Image.fromarray(colours()).convert("CMYK")).copy()
    cmyk[..., 3] = 40

    expected = np.asarray(Image.fromarray(cmyk, "CMYK").convert("RGB")).astype(int)

    assert np.abs(pixels_of(tiff(cmyk, photometric=5)) - expected).max() <= 1


TRANSPARENT = np.dstack([colours(), np.linspace(0, 255, 40 * 36).reshape(36, 40)]).astype(np.uint8)


def on_white(rgba: RgbImage) -> npt.NDArray[np.float64]:
    alpha = rgba[..., 3:] / 255
    return np.asarray(rgba[..., :3] * alpha + 255 * (1 - alpha))


@pytest.mark.parametrize(
    ("file_format", "options"), [("PNG", {}), ("WEBP", {"lossless": True, "exact": True})]
)
def test_alpha_is_flattened_on_white(file_format: str, options: dict[str, Any]) -> None:
    pixels = pixels_of(saved(Image.fromarray(TRANSPARENT, "RGBA"), file_format, **options))

    assert np.abs(pixels - on_white(TRANSPARENT)).max() <= 0.51


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("extra", [1, 2], ids=["premultiplied", "not premultiplied"])
def test_alpha_of_a_tiff_is_flattened_on_white(bits: int, extra: int) -> None:
    rgba = TRANSPARENT.copy()
    if extra == 1:
        rgba[..., :3] = np.round(rgba[..., :3] * (rgba[..., 3:] / 255))
    samples = rgba if bits == 8 else rgba.astype(np.uint16) * 257

    assert np.abs(pixels_of(tiff(samples, extra=extra)) - on_white(TRANSPARENT)).max() <= 1.01


def test_transparency_of_grey_and_palette_files_is_flattened_on_white() -> None:
    image = Image.fromarray(TRANSPARENT, "RGBA")
    grey_alpha = image.convert("LA")
    expected = on_white(np.asarray(grey_alpha.convert("RGBA")))
    assert np.abs(pixels_of(saved(grey_alpha, "PNG")) - expected).max() <= 0.51
    palette = Image.fromarray(colours()).convert("P")
    clear = palette.getpixel((3, 3))
    pixels = pixels_of(saved(palette, "PNG", transparency=clear))
    assert pixels[3, 3].tolist() == [255, 255, 255]


def test_of_several_pages_the_first_is_read() -> None:
    first, second = Image.fromarray(colours()), Image.new("RGB", (9, 7))
    for file_format, options in (("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}), ("PNG", {})):
        content = saved(
            first, file_format, save_all=True, append_images=[second.resize(first.size)], **options
        )
        np.testing.assert_array_equal(pixels_of(content), colours())


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_reduced_jpeg_keeps_its_colours_and_stands_upright(tmp_path: Path, mode: str) -> None:
    exif = Image.Exif()
    exif[274] = 6
    path = tmp_path / "large.jpg"
    image = Image.fromarray(colours(800, 600)).convert(mode)
    image.save(path, exif=exif, quality=95)

    small = decode_reduced(path, 100).pixels

    assert small.shape == (100, 75, 3)
    whole = cv2.resize(decode_image(path).pixels, (75, 100), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - whole).mean() < 2
