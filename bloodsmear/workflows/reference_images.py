"""The reference images of a laboratory: examples of each label, in a folder that goes by stick to another PC."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.labels import NO_NAMES, Names, label_name, label_of_spelling
from bloodsmear.errors import ImageError, ReportError, ScanError
from bloodsmear.images.decode import read_image_file
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.image_copies import copy_image


@dataclass(frozen=True, slots=True)
class Reference:
    """An example: its file, and the label in whose folder it lies, in words."""

    path: Path
    label: str


def read_references(
    folder: Path, cancel: Cancel | None = None, names: Names = NO_NAMES
) -> tuple[Reference, ...]:
    """The first picture of each file in the folder's label folders, in natural order; none where there is no folder.

    A folder is called by the label that its name spells or whose key it is (`names`: the study's), else by its name.
    Raises ScanError, JobCancelled.
    """
    if not folder.is_dir():
        return ()
    found = Scan([folder], cancel)
    references = [
        Reference(one.path, label_name(label_of_spelling(one.case) or one.case, names))
        for one in found
        if not one.page
    ]
    if found.unreadable_folders:
        raise ScanError(f"{folder / found.unreadable_folders[0]} cannot be opened. Choose another folder.")
    return tuple(references)


def add_reference(folder: Path, source: Path, sha256: str, label: str, names: Names = NO_NAMES) -> Path:
    """Copy an image as an example of the label (a key); returns where the copy lies. Nothing is written over.

    `names` are those of the study's labels, for a sentence.

    Raises ReportError for one that is there already and where it cannot be written, ImageError where the source has
    other bytes than `sha256`.
    """
    for there in read_references(folder, names=names):
        # The folder may lie on a stick, and grows: other sizes are other bytes.
        if not _may_be_alike(source, there.path):
            continue
        try:
            same = hashlib.sha256(read_image_file(there.path)).hexdigest() == sha256
        except ImageError:
            continue
        if same:
            raise ReportError(f"{source.name} is a reference image of {there.label} already ({there.path}).")
    number, target = 1, folder / label / source.name
    while target.exists():
        number += 1
        target = folder / label / f"{source.stem} ({number}){source.suffix}"
    copy_image(source, target, sha256)
    return target


def _may_be_alike(one: Path, other: Path) -> bool:
    """Whether both files have the same number of bytes, as far as that can be asked."""
    try:
        return one.stat().st_size == other.stat().st_size
    except OSError:
        return True
