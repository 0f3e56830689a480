"""Colours that an OME-TIFF keeps as pages: each is shown in its own colour, and none stands for another."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes
from bloodsmear.images.image_names import count_pictures

ANYWHERE = Path("colours.ome.tif")
RANDOM = np.random.default_rng(7)
RED, GREEN, BLUE = (RANDOM.integers(0, 256, (48, 64)).astype(np.uint8) for _ in range(3))


def ome(pages: list[npt.NDArray[Any]], channels: list[str], blocks: str) -> bytes:
    names = "".join(f'<Channel ID="{place}" Name="{name}"/>' for place, name in enumerate(channels))
    description = (
        f'<OME><Pixels DimensionOrder="XYCZT" SizeX="64" SizeY="48" SizeC="{len(channels)}" SizeZ="1" SizeT="1">'
        f"{names}{blocks}</Pixels></OME>"
    )
    buffer = io.BytesIO()
    tifffile.imwrite(
        buffer, np.stack(pages), description=description, photometric="minisblack", metadata=None
    )
    return buffer.getvalue()


def block(channel: int, page: int) -> str:
    return (
        f'<TiffData FirstC="{channel}" IFD="{page}" PlaneCount="1"><UUID>urn:uuid:{channel}</UUID></TiffData>'
    )


def test_channels_on_pages_are_shown_in_the_colours_that_they_are_named_after() -> None:
    content = ome([GREEN, BLUE, RED], ["Green", "Blue", "Red"], "".join(block(c, c) for c in range(3)))

    np.testing.assert_array_equal(
        decode_bytes(content, ANYWHERE).pixels, np.stack([RED, GREEN, BLUE], axis=-1)
    )


def test_one_file_of_a_set_with_a_colour_each_is_refused_and_not_shown_as_grey(tmp_path: Path) -> None:
    content = ome([RED], ["Red", "Green", "Blue"], "".join(block(c, 0) for c in range(3)))

    with pytest.raises(ImageError, match="lies in other files; save it as one"):
        decode_bytes(content, ANYWHERE)

    (tmp_path / "red.ome.tif").write_bytes(content)
    assert count_pictures(tmp_path / "red.ome.tif") == 1


def test_more_blocks_than_pages_can_have_are_not_gone_through() -> None:
    with pytest.raises(ImageError, match="lies in other files"):
        decode_bytes(ome([RED], ["Red"], block(0, 0) * 50_000), ANYWHERE)
