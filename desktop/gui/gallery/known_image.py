"""What the list knows of an image, and what its row says of it, in words. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import NO_NAMES, Names, label_name
from bloodsmear.review.decisions import decision_name, names_of
from bloodsmear.review.records import FLAGS, Flag, ImageRecord
from bloodsmear.review.sentences import case_words, flag_name
from desktop.gui.review_state import ImageMark

_BETWEEN = " · "
# Where a row has no room for the flag's own name. The tooltip has that one.
_BRIEF: dict[Flag, str] = {
    "low_confidence": "confidence",
    "out_of_focus": "focus",
    "unlike_training": "unlike",
    "changes_when_denoised": "denoising",
}
_FLAG_NAMES = frozenset(map(flag_name, FLAGS))
_BRIEF_WORDS = {flag_name(flag): word for flag, word in _BRIEF.items()}


@dataclass(frozen=True, slots=True)
class KnownImage:
    """An image and its place in the folder's order. `mark` is None while it is to be decided."""

    number: int
    image: str
    case: str
    record: ImageRecord | None = None
    mark: ImageMark | None = None
    disputed: bool = False

    @property
    def confidence(self) -> float | None:
        """The consensus' confidence; where the answers cannot be compared, the lowest of theirs. None without one."""
        if self.record is None or self.record.consensus is None:
            return None
        if self.record.consensus.confidence is not None:
            return self.record.consensus.confidence
        return min((answer.confidence for answer in self.record.answers), default=None)


def shown_label(record: ImageRecord | None) -> str | None:
    """The label that a row shows: None where classifiers disagree, cannot be compared, or have not answered."""
    if record is None or record.consensus is None or record.consensus.agreement == "disagree":
        return None
    return record.consensus.label


@dataclass(frozen=True, slots=True)
class RowWords:
    """The classifiers' line of a row: the label (None without one), quiet words, and what asks for a look, in words.

    `colour` is the label's. `reason` says why an image cannot be read; a row has no room for it. `brief` stands in the
    place of `text` where there is no room for that, below a picture.
    """

    label_key: str | None
    text: str
    warnings: tuple[str, ...] = ()
    reason: str = ""
    colour: str = ""
    brief: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one piece, for tooltips and screen readers."""
        words = _BETWEEN.join(part for part in (self.text, *self.warnings) if part)
        return f"{words}: {self.reason}" if self.reason else words


def row_words(record: ImageRecord | None, hidden: bool = False, reachable: bool = True) -> RowWords:
    """The line for a record; None and `not_screened` are images that no classifier has seen.

    `hidden`: nothing of a classifier may be said, not even whether there is an answer (blind reading). `reachable`:
    whether the file was there when it was last asked for.
    """
    if record is not None and record.status == "unreadable":
        return RowWords(None, "", ("cannot be read",), record.error)
    if hidden or record is None or record.status == "not_screened":
        if not reachable:
            return RowWords(None, "", ("cannot be reached",))
        return (
            RowWords(None, "hidden until decided", brief="hidden")
            if hidden
            else RowWords(None, "not read yet")
        )
    consensus = record.consensus
    if consensus is None:
        return RowWords(None, "no classifier")
    warnings = tuple(map(flag_name, consensus.flags))
    if consensus.agreement == "disagree":
        return RowWords(None, "", warnings or (flag_name("disagreement"),))
    if consensus.label is None:
        return RowWords(None, "different labels", warnings)
    names = record.answers[0].classifier.names if record.answers else NO_NAMES
    colour = label_colour(consensus.label, tuple(names))
    return RowWords(consensus.label, label_name(consensus.label, names), warnings, colour=colour)


def decision_words(mark: ImageMark | None, record: ImageRecord | None, disputed: bool = False) -> str:
    """The reader's decision, or that there is none yet, and whether readers or classifiers say otherwise."""
    if disputed:
        return f"{decision_words(mark, record)}, disputed"
    if mark is None:
        return "to acknowledge" if record is not None and record.status == "unreadable" else "to decide"
    words = decision_name(mark.decision, _names_in(record)) if mark.decision else "Acknowledged"
    return f"{words}, signed off" if mark.signed_off else words


def _names_in(record: ImageRecord | None) -> Names:
    """The names of all labels that the image's classifiers know."""
    return names_of(answer.classifier for answer in record.answers) if record is not None else NO_NAMES


def brief_decision(mark: ImageMark | None, record: ImageRecord | None, disputed: bool = False) -> str:
    """As `decision_words`, with a mark for `signed off`: at 1366 px a row has room for the case, too."""
    if mark is None or not mark.signed_off:
        return decision_words(mark, record, disputed)
    return f"✓ {decision_words(replace(mark, signed_off=False), record, disputed)}"


def case_beside(case: str, fits: Callable[[str], bool]) -> str:
    """The case behind the decision, with an ellipsis for what there is no room for, or nothing but that.

    Cases of one ward begin alike, and their ends tell them apart: the beginning is left out first.
    """
    whole = case_words(case)
    if fits(f"{_BETWEEN}{whole}"):
        return f"{_BETWEEN}{whole}"
    before = whole[: len(whole) - len(case)]
    for kept in (before, ""):
        for left_out in range(1, len(case) - 1):
            if fits(words := f"{_BETWEEN}{kept}…{case[left_out:]}"):
                return words
    return " …" if fits(" …") else "…"


def shortened(warnings: Sequence[str], fits: Callable[[str], bool]) -> str:
    """As many of them as there is room for, one at least, and how many more there are: `disagree +2`.

    Where not even one has room it stands there in a word: `denoising` for `changes when denoised`, at last `flagged`.
    """
    words = _BETWEEN.join(warnings)
    for count in range(len(warnings) - 1, 0, -1):
        if fits(words):
            return words
        words = f"{_BETWEEN.join(warnings[:count])} +{len(warnings) - count}"
    if not warnings or fits(words):
        return words
    brief = _BRIEF_WORDS.get(warnings[0], warnings[0])
    words = f"{brief} +{len(warnings) - 1}" if len(warnings) > 1 else brief
    if fits(words) or warnings[0] not in _FLAG_NAMES:
        return words
    return f"{len(warnings)} flags" if len(warnings) > 1 else "flagged"
