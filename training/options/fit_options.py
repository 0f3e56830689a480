"""The words of `bloodsmear-train fit`."""

import argparse
import dataclasses
from pathlib import Path

from bloodsmear import paths
from bloodsmear.errors import UsageError
from bloodsmear.jobs.training_messages import ARCHITECTURES, BACKENDS
from training.fitting.config import FitConfig
from training.fitting.earlier_classifier import earlier_classifier
from training.fitting.head_of_classifier import head_of_classifier
from training.fitting.history import read_history
from training.fitting.presets import PRESETS, preset_config, read_config
from training.fitting.run import read_run_config
from training.options.check_options import add_data, add_label_file, add_labels

# The words that set a knob, by the names of `FitConfig`.
_KNOBS = {"epochs": "epochs", "batch": "batch_images", "rate": "peak_rate", "precision": "precision"}


def add_fit(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    fit = commands.add_parser("fit", help="fit a network; an interrupted fit goes on with the same command")
    add_data(fit)
    fit.add_argument("--run", type=Path, required=True, help="the folder of this run")
    add_settings(fit)
    fit.add_argument("--split", type=Path, help="a split.json made before")
    fit.add_argument(
        "--keep",
        type=Path,
        help="with --weights CLASSIFIER: the labelled folder that it was trained on; those images stay in the training "
        "part, so that they are not unlearned",
    )
    add_labels(fit)
    add_label_file(fit)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the words that `config_of` reads, and what to start from."""
    parser.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default="default",
        help="the settings to start from; reference: those of the published classifiers; few: for a dozen to a hundred "
        "images a label, a head alone on the convolutions of the VGG16 that ships, or of --weights",
    )
    parser.add_argument(
        "--config", type=Path, help="a TOML file with training settings, which go over the preset"
    )
    parser.add_argument("--architecture", choices=tuple(ARCHITECTURES), help="unless said: unet")
    parser.add_argument("--size", type=int, help="the input's side in pixels")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--batch", type=int, help="images a batch")
    parser.add_argument("--rate", type=float, help="peak learning rate")
    parser.add_argument("--precision", choices=("auto", "float32", "mixed_bfloat16", "mixed_float16"))
    parser.add_argument(
        "--weights",
        type=Path,
        help="what to start from: a .weights.h5 file, the folder of a classifier, or ImageNet's VGG16 without top, "
        "also in the packages that docs/training.md names",
    )


def add_gpu(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command that says which GPU a backend sees; `--backend auto` asks by it."""
    gpu = commands.add_parser("gpu", help="say which GPU a backend sees: exit status 0, or 1 without one")
    gpu.add_argument("asked", choices=BACKENDS, metavar="BACKEND", help=", ".join(BACKENDS))


def weights_of(options: argparse.Namespace) -> Path | None:
    """What to start from: what was named; else with the preset for few images the VGG16 that ships. None: nothing."""
    if options.weights is None and options.preset == "few":
        return paths.shipped_classifiers() / "vgg16"
    weights: Path | None = options.weights
    return weights


def config_of(options: argparse.Namespace) -> FitConfig:
    """The settings that were asked for: preset, then file, then words.

    UsageError where there is no data folder, TrainingError for a wrong setting.
    """
    missing = [one for one in (options.data, *options.more_studies) if not one.is_dir() and not one.is_file()]
    if missing:
        raise UsageError(
            f"There is no folder {missing[0]}. Give the folder that holds one folder for each label, or a study."
        )
    if options.config:
        config = read_config(options.config, options.preset)
    else:
        config = preset_config(options.preset, options.architecture)
    said = {name: getattr(options, word) for word, name in _KNOBS.items()}
    said |= {"width_px": options.size, "height_px": options.size}
    config = dataclasses.replace(config, **{name: value for name, value in said.items() if value is not None})
    return _with_the_head_that_goes_on(config, options)


def _with_the_head_that_goes_on(config: FitConfig, options: argparse.Namespace) -> FitConfig:
    """Where a fit goes on from a VGG16 or U-Net, its head sees the blocks that the earlier one saw, not the preset's.

    A head that is fitted anew sees what the settings say: on deviations, or several blocks of a U-Net.
    """
    several_of_unet = config.architecture == "unet" and config.pooled_blocks != (5,)
    if config.architecture == "efficientnet_lite0" or config.pooled_as != "means" or several_of_unet:
        return config
    earlier = earlier_classifier(options.run, weights_of(options))
    if earlier is None:
        return config
    if read_history(options.run):
        # The classifier may be gone by now.
        begun = read_run_config(options.run)
        blocks, pooled_as = begun.pooled_blocks, begun.pooled_as
    else:
        blocks, pooled_as = head_of_classifier(Path(earlier.weights)) or (
            config.pooled_blocks,
            config.pooled_as,
        )
    norms = config.norm_while_fitting and blocks == (5,)
    # A head on deviations sees convolutions as they are used.
    precision = config.precision if pooled_as == "means" else "float32"
    return dataclasses.replace(
        config, pooled_blocks=blocks, pooled_as=pooled_as, norm_while_fitting=norms, precision=precision
    )
