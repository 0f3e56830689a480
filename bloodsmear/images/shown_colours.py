"""Colours for the eye: how the shown picture is made brighter, steeper, whiter. The pixels themselves stay as they are.

Everything but the choice of a channel is a table of 256 values per channel, so that only what the screen shows has to
be computed.
"""

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage

Channel = Literal["all", "red", "green", "blue"]
CHANNELS: tuple[Channel, ...] = ("all", "red", "green", "blue")
LEAST_GAMMA, MOST_GAMMA = 20, 500
Percent = Annotated[int, msgspec.Meta(ge=-100, le=100)]
GammaPercent = Annotated[int, msgspec.Meta(ge=LEAST_GAMMA, le=MOST_GAMMA)]
# At 100 % contrast is four times as steep.
_STEEPNESS_PER_PERCENT = 4 ** (1 / 100)
# More pixels of a picture tell nothing new of how its colours are spread.
_MOST_COUNTED = 1_000_000

Level = Annotated[int, msgspec.Meta(ge=1, le=255)]
BgraPixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ShownColours:
    """`brightness` and `contrast` in percent (0 leaves them), `gamma_percent` (100 leaves it; more lifts what is dark).

    `glass`: the red, green and blue of a place without cells, which is shown grey; None leaves the white as it is.
    `channel`: one channel alone, as grey. `inverted`: dark is light.
    """

    brightness: Percent = 0
    contrast: Percent = 0
    gamma_percent: GammaPercent = 100
    glass: tuple[Level, Level, Level] | None = None
    channel: Channel = "all"
    inverted: bool = False

    @property
    def are_the_files(self) -> bool:
        """Whether the picture is shown as its file has it."""
        return self == FILES_COLOURS

    def words(self) -> str:
        """What is changed: `brightness +20, gamma 1.20, inverted`; empty where nothing is."""
        parts = (
            (f"brightness {self.brightness:+d}", self.brightness != 0),
            (f"contrast {self.contrast:+d}", self.contrast != 0),
            (f"gamma {self.gamma_percent / 100:.2f}", self.gamma_percent != 100),
            ("white balance", self.glass is not None),
            (f"{self.channel} alone", self.channel != "all"),
            ("inverted", self.inverted),
        )
        return ", ".join(words for words, changed in parts if changed).replace("-", "−")


FILES_COLOURS = ShownColours()


def tables(colours: ShownColours) -> npt.NDArray[np.uint8]:
    """uint8 3×256: what each value of red, green and blue is shown as."""
    values = np.arange(256) / 255
    gains = np.ones(3) if colours.glass is None else max(colours.glass) / np.array(colours.glass)
    shown = np.clip(gains[:, None] * values, 0, 1)
    shown = (shown - 0.5) * _STEEPNESS_PER_PERCENT**colours.contrast + 0.5 + colours.brightness / 100
    shown = np.clip(shown, 0, 1) ** (100 / colours.gamma_percent)
    return np.asarray(np.rint(255 * (1 - shown if colours.inverted else shown)), np.uint8)


def show_in(colours: ShownColours, pixels: BgraPixels) -> BgraPixels:
    """uint8 H×W×4 (blue, green, red and a fourth that stays 255), recoloured into new memory."""
    red, green, blue = tables(colours)
    if colours.channel != "all":
        place, table = {"red": (2, red), "green": (1, green), "blue": (0, blue)}[colours.channel]
        grey = cv2.LUT(np.ascontiguousarray(pixels[..., place]), table)
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGRA), np.uint8)
    table = np.stack([blue, green, red, np.full(256, 255, np.uint8)], axis=1)
    return np.asarray(cv2.LUT(np.ascontiguousarray(pixels), table[None]), np.uint8)


def count_colours(pixels: RgbImage) -> npt.NDArray[np.int64]:
    """int64 3×256: how many pixels have each value of red, green and blue; of a large picture about a million count."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / _MOST_COUNTED) ** 0.5))
    few = np.ascontiguousarray(pixels[::step, ::step])
    counts = [cv2.calcHist([few], [channel], None, [256], [0, 256]) for channel in range(3)]
    return np.stack(counts).reshape(3, 256).astype(np.int64)


def glass_at(pixels: RgbImage, column: int, row: int) -> tuple[int, int, int] | None:
    """The mean red, green and blue of 9×9 pixels around a place, none below 1; None outside the picture."""
    height_px, width_px, _ = pixels.shape
    if not (0 <= column < width_px and 0 <= row < height_px):
        return None
    around = pixels[max(0, row - 4) : row + 5, max(0, column - 4) : column + 5].reshape(-1, 3)
    red, green, blue = (max(1, round(float(mean))) for mean in around.mean(axis=0))
    return red, green, blue


def as_text(colours: ShownColours) -> str:
    """One line, as settings keep it."""
    return json.dumps(asdict(colours))


def colours_in(text: str) -> ShownColours:
    """Those of a line of `as_text`; the file's own where the line cannot be used."""
    try:
        return msgspec.json.decode(text.encode(), type=ShownColours)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return FILES_COLOURS
