"""A folder of label folders whose names are the labels: any two to forty of them, cases below."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import AnswersFor, CardLabel
from bloodsmear.classifiers.label_set import FEWEST_LABELS, MOST_LABELS
from bloodsmear.classifiers.labels import (
    DECIDED_BESIDE_LABELS,
    label_key,
    label_name,
    label_of_spelling,
    reading_order,
)
from bloodsmear.count_words import count_words
from bloodsmear.errors import DataSetError
from bloodsmear.images.image_names import is_image
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel

FEWEST_IMAGES = 10
# What an export of cells' crops lays beside the folders of names, and what such a folder is known by.
CROPS_FILE = "cell_crops.csv"
ANSWERS_CELLS = (
    "It answers for crops of single cells, three red cells wide around the nucleus, and not for whole images."
)


@dataclass(frozen=True, slots=True)
class LabelledImages:
    """`images` by label in output order and then in natural order; `targets` int64 N are places in `labels`.

    `origin` says in sentences where they are from, `in_card` in a card, where no folder, image or reader is named, and
    `command` as words of `bloodsmear teach`. `cases` names each image's case; all are empty where they are not known.
    `sha256s` are those of the bytes that were labelled, empty where any count. `loose_images` counts those beside the
    label folders, which have no label. `lone_folders`: the images of each label lie in one folder, which is not taken
    for a patient. `strangers` names the folders beside the built-in labels' that spell none of these.
    `answers_for`: whether they are whole images or crops of cells. `case_is_image`: cases are not known,
    and stand for the images that cells are of.
    """

    origin: str
    in_card: str
    command: str
    labels: tuple[CardLabel, ...]
    images: tuple[FoundImage, ...]
    targets: npt.NDArray[np.int64]
    cases: tuple[str, ...]
    sha256s: tuple[str, ...]
    loose_images: int = 0
    lone_folders: bool = False
    strangers: tuple[str, ...] = ()
    answers_for: AnswersFor = "image"
    case_is_image: bool = False

    @property
    def noun(self) -> str:
        """What they are, for sentences."""
        return "cells" if self.answers_for == "cell" else "images"

    @property
    def unit(self) -> str:
        """What is held out whole, for sentences."""
        if self.case_is_image:
            return "images (cases are not known)"
        return "cases" if any(self.cases) else "runs of neighbouring names (cases are not known)"

    def name_of(self, place: int) -> str:
        """What a sentence calls one of them: the file, or the cell by its place in the image."""
        one = self.images[place]
        return one.image if self.answers_for == "cell" and any(self.sha256s) else str(one.path)


def holds_crops(root: Path) -> bool:
    """Whether a labelled folder is an export of crops of cells."""
    return (root / CROPS_FILE).is_file()


def read_labelled_folder(
    root: Path, cancel: Cancel | None = None, camera_bits: int | None = None
) -> LabelledImages:
    """Find the images below each label's folder; hidden folders are passed over. DataSetError, JobCancelled.

    `camera_bits` are those of files of 16 bits that don't say theirs.
    """
    # As the scan names the images: `../smears` must be a part of their paths, not another spelling of it.
    root = Path(os.path.normpath(root.absolute()))
    folders, loose = _entries_of(root)
    spelled = _spelled(folders)
    labels = _labels_of(root, folders, spelled)
    images: list[FoundImage] = []
    targets: list[int] = []
    cases: list[str] = []
    for place, (label, folder) in enumerate(labels):
        scan = Scan([folder], cancel, camera_bits)
        found = list(scan)
        if scan.unreadable_folders:
            closed = folder / scan.unreadable_folders[0]
            raise DataSetError(f"{closed} cannot be opened. Ask its owner for permission, or take it away.")
        if len(found) < FEWEST_IMAGES:
            raise DataSetError(
                f"{folder} has {count_words(len(found), 'image')}; at least {FEWEST_IMAGES} of {label.name} are "
                "needed. Add images, or take the folder away."
            )
        images += found
        targets += [place] * len(found)
        cases += [_case_of(folder, one) for one in found]
    known = _has_cases(targets, cases)
    return LabelledImages(
        str(root),
        "folders named after the labels",
        "--data FOLDER",
        tuple(label for label, _ in labels),
        tuple(images),
        np.array(targets, np.int64),
        tuple(cases) if known else ("",) * len(cases),
        ("",) * len(images),
        loose,
        lone_folders=any(cases) and not known,
        strangers=tuple(folder.name for folder in folders if spelled and folder not in spelled),
        answers_for="cell" if holds_crops(root) else "image",
    )


def _spelled(folders: Sequence[Path]) -> Mapping[Path, str]:
    """The folders that spell one of the built-in four, and its key, where more than half of them do.

    Else none: `Pro` beside `Blast` is another laboratory's word.
    """
    keys = {folder: key for folder in folders if (key := label_of_spelling(folder.name))}
    return keys if 2 * len(keys) > len(folders) else {}


def _labels_of(
    root: Path, folders: Sequence[Path], spelled: Mapping[Path, str]
) -> list[tuple[CardLabel, Path]]:
    """Each folder's label in output order: the one that it spells, else its name."""
    by_key: dict[str, tuple[CardLabel, Path]] = {}
    for folder in folders:
        key = spelled.get(folder) or label_key(folder.name)
        name = label_name(key)
        if not key or len(key) > 64 or not folder.name.isprintable():
            raise DataSetError(
                f"The name of the folder {folder} cannot be a label: it needs letters of a to z or digits, "
                "64 at most. Rename it."
            )
        if key in DECIDED_BESIDE_LABELS:
            raise DataSetError(
                f"The folder {folder} cannot be a label: readers decide {key} in place of a label. Rename it."
            )
        if key in by_key:
            raise DataSetError(
                f"The folders {by_key[key][1]} and {folder} name the same label. Put their images into one folder."
            )
        by_key[key] = CardLabel(key=key, name=folder.name if name == key else name), folder
    if not FEWEST_LABELS <= len(by_key) <= MOST_LABELS:
        raise DataSetError(
            f"{root} holds {count_words(len(by_key), 'folder')}; a head is taught {FEWEST_LABELS} to {MOST_LABELS} "
            "labels. Give the folder that holds one folder for each label."
        )
    natural = tuple(sorted(by_key, key=lambda key: natural_key(by_key[key][0].name)))
    return [by_key[key] for key in reading_order(natural)]


def _entries_of(root: Path) -> tuple[list[Path], int]:
    try:
        entries = [path for path in root.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise DataSetError(
            f"The labelled folder {root} cannot be opened ({error.strerror}). Look whether its name is right."
        ) from error
    folders = sorted(path for path in entries if path.is_dir())
    return folders, sum(not path.is_dir() and is_image(path) for path in entries)


def _case_of(folder: Path, found: FoundImage) -> str:
    inside = found.path.relative_to(folder).parts
    return inside[0] if len(inside) > 1 else ""


def _has_cases(targets: Sequence[int], cases: Sequence[str]) -> bool:
    """Whether some label's images lie in two or more folders of their own."""
    folders = {(target, case) for target, case in zip(targets, cases, strict=True) if case}
    return len(folders) > len({target for target, _ in folders})
