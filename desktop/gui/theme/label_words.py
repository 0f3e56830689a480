"""What a label means here, where its name alone would mislead, and how it is kept in one line."""

import re

from bloodsmear.classifiers.labels import LABELS

_WITH_HYPHEN = re.compile("|".join(re.escape(label.name) for label in LABELS if "-" in label.name))
_MEANINGS = {"benign": "Benign here: hematogones, no blasts. It does not mean healthy."}


def label_meaning(key: str) -> str:
    """The sentence for a label's tooltip; empty where the name says enough."""
    return _MEANINGS.get(key, "")


def unbroken(text: str) -> str:
    """The text with our labels' names kept in one line: `Pre-/B` is misread. To be shown, never kept or compared.

    Hyphens of other words stay: a file's name is to be copied as it is.
    """
    return _WITH_HYPHEN.sub(lambda found: found[0].replace("-", "\u2011"), text)
