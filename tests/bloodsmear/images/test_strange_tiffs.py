"""TIFFs whose tags and bytes decoders understand in different ways: the one right picture, or a sentence."""

import io
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
import tifffile
from PIL import Image, TiffImagePlugin

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes
from bloodsmear.images.image_names import count_pictures

ANYWHERE = Path("strange.tif")
Y, X = np.mgrid[0:48, 0:64]
PICTURE = np.stack([4 * X, 5 * Y, 255 - 2 * X - 2 * Y], axis=-1).astype(np.uint8)
CMYK = np.asarray(Image.fromarray(PICTURE).convert("CMYK"))
SHORT = 3


def tiff(samples: npt.NDArray[Any], photometric: str = "rgb", **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, samples, photometric=photometric, **options)
    return buffer.getvalue()


def difference(content: bytes, expected: npt.NDArray[Any]) -> int:
    return int(np.abs(decode_bytes(content, ANYWHERE).pixels.astype(int) - expected).max())


def changed(content: bytes, tag: int, value: int) -> bytes:
    """The file with another value of a tag that has one short number."""
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        at = file.pages.first.tags[tag].valueoffset
    return content[:at] + value.to_bytes(2, "little") + content[at + 2 :]


@pytest.mark.parametrize("compression", ["raw", "packbits"])
def test_a_predictor_without_its_compression_is_said_and_nothing_is_added_up(compression: str) -> None:
    plain, marked, tags = io.BytesIO(), io.BytesIO(), TiffImagePlugin.ImageFileDirectory_v2()
    tags[317] = 2
    Image.fromarray(PICTURE).save(plain, "TIFF", compression=compression)
    Image.fromarray(PICTURE).save(marked, "TIFF", compression=compression, tiffinfo=tags)

    assert difference(plain.getvalue(), PICTURE) == 0
    with pytest.raises(ImageError, match="predicted in an unusual way"):
        decode_bytes(marked.getvalue(), ANYWHERE)


@pytest.mark.parametrize("bits", [9, 10, 12, 14])
def test_jpeg_2000_of_fewer_bits_than_the_page_declares_is_not_shown_darker(bits: int) -> None:
    samples = np.round(PICTURE / 255 * ((1 << bits) - 1)).astype(np.uint16)

    content = tiff(samples, compression="jpeg2000", compressionargs={"bitspersample": bits})

    assert difference(content, PICTURE) <= 1


@pytest.mark.parametrize(
    "tag", [(332, SHORT, 1, 2, True), (334, SHORT, 1, 5, True), (336, SHORT, 2, (255, 0), True)]
)
def test_inks_that_are_not_the_usual_four_are_said(tag: tuple[Any, ...]) -> None:
    assert difference(tiff(CMYK, "separated"), PICTURE) <= 2
    with pytest.raises(ImageError, match="inks are not cyan, magenta, yellow and black as usual"):
        decode_bytes(tiff(CMYK, "separated", extratags=[tag]), ANYWHERE)


