"""bloodsmear open: the words for the window. It loads nothing of the engine, so that the window shows at once."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bloodsmear.paths import STUDY_SUFFIX, is_study_name

_METAVAR, _HELP = "FOLDER|STUDY", f"a folder of images, or a study's file ({STUDY_SUFFIX})"


def add_open(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `open` to the commands."""
    parser = commands.add_parser("open", allow_abbrev=False, help="open the window on a folder or a study")
    _add_path(parser)


def is_bare_path(words: Sequence[str]) -> bool:
    """Whether the only word is a path, as a desktop gives it for a file that was double-clicked or dropped on the icon.

    No command is absolute or called as a study is.
    """
    return len(words) == 1 and (Path(words[0]).is_absolute() or is_study_name(Path(words[0])))


def path_to_open(words: Sequence[str]) -> Path:
    """The path in `open FOLDER` or `open STUDY`. Wrong usage ends the process with a sentence and exit code 2.

    Of a study only the name is looked at: what is wrong with it the window says: who double-clicks has no terminal.
    """
    parser = argparse.ArgumentParser(
        prog="bloodsmear open", allow_abbrev=False, description="Open the window on a folder or a study."
    )
    _add_path(parser)
    path: Path = parser.parse_args(words[1:]).path
    if not is_study_name(path) and not path.is_dir():
        parser.error(f"There is no folder {path}, and a study's name ends in {STUDY_SUFFIX}.")
    return path


def _add_path(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar=_METAVAR, help=_HELP)
