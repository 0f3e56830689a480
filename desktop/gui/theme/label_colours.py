"""The labels' colours as Qt takes them."""

from PySide6.QtGui import QColor

from bloodsmear.classifiers import label_colours


def label_colour(key: str) -> QColor:
    """The colour of a label's key; a key that is not ours gets a neutral one."""
    return QColor(label_colours.label_colour(key))
