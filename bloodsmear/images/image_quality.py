"""How well an image can be read: focus and exposure as plain measurements of the decoded pixels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageQuality:
    """`sharpness` (no unit, comparable between sizes), and the shares (0 to 1) of crushed and of burnt-out pixels."""

    sharpness: float
    dark_share: float
    bright_share: float
