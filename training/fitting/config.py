"""Every knob of a fit, as one frozen table that a TOML file can set."""

import dataclasses
from dataclasses import dataclass
from typing import Literal

from bloodsmear.errors import TrainingError

Architecture = Literal["vgg16", "unet"]
Precision = Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"]
# VGG16 halves the image five times, the U-Net twice; a card allows no more than 4096.
SMALLEST_INPUT_PX: dict[Architecture, int] = {"vgg16": 32, "unet": 4}
LARGEST_INPUT_PX = 4096


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How far each training image is changed at random, in every epoch anew; 0 switches a change off.

    Geometry: rotation and shear in degrees, shift as a share of the side, zoom as a factor around 1, `flips` left to
    right and `vertical_flips` top to bottom (each of every second image). Stain and camera:
    hue in degrees of the colour circle; saturation, brightness, contrast and white balance (each channel's gain)
    as factors around 1; the share of images shown in grey; blur as a Gaussian's largest sigma in pixels; noise as
    the standard deviation in grey levels; the lowest JPEG quality (100 is none).
    """

    rotation_degrees: float = 180.0
    shift_share: float = 0.1
    zoom_factor: float = 0.2
    flips: bool = True
    hue_degrees: float = 18.0
    saturation_factor: float = 0.4
    brightness_factor: float = 0.2
    contrast_factor: float = 0.2
    white_balance_factor: float = 0.12
    grey_share: float = 0.15
    blur_sigma_px: float = 1.0
    noise_levels: float = 4.0
    lowest_jpeg_quality: int = 50
    # Younger than the others: off, so that the config.json of an older run means what it meant. Turned by up to 180
    # degrees and mirrored, an image lies in every position without them.
    shear_degrees: float = 0.0
    vertical_flips: bool = False


@dataclass(frozen=True, slots=True)
class FitConfig:
    """One fit. Sizes in pixels, rates per step, shares from 0 to 1.

    `peak_rate` is AdamW's learning rate after `warm_up_epochs`; it falls to nothing along a cosine until the last
    epoch. The fit stops early after `patience_epochs` without a lower validation loss. `norm_images` training images
    recompute the batch-norm statistics before every validation. `precision` auto is half of it on a GPU that gains by
    it (training/gpu.py), else float32. `norm_while_fitting` puts a batch norm behind each convolution of VGG16 and
    folds it into the convolution at the end; the U-Net has norms of its own.
    """

    architecture: Architecture = "unet"
    width_px: int = 150
    height_px: int = 150
    epochs: int = 30
    batch_images: int = 32
    peak_rate: float = 1e-3
    warm_up_epochs: float = 1.0
    weight_decay: float = 1e-4
    label_smoothing: float = 0.05
    patience_epochs: int = 8
    norm_images: int = 430
    precision: Precision = "auto"
    seed: int = 20261123
    augment: AugmentConfig = dataclasses.field(default_factory=AugmentConfig)
    # Younger than the others: off, so that the config.json of an older run means what it meant.
    norm_while_fitting: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be fitted."""
        smallest_px = SMALLEST_INPUT_PX[self.architecture]
        for name in ("width_px", "height_px"):
            if not smallest_px <= getattr(self, name) <= LARGEST_INPUT_PX:
                raise TrainingError(
                    f"The training setting {name} must be {smallest_px} to {LARGEST_INPUT_PX} for {self.architecture}, "
                    f"got {getattr(self, name)}."
                )
        if self.norm_while_fitting and self.architecture != "vgg16":
            raise TrainingError(
                f"The training setting norm_while_fitting is one of vgg16; {self.architecture} has its own norms."
            )
        if self.seed < 0:
            raise TrainingError(f"The training setting seed must not be below 0, got {self.seed}.")
        if not 1 <= self.augment.lowest_jpeg_quality <= 100:
            raise TrainingError(
                "The training setting augment.lowest_jpeg_quality must be 1 to 100, "
                f"got {self.augment.lowest_jpeg_quality}."
            )
        for name in ("width_px", "height_px", "epochs", "batch_images", "peak_rate", "norm_images"):
            if getattr(self, name) <= 0:
                raise TrainingError(
                    f"The training setting {name} must be above 0, got {getattr(self, name)}."
                )
