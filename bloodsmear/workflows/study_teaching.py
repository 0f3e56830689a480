"""Teaching from studies: what was computed of their images is kept there, and that a head was measured is an event."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.figure_words import ACCURACY
from bloodsmear.errors import StudyError
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Report
from bloodsmear.review.events import Entry
from bloodsmear.storage.kept_features import FeatureRow, PictureKey
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.example_row import ExampleRow, made_by
from bloodsmear.teaching.examples import examples_of
from bloodsmear.teaching.next_to_teach import order_by_worth
from bloodsmear.teaching.ridge import softmax
from bloodsmear.teaching.teach import Base, Lesson, Material, row_reader, teach
from bloodsmear.workflows.signed_images import SignedImages, read_signed_images, undecided_images

# Of the event that a head was measured on an audit set, where no reader is known: the command line's.
NOBODY = "bloodsmear teach"


class StudyRows:
    """Rows of images by their files' bytes and the page: those that the studies have, and those made since.

    The rows are a cache: where they cannot be read or kept they are made anew.
    """

    def __init__(self, studies: Sequence[Path], base: Card, wanted: Iterable[tuple[FoundImage, str]]) -> None:
        self._labels = len(base.labels)
        self._base = base
        self._there: dict[PictureKey, bytes] = {}
        self.made: dict[PictureKey, tuple[FoundImage, bytes]] = {}
        pictures = {(sha256, found.page) for found, sha256 in wanted}
        for study in studies:
            with suppress(StudyError), StudyStore.open_existing(study) as store:
                self._there |= store.features.read(made_by(base, store.camera_bits_now()), pictures)

    def get(self, found: FoundImage, sha256: str) -> ExampleRow | None:
        """The row that was kept of this picture of these bytes."""
        kept = self._there.get((sha256, found.page))
        return None if kept is None else ExampleRow.from_bytes(kept, self._labels)

    def keep(self, found: FoundImage, sha256: str, row: ExampleRow) -> None:
        """Keep it until `write`; called from several threads, for which a dict is enough."""
        self.made[sha256, found.page] = found, row.to_bytes()

    def write(self, store: StudyStore) -> None:
        """Keep in this study what was made of its images. Raises StudyError."""
        names = {one.image: one.sha256 for one in store.listed_images()}
        by = made_by(self._base, store.camera_bits_now())
        rows = {
            found.image: FeatureRow(by, sha256, kept)
            for (sha256, _), (found, kept) in self.made.items()
            if names.get(found.image) == sha256
        }
        if rows:
            store.features.keep(rows)


@dataclass(frozen=True, slots=True)
class StudyLesson:
    """A lesson from studies, what it was taught from, and the rows that are to be kept in them."""

    lesson: Lesson
    signed: SignedImages
    rows: StudyRows


def teach_studies(
    studies: Sequence[Path], base: Base, signed_only: bool, report: Report, cancel: Cancel
) -> StudyLesson:
    """Teach from the decisions in these studies and write nothing. Raises what `read_signed_images` and `teach` do."""
    signed = read_signed_images(studies, signed_only)
    wanted = [*zip(signed.images.images, signed.images.sha256s, strict=True)]
    if signed.audit is not None:
        wanted += zip(signed.audit.images, signed.audit.sha256s, strict=True)
    rows = StudyRows(studies, base.card, wanted)
    lesson = teach(Material(signed.images, signed.audit, rows), base, report, cancel)
    return StudyLesson(lesson, signed, rows)


@dataclass(frozen=True, slots=True)
class NextToTeach:
    """Undecided images in the order in which they would teach most, and what the head is worth by now.

    `accuracy` is cross-validated, on `images` decided ones.
    """

    order: tuple[str, ...]
    accuracy: float
    images: int
    rows: StudyRows


def order_undecided(study: Path, base: Base, report: Report, cancel: Cancel) -> NextToTeach:
    """Fit a head of what is decided by now, and put the rest in order; none of an audit set's cases. Writes nothing.

    Raises what `read_signed_images` and `teach` do.
    """
    signed = read_signed_images([study], signed_only=False)
    found, sha256s = undecided_images(study)
    rows = StudyRows(
        [study],
        base.card,
        zip((*signed.images.images, *found), (*signed.images.sha256s, *sha256s), strict=True),
    )
    lesson = teach(Material(signed.images, None, rows), base, report, cancel)
    seen = row_reader(base, rows).read(found, sha256s, report, cancel)
    order: tuple[str, ...] = ()
    if seen:
        features = np.stack([row.features for row in seen]).astype(np.float64)
        own = lesson.examples.features.astype(np.float64)
        # What is read once more is grouped with nothing.
        columns = examples_of(seen, np.arange(len(seen))).taught_on(lesson.with_answers)
        logits = lesson.taught.head.logits(columns) / lesson.taught.temperature
        spread = np.maximum(own.std(axis=0), 1e-6)
        places = order_by_worth(features / spread, softmax(logits), own / spread)
        order = tuple(found[place].image for place in places.tolist())
    accuracy = lesson.measured.shares[ACCURACY].value
    return NextToTeach(order, accuracy, len(lesson.images.images), rows)


def keep_lesson(store: StudyStore, taught: StudyLesson, reader: str = NOBODY) -> None:
    """Keep in one of the studies that a head was measured on its audit set, before anybody sees how it did.

    What was computed of its images is kept, too. Raises StudyError.
    """
    note_lesson(store, taught.lesson, reader)
    taught.rows.write(store)


def note_lesson(store: StudyStore, lesson: Lesson, reader: str = NOBODY) -> None:
    """Keep in the study's chain that a head was measured on its audit set. Raises StudyError."""
    audit = lesson.audit
    if audit is not None:
        text = json.dumps(
            {
                "base": lesson.base.card.version_mark,
                lesson.images.noun: len(lesson.images.images),
                "labels": [label.key for label in lesson.images.labels],
                "measured": audit.measured,
                "offered": audit.offer.stands,
                "shares": {name: round(share.value, 4) for name, share in audit.shares.items()},
            }
        )
        store.events.append(2**62, lambda _there: [Entry("taught", reader, text=text)])
