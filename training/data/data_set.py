"""A folder of label folders as a list of labelled images."""

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from bloodsmear.classifiers.label_set import OURS, LabelSet
from bloodsmear.errors import DataSetError, ImageError
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.image_names import is_image, picture_name
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel
from bloodsmear.teaching.labelled_folder import holds_crops
from training.data.folder_labels import (
    AS_SPELLED,
    IGNORE,
    LABELS_AT_TERMINAL,
    FolderLabels,
    unknown_folder_sentence,
)


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """An image file, its label's key, and `number`: the last digits of its name (a capture series counts up).

    `case` is the name of the first folder below the label's, empty where the image lies in the label's folder. `page`
    is which of the file's pictures it is, from 0 on. `sha256` is that of the bytes that were decided on, empty where
    any count; `camera_bits` are those that a reader set.
    """

    path: Path
    label: str
    number: int
    case: str = ""
    page: int = 0
    sha256: str = ""
    camera_bits: int | None = None

    @property
    def asked(self) -> Asked:
        """What to ask the decoder for."""
        return Asked(self.page, self.camera_bits)

    def require_bytes(self, sha256: str) -> None:
        """Raise ImageError where the file's bytes (`sha256`) are others than those that were decided on."""
        if self.sha256 and self.sha256 != sha256:
            raise ImageError(self.path, "it is not the file any more that was decided on.")


@dataclass(frozen=True, slots=True)
class DataSet:
    """The images of a labelled folder, by label in the order of `label_set` and then by number.

    `of_cells`: they are crops of single cells, as an export of named cells writes them. `told` are sentences on what
    was left out of studies, and on what counts as one.
    """

    root: Path
    images: tuple[LabelledImage, ...]
    label_set: LabelSet = OURS
    of_cells: bool = False
    told: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_folder(self) -> bool:
        """Whether its labels are those of folders, and not of signed decisions."""
        return not any(image.sha256 for image in self.images)

    @property
    def label_keys(self) -> tuple[str, ...]:
        """The labels in output order: of the built-in four reading order, never the folders' alphabetical one."""
        return self.label_set.keys

    @property
    def targets(self) -> list[int]:
        """Each image's label as an index into `label_keys`."""
        return self.targets_in(self.label_keys)

    def targets_in(self, label_keys: tuple[str, ...]) -> list[int]:
        """Each image's label as an index into a classifier's own output order, which may be another.

        Raises DataSetError where the classifier has other labels than the folder.
        """
        if set(label_keys) != set(self.label_keys):
            raise DataSetError(
                f"The classifier answers {', '.join(label_keys)}, but {self.root} holds {', '.join(self.label_keys)}. "
                "Evaluate it on a folder with its own labels."
            )
        return [label_keys.index(image.label) for image in self.images]

    def name_of(self, image: LabelledImage) -> str:
        """The image's path below the root, with forward slashes."""
        return picture_name(image.path.relative_to(self.root).as_posix(), image.page)


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What lies in a labelled folder, also what cannot be used.

    `unknown_folders` are not labels, `ignored_folders` are passed over because the user said so, `unreadable_folders`
    could not be listed, `misnamed` are folders that the user named and that are not there, `no_unicode` are images
    whose path is not text (possible on Linux), so that no split can name them. `loose_images` counts the images that
    lie beside the label folders and so have no label. `no_set` says why the folders' names cannot be labels.
    `from_study`: of a study, sentences on what keeps it from being used, and on what was left out.
    """

    data_set: DataSet
    unknown_folders: tuple[Path, ...]
    ignored_folders: tuple[Path, ...]
    unreadable_folders: tuple[Path, ...]
    misnamed: tuple[str, ...]
    no_unicode: tuple[Path, ...]
    loose_images: int
    no_set: str = ""
    from_study: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def wants_labels(self) -> bool:
        """Whether a fault goes away when folders are given their labels, other ones than now. A study has none."""
        if any(self.from_study) or not self.data_set.is_folder:
            return False
        return bool(self.unknown_folders or self.misnamed or missing_labels(self.data_set))

    @property
    def faults(self) -> tuple[str, ...]:
        """A sentence for each thing that keeps the folder from being used as it is."""
        return (
            *self.from_study[0],
            *((self.no_set,) if self.no_set else self._unknown()),
            *(
                f"The folder {_shown(folder)} cannot be opened. Ask its owner for permission, or take it away."
                for folder in self.unreadable_folders
            ),
            *(
                f"The name {_shown(path)} holds bytes that are not Unicode. Rename the file or its folder."
                for path in self.no_unicode
            ),
            *(
                f"A label was given to the folder {name}, but {self.data_set.root} has no folder of that name. Check "
                "its spelling."
                for name in self.misnamed
            ),
        )

    def _unknown(self) -> list[str]:
        return [unknown_folder_sentence(_shown(one), self.data_set.label_set) for one in self.unknown_folders]


def scan_data_set(root: Path, labels: FolderLabels, cancel: Cancel | None = None) -> FolderScan:
    """Find the label folders below `root` and their images; hidden folders are passed over.

    Raises DataSetError where there is no such folder or it cannot be listed.
    """
    # As the scan names the images: `../smears` must be a part of their paths, not another spelling of it.
    root = Path(os.path.normpath(root.absolute()))
    folders, loose_images = _entries_of(root)
    labels, no_set = _settled(labels, [folder.name for folder in folders], root)
    label_set = labels.label_set or OURS
    known = [(folder, label) for folder in folders if (label := labels.label_of(folder.name)) is not None]
    images: list[LabelledImage] = []
    unreadable: list[Path] = []
    no_unicode: list[Path] = []
    for folder, label in known:
        if label == IGNORE:
            continue
        scan = Scan([folder], cancel)
        for found in scan:
            if str(found.path) == _shown(found.path):
                images.append(_labelled(folder, found, label))
            else:
                no_unicode.append(found.path)
        unreadable += [folder / relative for relative in scan.unreadable_folders]
    order = {key: place for place, key in enumerate(label_set.keys)}
    images.sort(key=lambda image: (order[image.label], image.number, image.path.name, image.page))
    return FolderScan(
        DataSet(root, tuple(images), label_set, holds_crops(root)),
        unknown_folders=tuple(folder for folder in folders if labels.label_of(folder.name) is None),
        ignored_folders=tuple(folder for folder, label in known if label == IGNORE),
        unreadable_folders=tuple(unreadable),
        misnamed=tuple(labels.without_folder([folder.name for folder in folders])),
        no_unicode=tuple(no_unicode),
        loose_images=loose_images,
        no_set=no_set,
    )


def _settled(labels: FolderLabels, folder_names: list[str], root: Path) -> tuple[FolderLabels, str]:
    """The labels with their set, and why the folders' names cannot be one."""
    natural = sorted(folder_names, key=natural_key)
    try:
        return labels.settled_for(natural), ""
    except ValueError as error:
        return replace(labels, label_set=OURS), f"The folders in {root} cannot be labels. {error}"


