"""The words of `bloodsmear-train cross-validate`."""

import argparse
from pathlib import Path

from training.options.check_options import add_data, add_label_file, add_labels
from training.options.fit_options import add_settings


def add_cross_validate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    parser = commands.add_parser(
        "cross-validate",
        help="fit on all capture runs but one group at a time, and say how the figures differ from run to run; "
        "interrupted, it goes on with the same command",
    )
    add_data(parser)
    parser.add_argument("--run", type=Path, required=True, help="the folder that holds a folder for each fit")
    parser.add_argument(
        "--groups", type=int, default=5, help="how many groups of runs, each held out once (5)"
    )
    parser.add_argument(
        "--card",
        type=Path,
        metavar="CLASSIFIER",
        help="the folder of a classifier of the same recipe, whose card is to hold the figures",
    )
    add_settings(parser)
    add_labels(parser)
    add_label_file(parser)
