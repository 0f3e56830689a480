"""What the teaching page does off the window's thread: OpenCV, OpenVINO and SQLite come with it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear import paths
from bloodsmear.adding.typed_words import free_id
from bloodsmear.count_words import count_words
from bloodsmear.errors import BloodsmearError, ClassifierError
from bloodsmear.jobs import Cancel, Report
from desktop.gui.teaching.state import AuditSeen, FigureSeen, HeadSeen, LabelSeen, StudySeen

if TYPE_CHECKING:
    from bloodsmear.classifiers.card import Card
    from bloodsmear.teaching.teach import Base
    from bloodsmear.workflows.study_teaching import NextToTeach, StudyLesson

# Not the trees of an evaluation: the base edition has none.
_COLOUR_ALONE = "colour alone: a head that sees no cell"
# The figures of the audit set stand under a title of their own.
_AUDIT_WORDS = "audit set: "


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a study found: what there is to teach, and a head that was taught of it before, or None.

    `installed`: that head is among the classifiers of this PC already.
    """

    study: StudySeen
    head: HeadSeen | None
    installed: bool


def look(study: Path, alone: str | None = None) -> Looked:
    """Count what could be taught, and find a head that waits to be installed. UsageError, StudyError.

    `alone`: a reader who is to see no other's decisions, not even counted.
    """
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.classifiers.labels import label_name, reading_order
    from bloodsmear.workflows.auditing import audit_words
    from bloodsmear.workflows.signed_images import count_decided

    counts = count_decided(study, alone)
    read = counts.audit
    audit = None
    if read is not None:
        to_read = tuple(one.image for one in read.to_read)
        audit = AuditSeen(len(read.draw.images), len(read.said), to_read, read.is_complete, audit_words(read))
    keys = reading_order(tuple(sorted(counts.by_label)))
    seen = StudySeen(
        tuple(LabelSeen(key, label_name(key, counts.names), counts.by_label[key]) for key in keys),
        tuple(
            f"{count_words(count, 'image is', 'images are')} left out: {why}."
            for why, count in sorted(counts.left_out.items())
        ),
        audit,
    )
    try:
        card = read_card(head_folder(study))
    except BloodsmearError:
        # None was taught, or it was cut short while it was written: it is taught again in a second.
        return Looked(seen, None, False)
    return Looked(seen, _head_of(card), _is_installed(card))


def teach(study: Path, report: Report, cancel: Cancel) -> StudyLesson:
    """Teach from every decision that stands. Raises what `teach_studies` does."""
    from bloodsmear.workflows.study_teaching import teach_studies

    return teach_studies([study], _base(), False, report, cancel)


def order_following(study: Path, report: Report, cancel: Cancel) -> NextToTeach:
    """Fit a head of the decisions until now, and order what is undecided. Raises what `order_undecided` does."""
    from bloodsmear.workflows.study_teaching import order_undecided

    return order_undecided(study, _base(), report, cancel)


def write(taught: StudyLesson, study: Path, name: str) -> HeadSeen:
    """Keep the head where it waits to be installed. Raises UsageError, CardError and ClassifierError."""
    from bloodsmear.teaching.taught_card import TaughtTarget, write_taught

    target = TaughtTarget(head_folder(study), _id_of(name), name.strip())
    return _head_of(write_taught(taught.lesson, target))


def install(study: Path) -> str:
    """Put the waiting head among the user's classifiers, whole or not at all; returns its id.

    It takes the place of one that was taught under the same name. Raises CardError and ClassifierError.
    """
    from bloodsmear.adding.installing import add_classifier
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.teaching.audit import why_not_offered

    folder = head_folder(study)
    card = read_card(folder)
    if why := why_not_offered(card):
        raise ClassifierError(why)
    if not _is_installed(card):
        add_classifier(folder, replace_other=True)
    # Killed before this, the next look finds the head installed.
    shutil.rmtree(folder, ignore_errors=True)
    return card.id


def head_folder(study: Path) -> Path:
    """Where the head of this study waits."""
    return paths.taught_heads() / hashlib.sha256(str(study).encode(errors="surrogateescape")).hexdigest()[:16]


def _base() -> Base:
    from bloodsmear.classifiers.deviations import TAUGHT_ON
    from bloodsmear.teaching.teach import open_base
    from bloodsmear.workflows.classifier_set import classifier_folders

    folder = classifier_folders().get(TAUGHT_ON)
    if folder is None:
        raise ClassifierError(
            f"The classifier {TAUGHT_ON} is missing, on which is taught. Install Bloodsmear again."
        )
    return open_base(folder)


def _id_of(name: str) -> str:
    """An id made of the name: that of an own taught classifier is used again, no other one's."""
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.teaching.audit import TAUGHT
    from bloodsmear.workflows.classifier_set import classifier_folders

    taken = set()
    for classifier_id, folder in classifier_folders().items():
        try:
            card = read_card(folder)
            taught_on_images = card.architecture == TAUGHT and card.answers_for == "image"
            replaceable = taught_on_images and folder.parent == paths.user_classifiers()
        except BloodsmearError:
            replaceable = False
        if not replaceable:
            taken.add(classifier_id)
    return free_id(name, frozenset(taken))


def _is_installed(card: Card) -> bool:
    from bloodsmear.classifiers.card_file import read_card

    try:
        return read_card(paths.user_classifiers() / card.id).version_mark == card.version_mark
    except BloodsmearError:
        return False


def _card_of(classifier_id: str) -> Card | None:
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.workflows.classifier_set import classifier_folders

    try:
        return read_card(classifier_folders()[classifier_id])
    except (BloodsmearError, KeyError):
        return None


def _name_of(classifier_id: str) -> str:
    """The classifier's name; of one that is not there any more its id."""
    card = _card_of(classifier_id)
    return card.name if card is not None else classifier_id


def _head_of(card: Card) -> HeadSeen:
    from bloodsmear.classifiers.deviations import TAUGHT_ON
    from bloodsmear.classifiers.figure_words import AUDIT_GAIN, COLOUR_ALONE, GAIN_OVER_BASE, figure_words
    from bloodsmear.classifiers.labels import unbroken
    from bloodsmear.teaching.audit import why_not_offered
    from bloodsmear.teaching.taught_card import golden_disagreement

    def label_of(key: str) -> str:
        return unbroken(card.name_of(key))

    base = _card_of(TAUGHT_ON)
    return HeadSeen(
        card.id,
        card.name,
        tuple(label.name for label in card.labels),
        sum(count.train for count in card.trained_on.counts),
        tuple(
            FigureSeen(
                _COLOUR_ALONE
                if one.name == COLOUR_ALONE
                else figure_words(one.name, label_of, _name_of).removeprefix(_AUDIT_WORDS),
                one.value,
                one.low,
                one.high,
                one.images,
                signed=one.name == GAIN_OVER_BASE or one.name.startswith(AUDIT_GAIN),
                of_audit=one.name.startswith("audit_"),
            )
            for one in card.figures
        ),
        why_not_offered(card),
        has_other_labels=base is not None and set(base.label_keys) != set(card.label_keys),
        disagrees="" if base is None else golden_disagreement(card, base),
    )
