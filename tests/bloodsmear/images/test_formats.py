"""Each kind of file, written by another library than the one that reads it, has an independent decoder's pixels."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from bloodsmear import paths
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes
from bloodsmear.images.rgb_image import RgbImage

ANYWHERE = Path("anywhere")
# A phone's file, made with libheif's encoder, which is under the GPL and no part of any environment here: 64×48 px,
# red from left to right, green downwards, blue against both; the second one stands upright by EXIF and by its box.
HEIC = paths.format_samples() / "phone.heic"
TURNED_HEIC = Path(__file__).parent / "files" / "turned.heic"


def colours(width: int = 64, height: int = 48) -> RgbImage:
    """Smooth, asymmetric, with every channel different: a swap of channels or sides shows."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack(
        [255 * x / width, 255 * y / height, 255 - 255 * (x + y) / (width + height)], axis=-1
    ).astype(np.uint8)


PICTURE = colours()
IMAGE = Image.fromarray(PICTURE)


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def pixels_of(content: bytes) -> npt.NDArray[np.int64]:
    return decode_bytes(content, ANYWHERE).pixels.astype(np.int64)


def by_pillow(content: bytes) -> npt.NDArray[np.int64]:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(np.int64)


Tag = tuple[int, str, list[int]]


def tiff(data: list[bytes], tags: list[Tag], order: str = "<") -> bytes:
    """A bare TIFF of strips or tiles: kinds that no library here writes. A tag: number, struct's type, values.

    The type R is that of fractions: two numbers each.
    """
    places, at = [], 8
    for part in data:
        places.append(at)
        at += len(part)
    tiled = any(tag[0] == 322 for tag in tags)
    tags = [
        *tags,
        (324 if tiled else 273, "I", places),
        (325 if tiled else 279, "I", [len(part) for part in data]),
    ]
    directory, overflow = struct.pack(order + "H", len(tags)), b""
    overflow_at = at + 2 + 12 * len(tags) + 4
    for tag, kind, values in sorted(tags):
        number, item = {"B": (7, "B"), "H": (3, "H"), "I": (4, "I"), "f": (11, "f"), "R": (5, "I")}[kind]
        value = struct.pack(f"{order}{len(values)}{item}", *values)
        if len(value) > 4:
            value, overflow = struct.pack(order + "I", overflow_at + len(overflow)), overflow + value
        directory += struct.pack(
            order + "HHI", tag, number, len(values) // (2 if kind == "R" else 1)
        ) + value.ljust(4, b"\0")
    start = {"<": b"II*\0", ">": b"MM\0*"}[order]
    return start + struct.pack(order + "I", at) + b"".join(data) + directory + bytes(4) + overflow


def described(samples: npt.NDArray[Any], photometric: int = 2, compression: int = 1) -> list[Tag]:
    """The usual tags of one strip that holds all of `samples`."""
    height, width = samples.shape[:2]
    channels = samples.shape[2] if samples.ndim == 3 else 1
    return [
        (256, "I", [width]),
        (257, "I", [height]),
        (258, "H", [samples.itemsize * 8] * channels),
        (259, "H", [compression]),
        (262, "H", [photometric]),
        (277, "H", [channels]),
        (278, "I", [height]),
    ]


def in_tiles(order: str, side: int = 32) -> bytes:
    """48 px are one and a half tiles: the rest of the lower ones is filling."""
    padded = np.full((64, 64, 3), 99, np.uint8)
    padded[:48, :64] = PICTURE
    tiles = [
        zlib.compress(padded[top : top + side, left : left + side].tobytes())
        for top in range(0, 64, side)
        for left in range(0, 64, side)
    ]
    tags = [tag for tag in described(PICTURE, compression=8) if tag[0] != 278]
    return tiff(tiles, [*tags, (322, "I", [side]), (323, "I", [side])], order)


def in_planes(samples: npt.NDArray[Any]) -> bytes:
    planes = [np.ascontiguousarray(samples[..., channel]).tobytes() for channel in range(3)]
    return tiff(planes, [*described(samples), (284, "H", [2])])


def packed(samples: npt.NDArray[Any], bits: int) -> bytes:
    """`bits` a sample, each row filled up to a whole byte."""
    wide = samples.reshape(samples.shape[0], -1).astype(np.uint32)
    shifts = np.arange(bits - 1, -1, -1)
    return np.packbits(
        (wide[..., np.newaxis] >> shifts & 1).reshape(len(wide), -1).astype(np.uint8), axis=1
    ).tobytes()


