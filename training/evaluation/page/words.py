"""Numbers and names as the page says them."""

from html import escape

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import label_name
from bloodsmear.visible_text import visible
from training.evaluation.evaluation import Share

# Older evaluations have shifts that are not measured any more; they keep their words.
_SHIFTS = {
    "grey": "in grey",
    "hue_plus_12_degrees": "hue +12°",
    "hue_minus_12_degrees": "hue −12°",
    "saturation_times_0.7": "saturation × 0.7",
    "saturation_times_1.3": "saturation × 1.3",
    "saturation_times_1.35": "saturation × 1.35",
    "brightness_times_0.85": "brightness × 0.85",
    "brightness_times_1.15": "brightness × 1.15",
    "white_balance_warm": "white balance, warm",
    "white_balance_cold": "white balance, cold",
    "cast_magenta": "magenta cast",
    "cast_green": "green cast",
    "gamma_0.7": "gamma 0.7, brighter",
    "gamma_1.4": "gamma 1.4, darker",
    "vignetting": "vignetting",
    "blur_sigma_0.7_px": "blur, σ 0.7 px",
    "defocus_1_px": "defocus, radius 1 px",
    "defocus_2_px": "defocus, radius 2 px",
    "jpeg_quality_50": "JPEG, quality 50",
    "jpeg_quality_40": "JPEG, quality 40",
    "half_scale": "half the scale",
}


def percent(share: float) -> str:
    """A share (0 to 1) as `87.2 %`; exactly all and exactly none have no decimal."""
    return f"{share * 100:.0f} %" if share in (0.0, 1.0) else f"{share * 100:.1f} %"


def interval(low: float, high: float) -> str:
    """An interval as `84.1 to 89.9 %`."""
    return f"{low * 100:.1f} to {high * 100:.1f} %"


def share_words(share: Share | None) -> str:
    """A share with its interval; a dash where there is none."""
    return "–" if share is None else f"{percent(share.value)} ({interval(share.low, share.high)})"


def shift_words(name: str) -> str:
    """A shift's name for people: `hue_plus_12_degrees` is hue +12°."""
    return _SHIFTS.get(name, name.replace("_", " "))


def as_html(text: str) -> str:
    """A text as HTML: no name becomes a tag, and none turns a line around."""
    return escape(visible(text))


def label_mark(key: str) -> str:
    """A label's name with a spot of its colour, as HTML."""
    spot = f'<i class="spot" style="background:{label_colour(key)}"></i>'
    return f'<span class="label">{spot}{as_html(label_name(key))}</span>'