def inside_one_another(first: npt.NDArray[Any], inner: npt.NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(first, photometric="rgb", subifds=1)
        writer.write(inner, photometric="rgb")
    return buffer.getvalue()


def test_a_preview_with_the_picture_in_a_directory_inside_is_not_shown_for_it() -> None:
    large = np.asarray(cv2.resize(PICTURE, (256, 192)))

    assert difference(inside_one_another(large, PICTURE), large) == 0
    with pytest.raises(ImageError, match="it shows a reduced picture alone"):
        decode_bytes(inside_one_another(PICTURE, large), ANYWHERE)


def test_metamorphs_pictures_without_a_directory_do_not_vanish(tmp_path: Path) -> None:
    # UIC2: six numbers for each of three pictures.
    content = tiff(PICTURE[..., 0].copy(), "minisblack", extratags=[(33629, 5, 3, (1,) * 6, True)])
    path = tmp_path / "stack.stk"
    path.write_bytes(content)

    assert count_pictures(path) == 1
    with pytest.raises(ImageError, match="its 3 pictures lie in it without a directory each"):
        decode_bytes(content, ANYWHERE)


def test_ome_whose_description_lies_in_another_file_is_not_shown_as_grey_pages() -> None:
    elsewhere = '<OME UUID="urn:uuid:1"><BinaryOnly MetadataFile="a.companion.ome" UUID="urn:uuid:2"/></OME>'
    colours = np.moveaxis(PICTURE, -1, 0).copy()

    with pytest.raises(ImageError, match="lies in other files"):
        decode_bytes(tiff(colours, "minisblack", description=elsewhere, metadata=None), ANYWHERE)


def test_signed_samples_of_imagej_are_said_and_not_shown_as_a_grey_veil() -> None:
    said = "ImageJ=1.54f\nmin=-100.0\nmax=4095.0\ncf=0\nc0=-32768.0\nc1=1.0\nvunit=gray value\n"
    samples = PICTURE[..., 0].astype(np.uint16) + 32768

    with pytest.raises(ImageError, match="its samples are signed"):
        decode_bytes(tiff(samples, "minisblack", description=said, metadata=None), ANYWHERE)


def test_jpeg_strips_whose_mark_and_tag_disagree_are_said_and_not_shown_in_green() -> None:
    # Of JFIF the colours are YCbCr, by the tag RGB: libtiff goes by the tag, tifffile by the mark.
    buffer = io.BytesIO()
    Image.fromarray(PICTURE).save(buffer, "JPEG", quality=95)
    strip = buffer.getvalue()
    samples = np.frombuffer(strip.ljust(PICTURE.size, b"\0"), np.uint8).reshape(PICTURE.shape)

    with pytest.raises(ImageError, match="disagree about its colours"):
        decode_bytes(changed(tiff(samples), 259, 7), ANYWHERE)


def test_pixels_that_lerc_leaves_out_are_not_shown_as_black() -> None:
    there = np.ones(PICTURE.shape[:2], bool)
    there[10:20] = False
    packed = bytes(imagecodecs.lerc_encode(PICTURE, masks=there))
    whole = bytes(imagecodecs.lerc_encode(PICTURE))

    assert difference(of_one_strip(whole, 34887), PICTURE) == 0
    with pytest.raises(ImageError, match="a part of its pixels is left out"):
        decode_bytes(of_one_strip(packed, 34887), ANYWHERE)


def of_one_strip(packed: bytes, compression: int) -> bytes:
    """A TIFF whose only strip is `packed`."""
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(
            iter([packed]),
            shape=PICTURE.shape,
            dtype=np.uint8,
            photometric="rgb",
            compression=compression,
            metadata=None,
        )
    return buffer.getvalue()


def coarse(across: int, down: int, rows: int) -> bytes:
    """YCbCr whose colours are those of blocks, in strips of so many rows: no library here writes it."""
    ycbcr = np.asarray(Image.fromarray(PICTURE[:45, :61]).convert("YCbCr"))
    strips = []
    for top in range(0, 45, rows):
        strip = ycbcr[top : top + rows]
        high, wide = -(-len(strip) // down) * down, -(-61 // across) * across
        strip = np.pad(strip, ((0, high - len(strip)), (0, wide - 61), (0, 0)), mode="edge")
        blocks = strip.reshape(high // down, down, wide // across, across, 3).swapaxes(1, 2)
        y = blocks[..., 0].reshape(high // down, wide // across, -1)
        colours = blocks[..., 1:].mean(axis=(2, 3)).astype(np.uint8)
        strips.append(np.concatenate([y, colours], axis=-1).astype(np.uint8).tobytes())
    return in_strips(strips, rows, (across, down))


def in_strips(strips: list[bytes], rows: int, subsampling: tuple[int, int] | None) -> bytes:
    """A TIFF of 61×45 px of YCbCr, deflated."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    packed = [bytes(imagecodecs.zlib_encode(strip)) for strip in strips]
    # Pillow adds where the directory ends.
    places = [sum(map(len, packed[:place])) for place in range(len(packed))]
    for tag, value in {256: 61, 257: 45, 259: 8, 262: 6, 277: 3, 278: rows}.items():
        tags[tag] = value
    tags[258], tags[273], tags[279] = (8, 8, 8), tuple(places), tuple(map(len, packed))
    if subsampling is not None:
        tags[530] = subsampling
    return b"II*\0\x08\0\0\0" + tags.tobytes(8) + b"".join(packed)


@pytest.mark.parametrize("rows", [45, 16])
@pytest.mark.parametrize(("across", "down"), [(2, 1), (2, 2), (4, 1), (4, 2), (4, 4)])
def test_colours_that_are_coarser_than_brightness_are_those_that_libtiff_gives(
    across: int, down: int, rows: int
) -> None:
    content = coarse(across, down, rows)

    by_libtiff = np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR))[..., ::-1]

    assert difference(content, by_libtiff.astype(int)) <= 1


def test_colours_that_are_not_coarse_and_not_said_to_be_so_are_refused() -> None:
    ycbcr = np.asarray(Image.fromarray(PICTURE[:45, :61]).convert("YCbCr"))

    assert difference(in_strips([ycbcr.tobytes()], 45, (1, 1)), PICTURE[:45, :61]) <= 3
    with pytest.raises(ImageError, match="damaged or cut off"):
        decode_bytes(in_strips([ycbcr.tobytes()], 45, None), ANYWHERE)
