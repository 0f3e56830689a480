"""Every knob of a fit, as one frozen table that a TOML file can set."""

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from bloodsmear.errors import TrainingError

Architecture = Literal["vgg16", "unet"]
Precision = Literal["float32", "mixed_bfloat16", "mixed_float16"]
CONFIG_FILE = "config.json"


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How far each training image is changed at random, in every epoch anew; 0 switches a change off.

    Geometry: rotation in degrees, shift as a share of the side, zoom as a factor around 1. Stain and camera:
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


@dataclass(frozen=True, slots=True)
class FitConfig:
    """One fit. Sizes in pixels, rates per step, shares from 0 to 1.

    `peak_rate` is AdamW's learning rate after `warm_up_epochs`; it falls to nothing along a cosine until the last
    epoch. The fit stops early after `patience_epochs` without a lower validation loss. `norm_images` training images
    recompute the batch-norm statistics before every validation.
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
    precision: Precision = "float32"
    seed: int = 20261123
    augment: AugmentConfig = dataclasses.field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        """Refuse what cannot be fitted."""
        for name in ("width_px", "height_px", "epochs", "batch_images", "peak_rate"):
            if getattr(self, name) <= 0:
                raise TrainingError(
                    f"The training setting {name} must be above 0, got {getattr(self, name)}."
                )


def default_config(architecture: Architecture, **changes: Any) -> FitConfig:
    """Our preset of an architecture, with `changes`. VGG16 has no batch norm and wants a smaller, slower start."""
    preset = FitConfig(architecture="unet")
    if architecture == "vgg16":
        preset = FitConfig(architecture="vgg16", peak_rate=1.5e-4, warm_up_epochs=2.0)
    return dataclasses.replace(preset, **changes)


def read_config(path: Path) -> FitConfig:
    """Read a TOML file of `FitConfig`'s names. TrainingError names what is unknown or of the wrong type."""
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
        architecture = settings.pop("architecture", "unet")
        preset = msgspec.to_builtins(default_config(architecture))
        unknown = set(settings) - set(preset)
        if unknown:
            raise TrainingError(f"{path} sets {sorted(unknown)[0]}, which is no training setting.")
        return msgspec.convert(preset | settings, FitConfig)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TrainingError(f"Cannot use the training settings in {path}: {error}") from error
