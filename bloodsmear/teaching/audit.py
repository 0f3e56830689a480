"""A head on the audit set, which was drawn before teaching and never taught; and whether it is offered for use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import Card, CardLabel
from bloodsmear.classifiers.figure_words import (
    AUDIT_ACCURACY,
    AUDIT_GAIN,
    AUDIT_OF,
    AUDIT_SENSITIVITY,
    MOST_FREQUENT,
)
from bloodsmear.images.scan import FoundImage
from bloodsmear.teaching.intervals import Share, difference_of, share_of

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


# What a card says of a taught classifier's architecture.
TAUGHT = "taught"


@dataclass(frozen=True, slots=True)
class InUse:
    """A classifier that readers use now: its label for each image of the audit set, empty where it gave none.

    `labels` are its own, `trained_on` the fingerprints of what it was trained on.
    """

    id: str
    name: str
    labels: frozenset[str]
    said: tuple[str, ...]
    trained_on: frozenset[str]


@dataclass(frozen=True, slots=True)
class AuditImages:
    """The images of a fully read audit set to which readers gave a label, all alike.

    `said` are the labels' keys and `units` the case or run of each; `drawn` counts all that were drawn, `looks` the
    heads that were measured on it before.
    """

    images: tuple[FoundImage, ...]
    sha256s: tuple[str, ...]
    said: tuple[str, ...]
    units: tuple[str, ...]
    drawn: int
    looks: int
    in_use: tuple[InUse, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a head is offered for installing, and why or why not, as a sentence."""

    stands: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class AuditMeasured:
    """`shares` by the names that figures have in a card. Images of a label that was not taught count as wrong."""

    shares: dict[str, Share]
    drawn: int
    measured: int
    not_taught: int
    looks: int
    offer: Offer


NO_AUDIT = Offer(
    False,
    "It is not offered for use: no audit set was drawn, so nothing shows how it does on patients that it has not seen.",
)


def measure_audit(
    audit: AuditImages,
    answers: IntArray,
    labels: Sequence[CardLabel],
    most_frequent: int,
    fingerprints: Sequence[str],
) -> AuditMeasured:
    """The figures of a head whose `answers` (places of `labels`, int64 N) are to the audit's images.

    `most_frequent` is the place of the label that was taught most; `fingerprints` are the images', with those of near
    duplicates of any taught image left out before.
    """
    keys = [label.key for label in labels]
    truth = np.array(audit.said)
    said = np.array([keys[place] for place in answers.tolist()])
    units = np.unique(audit.units, return_inverse=True)[1].astype(np.int64)
    right = said == truth
    shares = {AUDIT_ACCURACY: share_of(right, units)}
    for key in keys:
        if (of_label := truth == key).any():
            shares[f"{AUDIT_SENSITIVITY}{key}"] = share_of(right[of_label], units[of_label])
    rivals = [
        (one.id, one.name, np.array(one.said) == truth, _unseen(one, fingerprints))
        for one in audit.in_use
        if set(audit.said) <= one.labels and "" not in one.said
    ]
    # Nobody is measured against by leaving it out.
    losses = [
        f"{one.name} has not answered for all of its images; screen the folder, then teach again"
        for one in audit.in_use
        if set(audit.said) <= one.labels and "" in one.said
    ]
    if not rivals:
        words = f"always answering {labels[most_frequent].name}"
        rivals = [(MOST_FREQUENT, words, truth == keys[most_frequent], np.ones(len(truth), np.bool_))]
    gains: list[str] = []
    for id_, name, theirs, unseen in rivals:
        if not unseen.any():
            losses.append(f"{name} was trained on all images of the audit set, so nothing can be compared")
            continue
        shares[f"{AUDIT_OF}{id_}"] = share_of(theirs[unseen], units[unseen])
        gain = shares[f"{AUDIT_GAIN}{id_}"] = difference_of(right[unseen], theirs[unseen], units[unseen])
        if gain.low is None or gain.low < 0:
            losses.append(f"its gain over {name} is {_points(gain)}, so it may be worse")
        else:
            gains.append(f"{_points(gain)} over {name}")
    offer = (
        Offer(
            False, f"It is not offered for use: on the audit set {'; '.join(losses)}. What is in use stays."
        )
        if losses
        else Offer(True, f"On the audit set its gain is {' and '.join(gains)}: it is offered for use.")
    )
    not_taught = int((~np.isin(truth, keys)).sum())
    return AuditMeasured(shares, audit.drawn, len(truth), not_taught, audit.looks, offer)


def why_not_offered(card: Card) -> str:
    """Why a taught classifier is not offered for use, as its card has it; empty for one that is, and for all others."""
    if card.architecture != TAUGHT:
        return ""
    gains = [figure for figure in card.figures if figure.name.startswith(AUDIT_GAIN)]
    if not gains:
        return NO_AUDIT.sentence
    if all(figure.low is not None and figure.low >= 0 for figure in gains):
        return ""
    return "It is not offered for use: on its audit set it may be worse than what is in use."


def may_suggest(card: Card) -> bool:
    """Whether the gallery of cells may sort by what this classifier says: one of cells, whose audit excludes a loss.

    Unlike a classifier of images it may not be used for somebody's yes, and one that has no audit set never.
    """
    return card.answers_for == "cell" and card.architecture == TAUGHT and not why_not_offered(card)


def _unseen(one: InUse, fingerprints: Sequence[str]) -> BoolArray:
    """Which of the images, and so of their near duplicates, the classifier was not trained on."""
    return np.array([each not in one.trained_on for each in fingerprints])


def _points(gain: Share) -> str:
    value = f"{100 * gain.value:+.1f} points"
    if gain.low is None or gain.high is None:
        return f"{value} (one case: no interval)"
    return f"{value} ({100 * gain.low:+.1f} to {100 * gain.high:+.1f})"
