"""In which order the list shows its images, and under which headings. No Qt."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bloodsmear.classifiers.labels import LABELS, NO_NAMES, label_name
from bloodsmear.review.sentences import case_words
from desktop.gui.gallery.known_image import KnownImage, shown_label

Order = Literal["name", "uncertainty"]
Grouping = Literal["none", "label", "case"]
# A group's place and its words; then the confidence and the place in the folder.
Key = tuple[int, str, float, int]

_OWN_LABELS = {label.key: place for place, label in enumerate(LABELS)}
_OTHER_LABEL = len(LABELS)
# A card has no more than a hundred labels.
_DISAGREE, _DIFFERENT, _NO_ANSWER, _NOT_READ, _UNREADABLE = range(_OTHER_LABEL + 101, _OTHER_LABEL + 106)
# Behind every confidence: nothing is known that could be uncertain.
_WITHOUT_CONFIDENCE = 2.0
# The key of a heading: before every image of its group, and the number of none.
_BEFORE_ALL, _NO_NUMBER = -math.inf, -1


@dataclass(frozen=True, slots=True)
class ListArrangement:
    """`name` is the folder's order, `uncertainty` the least certain first and what has no answer last."""

    order: Order = "name"
    grouping: Grouping = "none"

    @property
    def is_plain(self) -> bool:
        """The folder's order without headings: images that are found later stand at the end."""
        return self == ListArrangement()

    @property
    def needs_records(self) -> bool:
        """Whether what is read of an image can give it another place."""
        return self.order == "uncertainty" or self.grouping == "label"

    def without_classifiers(self) -> ListArrangement:
        """What of it may be used in blind reading: nothing that an answer decides."""
        return ListArrangement("name", "none" if self.grouping == "label" else self.grouping)


@dataclass(frozen=True, slots=True)
class Heading:
    """A row above the images of a group; `count` of them are shown."""

    words: str
    count: int


class ArrangedRows:
    """The rows of one arrangement: a heading, or the number of an image in the folder's order."""

    def __init__(
        self,
        known: Sequence[KnownImage],
        arrangement: ListArrangement,
        fits: Callable[[KnownImage], bool],
        held: Mapping[int, Key] | None = None,
    ) -> None:
        """`known` are all images in the folder's order, of which those that fit are shown.

        `held` are the places that some of them keep, see `held_up_to`.
        """
        self._arrangement = arrangement
        self._held = held or {}
        self._case_places: dict[str, int] = {}
        for each in known:
            self._case_places.setdefault(each.case, each.number)
        keys = sorted(self._key(each) for each in known if fits(each))
        self.rows: list[int | Heading] = []
        self._row_keys: list[Key] = []
        self._row_of: dict[int, int] = {}
        self._place_of: dict[int, int] = {}
        self.image_count = len(keys)
        self._fill(keys)

    def row_of(self, number: int) -> int | None:
        """The row of an image; None where it is not shown."""
        return self._row_of.get(number)

    def place_of(self, number: int) -> int | None:
        """Which of the shown images it is, from 1: headings do not count. None where it is not shown."""
        return self._place_of.get(number)

    def held_up_to(self, number: int) -> dict[int, Key]:
        """What keeps its place when the list is arranged anew while the reader is at this image, which is shown.

        In order of certainty that is every image down to this one: answers that come put the rest in order, and the
        way down leads to nothing that was passed. Under headings by label this image alone stays in its group: above
        it, too, an image belongs under the label that its row shows.
        """
        row = self._row_of[number]
        if self._arrangement.grouping == "label":
            return {number: self._row_keys[row]}
        if self._arrangement.order == "name":
            return {}
        above = [key for key in self._row_keys[: row + 1] if key[3] != _NO_NUMBER]
        return {key[3]: (*key[:2], place - len(above), key[3]) for place, key in enumerate(above)}

    def row_beside(self, known: KnownImage, step: int) -> int | None:
        """The next row with an image below (1) or above (-1) this one, which need not be shown; None at the end."""
        row = self.row_of(known.number)
        place = bisect_left(self._row_keys, self._key(known)) if row is None else row + max(step, 0)
        rows = range(place, len(self.rows)) if step > 0 else range(place - 1, -1, -1)
        return next((row for row in rows if not isinstance(self.rows[row], Heading)), None)

    def append(self, known: Sequence[KnownImage]) -> None:
        """Put images that were found later behind the others; only for a plain arrangement."""
        keys = [self._key(each) for each in known]
        for each in known:
            self._case_places.setdefault(each.case, each.number)
        self._add(keys)
        self.image_count += len(keys)

    def _fill(self, keys: Sequence[Key]) -> None:
        if self._arrangement.grouping == "none":
            self._add(keys)
            return
        first = 0
        while first < len(keys):
            group = keys[first][:2]
            last = first
            while last < len(keys) and keys[last][:2] == group:
                last += 1
            # Before every image of its group, and behind those of the group before.
            self._row_keys.append((*group, _BEFORE_ALL, _NO_NUMBER))
            self.rows.append(Heading(group[1], last - first))
            self._add(keys[first:last])
            first = last

    def _add(self, keys: Sequence[Key]) -> None:
        self._row_of.update((key[3], row) for row, key in enumerate(keys, start=len(self.rows)))
        self._place_of.update(
            (key[3], place) for place, key in enumerate(keys, start=len(self._place_of) + 1)
        )
        self._row_keys.extend(keys)
        self.rows.extend(key[3] for key in keys)

    def _key(self, known: KnownImage) -> Key:
        if known.number in self._held:
            return self._held[known.number]
        place, words = 0, ""
        if self._arrangement.grouping == "case":
            place, words = self._case_places.get(known.case, known.number), case_words(known.case)
        elif self._arrangement.grouping == "label":
            place, words = label_group(known)
        uncertain = self._arrangement.order == "uncertainty"
        return place, words, _certainty(known) if uncertain else 0.0, known.number


def label_group(known: KnownImage) -> tuple[int, str]:
    """Place and words of the group of an image, by the label that its row shows; else by why it shows none."""
    record = known.record
    label = shown_label(record)
    if label is not None:
        if label in _OWN_LABELS:
            return _OWN_LABELS[label], label_name(label)
        answers = known.record.answers if known.record is not None else ()
        names = answers[0].classifier.names if answers else NO_NAMES
        # In the order of their set, behind the built-in ones.
        return _OTHER_LABEL + (list(names).index(label) if label in names else 0), label_name(label, names)
    if record is None or record.status == "not_screened":
        return _NOT_READ, "Not read yet"
    if record.status == "unreadable":
        return _UNREADABLE, "Cannot be read"
    if record.consensus is None:
        return _NO_ANSWER, "No classifier"
    disagree = record.consensus.agreement == "disagree"
    return (_DISAGREE, "Disagree") if disagree else (_DIFFERENT, "Different labels")


def _certainty(known: KnownImage) -> float:
    confidence = known.confidence
    return _WITHOUT_CONFIDENCE if confidence is None else confidence
