"""Which classifiers are used together, and which were refused and why."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import Classifier, EngineClassifier
from bloodsmear.classifiers.folder import find_classifier_folders, open_classifier
from bloodsmear.classifiers.labels import label_name
from bloodsmear.classifiers.scratch import clear_scratch
from bloodsmear.errors import CardError, ClassifierError
from bloodsmear.review.records import FAST_ENDING, ClassifierMark, RefusedClassifier

# The two that ship, in the order of a report's columns.
DEFAULT_CLASSIFIERS = ("vgg16", "unet")

Opener = Callable[[Path, int], Classifier]


@dataclass(frozen=True)
class ClassifierSet:
    """The classifiers that answer, in the order of a report's columns, and those that were refused."""

    classifiers: tuple[Classifier, ...]
    refused: tuple[RefusedClassifier, ...] = ()

    # The window asks for them ten times an image.
    @cached_property
    def marks(self) -> tuple[ClassifierMark, ...]:
        """Which classifiers these are, as records and reports name them."""
        return tuple(answering_mark(classifier) for classifier in self.classifiers)


def mark_of(card: Card) -> ClassifierMark:
    """The part of a card that stands beside every answer."""
    names = tuple(label.name for label in card.labels)
    return ClassifierMark(
        card.id,
        card.name,
        card.version_mark,
        card.model_sha256,
        card.label_keys,
        card.sure_from or (),
        names
        if any(name != label_name(key) for key, name in zip(card.label_keys, names, strict=True))
        else (),
    )


def answering_mark(classifier: Classifier) -> ClassifierMark:
    """What stands beside an answer of this classifier: fast answers never pass for exact ones, nor these for those."""
    mark = mark_of(classifier.card)
    if isinstance(classifier, EngineClassifier) and classifier.int8_sha256 is not None:
        return replace(
            mark, version_mark=mark.version_mark + FAST_ENDING, model_sha256=classifier.int8_sha256
        )
    return mark


def classifier_folders() -> dict[str, Path]:
    """The folder of every classifier on this PC by its id: the user's own win over those that ship."""
    # The start of every program comes by here: what a killed one left goes.
    for place in (paths.user_classifiers(), paths.graph_cache(), paths.scratch()):
        clear_scratch(place)
    return find_classifier_folders((paths.user_classifiers(), paths.shipped_classifiers()))


def load_default_classifiers(
    streams: int = 2, ids: Sequence[str] = DEFAULT_CLASSIFIERS, opener: Opener = open_classifier
) -> ClassifierSet:
    """Open the default classifiers, in parallel; one that is missing or altered is left out and says why.

    `streams` is how many images each answers at once. Raises ClassifierError when none can be used.
    """
    opened = _open_all(ids, streams, opener)
    usable = tuple(one for one in opened if not isinstance(one, RefusedClassifier))
    refused = tuple(one for one in opened if isinstance(one, RefusedClassifier))
    if not usable:
        reasons = " ".join(one.reason for one in refused)
        raise ClassifierError(f"No classifier can be used. {reasons}".rstrip())
    return ClassifierSet(usable, refused)


def load_named_classifiers(
    ids: Sequence[str], streams: int = 2, opener: Opener = open_classifier
) -> ClassifierSet:
    """Open the classifiers named by the user, each once, in the order given.

    ClassifierError if one is refused, or none is named.
    """
    if not ids:
        raise ClassifierError(
            "No classifier was named. Name one with --classifier, or choose default classifiers."
        )
    opened = _open_all(tuple(dict.fromkeys(ids)), streams, opener)
    refused = [one for one in opened if isinstance(one, RefusedClassifier)]
    if refused:
        raise ClassifierError(" ".join(one.reason for one in refused))
    return ClassifierSet(tuple(one for one in opened if not isinstance(one, RefusedClassifier)))


def _open_all(ids: Sequence[str], streams: int, opener: Opener) -> list[Classifier | RefusedClassifier]:
    folders = classifier_folders()

    def open_one(classifier_id: str) -> Classifier | RefusedClassifier:
        folder = folders.get(classifier_id)
        if folder is None:
            there = ", ".join(sorted(folders)) or "none"
            reason = f"There is no classifier {classifier_id!r} on this PC; there are: {there}."
            return RefusedClassifier(classifier_id, reason)
        try:
            return opener(folder, streams)
        except (CardError, ClassifierError) as error:
            return RefusedClassifier(classifier_id, str(error))

    # Reading a card, a graph and the golden test waits for the disk and for OpenVINO, both without the GIL.
    with ThreadPoolExecutor(max_workers=max(1, len(ids)), thread_name_prefix="open-classifier") as pool:
        return list(pool.map(open_one, ids))
