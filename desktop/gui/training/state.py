"""Training as the window sees it: what the controller knows and the page shows. Plain data, no Qt."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bloodsmear.adding.typed_words import free_id
from bloodsmear.classifiers.labels import LABELS
from bloodsmear.jobs.training_files import EpochFigures

# A folder's name and the key of the label that the reader gave it, or `IGNORED`.
FolderLabel = tuple[str, str]
IGNORED = "ignore"
# A label of the reader's own: key and name.
OwnLabel = tuple[str, str]
OUR_LABELS: tuple[OwnLabel, ...] = tuple((label.key, label.name) for label in LABELS)

Phase = Literal[
    "empty",  # no folder is chosen
    "checking",
    "unusable",  # the folder cannot be trained on
    "ready",
    "fitting",
    "stopping",
    "exporting",
    "finished",  # the classifier is made and measured, not installed
    "installing",
    "installed",
    "failed",  # fitting or exporting ended with `TrainingState.problem`
]


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """What a fit starts from: an architecture from scratch, or (with `weights`) a classifier or ImageNet's weights.

    The images that a classifier learned from can be kept in. `label_keys` are a classifier's outputs; none: any.
    """

    key: str
    name: str
    architecture: str
    weights: Path | None = None
    is_classifier: bool = False
    label_keys: tuple[str, ...] = ()

    def fits(self, label_keys: tuple[str, ...]) -> bool:
        """Whether a fit of these labels, in this order, can go on from it."""
        return not self.label_keys or self.label_keys == label_keys


@dataclass(frozen=True, slots=True)
class Preset:
    """How thoroughly to fit: the input's side in pixels, the most epochs, the images a batch.

    `settings` is the training program's own preset, which sets every other knob.
    """

    key: str
    name: str
    explanation: str
    side_px: int
    epochs: int
    batch_images: int
    settings: str = "default"


@dataclass(frozen=True, slots=True)
class TrainingWish:
    """What the reader chose: keys of a starting point and a preset, and the new classifier's name."""

    start: str
    preset: str
    name: str


