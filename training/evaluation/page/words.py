"""Numbers and names as the page says them."""

from bloodsmear.classifiers.card import Figure
from training.evaluation.evaluation import Proportion


def percent(share: float) -> str:
    """A share (0 to 1) as `87.2 %`; exactly all and exactly none have no decimal."""
    return f"{share * 100:.0f} %" if share in (0.0, 1.0) else f"{share * 100:.1f} %"


def interval(low: float, high: float) -> str:
    """An interval as `84.1 to 89.9 %`."""
    return f"{low * 100:.1f} to {high * 100:.1f} %"


def count_of(figure: Figure) -> int:
    """How many of the figure's images it is the share of."""
    return round(figure.value * figure.images)


def share_words(share: Proportion | None) -> str:
    """A share with its interval; a dash where there is none."""
    return "–" if share is None else f"{percent(share.value)} ({interval(share.low, share.high)})"
