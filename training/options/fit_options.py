"""The words of `bloodsmear-train fit`."""

import argparse
from pathlib import Path

from bloodsmear.errors import UsageError
from training.fitting.config import FitConfig, default_config, read_config
from training.options.check_options import add_labels


def add_fit(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    fit = commands.add_parser("fit", help="fit a network; an interrupted fit goes on with the same command")
    fit.add_argument("data", type=Path, help="a folder with one folder of images a label")
    fit.add_argument("--run", type=Path, required=True, help="the folder of this run")
    fit.add_argument("--config", type=Path, help="a TOML file with training settings")
    fit.add_argument("--architecture", choices=("vgg16", "unet"), default="unet")
    fit.add_argument("--size", type=int, default=150, help="the input's side in pixels")
    fit.add_argument("--epochs", type=int, default=30)
    fit.add_argument("--batch", type=int, default=32, help="images a batch")
    fit.add_argument("--rate", type=float, help="peak learning rate")
    fit.add_argument("--precision", choices=("float32", "mixed_bfloat16", "mixed_float16"), default="float32")
    fit.add_argument("--split", type=Path, help="a split.json made before")
    fit.add_argument("--weights", type=Path, help="a .weights.h5 file to start from")
    add_labels(fit)


def config_of(options: argparse.Namespace) -> FitConfig:
    """The settings that were asked for. UsageError where there is no data folder, TrainingError for a wrong setting."""
    if not options.data.is_dir():
        raise UsageError(
            f"There is no folder {options.data}. Give the folder that holds one folder for each label."
        )
    if options.config:
        return read_config(options.config)
    changes = {
        "width_px": options.size,
        "height_px": options.size,
        "epochs": options.epochs,
        "batch_images": options.batch,
        "precision": options.precision,
    }
    if options.rate is not None:
        changes["peak_rate"] = options.rate
    return default_config(options.architecture, **changes)
