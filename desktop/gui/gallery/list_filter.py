"""Which images the list shows, by what is known of them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bloodsmear.classifiers.labels import label_name
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
TO_DECIDE = "To decide"
DECIDED = "Decided"


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
class ListFilter:
    """All that must hold of an image together. Of several labels or flags one is enough; what is empty asks nothing.

    `labels` are keys, as rows show them: an image on which classifiers disagree has none. `decision` is TO_DECIDE,
    DECIDED or a decision's name. `below_percent` is a confidence that the image must stay under; 0 asks nothing.
    """

    text: str = ""
    kind: Kind = "all"
    labels: frozenset[str] = frozenset()
    flags: frozenset[Flag] = frozenset()
    decision: str = ""
    below_percent: int = 0

    def fits(self, known: KnownImage) -> bool:
        """Whether the image is to be shown."""
        return (
            self._fits_text(known)
            and (self.kind == "all" or self.kind in kinds_of(known.record))
            and (not self.decision or self._fits_decision(known))
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
    def menu_words(self) -> tuple[str, ...]:
        """Each thing that was chosen beside text and kind, in words."""
        labels = " or ".join(sorted(map(label_name, self.labels)))
        flags = " or ".join(flag_name(flag) for flag in FLAGS if flag in self.flags)
        below = f"confidence below {self.below_percent}\u00a0%" if self.below_percent else ""
        decision = self.decision.lower()
        if decision and self.decision not in (TO_DECIDE, DECIDED):
            decision = f"decided as {self.decision}"
        return tuple(words for words in (labels, flags, decision, below) if words)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that is asked for, in words: `“snap”`, `disagree`, `Pre-B or Pro-B`."""
        text = f"“{self.text}”" if self.text else ""
        kind = "" if self.kind == "all" else KIND_NAMES[self.kind].lower()
        return tuple(words for words in (text, kind, *self.menu_words) if words)

    def _fits_text(self, known: KnownImage) -> bool:
        wanted = self.text.casefold()
        return not wanted or wanted in known.image.casefold() or wanted in known.case.casefold()

    def _fits_decision(self, known: KnownImage) -> bool:
        if self.decision == TO_DECIDE:
            return not known.decision
        return bool(known.decision) and self.decision in (DECIDED, known.decided_as)

    def _fits_flags(self, record: ImageRecord | None) -> bool:
        return (
            record is not None
            and record.consensus is not None
            and not self.flags.isdisjoint(record.consensus.flags)
        )

    def _fits_confidence(self, confidence: float | None) -> bool:
        return confidence is not None and confidence < self.below_percent / 100