def read_data_set(root: Path, labels: FolderLabels = AS_SPELLED) -> DataSet:
    """Find the label folders below `root` and their images.

    Raises DataSetError: no such folder, a folder whose name is not a known label or that cannot be opened, a label
    without images.
    """
    scan = scan_data_set(root, labels)
    if scan.faults:
        raise DataSetError("\n".join(scan.faults), LABELS_AT_TERMINAL if scan.wants_labels else "")
    missing = missing_labels(scan.data_set)
    if missing:
        raise DataSetError(missing, LABELS_AT_TERMINAL)
    return scan.data_set


def labels_for(labels: FolderLabels, folder: Path, other: Path | None) -> FolderLabels:
    """What is said of the folders in `folder`, when the same words are said of those in `other` as well.

    A name that neither has stays, so that the slip is named. DataSetError where one cannot be listed.
    """
    if other is None or not (folder.is_dir() and other.is_dir()):
        # A study has no folders to say anything of.
        return labels
    here, there = ([entry.name for entry in _entries_of(root)[0]] for root in (folder, other))
    slips = labels.without_folder(there)
    others = {name for name in labels.without_folder(here) if name not in slips}
    return replace(labels, pairs=tuple(pair for pair in labels.pairs if pair[0] not in others))


def missing_labels(data_set: DataSet) -> str:
    """A sentence that names the labels without any image; empty where there are none such."""
    present = {image.label for image in data_set.images}
    missing = [label.name for label in data_set.label_set.labels if label.key not in present]
    if not missing:
        return ""
    return (
        f"{data_set.root} has no images of {', '.join(missing)}. Add a folder with images for each label, or say which "
        "folder holds them."
        if data_set.is_folder
        else f"No images of {', '.join(missing)} were signed. Decide and sign some, or name the labels without them."
    )


def _entries_of(root: Path) -> tuple[list[Path], int]:
    """The folders in `root` that are not hidden, by name, and how many images lie beside them."""
    if not root.is_dir():
        raise DataSetError(
            f"There is no folder {root}. Give the folder that holds one folder for each label."
        )
    try:
        entries = sorted(path for path in root.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise DataSetError(
            f"{root} cannot be opened: {error.strerror}. Ask its owner for permission."
        ) from error
    folders = [path for path in entries if path.is_dir()]
    return folders, sum(not path.is_dir() and is_image(path) for path in entries)


def _shown(path: Path) -> str:
    """The path as text to print and to send: bytes that are not Unicode as `\\udcXX`, as the scan shows them."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def _labelled(folder: Path, found: FoundImage, label: str) -> LabelledImage:
    inside = found.path.relative_to(folder).parts
    case = inside[0] if len(inside) > 1 else ""
    return LabelledImage(found.path, label, _number(found.path), case, found.page)


def _number(path: Path) -> int:
    digits = re.findall(r"\d+", path.stem)
    return int(digits[-1]) if digits else 0
