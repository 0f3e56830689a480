"""Agreement in words, the same in the window and in the report."""

from bloodsmear.review.reader_agreement import Comparison
from bloodsmear.review.sentences import percent

AGREEMENT_HEADER = (
    "Reader",
    "Compared with",
    "Images",
    "Alike",
    "Cohen’s kappa (95 % interval)",
    "Decided blind",
)
_NONE = "–"


def agreement_row(one: Comparison) -> tuple[str, ...]:
    """A comparison under the header: images, how many alike, kappa with its interval or why there is none."""
    kappa = one.kappa
    alike = f"{kappa.agreed} ({percent(kappa.agreed / kappa.images)}\u00a0%)" if kappa.images else _NONE
    if one.kind == "cells":
        cells = f"{kappa.images:,} cells, {one.left_out:,} named by one alone"
        return (one.reader, f"{one.other}, names of cells", cells, alike, _kappa_words(one), _NONE)
    images = f"{kappa.images}, {one.left_out} without a label left out" if one.left_out else str(kappa.images)
    hidden = f"{one.hidden} of {kappa.images}" if kappa.images else _NONE
    other = f"{one.other}, after the consensus read ({one.settled:,} settled)" if one.settled else one.other
    return (one.reader, other, images, alike, _kappa_words(one), hidden)


def _kappa_words(one: Comparison) -> str:
    kappa = one.kappa
    if kappa.value is None:
        return kappa.remark
    if kappa.low is None or kappa.high is None:
        return f"{_signed(kappa.value)}. {kappa.remark}"
    return f"{_signed(kappa.value)} ({_signed(kappa.low)} to {_signed(kappa.high)})"


def _signed(figure: float) -> str:
    """Two decimals, with a minus sign and never as -0.00."""
    return f"{figure:z.2f}".replace("-", "\u2212")
