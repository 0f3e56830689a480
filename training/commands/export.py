"""`bloodsmear-train export`: a finished run becomes a classifier's folder."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_messages import Finished
from training.evaluation.describe import describe
from training.exporting.export import ExportRequest, MakersWords, export_classifier
from training.fitting.run import RunRequest, prepare_run, read_run_config
from training.speaker import Speaker


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The run's folder, the labelled folder it was fitted on, the classifier's folder to write, its maker's words."""

    run: Path
    data: Path
    target: Path
    words: Path


def export(options: ExportOptions, speaker: Speaker) -> None:
    """Make the classifier's folder from the best epoch of the run, and print its figures."""
    words = _read_words(options.words)
    config = read_run_config(options.run)
    prepared = prepare_run(RunRequest(options.data, options.run, config), speaker.report)
    request = ExportRequest(options.target, words)
    evaluation = export_classifier(prepared, config, request, speaker.report)
    speaker.say(Finished(describe(evaluation), run=str(options.run), classifier=str(options.target)))


def _read_words(file: Path) -> MakersWords:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=MakersWords)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.MsgspecError) as error:
        raise TrainingError(f"Cannot use {file}: {error}") from error