def few_bits(bits: int) -> bytes:
    values = np.round(PICTURE / 255 * ((1 << bits) - 1)).astype(np.uint16)
    tags = [tag for tag in described(values) if tag[0] != 258]
    return tiff([packed(values, bits)], [*tags, (258, "H", [bits] * 3)])


def in_jpeg_2000(compression: int) -> bytes:
    stream = saved(IMAGE, "JPEG2000", no_jp2=True)
    return tiff([stream], described(PICTURE, compression=compression))


def predicted() -> bytes:
    """Each sample less the one to its left, as Photoshop writes LZW and Deflate."""
    differences = PICTURE.copy()
    differences[:, 1:] -= PICTURE[:, :-1]
    return tiff([zlib.compress(differences.tobytes())], [*described(PICTURE, compression=8), (317, "H", [2])])


def floating(low: float, high: float) -> bytes:
    samples = (PICTURE / 255 * (high - low) + low).astype(np.float32)
    tags: list[Any] = [
        *described(samples),
        (339, "H", [3] * 3),
        (340, "f", [low] * 3),
        (341, "f", [high] * 3),
    ]
    return tiff([samples.tobytes()], tags)


def by_libtiff(compression: str) -> Callable[[], bytes]:
    """Written by Pillow, which has libtiff; its wheels for Windows leave some compressions out."""

    def write() -> bytes:
        try:
            return saved(IMAGE, "TIFF", compression=compression)
        except OSError as error:
            pytest.skip(f"this system's Pillow does not write {compression}: {error}")

    return write


def of_few_bits(bits: int) -> Callable[[], bytes]:
    return lambda: few_bits(bits)


SIXTEEN = PICTURE.astype(np.uint16) * 257
EXACT: dict[str, Callable[[], bytes]] = {
    "bmp": lambda: saved(IMAGE, "BMP"),
    "png": lambda: cv2.imencode(".png", PICTURE[..., ::-1])[1].tobytes(),
    "png 16 bit": lambda: cv2.imencode(".png", SIXTEEN[..., ::-1])[1].tobytes(),
    "webp lossless": lambda: cv2.imencode(".webp", PICTURE[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 101])[
        1
    ].tobytes(),
    "jpeg 2000": lambda: saved(IMAGE, "JPEG2000"),
    "jpeg 2000, the bare stream": lambda: saved(IMAGE, "JPEG2000", no_jp2=True),
    "avif": lambda: saved(IMAGE, "AVIF", quality=100, subsampling="4:4:4"),
    **{
        f"tiff {name}": by_libtiff(name)
        for name in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd", "lzma")
    },
    "tiff of 16 bits": lambda: cv2.imencode(".tif", SIXTEEN[..., ::-1])[1].tobytes(),
    "big tiff": lambda: saved(IMAGE, "TIFF", big_tiff=True),
    "tiff in tiles": lambda: in_tiles("<"),
    "tiff in tiles, big end first": lambda: in_tiles(">"),
    "tiff in planes": lambda: in_planes(PICTURE),
    "tiff in planes of 16 bits": lambda: in_planes(SIXTEEN),
    "tiff with prediction": predicted,
    "tiff of floating point with a range": lambda: floating(-2.0, 3.0),
    "tiff webp": lambda: tiff([saved(IMAGE, "WEBP", lossless=True)], described(PICTURE, compression=50001)),
    "tiff jpeg 2000 (33003)": lambda: in_jpeg_2000(33003),
    "tiff jpeg 2000 (33005)": lambda: in_jpeg_2000(33005),
    "tiff jpeg 2000 (34712)": lambda: in_jpeg_2000(34712),
    **{f"tiff of {bits} bits": of_few_bits(bits) for bits in (10, 12, 14)},
}


@pytest.mark.parametrize("kind", EXACT)
def test_a_file_has_the_pixels_that_were_saved(kind: str) -> None:
    # AVIF turns colours by coefficients that do not come out even.
    allowed = 3 if kind == "avif" else 1

    assert np.abs(pixels_of(EXACT[kind]()) - PICTURE).max() <= allowed


