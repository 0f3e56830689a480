"""Adding, checking and removing a classifier, for a job's thread: OpenCV and OpenVINO come with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bloodsmear.errors import ClassifierError, ClassifierTakenError
from desktop.gui.classifiers_state import NetworkWish, Taken

if TYPE_CHECKING:
    from bloodsmear.classifiers.importing import ForeignNetwork
    from bloodsmear.classifiers.recipe import ChannelOrder, ResizeMethod


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to the classifier `id`, as a sentence.

    `changed` where this id answers otherwise than before, `gone` where nothing answers under it any more.
    """

    id: str
    sentence: str
    changed: bool = False
    gone: bool = False


def add(source: Path | NetworkWish, replace_other: bool) -> Done | Taken:
    """Add an exported classifier, or a network file that was described; `Taken` where leave to replace is missing.

    Raises CardError, ClassifierError and UsageError with what is wrong.
    """
    from bloodsmear.classifiers.importing import import_classifier
    from bloodsmear.classifiers.installing import add_classifier

    try:
        if isinstance(source, NetworkWish):
            added = import_classifier(foreign_network(source), replace_other)
        else:
            added = add_classifier(source, replace_other)
    except ClassifierTakenError as taken:
        origin = "ships with the program" if taken.ships else "you added"
        return Taken(
            f"A classifier {taken.classifier_id} that {origin} is on this PC already ({taken.present}). "
            "The new one can take its place.",
            source,
        )
    card = added.card
    parts = [f"{card.name} was checked, passed its golden test and was added as {card.id}."]
    if added.replaced is not None:
        parts.append(f"It answers in the place of {added.replaced}.")
    if isinstance(source, NetworkWish):
        parts.append("Try the order of its labels on a labelled folder before you rely on what it says.")
    return Done(card.id, " ".join(parts), changed=added.replaced is not None)


def foreign_network(wish: NetworkWish) -> ForeignNetwork:
    """What was typed, as values. UsageError names what cannot be one."""
    from bloodsmear.classifiers.importing import ForeignNetwork, Preparation
    from bloodsmear.classifiers.typed_words import read_number, read_size

    preparation = Preparation(
        # The page offers no others.
        resize=cast("ResizeMethod", wish.resize),
        scale=read_number("The scale", wish.scale),
        offset=read_number("The offset", wish.offset),
        channels=cast("ChannelOrder", wish.channels),
        size_px=read_size("The size", wish.size) if wish.size else None,
    )
    return ForeignNetwork(wish.file, wish.id, wish.name, wish.labels, preparation)


def verify(classifier_id: str) -> Done:
    """Check a classifier in full. Raises CardError and ClassifierError with what is wrong."""
    from bloodsmear.classifiers.folder import verify_classifier

    outcome = verify_classifier(_folder_of(classifier_id))
    return Done(
        classifier_id,
        f"{outcome.id} {outcome.version_mark} is well: its files are as its card says, and its golden test differs "
        f"by at most {outcome.largest_difference:.1e}.",
    )


def remove(classifier_id: str) -> Done:
    """Remove one of the user's own classifiers. Raises ClassifierError and UsageError."""
    from bloodsmear.classifiers.installing import remove_classifier

    removed = remove_classifier(classifier_id)
    parts = [f"{classifier_id} was removed. Studies keep what it answered."]
    if removed.shipped_stays:
        parts.append(f"The {classifier_id} that ships with the program answers from now on.")
    return Done(classifier_id, " ".join(parts), changed=True, gone=not removed.shipped_stays)


def _folder_of(classifier_id: str) -> Path:
    from bloodsmear.workflows.classifier_set import classifier_folders

    folder = classifier_folders().get(classifier_id)
    if folder is None:
        raise ClassifierError(f"There is no classifier {classifier_id!r} on this PC any more.")
    return folder
