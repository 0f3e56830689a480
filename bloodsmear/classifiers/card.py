"""card.json as data. card_file.py reads and writes it; the meaning of each field is in docs/card.md."""

import hashlib
from typing import Literal

import msgspec

from bloodsmear.classifiers.recipe import Recipe

# 2 brought `unlike_training.appearance`, 3 what `fast` says below `largest_move`, 4 `sure_from` and `cross_validation`,
# 5 `recipe.fill_scale_bar`, 6 `base`, 7 `answers_for`; card_file.py reads older ones.
CARD_VERSION = 7

# Whole images, or crops of single cells as the gallery of cells shows them (bloodsmear/images/cell_look.py).
AnswersFor = Literal["image", "cell"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all parts of a card share: frozen, named fields, no unknown ones."""


class CardLabel(_Part, frozen=True, kw_only=True):
    """A label in output order: `key` for files, `name` for people."""

    key: str
    name: str


class CardFile(_Part, frozen=True, kw_only=True):
    """A file of the classifier's folder with its sha256 (hex) and size in bytes."""

    name: str
    sha256: str
    bytes: int


class LabelCount(_Part, frozen=True, kw_only=True):
    """How many images of a label were in each part of the split."""

    label: str
    train: int
    validation: int
    held_out: int


class TrainedOn(_Part, frozen=True, kw_only=True):
    """What the classifier has seen. `fingerprints`: 64-bit perceptual hashes in 16 hex digits, no names."""

    data_set: str
    counts: tuple[LabelCount, ...]
    split: str
    seed: int
    backend: str
    date: str
    fingerprints: tuple[str, ...]


class Figure(_Part, frozen=True, kw_only=True):
    """A figure with its 95 % interval (None if it has none), on how many images, and the command."""

    name: str
    value: float
    low: float | None
    high: float | None
    images: int
    command: str


class Spread(_Part, frozen=True, kw_only=True):
    """How the training images spread in some numbers: an image further out than `threshold` is unlike them.

    `mean` has one value per number; `components` are rows of the same length, already divided by the
    standard deviation along them; `residual_variance` is that of the directions left out, per direction
    (see feature_distance.py).
    """

    mean: tuple[float, ...]
    components: tuple[tuple[float, ...], ...]
    residual_variance: float
    threshold: float


class UnlikeTraining(_Part, frozen=True, kw_only=True):
    """Statistics of the training images: of the features after `layer`, and of what they look like.

    `appearance` is that of the numbers in appearance.py; None in a card of version 1.
    """

    layer: str
    features: Spread
    appearance: Spread | None


class GoldenCase(_Part, frozen=True, kw_only=True):
    """A synthetic demo image (path below assets/demo, sha256) and the probabilities before calibration."""

    image: str
    sha256: str
    probabilities: tuple[float, ...]


class RunFigures(_Part, frozen=True, kw_only=True):
    """One capture run of a label: how many images it has, and how many were answered rightly."""

    label: str
    images: int
    right: int


class CrossValidation(_Part, frozen=True, kw_only=True):
    """How figures differ from one capture run to the next: each was answered by a network that has not seen it.

    `settings` says in words what was fitted, which may be smaller than what ships, `groups` in how many groups of runs.
    The intervals of `figures` come of drawing whole runs.
    """

    settings: str
    groups: int
    figures: tuple[Figure, ...]
    runs: tuple[RunFigures, ...]
    date: str


class FastFigures(_Part, frozen=True, kw_only=True):
    """What fast answers change on held-out images against exact ones. All but `largest_move` are shares, 0 to 1.

    `largest_move` is that of the probability of the label which the exact answer names. `int8_share`: how many the int8
    graph answers itself; `unlike_changed`: how many images are on the other side of the features' threshold. `golden`:
    what the int8 graph alone answers to the golden images, before calibration, in their order. These three are None in
    a card of version 2, which did not measure them.
    """

    labels_changed: float
    largest_move: float
    int8_share: float | None
    unlike_changed: float | None
    golden: tuple[tuple[float, ...], ...] | None
    images: int
    command: str


class BaseClassifier(_Part, frozen=True, kw_only=True):
    """The classifier whose network a taught one goes on from: its id, its version mark, the sha256 of its model."""

    id: str
    version_mark: str
    sha256: str


class Card(_Part, frozen=True, kw_only=True):
    """All that is known of a classifier. Labels are in output order; the order is part of the model.

    `sure_from` has for each label the calibrated probability from which on an answer of that label is sure; less asks
    for a look. None in a card that did not measure it. `base` is None unless the classifier was taught
    (bloodsmear/teaching): it has a graph then, and no model.keras. One that `answers_for` cells is never asked about a
    whole image.
    """

    card_version: int
    id: str
    name: str
    version: str
    architecture: str
    labels: tuple[CardLabel, ...]
    recipe: Recipe
    files: tuple[CardFile, ...]
    trained_on: TrainedOn
    figures: tuple[Figure, ...]
    temperature: float
    sure_from: tuple[float, ...] | None
    unlike_training: UnlikeTraining | None
    golden: tuple[GoldenCase, ...]
    fast: FastFigures | None
    cross_validation: CrossValidation | None
    base: BaseClassifier | None = None
    answers_for: AnswersFor = "image"
    licence: str
    citation: str
    limits: tuple[str, ...]

    @property
    def label_keys(self) -> tuple[str, ...]:
        """The labels' keys in output order."""
        return tuple(label.key for label in self.labels)

    def name_of(self, key: str) -> str:
        """A label's name for people; a key that the card lacks is shown as it is."""
        return next((label.name for label in self.labels if label.key == key), key)

    @property
    def model_sha256(self) -> str:
        """The sha256 (hex) of model.keras; of a taught classifier, which has none, that of its graph's two files."""
        listed = {file.name: file.sha256 for file in self.files}
        if self.base is None:
            return listed["model.keras"]
        return hashlib.sha256((listed["graph.xml"] + listed["graph.bin"]).encode()).hexdigest()

    @property
    def version_mark(self) -> str:
        """Version and model as reports show them: `1.0+1a2b3c4d`."""
        return f"{self.version}+{self.model_sha256[:8]}"