PILLOW: dict[str, Callable[[], bytes]] = {
    "bmp palette": lambda: saved(IMAGE.convert("P"), "BMP"),
    "bmp bilevel": lambda: saved(IMAGE.convert("1"), "BMP"),
    "png palette": lambda: saved(IMAGE.quantize(16), "PNG", bits=4),
    "webp": lambda: saved(IMAGE, "WEBP", quality=80),
    "avif": lambda: saved(IMAGE, "AVIF"),
    "jpeg 2000, lossy": lambda: saved(IMAGE, "JPEG2000", irreversible=True, quality_layers=[20]),
    "tiff jpeg": lambda: saved(IMAGE, "TIFF", compression="jpeg", quality=90),
    "tiff jpeg, grey": lambda: saved(IMAGE.convert("L"), "TIFF", compression="jpeg", quality=90),
    "tiff palette": lambda: saved(IMAGE.quantize(200), "TIFF", compression="tiff_lzw"),
    "tiff bilevel": lambda: saved(IMAGE.convert("1"), "TIFF"),
    "tiff bilevel, white is zero": lambda: saved(IMAGE.convert("1"), "TIFF", tiffinfo={262: 0}),
    "tiff cmyk": lambda: saved(IMAGE.convert("CMYK"), "TIFF", compression="tiff_lzw"),
}


@pytest.mark.parametrize("kind", PILLOW)
def test_a_file_has_the_pixels_that_pillow_gives_it(kind: str) -> None:
    content = PILLOW[kind]()

    assert np.abs(pixels_of(content) - by_pillow(content)).max() <= 1


