"""What a reader can decide for an image."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bloodsmear.classifiers.labels import DECIDED_BESIDE_LABELS, LABELS, NO_NAMES, Names, label_name
from bloodsmear.review.records import ClassifierMark, ListedImage

UNSURE, OTHER, NOT_EVALUABLE = DECIDED_BESIDE_LABELS
# What can be decided beside the labels, in the order to show, with the words for people.
BESIDE_LABELS = {UNSURE: "Unsure", OTHER: "Other", NOT_EVALUABLE: "Not evaluable"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What one reader decided for one image, and its note; `value` is empty where there is only a note.

    `number` is that of the deciding event. `at` is UTC. `sha256` is that of the bytes decided on, empty where they
    had not been read.
    """

    reader: str
    value: str
    at: datetime
    number: int
    sha256: str = ""
    answers_hidden: bool = False

    def holds_for(self, listed: ListedImage) -> bool:
        """Whether it was made on the bytes that now stand under the image's name, as far as both are known."""
        return not self.sha256 or not listed.sha256 or self.sha256 == listed.sha256


def decision_choices(classifiers: Iterable[ClassifierMark]) -> tuple[str, ...]:
    """All decisions that a study allows, in the order to show: its classifiers' labels, then the three others."""
    return (*names_of(classifiers), *BESIDE_LABELS)


def names_of(classifiers: Iterable[ClassifierMark]) -> Names:
    """The names of all labels of a study's classifiers by key, in the order to show; the first to name one names it.

    The built-in four come first where all are there: they keep their keys, whichever classifier was named first.
    """
    classifiers = tuple(classifiers)
    ours = {label.key: label.name for label in LABELS}
    names = ours if any(ours.keys() <= set(mark.label_keys) for mark in classifiers) else {}
    for mark in classifiers:
        for key, name in mark.names.items():
            names.setdefault(key, name)
    return names


def decision_name(value: str, names: Names = NO_NAMES) -> str:
    """The words for a decision: `pre_b` is shown as Pre-B, `not_evaluable` as Not evaluable; `names`: the study's."""
    return BESIDE_LABELS.get(value) or label_name(value, names)
