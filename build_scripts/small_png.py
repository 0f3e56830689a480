"""A picture of the window as a PNG with 256 colours: a quarter of the size, and it looks the same."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image
from PySide6.QtGui import QImage

Pixels = npt.NDArray[np.uint8]
Packed = npt.NDArray[np.uint32]

_COLOURS = 256
# Large plain areas must stay plain.
_FREQUENT = 32


def small_png(shown: QImage, exact: Sequence[int]) -> bytes:
    """The PNG's bytes. `exact` are colours (0xRRGGBB) that must not be mixed from others, as are the frequent ones."""
    picture = _picture_of(shown)
    packed = _pack(np.asarray(picture))
    colours, counts = np.unique(packed, return_counts=True)
    frequent = colours[np.argsort(-counts)[:_FREQUENT]]
    kept = np.unique(np.concatenate([np.array(exact, np.uint32), frequent]))
    palette = Image.new("P", (1, 1))
    palette.putpalette(_bytes_of(kept) + _colours_for_the_rest(colours, counts, _COLOURS - len(kept)))
    reduced = picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    # Pillow looks a colour up by 6 bits a channel, so that white would become a near white.
    indices = np.asarray(reduced).copy()
    places = np.minimum(np.searchsorted(kept, packed), len(kept) - 1)
    is_kept = kept[places] == packed
    indices[is_kept] = places[is_kept]
    final = Image.fromarray(indices, "P")
    final.putpalette(reduced.getpalette() or [])
    out = io.BytesIO()
    final.save(out, "PNG", optimize=True)
    return out.getvalue()


def _picture_of(shown: QImage) -> Image.Image:
    rgb = shown.convertToFormat(QImage.Format.Format_RGB888)
    size = (rgb.width(), rgb.height())
    return Image.frombytes("RGB", size, bytes(rgb.constBits()), "raw", "RGB", rgb.bytesPerLine())


def _pack(pixels: Pixels) -> Packed:
    return pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)


def _bytes_of(packed: Packed) -> bytes:
    return packed.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()


def _colours_for_the_rest(colours: Packed, counts: npt.NDArray[np.intp], number: int) -> bytes:
    """Colours that stand for all. A colour counts by the root of its area: nuclei are small, and looked at."""
    sample = np.repeat(colours, np.ceil(np.sqrt(counts)).astype(np.intp))
    line = Image.frombytes("RGB", (len(sample), 1), _bytes_of(sample))
    chosen = line.quantize(number, Image.Quantize.MEDIANCUT, kmeans=1).getpalette() or []
    return bytes(chosen[: 3 * number])