@dataclass(frozen=True, slots=True)
class DataSeen:
    """What the chosen folder holds: images by label key, what forbids a fit, what is worth knowing.

    `text`, `done` and `total` say how far the check is (`total` None while unknown). `labels` is what the reader
    said of its folders, `wants_labels` whether something must be said, and `folders` are their names then. `own` are
    the labels as the reader named them, in order, none where the folders tell; `names` are those of the labels found,
    none where they are the built-in four. `matters_first` is the key of the one among `own` whose mistakes do.
    """

    folder: Path
    counts: tuple[tuple[str, int], ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    text: str = ""
    done: int = 0
    total: int | None = None
    labels: tuple[FolderLabel, ...] = ()
    folders: tuple[str, ...] = ()
    wants_labels: bool = False
    own: tuple[OwnLabel, ...] = ()
    names: tuple[OwnLabel, ...] = ()
    matters_first: str = ""

    @property
    def label_keys(self) -> tuple[str, ...]:
        """The keys of the labels that are found, in output order."""
        return tuple(key for key, _ in self.names or OUR_LABELS)

    @property
    def images(self) -> int:
        """All images of the folder."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class FitSeen:
    """How far the training is. `done` of `total` are batches of `epoch`, or the steps that `text` names.

    `device` is empty until the training program has said on what it runs.
    """

    name: str
    device: str = ""
    text: str = ""
    epoch: int = 0
    epochs: int = 0
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None
    finished: tuple[EpochFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A classifier's measured figures by name, each with its 95 % interval (None where it has none).

    `same_images`: measured on the new classifier's held-out images, and not on those of its own training.
    """

    classifier: str
    images: int
    figures: dict[str, tuple[float, float | None, float | None]]
    same_images: bool = True


@dataclass(frozen=True, slots=True)
class MadeClassifier:
    """The finished classifier's folder, its figures beside those in use now, and the evaluation page (or None).

    `installed`: this very classifier is among those of this PC already. `names` are its labels, none where they are the
    built-in four. `left_out` are the names of classifiers in use that have other labels: they cannot be compared.
    """

    classifier_id: str
    folder: Path
    columns: tuple[FigureColumn, ...]
    page: Path | None = None
    installed: bool = False
    names: tuple[OwnLabel, ...] = ()
    left_out: tuple[str, ...] = ()


# How far a training was when it was left.
Stage = Literal[
    "images",  # a folder was chosen, nothing was started
    "fit",  # epochs are missing
    "fitted",  # no more epochs are wanted; the classifier is not made yet
    "made",  # the classifier is made and measured
]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A training that failed, or that an earlier start of the program left, which can go on.

    `folder` is that of its run; at the stage `images` it is the labelled folder, `labels` is what was said of the
    folders in it, `own` of its labels and `matters_first` of these, and there is no name yet.
    """

    name: str
    folder: Path
    finished_epochs: int
    epochs: int
    stage: Stage = "fit"
    labels: tuple[FolderLabel, ...] = ()
    own: tuple[OwnLabel, ...] = ()
    matters_first: str = ""


@dataclass(frozen=True, slots=True)
class TrainingState:
    """Everything that the page shows. `problem` is a sentence for the reader, empty when all is well.

    `way_out` are the words of what else than trying again is offered after a failure, empty where there is nothing.
    `starts` are on this PC, `file_start` is what the reader's own file holds; `keep` is the folder whose images are
    kept in. `gpu` is the name of the one that will train, empty where there is none, None while it is not known.
    `why_no_gpu` is then a sentence, empty where nothing is known.
    """

    phase: Phase = "empty"
    data: DataSeen | None = None
    fit: FitSeen | None = None
    outcome: MadeClassifier | None = None
    unfinished: Unfinished | None = None
    problem: str = ""
    way_out: str = ""
    python: str = ""
    gpu: str | None = None
    why_no_gpu: str = ""
    starts: tuple[StartingPoint, ...] = ()
    file_start: StartingPoint | None = None
    keep: Path | None = None
    presets: tuple[Preset, ...] = ()
    taken_ids: frozenset[str] = field(default_factory=frozenset)

    @property
    def all_starts(self) -> tuple[StartingPoint, ...]:
        """What can be started from with the labels of the images, the file that the reader chose last."""
        keys = self.data.label_keys if self.data is not None else tuple(key for key, _ in OUR_LABELS)
        starts = self.starts if self.file_start is None else (*self.starts, self.file_start)
        return tuple(start for start in starts if start.fits(keys))


_COUNTED = re.compile(r"(.*?)(?: \((\d+)\))?")


def next_name(name: str, taken: frozenset[str], longest: int) -> str:
    """A name for another classifier beside this one, whose id is free: `Our lab (2)`; empty where the name is.

    In brackets, for a name may end in a year.
    """
    found = _COUNTED.fullmatch(name.strip())
    if found is None or not found[1]:
        return ""
    number = int(found[2] or 1)
    while True:
        number += 1
        ending = f" ({number})"
        offered = f"{found[1][: longest - len(ending)]}{ending}"
        if free_id(offered, frozenset()) not in taken:
            return offered


PRESETS: tuple[Preset, ...] = (
    Preset(
        "quick",
        "Quick look",
        "64 × 64 px, at most 8 epochs: shows whether it learns.",
        64,
        8,
        32,
    ),
    Preset(
        "standard", "Standard", "96 × 96 px, at most 30 epochs: as the classifiers that ship.", 96, 30, 32
    ),
    Preset(
        "thorough",
        "Thorough",
        "150 × 150 px, at most 40 epochs: finest, and slow without a GPU.",
        150,
        40,
        32,
    ),
    Preset(
        "published",
        "As published",
        "150 × 150 px, 10 epochs, changed at random as for the published classifiers: to compare with them.",
        150,
        10,
        10,
        "reference",
    ),
)
