"""Numbers and names as the page says them."""

from html import escape

from bloodsmear.classifiers.card import Figure
from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import label_name
from bloodsmear.visible_text import visible
from training.evaluation.evaluation import Share


def percent(share: float) -> str:
    """A share (0 to 1) as `87.2 %`; exactly all and exactly none have no decimal."""
    return f"{share * 100:.0f} %" if share in (0.0, 1.0) else f"{share * 100:.1f} %"


def interval(low: float, high: float) -> str:
    """An interval as `84.1 to 89.9 %`."""
    return f"{low * 100:.1f} to {high * 100:.1f} %"


def count_of(figure: Figure) -> int:
    """How many of the figure's images it is the share of."""
    return round(figure.value * figure.images)


def share_words(share: Share | None) -> str:
    """A share with its interval; a dash where there is none."""
    return "–" if share is None else f"{percent(share.value)} ({interval(share.low, share.high)})"


def as_html(text: str) -> str:
    """A text as HTML: no name becomes a tag, and none turns a line around."""
    return escape(visible(text))


def label_mark(key: str) -> str:
    """A label's name with a spot of its colour, as HTML."""
    spot = f'<i class="spot" style="background:{label_colour(key)}"></i>'
    return f'<span class="label">{spot}{as_html(label_name(key))}</span>'
