"""The images that a command is given: a folder of label folders, or studies with signed decisions."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from bloodsmear import paths
from bloodsmear.classifiers.label_set import OURS, LabelSet
from bloodsmear.classifiers.labels import Label
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.file_names import require_below
from bloodsmear.images.image_names import file_and_page
from bloodsmear.images.natural_order import natural_key
from bloodsmear.jobs import Cancel
from bloodsmear.json_file import read_json, write_json
from bloodsmear.known_folders import unknown_folders
from bloodsmear.teaching.labelled_folder import LabelledImages
from bloodsmear.workflows.signed_images import read_signed_images
from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of
from training.data.data_set import DataSet, FolderScan, LabelledImage, read_data_set, scan_data_set
from training.data.folder_labels import AS_SPELLED, FolderLabels

_SIGNED_FILE = "signed.json"
_NAMED_AT_MOST = 10


class _SignedImage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An image by its name below the root, and what was signed for it."""

    name: str
    label: str
    number: int
    case: str
    sha256: str
    camera_bits: int | None

    def __post_init__(self) -> None:
        """Refuse names that lead out of the root: ValueError."""
        require_below(self.name)


class _Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run was begun with. A study goes on: what is signed later is not the run's."""

    root: str
    label_set: LabelSet
    images: tuple[_SignedImage, ...]


@dataclass(frozen=True, slots=True)
class _FromStudy:
    data_set: DataSet
    left_out: tuple[str, ...]
    faults: tuple[str, ...]


def is_study(data: Path) -> bool:
    """Whether it is a study's file rather than a folder."""
    return data.suffix == paths.STUDY_SUFFIX and not data.is_dir()


def scan_given(
    data: Path, labels: FolderLabels, cancel: Cancel | None = None, more_studies: Sequence[Path] = ()
) -> FolderScan:
    """What lies in a labelled folder or in studies, also what cannot be used. DataSetError, UsageError, StudyError."""
    studies = _studies_of(data, more_studies)
    if not studies:
        return scan_data_set(data, labels, cancel)
    found = _read_studies(studies, labels)
    return FolderScan(found.data_set, (), (), (), (), (), 0, from_study=(found.faults, found.left_out))


def read_given(
    data: Path, labels: FolderLabels = AS_SPELLED, run: Path | None = None, more_studies: Sequence[Path] = ()
) -> DataSet:
    """The images of a labelled folder, or those that were signed in studies; of a `run` that has begun, its own.

    Raises DataSetError as `read_data_set`, for images that are gone, and for decisions that are no set of labels;
    UsageError for a study that was changed outside of Bloodsmear, or names folders that nobody opened here, and for a
    folder with `more_studies`; StudyError.
    """
    studies = _studies_of(data, more_studies)
    if not studies:
        return read_data_set(data, labels)
    if run is not None and (run / _SIGNED_FILE).is_file():
        return _recall_signed(run)
    found = _read_studies(studies, labels)
    if found.faults:
        raise DataSetError("\n".join(found.faults))
    return found.data_set


def keep_signed(run: Path, data_set: DataSet) -> None:
    """Let the run remember what was signed. It names images, so it stays in the run's folder. Raises OSError."""
    images = tuple(
        _SignedImage(data_set.name_of(one), one.label, one.number, one.case, one.sha256, one.camera_bits)
        for one in data_set.images
    )
    write_json(run / _SIGNED_FILE, _Signed(str(data_set.root), data_set.label_set, images))


def run_of_split(split: Path | None) -> Path | None:
    """The folder of the run that a split lies in, which remembers what was signed."""
    return split.parent if split is not None else None


def _recall_signed(run: Path) -> DataSet:
    file = run / _SIGNED_FILE
    try:
        signed = read_json(file, _Signed)
    except (OSError, ValueError) as error:
        raise DataSetError(f"{file} cannot be read: {error}. Begin a new run in another folder.") from error
    root = Path(signed.root)
    if unknown_folders({file_and_page(root, one.name)[0].parent for one in signed.images}):
        raise DataSetError(
            f"The run in {run} is of images in {root}, which nobody has opened on this PC before. Open that folder in "
            "Bloodsmear if it is the right one; else begin a new run in another folder."
        )
    images = []
    for one in signed.images:
        path, page = file_and_page(root, one.name)
        images.append(LabelledImage(path, one.label, one.number, one.case, page, one.sha256, one.camera_bits))
    data_set = DataSet(root, tuple(images), signed.label_set)
    gone = _gone(data_set)
    if gone:
        raise DataSetError(gone)
    return data_set


