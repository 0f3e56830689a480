"""What a label means here, where its name alone would mislead, and how it is kept in one line."""

import re

from bloodsmear.classifiers.labels import LABELS, unbroken

# The longer names first: Early Pre-B holds Pre-B.
_LABEL = re.compile("|".join(sorted((re.escape(label.name) for label in LABELS), key=len, reverse=True)))
_MEANINGS = {"benign": "Benign here: hematogones, no blasts. It does not mean healthy."}


def label_meaning(key: str) -> str:
    """The sentence for a label's tooltip; empty where the name says enough."""
    return _MEANINGS.get(key, "")


def with_labels_unbroken(text: str) -> str:
    """The text with our labels' names kept in one line: `Pre-/B` is misread. To be shown, never kept or compared.

    Other words stay as they are: a file's name is to be copied.
    """
    return _LABEL.sub(lambda found: unbroken(found[0]), text)
