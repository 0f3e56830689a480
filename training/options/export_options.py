"""The words of `bloodsmear-train export`."""

import argparse
from pathlib import Path


def add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    export = commands.add_parser("export", help="make a classifier's folder from a finished run")
    export.add_argument("run", type=Path, help="the folder of the run")
    export.add_argument("--data", type=Path, required=True, help="the folder that the run was fitted on")
    export.add_argument("-o", "--target", type=Path, required=True, help="the classifier's folder to write")
    export.add_argument(
        "--words", type=Path, required=True, help="a TOML file: id, name, version, licence, ..."
    )