def _studies_of(data: Path, more_studies: Sequence[Path]) -> tuple[Path, ...]:
    """The studies that were given, each once; none where it is a folder. UsageError where both are mixed."""
    given = (data, *more_studies)
    folders = [one for one in given if not is_study(one)]
    if folders and more_studies:
        raise UsageError(
            f"{folders[0]} is not a study, and only studies ({paths.STUDY_SUFFIX}) can be given together. Give one "
            "folder alone, or studies alone."
        )
    return () if folders else tuple({one.absolute(): one for one in given}.values())


def _read_studies(studies: Sequence[Path], labels: FolderLabels) -> _FromStudy:
    if labels.pairs:
        raise UsageError("--label says what folders stand for, and a study has none. Leave it out.")
    for study in studies:
        if strange := unknown_folders_of(study):
            raise UsageError(
                f"{strange_folders_sentence(study, strange)} If it is, open the study in Bloodsmear once."
            )
    signed = read_signed_images(studies)
    label_set = labels.label_set or _set_of(signed.images)
    told = (*signed.left_out, *signed.same_cases)
    data_set = replace(_data_set_of(signed.images, label_set), told=told)
    strays = [label.name for label in signed.images.labels if label.key not in label_set.keys]
    # Who names the labels has looked at them.
    faults = [] if labels.label_set is not None else [*signed.few, *signed.apart]
    if signed.apart and labels.label_set is None:
        faults.append(
            "Studies that are fitted together have the same labels. Name those that you mean by --labels."
        )
    if strays:
        faults.append(
            f"{', '.join(strays)} was signed in {signed.images.origin}, and is not one of the labels "
            f"({', '.join(label.name for label in label_set.labels)}). Name it as well."
        )
    if gone := _gone(data_set):
        faults.append(gone)
    return _FromStudy(data_set, told, tuple(faults))


def _set_of(images: LabelledImages) -> LabelSet:
    """The built-in four where all that was signed is of them, else what was signed."""
    keys = {label.key for label in images.labels}
    if keys <= set(OURS.keys):
        return OURS
    try:
        return LabelSet(tuple(Label(label.key, label.name) for label in images.labels))
    except ValueError as error:
        raise DataSetError(f"The labels of {images.origin} cannot be trained on. {error}") from error


def _data_set_of(images: LabelledImages, label_set: LabelSet) -> DataSet:
    try:
        root = Path(os.path.commonpath([found.path.parent for found in images.images]))
    except ValueError as error:
        raise DataSetError(
            f"The images of {images.origin} lie on several drives. Bring them to one."
        ) from error
    rows = zip(images.images, images.targets.tolist(), images.cases, images.sha256s, strict=True)
    # By where they lie: of several studies the neighbours of one are not mixed with the other's.
    listed = sorted(rows, key=lambda row: (natural_key(str(row[0].path)), row[0].page))
    labelled = [
        LabelledImage(
            found.path, images.labels[target].key, number, case, found.page, sha256, found.camera_bits
        )
        for number, (found, target, case, sha256) in enumerate(listed)
    ]
    places = {key: place for place, key in enumerate(label_set.keys)}
    known = [image for image in labelled if image.label in places]
    known.sort(key=lambda image: (places[image.label], image.number))
    return DataSet(root, tuple(known), label_set)


def _gone(data_set: DataSet) -> str:
    """A sentence that names the images which are not where they were decided on; empty where all are there."""
    gone = [str(path) for path in dict.fromkeys(one.path for one in data_set.images) if not path.is_file()]
    if not gone:
        return ""
    more = f", and {len(gone) - _NAMED_AT_MOST} more" if len(gone) > _NAMED_AT_MOST else ""
    return (
        f"{len(gone)} images that were signed are not there any more. Put them back: "
        f"{', '.join(gone[:_NAMED_AT_MOST])}{more}."
    )
