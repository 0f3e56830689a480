"""How well an image can be read: focus and exposure as plain measurements of the decoded pixels."""

import threading
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.thumbnail import fit_into

# Chosen on the 35 full-size frames (1024×768 and 2560×1920), whose sharpness is 1.68 to 3.84. Under a Gaussian blur
# of 4 px, and smeared over 16 px in any direction (the burnt-in scale bar left sharp), 34 of them or all fall below;
# noise or JPEG 60 moves none across.
OUT_OF_FOCUS_BELOW = 1.66
# None of the same frames has more than 0.003 dark; with a third of the light each one is dark all over.
DARK_SHARE_ABOVE = 0.5
# At most 0.19 is burnt out there, and 15 % more light burns out half of the median frame.
BRIGHT_SHARE_ABOVE = 0.35

# A pixel is dark when even its brightest channel is below this: the darkest nuclei keep a brighter blue, and glass
# under a third of the light has 80 to 85.
_DARK_BELOW = 100
# A pixel is burnt out when all of its channels are at least this: JPEG lets clipped white waver by a few.
_BURNT_OUT_FROM = 253

_LONG_SIDE_PX = 1024
_FINE_SIGMA_PX = 1.0
# The coarse scale, 4 px, is measured at half the size, where it costs an eighth: 4² less 1.5 for the blur that reducing
# and the slope's wider reach bring along, chosen so that the 35 frames keep the sharpness they have at full size.
_COARSE_SIGMA_HALF_PX = 14.5**0.5 / 2
_TILES_ON_LONG_SIDE = 16
# cos², sin² and 2 cos sin of eight directions, 22.5° apart: weights of the three products of a slope.
_DIRECTIONS = np.array(
    [(np.cos(a) ** 2, np.sin(a) ** 2, np.sin(2 * a)) for a in np.pi / 8 * np.arange(8)], np.float32
)
# Rows that are worked on at once: their planes stay in the processor's cache.
_BAND_PX = 192
# Grey levels squared: below it a slope is noise, and an empty field must not count as sharp.
_NOISE_ENERGY = 0.2
# The glass of a well lit smear. Darker images are brought there, so that bad light does not pass for bad focus.
_USUAL_WHITE, _FAINTEST_WHITE = 240.0, 24.0


@dataclass(frozen=True, slots=True)
class ImageQuality:
    """`sharpness` (no unit, comparable between sizes), and the shares (0 to 1) of crushed and of burnt-out pixels."""

    sharpness: float
    dark_share: float
    bright_share: float


def measure_quality(image: RgbImage, grey: npt.NDArray[np.uint8] | None = None) -> ImageQuality:
    """Measure focus and exposure of a decoded image (uint8 H×W×3); `grey`: its grey image, where it is at hand."""
    if grey is None:
        grey = grey_of(image)
    # All channels in a range at once: four times as quick as the brightest and the darkest of each pixel.
    dark = cv2.countNonZero(cv2.inRange(image, (0, 0, 0), (_DARK_BELOW - 1,) * 3))
    bright = cv2.countNonZero(cv2.inRange(image, (_BURNT_OUT_FROM,) * 3, (255, 255, 255)))
    pixels = image.shape[0] * image.shape[1]
    return ImageQuality(_sharpness(grey), dark / pixels, bright / pixels)


