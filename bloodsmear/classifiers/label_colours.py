"""The colours of the labels (Okabe and Ito 2008, told apart by colour-blind readers). Never the only sign."""

from bloodsmear.classifiers.labels import BENIGN, EARLY_PRE_B, PRE_B, PRO_B

# The same in both themes and on paper.
_OKABE_ITO = {BENIGN.key: "#009E73", EARLY_PRE_B.key: "#E69F00", PRE_B.key: "#D55E00", PRO_B.key: "#CC79A7"}
# Another card's label set has no colours of its own: one neutral blue of the same palette.
_OTHER = "#56B4E9"


def label_colour(key: str) -> str:
    """The colour of a label's key as `#RRGGBB`; a key that is not ours gets a neutral one."""
    return _OKABE_ITO.get(key, _OTHER)