@pytest.mark.parametrize("bits", [1, 4, 8])
def test_a_palette_of_few_bits_is_looked_up(bits: int) -> None:
    indices = (np.arange(64 * 48).reshape(48, 64) // 7 % (1 << bits)).astype(np.uint8)
    palette = np.random.default_rng(3).integers(0, 65536, (3, 1 << bits))
    tags = [tag for tag in described(indices, photometric=3) if tag[0] != 258]
    content = tiff(
        [packed(indices, bits)], [*tags, (258, "H", [bits]), (320, "H", palette.reshape(-1).tolist())]
    )

    assert np.abs(pixels_of(content) - (palette / 257).T[indices]).max() <= 1


@pytest.mark.parametrize("kind", [1, 2])
def test_a_palette_with_alpha_is_put_on_white(kind: int) -> None:
    indices = np.dstack([np.arange(64 * 48).reshape(48, 64) % 250, np.full((48, 64), 100)]).astype(np.uint8)
    palette = np.random.default_rng(3).integers(0, 65536, (3, 256)) * (100 / 255 if kind == 1 else 1)
    more: list[Tag] = [(320, "H", palette.astype(int).reshape(-1).tolist()), (338, "H", [kind])]

    pixels = pixels_of(tiff([indices.tobytes()], [*described(indices, photometric=3), *more]))

    colours = (palette / 257).T[indices[..., 0]]
    assert np.abs(pixels - (colours + 155 if kind == 1 else colours * (100 / 255) + 155)).max() <= 1.6


def lab_saved(kind: str, lab: npt.NDArray[np.int64]) -> bytes:
    """`lab` × 256: L from 0 to 255, a and b signed."""
    lab = np.where(lab[..., :1] * 0 + np.arange(3) == 0, np.minimum(lab * 257 // 256, 65535), lab)
    if kind.startswith("of ICC"):
        lab = lab + np.array([0, 32768, 32768])
        lab[..., 0] = lab[..., 0] * 256 // 257
    samples = (lab >> 8 if kind.endswith("8") else lab).astype(np.uint8 if kind.endswith("8") else np.uint16)
    return tiff([samples.tobytes()], described(samples, photometric=9 if kind.startswith("of ICC") else 8))


@pytest.mark.parametrize("kind", ["8", "16", "of ICC 8", "of ICC 16"])
def test_cielab_has_the_colours_that_lcms_gives_it_the_long_way(kind: str) -> None:
    lightness, a, b = np.meshgrid(
        range(0, 256, 15), range(-120, 121, 12), range(-120, 121, 12), indexing="ij"
    )
    lab = np.stack([lightness, a, b], axis=-1).reshape(-1, 63, 3)
    raw = lab.astype(np.uint8)
    image = Image.frombuffer("LAB", (63, len(raw)), raw.tobytes(), "raw", "LAB", 0, 1)
    from_lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    to_rgb = ImageCms.buildTransform(from_lab, srgb, "LAB", "RGB", flags=ImageCms.Flags.NOOPTIMIZE)

    pixels = pixels_of(lab_saved(kind, lab.astype(np.int64) * 256))

    assert np.abs(pixels - np.asarray(to_rgb.apply(image))).max() <= 1


def test_ycbcr_that_is_not_compressed_becomes_rgb() -> None:
    ycbcr = np.asarray(IMAGE.convert("YCbCr"))

    content = tiff([ycbcr.tobytes()], [*described(ycbcr, photometric=6), (530, "H", [1, 1])])

    # Once rounded when it was written.
    assert np.abs(pixels_of(content) - PICTURE).max() <= 3


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_png_in_a_tiff_keeps_its_alpha(mode: str) -> None:
    image = Image.fromarray(np.dstack([PICTURE, np.full((48, 64), 100, np.uint8)])).convert(mode)
    samples = np.asarray(image)
    tags = described(samples, photometric=2 if mode == "RGBA" else 1, compression=34933)
    colours = samples[..., :-1].astype(float)

    pixels = pixels_of(tiff([saved(image, "PNG")], [*tags, (338, "H", [2])]))

    assert np.abs(pixels - (colours * (100 / 255) + 155)).max() <= 1.5


def test_webp_in_a_tiff_of_ycbcr_is_three_samples_and_not_rgb() -> None:
    ycbcr = Image.fromarray(np.asarray(IMAGE.convert("YCbCr")), "RGB")
    content = tiff(
        [saved(ycbcr, "WEBP", lossless=True)], described(PICTURE, photometric=6, compression=50001)
    )

    assert np.abs(pixels_of(content) - PICTURE).max() <= 3


@pytest.mark.parametrize(
    "tag", [(532, [15, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1]), (529, [2, 10, 7, 10, 1, 10])]
)
def test_ycbcr_of_another_range_is_said_and_not_tinted(tag: tuple[int, list[int]]) -> None:
    ycbcr = np.asarray(IMAGE.convert("YCbCr"))
    described_so: list[Tag] = [*described(ycbcr, photometric=6), (530, "H", [1, 1]), (tag[0], "R", tag[1])]

    with pytest.raises(ImageError, match=r"colours \(YCbCr\) are of an unusual range"):
        pixels_of(tiff([ycbcr.tobytes()], described_so))


def test_heic_is_read_upright() -> None:
    turned = np.rot90(PICTURE.astype(np.int64), -1)

    assert np.abs(pixels_of(HEIC.read_bytes()) - PICTURE).max() <= 4
    assert np.abs(pixels_of(TURNED_HEIC.read_bytes()) - turned).max() <= 4


@pytest.mark.parametrize("kind", [1, 2, 0])
@pytest.mark.parametrize("planar", [1, 2])
def test_alpha_of_a_tiff_in_planes_or_pixels_is_what_its_tag_says(kind: int, planar: int) -> None:
    half = np.full((48, 64), 128, np.uint8)
    rgba = np.dstack([PICTURE if kind != 1 else (PICTURE.astype(int) * 128 // 255).astype(np.uint8), half])
    parts = [rgba.tobytes()] if planar == 1 else [rgba[..., channel].tobytes() for channel in range(4)]

    pixels = pixels_of(tiff(parts, [*described(rgba), (338, "H", [kind]), (284, "H", [planar])]))

    expected = PICTURE if kind == 0 else PICTURE * (128 / 255) + 127
    assert np.abs(pixels - expected).max() <= 1.5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_tiles_are_turned_as_the_tag_says(orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    expected = pixels_of(saved(IMAGE, "PNG", exif=exif))

    np.testing.assert_array_equal(pixels_of(_tiles_with(orientation)), expected)


def _tiles_with(orientation: int) -> bytes:
    tags = [tag for tag in described(PICTURE, compression=8) if tag[0] != 278]
    tiles = [zlib.compress(np.ascontiguousarray(PICTURE[top : top + 16]).tobytes()) for top in (0, 16, 32)]
    return tiff(tiles, [*tags, (322, "I", [64]), (323, "I", [16]), (274, "H", [orientation])])


@pytest.mark.parametrize(
    ("compression", "name"),
    [
        (22610, "JPEG XR"),
        (34934, "JPEG XR"),
        (50002, "JPEG XL"),
        (52546, "JPEG XL"),
        (6, "JPEG"),
        (2, "fax"),
        (3, "fax"),
        (4, "fax"),
    ],
)
def test_a_compression_that_is_not_read_is_named(compression: int, name: str) -> None:
    content = tiff([b"\xff\x4f\xff\x51" * 64], described(PICTURE, compression=compression))

    with pytest.raises(ImageError, match=rf"its compression \(.*{name}\) cannot be read; save it as PNG"):
        pixels_of(content)