def grey_of(image: RgbImage) -> npt.NDArray[np.uint8]:
    """The grey image (uint8 H×W) of a decoded one."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def _sharpness(grey: npt.NDArray[np.uint8]) -> float:
    """How much steeper edges are on a fine than on a coarse scale: 4 for a perfect edge, 1 for a hopeless one.

    An edge that the lens blurred by s has a gradient energy of 1 / sqrt(s² + sigma²) on the scale sigma, so the
    ratio of two scales tells s whatever the contrast and the number of cells. It is taken tile by tile where
    there is something to see, and the tiles' 90th percentile counts: a burnt-in scale bar fills fewer, and a
    field that is in focus in part can be read. Of all directions the one that is least sharp counts: a stage that
    moved smears the detail along its way and leaves what lies across it sharp. An image larger than 1024 px is
    reduced to that; a smaller one is measured as it is, for what a reduction has lost nobody can tell.
    """
    grey = fit_into(grey, _LONG_SIDE_PX)
    white = max(_percentile(grey, 95), _FAINTEST_WHITE)
    whole, half = _buffers_for(grey.shape)
    np.multiply(grey, np.float32(_USUAL_WHITE / white), out=whole.values, casting="unsafe")
    cv2.resize(whole.values, half.values.shape[::-1], dst=half.values, interpolation=cv2.INTER_AREA)
    height, width = grey.shape
    tile = max(8, max(height, width) // _TILES_ON_LONG_SIDE)
    grid = max(1, width // tile), max(1, height // tile)
    fine = _tile_energy(whole, _FINE_SIGMA_PX, grid)
    # A slope over two pixels, squared, in units of one.
    coarse = _tile_energy(half, _COARSE_SIGMA_HALF_PX, grid) / 4
    whole_coarse = coarse[0] + coarse[1]
    structured = whole_coarse >= max(0.5 * np.median(whole_coarse), 0.1 * np.percentile(whole_coarse, 90))
    # One direction has half of the energy of all, and half of the noise.
    ratios = _DIRECTIONS @ fine[:, structured] / (_DIRECTIONS @ coarse[:, structured] + _NOISE_ENERGY / 2)
    return float(np.percentile(ratios, 90, axis=1).min())


def _percentile(grey: npt.NDArray[np.uint8], percent: float) -> float:
    """What np.percentile says, from the counts of the 256 values instead of a sort: six times as quick."""
    up_to = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().astype(np.int64))
    place = (grey.size - 1) * (percent / 100)
    rank = int(place)
    low, high = np.searchsorted(up_to, [rank, min(rank + 1, grey.size - 1)], side="right")
    return float(low + (high - low) * (place - rank))


def _tile_energy(buffers: "_Buffers", sigma_px: float, grid: tuple[int, int]) -> npt.NDArray[np.float32]:
    """The means of x², y² and x·y in each tile, of the slope (x, y) in grey levels per pixel at the scale `sigma_px`.

    `grid`: columns, rows. Along (cos a, sin a) the slope's energy is x² cos² a + y² sin² a + 2 x·y cos a sin a.
    """
    height = len(buffers.values)
    for top in range(0, height, _BAND_PX):
        _band_energy(buffers, sigma_px, slice(top, min(top + _BAND_PX, height)))
    return np.stack([cv2.resize(plane, grid, interpolation=cv2.INTER_AREA) for plane in buffers.energy])


def _band_energy(buffers: "_Buffers", sigma_px: float, rows: slice) -> None:
    """The slope's products in these rows: bit for bit those of the whole plane, while what it needs is in the cache."""
    halo = _halo_px(sigma_px)
    start, end = max(0, rows.start - halo), min(len(buffers.values), rows.stop + halo)
    smooth, (along, down) = buffers.smooth[: end - start], buffers.slopes[:, : end - start]
    cv2.GaussianBlur(buffers.values[start:end], (0, 0), sigma_px, dst=smooth)
    cv2.Sobel(smooth, cv2.CV_32F, 1, 0, dst=along, scale=1 / 8)
    cv2.Sobel(smooth, cv2.CV_32F, 0, 1, dst=down, scale=1 / 8)
    # Every second row: a tile has enough of them, and three products cost little more than their sum over all rows.
    kept = slice(-(-rows.start // 2), -(-rows.stop // 2))
    inner = slice(2 * kept.start - start, rows.stop - start, 2)
    for plane, one, other in zip(buffers.energy, (along, down, along), (along, down, down), strict=True):
        np.multiply(one[inner], other[inner], out=plane[kept])


def _halo_px(sigma_px: float) -> int:
    """How far the blur reaches (OpenCV cuts it off at four sigma), and one row more for the slope."""
    return round(4 * sigma_px) + 1


class _Buffers:
    """Room for the planes of one size. Taken anew for each, most of the time goes into the system's empty pages."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.values = np.empty(shape, np.float32)
        self.energy = np.empty((3, -(-shape[0] // 2), *shape[1:]), np.float32)
        halo = max(_halo_px(_FINE_SIGMA_PX), _halo_px(_COARSE_SIGMA_HALF_PX))
        band = min(shape[0], _BAND_PX + 2 * halo), *shape[1:]
        self.smooth, self.slopes = np.empty(band, np.float32), np.empty((2, *band), np.float32)


_kept = threading.local()


def _buffers_for(shape: tuple[int, ...]) -> tuple[_Buffers, _Buffers]:
    """This thread's buffers, for the image and for half of it: those of the image before where it had the same size."""
    kept: tuple[_Buffers, _Buffers] | None = getattr(_kept, "buffers", None)
    if kept is None or kept[0].values.shape != shape:
        kept = _kept.buffers = _Buffers(shape), _Buffers(tuple(-(-size // 2) for size in shape))
    return kept
