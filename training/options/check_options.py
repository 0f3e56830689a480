"""The words of `bloodsmear-train check`, and how any command is told what a folder's name stands for."""

import argparse
from pathlib import Path


def add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    check = commands.add_parser(
        "check", help="say what is in a labelled folder; exit 0 when a fit may start on it, 1 when not"
    )
    check.add_argument("data", type=Path, help="a folder with one folder of images a label")
    add_labels(check)


def add_labels(parser: argparse.ArgumentParser) -> None:
    """Add `--label`, whose words `parse_folder_labels` reads."""
    parser.add_argument(
        "--label",
        dest="labels",
        action="append",
        default=[],
        metavar='"FOLDER NAME=LABEL"',
        help="what a folder stands for: benign, early_pre_b, pre_b, pro_b, or ignore (repeatable)",
    )
