"""A folder of label folders as a list of labelled images."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.labels import BENIGN, EARLY_PRE_B, LABELS, PRE_B, PRO_B
from bloodsmear.errors import DataSetError
from bloodsmear.images.scan import Scan

# The spellings of the Taleqani data set's folders in its several copies.
_SPELLINGS = {
    "benign": BENIGN.key,
    "early": EARLY_PRE_B.key,
    "early pre-b": EARLY_PRE_B.key,
    "[malignant] early pre-b": EARLY_PRE_B.key,
    "pre": PRE_B.key,
    "pre-b": PRE_B.key,
    "[malignant] pre-b": PRE_B.key,
    "pro": PRO_B.key,
    "pro-b": PRO_B.key,
    "[malignant] pro-b": PRO_B.key,
}


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """An image file, its label's key, and `number`: the last digits of its name (a capture series counts up)."""

    path: Path
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class DataSet:
    """The images of a labelled folder, by label in reading order and then by number."""

    root: Path
    images: tuple[LabelledImage, ...]

    @property
    def label_keys(self) -> tuple[str, ...]:
        """The labels in output order: reading order, never the folders' alphabetical one."""
        return tuple(label.key for label in LABELS)

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


def read_data_set(root: Path) -> DataSet:
    """Find the label folders below `root` and their images.

    Raises DataSetError: no such folder, a folder whose name is no known label, a label without images.
    """
    if not root.is_dir():
        raise DataSetError(
            f"There is no folder {root}. Give the folder that holds one folder for each label."
        )
    # As the scan names the images: `../smears` must be a part of their paths, not another spelling of it.
    root = Path(os.path.normpath(root.absolute()))
    images: list[LabelledImage] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        label = _label_of(folder)
        images += [LabelledImage(found.path, label, _number(found.path)) for found in Scan([folder])]
    _require_every_label(root, images)
    order = {label.key: place for place, label in enumerate(LABELS)}
    images.sort(key=lambda image: (order[image.label], image.number, image.path.name))
    return DataSet(root, tuple(images))


def _label_of(folder: Path) -> str:
    spelling = folder.name.strip().lower()
    if spelling not in _SPELLINGS:
        known = ", ".join(sorted(_SPELLINGS))
        raise DataSetError(f"The folder {folder} is no known label. Rename it to one of: {known}.")
    return _SPELLINGS[spelling]


def _number(path: Path) -> int:
    digits = re.findall(r"\d+", path.stem)
    return int(digits[-1]) if digits else 0


def _require_every_label(root: Path, images: list[LabelledImage]) -> None:
    present = {image.label for image in images}
    missing = [label.name for label in LABELS if label.key not in present]
    if missing:
        raise DataSetError(
            f"{root} has no images of {', '.join(missing)}. Add a folder with images for each label."
        )
