"""The words of `bloodsmear-train evaluate`."""

import argparse
from pathlib import Path


def add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
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
