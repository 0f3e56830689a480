"""The four labels of the data set, in the order in which lists and reports show them, and how folders spell them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Label:
    """A class name: `key` for files and reports, `name` for people."""

    key: str
    name: str


BENIGN = Label("benign", "Benign")
EARLY_PRE_B = Label("early_pre_b", "Early Pre-B")
PRE_B = Label("pre_b", "Pre-B")
PRO_B = Label("pro_b", "Pro-B")

# The order of reports and of the window, whatever the order of a classifier's outputs.
LABELS: tuple[Label, ...] = (BENIGN, EARLY_PRE_B, PRE_B, PRO_B)

# The outputs of the two published models: the alphabetical order of the folders Benign, [Malignant] Pre-B,
# [Malignant] Pro-B, [Malignant] early Pre-B. Read in the order above they would name three of four labels wrongly.
PUBLISHED_LABELS: tuple[str, ...] = (BENIGN.key, PRE_B.key, PRO_B.key, EARLY_PRE_B.key)

# What a reader can decide in place of a label; a label with such a key could not be told from it. Their words stand in
# review/decisions.py.
DECIDED_BESIDE_LABELS = ("unsure", "other", "not_evaluable")

# The folders of the Taleqani data set's several copies, without capitals, signs and numbers: `[Malignant] early Pre-B`,
# `Early`, `WBC-Malignant-Early-001`.
_SPELLINGS = {
    "benign": BENIGN.key,
    "early": EARLY_PRE_B.key,
    "earlypre": EARLY_PRE_B.key,
    "earlypreb": EARLY_PRE_B.key,
    "pre": PRE_B.key,
    "preb": PRE_B.key,
    "pro": PRO_B.key,
    "prob": PRO_B.key,
}
KNOWN_TO_PEOPLE = "Benign, Early, Early Pre-B, Pre, Pre-B, Pro, Pro-B"
# They stand before every label and tell none from the other.
_WORDS_OF_ALL = frozenset({"wbc", "malignant"})


# The names of labels by key, in the order to show: a card's.
Names = Mapping[str, str]
NO_NAMES: Names = MappingProxyType({})


def label_name(key: str, names: Names = NO_NAMES) -> str:
    """The words for a label's key: `pre_b` is shown as Pre-B, one that is not ours as in `names`, else as it is."""
    return next((label.name for label in LABELS if label.key == key), names.get(key, key))


def unbroken(name: str) -> str:
    """A label's or a decision's name for a sentence that wraps: no line ends at its hyphen (U+2011) or its blank.

    `Pre-B 99.4 %` at the beginning of a line is not what `Early Pre-B 99.4 %` says.

    For windows and pages alone: what is data, typed, searched for or printed on a terminal keeps its own hyphen.
    """
    return name.replace("-", "\u2011").replace(" ", "\u00a0")


def label_key(words: str) -> str:
    """The key for a label's words: `Early Pre-B` is early_pre_b; words that are not our labels become small letters.

    Empty where they hold no letter and no digit that a key can have.
    """
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def reading_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys in the order to show: ours in the order of `LABELS`, another label set in its card's order."""
    ours = tuple(label.key for label in LABELS)
    return ours if set(keys) == set(ours) else keys


def label_of_spelling(name: str) -> str | None:
    """The label's key that a folder's name spells, whatever its capitals, signs and numbers; None for another word."""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    return _SPELLINGS.get("".join(word for word in words if word not in _WORDS_OF_ALL))


def label_among(name: str, keys: Sequence[str]) -> str | None:
    """The one of a classifier's labels that a folder's name spells; a label that is not ours by its own key."""
    spelled = label_of_spelling(name)
    if spelled in keys:
        return spelled
    plain = _letters_and_digits(name)
    return next((key for key in keys if _letters_and_digits(key) == plain), None)


def _letters_and_digits(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
