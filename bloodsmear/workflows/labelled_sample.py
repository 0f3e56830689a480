"""A few images of each label from a folder of label folders: enough to try a classifier on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.labels import KNOWN_TO_PEOPLE, label_among
from bloodsmear.errors import DataSetError
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel

IMAGES_PER_LABEL = 25


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """An image and the key of the label in whose folder it lies."""

    found: FoundImage
    label: str


@dataclass(frozen=True, slots=True)
class LabelledSample:
    """Images spread evenly over each label's folders; `other_folders` are the names that spell none of the labels."""

    folder: Path
    files: tuple[LabelledFile, ...]
    other_folders: tuple[str, ...]


def sample_labelled_folder(
    folder: Path,
    labels: Sequence[str],
    images_per_label: int = IMAGES_PER_LABEL,
    cancel: Cancel | None = None,
) -> LabelledSample:
    """At most `images_per_label` images of each of the classifier's `labels` (keys), found below `folder`.

    The folders below it are known by their spelling; hidden ones are passed over. DataSetError when fewer than two
    of the labels have images there: an order cannot be told from one. JobCancelled.
    """
    by_label: dict[str, list[FoundImage]] = {}
    other: list[str] = []
    for inner in _folders_below(folder):
        label = label_among(inner.name, labels)
        if label is None:
            other.append(inner.name)
        else:
            by_label.setdefault(label, []).extend(Scan([inner], cancel))
    with_images = {label: images for label, images in by_label.items() if images}
    if len(with_images) < 2:
        raise DataSetError(
            f"{folder} holds images of {', '.join(with_images) or 'none'} of the labels {', '.join(labels)}; at least "
            f"two are needed. Give the folder whose folders are named after the labels ({KNOWN_TO_PEOPLE})."
        )
    files = tuple(
        LabelledFile(found, label)
        for label in labels
        for found in _spread(with_images.get(label, []), images_per_label)
    )
    return LabelledSample(folder, files, tuple(other))


def _folders_below(folder: Path) -> list[Path]:
    try:
        return sorted(
            inner for inner in folder.iterdir() if inner.is_dir() and not inner.name.startswith(".")
        )
    except OSError as error:
        raise DataSetError(
            f"The labelled folder {folder} cannot be opened ({error.strerror}). Look whether its name is right."
        ) from error


def _spread(images: Sequence[FoundImage], most: int) -> list[FoundImage]:
    # Neighbours are often of one capture series; evenly spread ones are the same at every trial.
    if len(images) <= most:
        return list(images)
    return [images[place * len(images) // most] for place in range(most)]
