"""Every knob of a fit, as one frozen table that a TOML file can set."""

import dataclasses
from dataclasses import dataclass
from typing import Literal

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_messages import Architecture

PooledAs = Literal["means", "deviations"]
Precision = Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"]
# VGG16 and EfficientNet-Lite0 halve the image five times, the U-Net twice; a card allows no more than 4096.
SMALLEST_INPUT_PX: dict[Architecture, int] = {"vgg16": 32, "unet": 4, "efficientnet_lite0": 32}
LARGEST_INPUT_PX = 4096
# Far above what anybody means. `large_px`: of a thousand pictures 4096 px take 50 GB.
_MOST = {
    "epochs": 100_000, "batch_images": 100_000, "norm_images": 10_000_000, "patience_epochs": 100_000,
    "frozen_epochs": 100_000, "warm_up_epochs": 100_000, "peak_rate": 100, "head_rate": 100, "weight_decay": 100,
    "label_smoothing": 1, "large_px": LARGEST_INPUT_PX, "seed": 2**63 - 1,
}  # fmt: skip
_MOST_CHANGE = 1_000


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How far each training image is changed at random, in every epoch anew; 0 switches a change off.

    Geometry: rotation and shear in degrees, shift as a share of the side, zoom as a factor around 1, `flips` left to
    right and `vertical_flips` top to bottom (each of every second image). Stain and camera:
    hue in degrees of the colour circle; saturation, brightness, contrast and white balance (each channel's gain)
    as factors around 1; the share of images shown in grey; blur as a Gaussian's largest sigma in pixels; noise as
    the standard deviation in grey levels; the lowest JPEG quality (100 changes nothing).

    Of later date, off unless named: `smallest_crop` is the smallest part of the frame's sides that is shown (1: all of
    it); `corner_share` of the images have the corner with the burnt-in scale bar covered, or taken from another image,
    `late_corner_share` after all other changes, so that it may be of another stain and sharpness than the rest;
    gamma as an exponent's factor around 1; `drift_factor`: how much each channel's gain differs from side to side;
    `vignette_factor`: how much darker the corners are at most; `defocus_px`: the largest radius of a disc;
    `sharpen_factor`: the most that an unsharp mask adds; `smallest_scale`: to what part of its size a picture is
    reduced at most, and enlarged again. Pixels are those of `FitConfig.large_px`.
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
    smallest_crop: float = 1.0
    corner_share: float = 0.0
    late_corner_share: float = 0.0
    gamma_factor: float = 0.0
    drift_factor: float = 0.0
    vignette_factor: float = 0.0
    defocus_px: float = 0.0
    sharpen_factor: float = 0.0
    smallest_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class FitConfig:
    """One fit. Sizes in pixels, rates per step, shares from 0 to 1.

    `peak_rate` is AdamW's learning rate after `warm_up_epochs`; it falls to nothing along a cosine until the last
    epoch. The fit stops early after `patience_epochs` without a lower validation loss. `norm_images` training images
    recompute the batch-norm statistics before every validation. `precision` auto is half of it on a GPU that gains by
    it (training/gpu.py), else float32. `norm_while_fitting` puts a batch norm behind each convolution of VGG16 and
    folds it into the convolution at the end; the U-Net has norms of its own.

    `pooled_blocks` are the blocks whose last maps the head sees, each averaged: of VGG16 or EfficientNet-Lite0 each
    halves the size; of the U-Net 1 and 2 are the encoder's, 3 is the bottleneck, 4 and 5 are the decoder's. By
    `pooled_as` it sees their deviations over the picture, for few images, and is then one dense layer that alone is
    fitted, in closed form, after each look at the images: the first epoch's as they are, those of up to seven more laid
    in other ways (head_fit.py); `augment` changes nothing then. Else in the first
    `frozen_epochs` the head alone is fitted, with `head_rate`; then everything, with `peak_rate` and its warm-up.
    Training pictures are changed at `large_px` × `large_px` (0: at the input's size), and then reduced to the input.
    `fill_scale_bar` is the recipe's: before all else a burnt-in scale bar is filled with the background around it.
    `whole_ships`: what ships is fitted by the same settings on all images, also on those by which it was measured.

    Of EfficientNet-Lite0 `frozen_norms`: its norms stay as the weights that the fit starts from have them, so that an
    image is fitted as it will be answered, whatever lies beside it in its batch; and so many of its first blocks stay
    as they are as `frozen_blocks` says.
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
    pooled_blocks: tuple[int, ...] = (5,)
    frozen_epochs: int = 0
    head_rate: float = 1e-3
    large_px: int = 0
    fill_scale_bar: bool = False
    pooled_as: PooledAs = "means"
    frozen_norms: bool = False
    frozen_blocks: int = 0
    whole_ships: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be fitted."""
        smallest_px = SMALLEST_INPUT_PX[self.architecture]
        for name in ("width_px", "height_px"):
            if not smallest_px <= getattr(self, name) <= LARGEST_INPUT_PX:
                raise TrainingError(
                    f"The training setting {name} must be {smallest_px} to {LARGEST_INPUT_PX} for {self.architecture}, "
                    f"got {getattr(self, name)}."
                )
        self._check_blocks()
        if self.norm_while_fitting and self.architecture != "vgg16":
            raise TrainingError(
                f"The training setting norm_while_fitting is one of vgg16; {self.architecture} has its own norms."
            )
        if self.norm_while_fitting and self.pooled_blocks != (5,):
            raise TrainingError(
                "The training setting norm_while_fitting is for a fit from scratch, whose head sees the last block "
                f"alone; take it away, or pooled_blocks {list(self.pooled_blocks)}."
            )
        if self.large_px and self.large_px < max(self.width_px, self.height_px):
            raise TrainingError(
                f"The training setting large_px must be 0 or at least the input's size, got {self.large_px}."
            )
        if self.seed < 0:
            raise TrainingError(f"The training setting seed must not be below 0, got {self.seed}.")
        if not 1 <= self.augment.lowest_jpeg_quality <= 100:
            raise TrainingError(
                "The training setting augment.lowest_jpeg_quality must be 1 to 100, "
                f"got {self.augment.lowest_jpeg_quality}."
            )
        for name in (
            "width_px",
            "height_px",
            "epochs",
            "batch_images",
            "peak_rate",
            "head_rate",
            "norm_images",
        ):
            if getattr(self, name) <= 0:
                raise TrainingError(
                    f"The training setting {name} must be above 0, got {getattr(self, name)}."
                )

        self._check_ranges()

    def _check_ranges(self) -> None:
        """A file of settings may come from anywhere, and TOML knows nan and inf."""
        changes = {f"augment.{name}": value for name, value in dataclasses.asdict(self.augment).items()}
        for name, value in (changes | {name: getattr(self, name) for name in _MOST}).items():
            most = _MOST.get(name, _MOST_CHANGE)
            if not 0 <= value <= most:
                raise TrainingError(f"The training setting {name} must be 0 to {most:g}, got {value}.")

    def _check_blocks(self) -> None:
        blocks = self.pooled_blocks
        if not blocks or tuple(sorted(set(blocks))) != blocks or not 1 <= blocks[0] <= blocks[-1] <= 5:
            raise TrainingError(
                f"The training setting pooled_blocks must name blocks from 1 to 5 in order, got {list(blocks)}."
            )
        if self.architecture == "unet" and self.pooled_as != "means":
            raise TrainingError(
                f"The training setting pooled_as must be means for unet, got {self.pooled_as}."
            )
        self._check_frozen()
        if self.whole_ships and self.pooled_as != "deviations":
            raise TrainingError(
                "The training setting whole_ships is for pooled_as deviations, a head that alone is fitted."
            )
        if self.pooled_as == "deviations" and self.precision not in ("auto", "float32"):
            raise TrainingError(
                "The training setting pooled_as deviations is for precision float32, in which classifiers answer, got "
                f"{self.precision}."
            )
        if self.pooled_as != "means" and len(blocks) < 2:
            raise TrainingError(
                "The training setting pooled_as deviations is for several pooled_blocks; name them, such as "
                "[1, 2, 3, 4]."
            )

    def _check_frozen(self) -> None:
        if (self.frozen_norms or self.frozen_blocks) and self.architecture != "efficientnet_lite0":
            raise TrainingError(
                "The training settings frozen_norms and frozen_blocks are those of efficientnet_lite0, not of "
                f"{self.architecture}."
            )
        last = self.pooled_blocks[-1]
        if not 0 <= self.frozen_blocks < last:
            raise TrainingError(
                f"The training setting frozen_blocks must be 0 to {last - 1}, since the head sees block {last}, "
                f"got {self.frozen_blocks}."
            )
        if self.frozen_epochs < 0:
            raise TrainingError(
                f"The training setting frozen_epochs must not be below 0, got {self.frozen_epochs}."
            )
