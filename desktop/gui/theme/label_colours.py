"""The colours of the labels (Okabe and Ito 2008, told apart by colour-blind readers). Never the only sign."""

from PySide6.QtGui import QColor

_OKABE_ITO = {
    "benign": "#009E73",
    "early_pre_b": "#E69F00",
    "pre_b": "#D55E00",
    "pro_b": "#CC79A7",
}
# Another card's label set has no colours of its own: one neutral blue of the same palette.
_OTHER = "#56B4E9"


def label_colour(key: str) -> QColor:
    """The colour of a label's key; a key that is not ours gets a neutral one."""
    return QColor(_OKABE_ITO.get(key, _OTHER))
