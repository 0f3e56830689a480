"""Which images the list shows, by what is known of them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from bloodsmear.classifiers.labels import Names, label_name, unbroken
from bloodsmear.review.decisions import decision_name
from bloodsmear.review.records import FLAGS, Flag, ImageRecord
from bloodsmear.review.sentences import flag_name
from desktop.gui.gallery.known_image import KnownImage, shown_label

Kind = Literal["all", "disagree", "flagged", "unreadable"]
KINDS: tuple[Kind, ...] = ("all", "disagree", "flagged", "unreadable")
KIND_NAMES: dict[Kind, str] = {
    "all": "All",
    "disagree": "Disagree",
    "flagged": "Flagged",
    "unreadable": "Unreadable",
}
# Blind reading shows nothing of a classifier. Flags are off as a whole: most of them are a classifier's.
KINDS_OF_CLASSIFIERS: frozenset[Kind] = frozenset({"disagree", "flagged"})
# In the menu and, in small letters, in a sentence.
DONE_NAMES = {False: "To decide", True: "Done"}


def kinds_of(record: ImageRecord | None) -> frozenset[Kind]:
    """The kinds that an image belongs to besides `all`."""
    if record is None:
        return frozenset()
    if record.status == "unreadable":
        return frozenset({"unreadable"})
    if record.consensus is None:
        return frozenset()
    kinds: set[Kind] = set()
    if record.consensus.agreement == "disagree":
        kinds.add("disagree")
    if record.consensus.flags:
        kinds.add("flagged")
    return frozenset(kinds)


@dataclass(frozen=True, slots=True)
class FilterPart:
    """One thing that a filter asks for, in words, and the filter without it."""

    words: str
    rest: ListFilter


@dataclass(frozen=True, slots=True)
class ListFilter:
    """All that must hold of an image together. One of several labels or flags is enough; what is empty asks nothing.

    `labels` are keys, as rows show them: an image on which classifiers disagree has none. `done` is whether the image
    is decided or acknowledged, None for both; `decided_as` a decision as events have it. `below_percent` is a
    confidence that the image must stay under; 0 asks nothing. `disputed`: readers or classifiers say otherwise.
    `among` are the images that a page leads through, as `among_name` says them, `audit set`: no menu offers these.
    `names` are those of the study's labels by key, for the words.
    """

    text: str = ""
    kind: Kind = "all"
    labels: frozenset[str] = frozenset()
    flags: frozenset[Flag] = frozenset()
    done: bool | None = None
    decided_as: str = ""
    below_percent: int = 0
    disputed: bool = False
    among: frozenset[str] = frozenset()
    among_name: str = ""
    names: Names = field(default_factory=dict, compare=False)

    def fits(self, known: KnownImage) -> bool:
        """Whether the image is to be shown."""
        return (
            self._fits_text(known)
            and (self.kind == "all" or self.kind in kinds_of(known.record))
            and (not self.disputed or known.disputed)
            and (not self.among or known.image in self.among)
            and (self.done is None or self.done == (known.mark is not None))
            and (not self.decided_as or (known.mark is not None and known.mark.decision == self.decided_as))
            and (not self.labels or shown_label(known.record) in self.labels)
            and (not self.flags or self._fits_flags(known.record))
            and (not self.below_percent or self._fits_confidence(known.confidence))
        )

    def without_classifiers(self) -> ListFilter:
        """What of it may be asked in blind reading."""
        kind: Kind = "all" if self.kind in KINDS_OF_CLASSIFIERS else self.kind
        return replace(self, kind=kind, labels=frozenset(), flags=frozenset(), below_percent=0)

    @property
    def is_active(self) -> bool:
        """Whether it could hide an image."""
        return self != ListFilter()

    @property
    def needs_records(self) -> bool:
        """Whether what is read of an image can bring it into the list or take it out."""
        return self.kind != "all" or bool(self.labels or self.flags or self.below_percent)

    @property
    def needs_marks(self) -> bool:
        """Whether a decision can bring an image into the list or take it out."""
        return self.done is not None or bool(self.decided_as) or self.disputed

    @property
    def menu_parts(self) -> tuple[FilterPart, ...]:
        """Each thing that was chosen in the menu: what has no field and no chip of its own."""
        parts = [
            FilterPart(self._name(label), replace(self, labels=self.labels - {label}))
            for label in sorted(self.labels, key=self._name)
        ]
        parts += [
            FilterPart(flag_name(flag), replace(self, flags=self.flags - {flag}))
            for flag in FLAGS
            if flag in self.flags
        ]
        if self.among:
            parts.append(FilterPart(self.among_name, replace(self, among=frozenset(), among_name="")))
        if self.disputed:
            parts.append(FilterPart("disputed", replace(self, disputed=False)))
        if self.done:
            parts.append(FilterPart(DONE_NAMES[True].lower(), replace(self, done=None)))
        if self.decided_as:
            words = f"decided as {decision_name(self.decided_as, self.names)}"
            parts.append(FilterPart(words, replace(self, decided_as="")))
        if self.below_percent:
            words = f"confidence below {self.below_percent}\u00a0%"
            parts.append(FilterPart(words, replace(self, below_percent=0)))
        return tuple(parts)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that is asked for, in words for a sentence: `“snap”`, `disagree`, `Pre-B or Pro-B`."""
        text = f"“{self.text}”" if self.text else ""
        kind = "" if self.kind == "all" else KIND_NAMES[self.kind].lower()
        done = "" if self.done is None else DONE_NAMES[self.done].lower()
        labels = " or ".join(unbroken(name) for name in sorted(map(self._name, self.labels)))
        flags = " or ".join(flag_name(flag) for flag in FLAGS if flag in self.flags)
        # One of the labels is enough, and one of the flags: chips stand alone, but a sentence keeps them together.
        rest = replace(self, labels=frozenset(), flags=frozenset(), done=None).menu_parts
        return tuple(
            words for words in (text, kind, labels, flags, done, *(part.words for part in rest)) if words
        )

    def _name(self, label: str) -> str:
        return label_name(label, self.names)

    def _fits_text(self, known: KnownImage) -> bool:
        wanted = self.text.casefold()
        return not wanted or wanted in known.image.casefold() or wanted in known.case.casefold()

    def _fits_flags(self, record: ImageRecord | None) -> bool:
        return (
            record is not None
            and record.consensus is not None
            and not self.flags.isdisjoint(record.consensus.flags)
        )

    def _fits_confidence(self, confidence: float | None) -> bool:
        return confidence is not None and confidence < self.below_percent / 100
