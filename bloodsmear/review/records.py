"""What is known of each image of a study, as plain data that storage, reports and the window share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bloodsmear.classifiers.labels import Names, label_name, reading_order
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.image_quality import ImageQuality

Status = Literal["ok", "unreadable", "not_screened"]
Agreement = Literal["agree", "disagree", "single", "not_comparable"]
Flag = Literal[
    "disagreement",
    "low_confidence",
    "out_of_focus",
    "exposure",
    "unlike_training",
    "changes_when_denoised",
]
# The order of flags in every report.
FLAGS: tuple[Flag, ...] = (
    "disagreement",
    "low_confidence",
    "out_of_focus",
    "exposure",
    "unlike_training",
    "changes_when_denoised",
)

# What a version ends in whose answers are fast ones (docs/adr/0019).
FAST_ENDING = "-int8"


def is_fast(version_mark: str) -> bool:
    """Whether it is the version of fast answers."""
    return version_mark.endswith(FAST_ENDING)


def version_words(version_mark: str) -> str:
    """A version as a reader is told it: `1.0`, or `1.0, fast answers`."""
    version = version_mark.partition("+")[0]
    return f"{version}, fast answers" if is_fast(version_mark) else version


@dataclass(frozen=True, slots=True)
class ClassifierMark:
    """Which classifier gave an answer. `version_mark` is as `1.0+1a2b3c4d`; labels are in output order.

    For fast answers it is as `1.0+1a2b3c4d-int8`, and `model_sha256` is that of the int8 graph. `sure_from` is the
    card's: for each label the probability from which on its answer is sure, none where the card doesn't say.
    `label_names` has the card's name of each label; none where all are as `label_name` has them.
    """

    id: str
    name: str
    version_mark: str
    model_sha256: str
    label_keys: tuple[str, ...]
    sure_from: tuple[float, ...] = ()
    label_names: tuple[str, ...] = ()

    @property
    def names(self) -> Names:
        """The labels' names by key, in reading order."""
        told = dict(zip(self.label_keys, self.label_names, strict=False))
        return {key: label_name(key, told) for key in reading_order(self.label_keys)}

    @property
    def is_fast(self) -> bool:
        """Whether its answers are fast ones."""
        return is_fast(self.version_mark)

    @property
    def version_words(self) -> str:
        """The version as a reader is told it: `1.0`, or `1.0, fast answers`."""
        return version_words(self.version_mark)


@dataclass(frozen=True, slots=True)
class RefusedClassifier:
    """A classifier that was left out; `reason` is a sentence for the user."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One classifier's prediction for one image."""

    classifier: ClassifierMark
    prediction: Prediction

    @property
    def label(self) -> str:
        """The key of the most probable label, ties to the first column of a report (as the consensus has it)."""
        by_key = dict(zip(self.classifier.label_keys, self.prediction.probabilities, strict=True))
        return max(reading_order(self.classifier.label_keys), key=by_key.__getitem__)

    @property
    def label_name(self) -> str:
        """The name of `label`."""
        return self.classifier.names[self.label]

    @property
    def confidence(self) -> float:
        """The probability of `label`."""
        return max(self.prediction.probabilities)


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the answers say together; `label` and `confidence` are None where they cannot be compared."""

    agreement: Agreement
    label: str | None
    confidence: float | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One image of a study. `image` is relative to the study's root with forward slashes.

    Width and height (pixels, after EXIF rotation), `quality` and `consensus` are None until the image was
    read; `error` is the reason without the path and empty if there is none; times are UTC. `colour_profile` is the
    name of the embedded profile by which the colours were converted, empty where none was. `decoder` is the number of
    the decoder that read it, 0 where that was not kept yet. `um_per_px` is the scale that the file states, where it
    counts.
    """

    image: str
    case: str
    status: Status
    error: str = ""
    sha256: str = ""
    width_px: int | None = None
    height_px: int | None = None
    quality: ImageQuality | None = None
    answers: tuple[Answer, ...] = ()
    denoised_answers: tuple[Answer, ...] = ()
    consensus: Consensus | None = None
    screened_at: datetime | None = None
    colour_profile: str = ""
    decoder: int = 0
    um_per_px: float | None = None


@dataclass(frozen=True, slots=True)
class ListedImage:
    """An image that the study lists, as far as a review needs it; `sha256` is empty until the file was read."""

    image: str
    case: str
    status: Status
    sha256: str = ""
