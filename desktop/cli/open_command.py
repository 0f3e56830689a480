"""bloodsmear open: the words for the window. It loads nothing of the engine, so that the window shows at once."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bloodsmear.images.image_names import READ_FORMATS, has_image_name
from bloodsmear.paths import STUDY_SUFFIX, is_study_name

_METAVAR = "FOLDER|IMAGE|STUDY"
_HELP = f"a folder of images, one image of it to begin with, or a study's file ({STUDY_SUFFIX})"


def is_bare_path(words: Sequence[str]) -> bool:
    """Whether the only word is a path, as a desktop gives it for a file that was double-clicked or dropped on the icon.

    No command is absolute or called as a study is.
    """
    return len(words) == 1 and (Path(words[0]).is_absolute() or is_study_name(Path(words[0])))


def path_to_open(words: Sequence[str]) -> Path:
    """The path in `open FOLDER`, `open IMAGE` or `open STUDY`. Wrong usage ends the process with a sentence and exit
    code 2.

    A study is known by its name alone: the window says what is wrong with it.
    """
    parser = argparse.ArgumentParser(
        prog="bloodsmear open",
        allow_abbrev=False,
        description="Open the window on a folder, an image or a study.",
    )
    add_open_words(parser)
    path: Path = parser.parse_args(words[1:]).path
    if is_study_name(path) or path.is_dir():
        return path
    if not path.exists():
        parser.error(
            f"There is no folder {path} and no image of that name; a study's name ends in {STUDY_SUFFIX}."
        )
    if not has_image_name(path):
        parser.error(
            f"{path.name} is not an image by its name. Name a file of these formats: {READ_FORMATS}; or a folder."
        )
    return path


def add_open_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `open`."""
    parser.add_argument("path", type=Path, metavar=_METAVAR, help=_HELP)
