"""What a row of the list says about an image, in words. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from bloodsmear.classifiers.labels import label_name
from bloodsmear.review.records import ImageRecord
from bloodsmear.review.sentences import flag_name

_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class RowWords:
    """The classifiers' line of a row: the label (None without one), quiet words, and words that ask for a look."""

    label_key: str | None
    text: str
    warning: str

    @property
    def sentence(self) -> str:
        """All of it in one piece, for tooltips and screen readers."""
        return _BETWEEN.join(part for part in (self.text, self.warning) if part)


def row_words(record: ImageRecord | None, hidden: bool = False) -> RowWords:
    """The line for a record; None and `not_screened` are images that no classifier has seen.

    `hidden`: nothing of a classifier may be said, not even whether there is an answer (blind reading).
    """
    if hidden and (record is None or record.status != "unreadable"):
        return RowWords(None, "hidden until decided", "")
    if record is None or record.status == "not_screened":
        return RowWords(None, "not read yet", "")
    if record.status == "unreadable":
        return RowWords(None, "", "cannot be read")
    consensus = record.consensus
    if consensus is None:
        return RowWords(None, "no classifier", "")
    warning = _BETWEEN.join(flag_name(flag) for flag in consensus.flags)
    if consensus.agreement == "disagree":
        return RowWords(None, "", warning or flag_name("disagreement"))
    if consensus.label is None:
        return RowWords(None, "different labels", warning)
    return RowWords(consensus.label, label_name(consensus.label), warning)


def decision_words(decision: str, record: ImageRecord | None) -> str:
    """The reader's decision, or that there is none yet."""
    unreadable = record is not None and record.status == "unreadable"
    return decision or ("to acknowledge" if unreadable else "to decide")


def shortened(warning: str, fits: Callable[[str], bool]) -> str:
    """As many whole flags as there is room for, and how many more there are: `disagree +2`."""
    flags = warning.split(_BETWEEN)
    for count in range(len(flags) - 1, 0, -1):
        if fits(warning):
            break
        warning = f"{_BETWEEN.join(flags[:count])} +{len(flags) - count}"
    return warning
