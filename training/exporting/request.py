"""What an export is asked for, with the words of the classifier's maker, and what is refused before it begins."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear import RESEARCH_USE, paths
from bloodsmear.classifiers.folder_files import CLASSIFIER_FILES
from bloodsmear.classifiers.label_set import LabelSet
from bloodsmear.errors import TrainingError
from bloodsmear.file_names import require_below
from bloodsmear.jobs.training_messages import ARCHITECTURES, Architecture
from bloodsmear.json_file import read_bounded

# Ordinary smears, none of those that are dark, blurred or empty on purpose.
GOLDEN_IMAGES = ("synthetic-1/smear-1.jpg", "synthetic-2/smear-1.jpg", "synthetic-3/smear-2.png")
# What the system puts into a folder that was looked at.
_NOBODYS_FILES = (".DS_Store", "Thumbs.db", "desktop.ini")
# Some paragraphs.
_MOST_BYTES = 1_000_000
_LIMITS = (
    RESEARCH_USE,
    "Trained on one laboratory's images; other stains, microscopes and cameras are out of its reach until checked.",
    "Colour alone may tell images apart: read every accuracy beside the colour-only baseline.",
)
_LIMITS_OF_OURS = (
    "Benign here means hematogones, no blasts; it does not mean healthy.",
    "Early Pre-B, Pre-B and Pro-B are the data set's labels; a smear alone does not establish them.",
)
_LIMITS_OF_OTHERS = (
    "Its labels are those by which its maker sorted the images; nobody else vouches for them.",
)


class MakersWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What only the maker of a classifier knows; `command` is the one that prints the card's figures."""

    id: str
    name: str
    version: str
    data_set: str
    licence: str
    citation: str
    limits: tuple[str, ...]
    golden_images: tuple[str, ...]
    command: str

    def __post_init__(self) -> None:
        """Refuse golden images that are not below the demo images: ValueError."""
        for image in self.golden_images:
            require_below(image, everywhere=True)


def read_words(file: Path) -> MakersWords:
    """Read a TOML file of `MakersWords`' names. TrainingError names what is missing, unknown or wrong."""
    try:
        return msgspec.toml.decode(read_bounded(file, _MOST_BYTES), type=MakersWords)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise TrainingError(f"Cannot use {file}: {error}") from error


def usual_words(classifier_id: str, name: str | None, architecture: Architecture) -> MakersWords:
    """Words for a maker who gave an id and perhaps a name. No folder is named: they travel with the classifier."""
    return MakersWords(
        id=classifier_id,
        name=name or f"{ARCHITECTURES[architecture]} ({classifier_id})",
        version="1.0",
        data_set="The maker's own images, not described",
        licence="Not stated; ask the maker",
        citation="None stated",
        limits=_LIMITS,
        golden_images=GOLDEN_IMAGES,
        command=f"bloodsmear-train evaluate {classifier_id} --data FOLDER",
    )


def with_limits_of(words: MakersWords, label_set: LabelSet) -> MakersWords:
    """The words, and what is to be said of these labels."""
    more = _LIMITS_OF_OURS if label_set.is_ours else _LIMITS_OF_OTHERS
    return msgspec.structs.replace(words, limits=(*words.limits, *more))


def check_words(words: MakersWords, target: Path) -> None:
    """TrainingError for words that cannot be meant, before minutes are spent on them."""
    if words.id != target.name:
        raise TrainingError(
            f"The words say id = {words.id!r}, but the folder is {target.name!r}; both must be the same."
        )
    if not words.golden_images:
        raise TrainingError(
            "The words do not name golden_images. Name at least one demo image for the golden test."
        )
    for image in words.golden_images:
        if not (paths.demo_images() / image).is_file():
            raise TrainingError(
                f"The words name the golden image {image!r}, which is not a demo image. "
                f"Name one below {paths.demo_images()}."
            )


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
