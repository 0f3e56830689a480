"""The program bloodsmear-train: fit, evaluate, export."""

import argparse
import logging
import sys
from pathlib import Path

from bloodsmear import RESEARCH_USE, __version__
from bloodsmear.errors import BloodsmearError, UsageError
from bloodsmear.jobs import JobCancelled, Progress
from bloodsmear.logs import LOGGER_NAME, LogFile
from training.backend import BACKENDS, choose_backend
from training.fitting.config import FitConfig, default_config, read_config


def main(arguments: list[str] | None = None) -> int:
    """Run the program: 0 when done, 2 after a sentence on stderr, 130 when interrupted."""
    options = _parser().parse_args(arguments)
    log = LogFile()
    try:
        _carry_out(options)
    except (KeyboardInterrupt, JobCancelled):
        kept = " The finished epochs are kept; the same command goes on." if options.command == "fit" else ""
        _complain(f"Stopped.{kept}")
        return 130
    except BloodsmearError as error:
        _complain(f"bloodsmear-train: {error}")
        return 2
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or error
        _complain(f"bloodsmear-train: {place}{reason}. Put that right and give the command again.")
        return 2
    except Exception as error:
        # The last border: Keras and its backends raise whatever they like, out of memory among it.
        logging.getLogger(LOGGER_NAME).error("unexpected", exc_info=error)
        _complain(
            f"bloodsmear-train: something unexpected went wrong ({type(error).__name__}: {error}). "
            f"If memory is short, try a smaller batch or size. The log {log.path} says where."
        )
        return 2
    finally:
        log.close()
    return 0


def _carry_out(options: argparse.Namespace) -> None:
    backend = choose_backend(options.backend)
    _say(Progress(0, None, f"backend: {backend}"))
    # Keras is imported once the backend is chosen, so the commands come in here.
    from training import commands

    if options.command == "fit":
        _check_data(options.data)
        config = read_config(options.config) if options.config else _config_of(options)
        extras = commands.FitExtras(options.split, options.weights)
        commands.fit(options.data, options.run, config, extras, _say)
    elif options.command == "evaluate":
        commands.evaluate(options.classifier, options.data, options.all_images, _say)
    else:
        commands.export(options.run, options.data, options.target, options.words, _say)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bloodsmear-train",
        description=f"Make classifiers for Bloodsmear. {RESEARCH_USE}",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--backend", choices=("auto", *BACKENDS), default="auto")
    commands = parser.add_subparsers(dest="command", required=True)
    _add_fit(commands)
    evaluate = commands.add_parser("evaluate", help="measure a classifier on a labelled folder")
    evaluate.add_argument("classifier", type=Path, help="the classifier's folder")
    evaluate.add_argument(
        "--data", type=Path, required=True, help="a folder with one folder of images a label"
    )
    evaluate.add_argument(
        "--all",
        dest="all_images",
        action="store_true",
        help="all images of a folder that was not trained on, instead of the held-out runs of the training folder",
    )
    export = commands.add_parser("export", help="make a classifier's folder from a finished run")
    export.add_argument("run", type=Path, help="the folder of the run")
    export.add_argument("--data", type=Path, required=True, help="the folder that the run was fitted on")
    export.add_argument("-o", "--target", type=Path, required=True, help="the classifier's folder to write")
    export.add_argument(
        "--words", type=Path, required=True, help="a TOML file: id, name, version, licence, ..."
    )
    return parser


def _add_fit(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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


def _config_of(options: argparse.Namespace) -> FitConfig:
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


def _check_data(data: Path) -> None:
    if not data.is_dir():
        raise UsageError(f"There is no folder {data}. Give the folder that holds one folder for each label.")


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - the border of this program


def _say(progress: Progress) -> None:
    total = "" if progress.total is None else f"{progress.done}/{progress.total} "
    if progress.text != "reading images" or progress.done == progress.total or progress.done % 500 == 0:
        print(f"{total}{progress.text}", flush=True)  # noqa: T201 - a program's own output


if __name__ == "__main__":
    sys.exit(main())
