"""A laboratory that nobody has: a stain, a camera, a focus and a magnification drawn at random, for teaching.py."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage
from training.fitting.augment import hue_rotation


@dataclass(frozen=True, slots=True)
class Laboratory:
    """A stain, a camera, a focus and a magnification, drawn by `seed`; call it with a frame (uint8 H×W×3)."""

    seed: int
    degrees: float
    saturation: float
    gamma: float
    blur_px: float
    shown: float
    gains: npt.NDArray[np.float32]

    @classmethod
    def drawn(cls, seed: int) -> "Laboratory":
        """The laboratory of this seed."""
        chance = np.random.default_rng(seed)
        return cls(
            seed,
            float(chance.uniform(15, 50) * chance.choice([-1, 1])),
            float(chance.uniform(0.4, 1.7)),
            float(chance.uniform(0.6, 1.6)),
            float(chance.uniform(0, 1.8)),
            float(chance.uniform(0.55, 1.0)),
            chance.uniform(0.75, 1.25, 3).astype(np.float32),
        )

    def __call__(self, frame: RgbImage) -> RgbImage:
        """The frame as this laboratory would have it."""
        height, width = frame.shape[:2]
        top, left = int(height * (1 - self.shown) / 2), int(width * (1 - self.shown) / 2)
        middle = np.ascontiguousarray(frame[top : height - top, left : width - left])
        values = cv2.resize(middle, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
        values = np.clip(values @ hue_rotation(self.degrees).T.astype(np.float32), 0, 255)
        grey = values.mean(axis=2, keepdims=True)
        values = np.clip(grey + (values - grey) * self.saturation, 0, 255)
        values = 255 * (values / 255) ** self.gamma * self.gains
        blurred = cv2.GaussianBlur(values.astype(np.float32), (0, 0), max(self.blur_px, 0.01))
        return np.asarray(np.clip(np.rint(blurred), 0, 255), np.uint8)

    def __str__(self) -> str:
        """What it does, in words."""
        return (
            f"hue {self.degrees:+.0f}°, saturation × {self.saturation:.2f}, gamma {self.gamma:.2f}, "
            f"blur {self.blur_px:.1f} px, {100 * self.shown:.0f} % of the frame"
        )
