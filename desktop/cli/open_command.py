"""bloodsmear open: the words for the window. It loads nothing of the engine, so that the window shows at once."""

import argparse
from collections.abc import Sequence
from pathlib import Path


def add_open(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `open` to the commands."""
    parser = commands.add_parser("open", allow_abbrev=False, help="open the window on a folder")
    _add_folder(parser)


def folder_to_open(words: Sequence[str]) -> Path:
    """The folder in `open FOLDER`. Wrong usage ends the process with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="bloodsmear open", allow_abbrev=False, description="Open the window on a folder."
    )
    _add_folder(parser)
    folder: Path = parser.parse_args(words[1:]).folder
    if not folder.is_dir():
        parser.error(f"There is no folder {folder}.")
    return folder


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of images")
