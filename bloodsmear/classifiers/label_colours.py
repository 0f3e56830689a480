"""The colours of the labels (Okabe and Ito 2008, told apart by colour-blind readers). Never the only sign."""

from collections.abc import Sequence

from bloodsmear.classifiers.labels import BENIGN, EARLY_PRE_B, PRE_B, PRO_B

# The same in both themes and on paper.
_OURS = {BENIGN.key: "#009E73", EARLY_PRE_B.key: "#E69F00", PRE_B.key: "#D55E00", PRO_B.key: "#CC79A7"}
# By their place in a laboratory's own set of labels; what comes behind the last begins anew. The rest of that palette,
# then darker and lighter ones of the same hues.
_OTHERS = (
    "#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#0072B2", "#D55E00", "#B8A800", "#8C6BB1", "#00A6A6", "#A0522D",
    "#7F8C8D", "#4D9221",
)  # fmt: skip


def label_colour(key: str, keys: Sequence[str] = ()) -> str:
    """The colour of a label's key as `#RRGGBB`; one that is not ours has that of its place in its set's `keys`.

    Beside some of ours it has none of theirs.
    """
    if key in _OURS:
        return _OURS[key]
    taken = {_OURS[other] for other in keys if other in _OURS}
    free = [colour for colour in _OTHERS if colour not in taken]
    own = [other for other in keys if other not in _OURS]
    return free[own.index(key) % len(free) if key in own else 0]
