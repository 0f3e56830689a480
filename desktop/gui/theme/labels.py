"""How a label looks and what it means here."""

from PySide6.QtGui import QColor

from bloodsmear.classifiers import label_colours

# Where its name alone would mislead.
_MEANINGS = {"benign": "Benign here: hematogones, no blasts. It does not mean healthy."}


def label_colour(key: str) -> QColor:
    """The colour of a label's key as Qt takes it; a key that is not ours gets a neutral one."""
    return QColor(label_colours.label_colour(key))


def label_meaning(key: str) -> str:
    """The sentence for a label's tooltip; empty where the name says enough."""
    return _MEANINGS.get(key, "")
