"""The colours of the labels (Okabe and Ito 2008, told apart by colour-blind readers). Never the only sign."""

from collections.abc import Sequence

from bloodsmear.classifiers.labels import BENIGN, EARLY_PRE_B, PRE_B, PRO_B

# The same in both themes and on paper.
_OURS = {BENIGN.key: "#009E73", EARLY_PRE_B.key: "#E69F00", PRE_B.key: "#D55E00", PRO_B.key: "#CC79A7"}
# Of a laboratory's own labels; what comes behind the last begins anew. None is green: that is Benign's. The other three
# of ours come last, so that up to eight labels look like none of ours.
_OTHERS = (
    "#56B4E9", "#A0522D", "#8C6BB1", "#B8A800", "#0072B2", "#F08080", "#7F8C8D", "#B5338A",
    "#E69F00", "#CC79A7", "#D55E00",
)  # fmt: skip


def label_colour(key: str, keys: Sequence[str] = ()) -> str:
    """The colour of a label's key as `#RRGGBB`; `keys` are all labels that are shown together, in any order.

    One that is not ours has that of its place among them by the alphabet: two cards with the same labels in another
    order have the same colours. Beside some of ours it has none of theirs.
    """
    if key in _OURS:
        return _OURS[key]
    taken = {_OURS[other] for other in keys if other in _OURS}
    free = [colour for colour in _OTHERS if colour not in taken]
    own = sorted({other for other in keys if other not in _OURS})
    return free[(own.index(key) if key in own else len(own)) % len(free)]
