"""The words of `bloodsmear-train check`, and how any command is told what a folder's name stands for."""

import argparse
from pathlib import Path

from training.data.folder_labels import FolderLabels, parse_folder_labels, read_label_file

DATA_HELP = "a folder with one folder of images a label, or a study (.bloodsmear) with signed decisions"


def add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    check = commands.add_parser(
        "check", help="say what is in a labelled folder; exit 0 when a fit may start on it, 1 when not"
    )
    add_data(check)
    add_labels(check)
    add_label_file(check)


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add what a command works on: a labelled folder, or one study or more."""
    parser.add_argument("data", type=Path, help=DATA_HELP)
    parser.add_argument(
        "more_studies", type=Path, nargs="*", metavar="STUDY", help="further studies with the same labels"
    )


def add_labels(parser: argparse.ArgumentParser) -> None:
    """Add `--label`, whose words `parse_folder_labels` reads."""
    parser.add_argument(
        "--label",
        dest="labels",
        action="append",
        default=[],
        metavar='"FOLDER NAME=LABEL"',
        help="what a folder stands for: the key of a label, such as pre_b, or ignore (repeatable)",
    )


def add_label_file(parser: argparse.ArgumentParser) -> None:
    """Add `--labels`, which `folder_labels_of` reads."""
    parser.add_argument(
        "--labels",
        dest="label_file",
        type=Path,
        metavar="FILE.toml",
        help="labels of your own, in order; without it folders that spell none of Benign, Early Pre-B, Pre-B and Pro-B "
        "name the labels themselves",
    )


def folder_labels_of(options: argparse.Namespace) -> FolderLabels:
    """What was said of folders and labels. UsageError."""
    return parse_folder_labels(options.labels, read_label_file(options.label_file))
