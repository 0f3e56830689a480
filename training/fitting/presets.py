"""The settings that a fit starts from, as data, and the TOML file that changes them."""

import dataclasses
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_messages import Architecture
from bloodsmear.json_file import read_bounded
from training.fitting.config import AugmentConfig, FitConfig

PresetName = Literal["default", "reference", "few"]
# Some dozens of lines.
_MOST_BYTES = 1_000_000

# Nothing is changed.
UNCHANGED = AugmentConfig(
    rotation_degrees=0.0,
    shift_share=0.0,
    zoom_factor=0.0,
    flips=False,
    hue_degrees=0.0,
    saturation_factor=0.0,
    brightness_factor=0.0,
    contrast_factor=0.0,
    white_balance_factor=0.0,
    grey_share=0.0,
    blur_sigma_px=0.0,
    noise_levels=0.0,
    lowest_jpeg_quality=100,
)
# The changes of the published classifiers' training: geometry alone. They were made by Keras' ImageDataGenerator, whose
# shear_range is in degrees, so 0.2 shears by next to nothing; that is kept as it was.
_REFERENCE_AUGMENT = dataclasses.replace(
    UNCHANGED,
    rotation_degrees=45.0,
    shift_share=0.2,
    zoom_factor=0.2,
    flips=True,
    shear_degrees=0.2,
    vertical_flips=True,
)
# Its size, batch, epochs and no early stop; the optimizer and its schedule stay ours.
_REFERENCE: dict[str, Any] = {
    "width_px": 150,
    "height_px": 150,
    "epochs": 10,
    "batch_images": 10,
    "weight_decay": 0.0,
    "label_smoothing": 0.0,
    "patience_epochs": 10,
    "norm_while_fitting": False,
    "augment": _REFERENCE_AUGMENT,
}
# From a dozen to a hundred images a label: a head alone, on convolutions that know smears (docs/adr/0050).
_FEW = FitConfig(
    architecture="vgg16",
    width_px=128,
    height_px=128,
    epochs=4,
    batch_images=8,
    precision="float32",
    whole_ships=True,
    pooled_blocks=(1, 2, 3, 4),
    pooled_as="deviations",
    # Where colours or sharpness are changed such a head learns less: images are laid in other ways.
    augment=UNCHANGED,
)
# Thirteen convolutions in a row want a smaller start than the U-Net, and norms to learn by.
_DEFAULTS: dict[Architecture, FitConfig] = {
    "unet": FitConfig(architecture="unet"),
    "vgg16": FitConfig(architecture="vgg16", peak_rate=4e-4, warm_up_epochs=2.0, norm_while_fitting=True),
    "efficientnet_lite0": FitConfig(architecture="efficientnet_lite0", pooled_blocks=(3, 4, 5)),
}
PRESETS: dict[PresetName, dict[Architecture, FitConfig]] = {
    "default": _DEFAULTS,
    "reference": {name: dataclasses.replace(config, **_REFERENCE) for name, config in _DEFAULTS.items()},
    "few": {"vgg16": _FEW},
}


def preset_config(preset: PresetName, architecture: Architecture | None = None) -> FitConfig:
    """The preset for this architecture; None: U-Net where the preset has it. TrainingError where it lacks it."""
    there = PRESETS[preset]
    wanted = architecture or next(iter(there))
    if wanted not in there:
        raise TrainingError(
            f"The preset {preset} is one of {', '.join(there)}, not of {wanted}. Choose another preset or architecture."
        )
    return there[wanted]


def default_config(architecture: Architecture, **changes: Any) -> FitConfig:
    """Our preset of an architecture, with `changes` by `FitConfig`'s names. TrainingError for what cannot be fitted."""
    return dataclasses.replace(PRESETS["default"][architecture], **changes)


def read_config(path: Path, preset: PresetName = "default") -> FitConfig:
    """Read a TOML file of `FitConfig`'s names over a preset. TrainingError names what is unknown or of a wrong type."""
    try:
        settings = tomllib.loads(read_bounded(path, _MOST_BYTES).decode())
        architecture = msgspec.convert(settings.pop("architecture", None), Architecture | None)
        known = msgspec.to_builtins(preset_config(preset, architecture))
        _refuse_unknown(path, settings, known)
        if "augment" in settings:
            settings["augment"] = known["augment"] | settings["augment"]
        return msgspec.convert(known | settings, FitConfig)
    except (OSError, ValueError, RecursionError, msgspec.ValidationError) as error:
        raise TrainingError(f"Cannot use the training settings in {path}: {error}") from error


def _refuse_unknown(path: Path, settings: dict[str, Any], known: dict[str, Any]) -> None:
    # msgspec passes over what a dataclass does not know: a slip of the pen would fit with the default.
    names = {*known, *(f"augment.{name}" for name in known["augment"])}
    augment = settings.get("augment", {})
    if not isinstance(augment, dict):
        raise TrainingError(f"{path} sets augment to {augment!r}. Write it as a table: [augment].")
    for name in (*settings, *(f"augment.{name}" for name in augment)):
        if name not in names:
            raise TrainingError(
                f"{path} sets {name}, which is not a training setting. See training/fitting/config.py."
            )
