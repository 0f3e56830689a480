"""The words of `bloodsmear-train quantise`."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from training.options.check_options import add_labels


@dataclass(frozen=True, slots=True)
class QuantiseOptions:
    """The classifier's folder, the labelled folder that it was fitted on, the split of its fit (None: the card's).

    `label_words` say which of its labels a folder stands for.
    `measure` asks for the figures of the int8 graph that it has, and for no other graph.
    """

    classifier: Path
    data: Path
    split: Path | None = None
    label_words: tuple[str, ...] = ()
    measure: bool = False


def add_quantise(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    quantise = commands.add_parser(
        "quantise", help="give a classifier its int8 graph, for `bloodsmear screen --fast`"
    )
    quantise.add_argument("classifier", type=Path, help="the classifier's folder")
    quantise.add_argument(
        "--data", type=Path, required=True, help="the folder of labelled images that it was fitted on"
    )
    quantise.add_argument(
        "--split",
        type=Path,
        help="the split.json of the fit; without it the split is made anew by the card's seed",
    )
    quantise.add_argument(
        "--measure",
        action="store_true",
        help="only measure again, on this PC, the int8 graph that it has",
    )
    add_labels(quantise)


def quantise_options_of(options: argparse.Namespace) -> QuantiseOptions:
    """What was asked for."""
    return QuantiseOptions(
        options.classifier,
        options.data,
        options.split,
        tuple(options.labels),
        options.measure,
    )
