"""Which label a folder's name spells: the rule for labelled folders, for training and for trying a label order."""

import re
from collections.abc import Sequence

from bloodsmear.classifiers.labels import BENIGN, EARLY_PRE_B, PRE_B, PRO_B

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
