"""An evaluation as data: all that the page draws but the thumbnails. As JSON it travels with a classifier.

So it holds no image and no file name: a mistake is known by its place among the images that were measured on.
"""

from pathlib import Path
from typing import Literal

import msgspec

from bloodsmear.classifiers.card import Figure
from bloodsmear.classifiers.labels import label_name
from bloodsmear.jobs.training_files import EpochFigures
from bloodsmear.json_file import write_json


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all parts of an evaluation share: frozen, named fields, no unknown ones."""


class Proportion(_Part, frozen=True, kw_only=True):
    """A share (0 to 1) with its 95 % interval."""

    value: float
    low: float
    high: float


class LabelFigures(_Part, frozen=True, kw_only=True):
    """One label: how many images have it, and how many were answered so.

    `sensitivity` is the share of its images that were answered so (None without such an image), `precision` the share
    of right ones among those that were answered so (None where none was).
    """

    label: str
    images: int
    answered: int
    sensitivity: Proportion | None
    precision: Proportion | None


class ShiftFigures(_Part, frozen=True, kw_only=True):
    """Accuracy under one shift of colour or camera, and that of the colour-only baseline under the same."""

    name: str
    accuracy: Proportion
    baseline: Proportion | None


class ReliabilityBin(_Part, frozen=True, kw_only=True):
    """The images whose confidence lies in one bin: their mean confidence, and the share that was right."""

    confidence: float
    accuracy: float
    images: int


class Calibration(_Part, frozen=True, kw_only=True):
    """Expected calibration error and reliability curve, before and after the temperature."""

    temperature: float
    error_before: float
    error_after: float
    bins_before: tuple[ReliabilityBin, ...]
    bins_after: tuple[ReliabilityBin, ...]


class CoveragePoint(_Part, frozen=True, kw_only=True):
    """Answering the most confident `share` of the images only: the error rate among them, the least confidence."""

    share: float
    error_rate: float
    confidence: float


class Answerable(_Part, frozen=True, kw_only=True):
    """The largest share that can be answered with at most `error_rate` wrong, and from which confidence on."""

    error_rate: float
    share: float
    confidence: float | None


class Baseline(_Part, frozen=True, kw_only=True):
    """What colour alone reaches on the same images; `cross_entropy` in nats."""

    accuracy: Proportion
    cross_entropy: float
    labels: tuple[LabelFigures, ...]
    coverage: tuple[CoveragePoint, ...]


class Mistake(_Part, frozen=True, kw_only=True):
    """A wrong answer and its confidence; `place` counts the images that were measured on, from 0."""

    place: int
    label: str
    answered: str
    confidence: float


class Subject(_Part, frozen=True, kw_only=True):
    """Which classifier was measured, on what and when.

    `split` says in words how the images were held out, empty where all of a folder were measured on. `train_images` is
    0 where nothing was fitted on the folder. `held_out_at_first`: what ships was fitted on them as well, by the same
    settings as the fit that was measured.
    """

    classifier: str
    name: str
    version: str
    architecture: str
    width_px: int
    height_px: int
    data_set: str
    measured_on: Literal["held_out", "held_out_at_first", "all"]
    split: str
    train_images: int
    date: str


class Resampling(_Part, frozen=True, kw_only=True):
    """What the intervals were resampled by: images, or whole cases, and how many of them there are."""

    unit: Literal["image", "case"]
    count: int


class Evaluation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured. The confusion matrix has a row per true label, a column per answer.

    `figures` go into the card. The fields after `confusion` are empty in files of version 0.1, and `label_names` (in
    the order of `label_keys`) in older ones.
    """

    figures: tuple[Figure, ...]
    label_keys: tuple[str, ...]
    confusion: list[list[int]]
    labels: tuple[LabelFigures, ...] = ()
    shifts: tuple[ShiftFigures, ...] = ()
    calibration: Calibration | None = None
    coverage: tuple[CoveragePoint, ...] = ()
    answerable: tuple[Answerable, ...] = ()
    baseline: Baseline | None = None
    mistakes: tuple[Mistake, ...] = ()
    subject: Subject | None = None
    epochs: tuple[EpochFigures, ...] = ()
    resampling: Resampling | None = None
    label_names: tuple[str, ...] = ()

    def name_of(self, key: str) -> str:
        """A label's name for people."""
        return dict(zip(self.label_keys, self.label_names, strict=False)).get(key) or label_name(key)

    def figure(self, name: str) -> Figure:
        """The figure of that name. KeyError where there is none."""
        return {figure.name: figure for figure in self.figures}[name]

    def share(self, name: str) -> Proportion:
        """The figure of that name as a share; one without an interval has none of any width."""
        figure = self.figure(name)
        low = figure.value if figure.low is None else figure.low
        high = figure.value if figure.high is None else figure.high
        return Proportion(value=figure.value, low=low, high=high)

    @property
    def images(self) -> int:
        """How many images were measured on."""
        return sum(map(sum, self.confusion))

    @property
    def wrong(self) -> int:
        """How many of them were answered wrongly."""
        return self.images - sum(row[place] for place, row in enumerate(self.confusion))


def write_evaluation(file: Path, evaluation: Evaluation) -> None:
    """Write the evaluation as JSON. Raises OSError."""
    write_json(file, evaluation)
