"""What an export is asked for, and what can be known to be wrong before it begins."""

from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.folder_files import CLASSIFIER_FILES
from bloodsmear.errors import TrainingError
from training.exporting.words import MakersWords, check_words

# What the system puts into a folder that was looked at.
_NOBODYS_FILES = (".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The folder that the classifier goes into, its maker's words, the zip to pack it into (or None).

    Without `with_graph` the folder holds no graph, and each PC makes its own (some seconds): for a repository.
    """

    target: Path
    words: MakersWords
    archive: Path | None = None
    with_graph: bool = True


def check_request(request: ExportRequest) -> None:
    """TrainingError for what would fail at the end, said before minutes are spent."""
    check_words(request.words, request.target)
    archive, target = request.archive, request.target
    if archive is not None and (archive.suffix.lower() != ".zip" or not archive.absolute().parent.is_dir()):
        raise TrainingError(
            f"The zip {archive} must end in .zip and lie in a folder that exists. Name another one."
        )
    if not target.exists():
        return
    if not target.is_dir():
        raise TrainingError(f"{target} is a file. Name the folder that the classifier goes into.")
    others = {entry.name for entry in target.iterdir()} - {*CLASSIFIER_FILES, *_NOBODYS_FILES}
    if others:
        # The folder is replaced whole, and nobody wants to lose pictures by it.
        raise TrainingError(
            f"{target} holds {min(others)!r}, which is not a file of a classifier. Name a new folder for it."
        )
