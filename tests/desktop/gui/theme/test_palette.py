"""The palettes: what is read can be read."""

import pytest

from bloodsmear.classifiers.label_colours import label_colour
from desktop.gui.theme import DARK, LIGHT, Tokens

# Text on what it stands on.
PAIRS = [
    ("text", "window"),
    ("text", "surface"),
    ("text", "surface_hover"),
    ("text", "selected"),
    ("text_muted", "window"),
    ("text_muted", "surface"),
    ("text_muted", "surface_hover"),
    ("text_muted", "selected"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("accent_text", "surface"),
    ("accent_text", "selected"),
    ("notice_text", "notice"),
    ("warning_text", "surface"),
    ("warning_text", "surface_hover"),
    ("warning_text", "selected"),
    ("view_text", "view"),
    ("view_text", "chip"),
]


def _luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` after WCAG 2.1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_at_least_four_and_a_half_to_one(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


def test_the_views_are_the_same_in_both_themes() -> None:
    assert LIGHT.view == DARK.view == "#20242C"


def test_labels_have_the_colours_of_okabe_and_ito() -> None:
    colours = {key: label_colour(key) for key in ("benign", "early_pre_b", "pre_b", "pro_b")}
    assert colours == {
        "benign": "#009E73",
        "early_pre_b": "#E69F00",
        "pre_b": "#D55E00",
        "pro_b": "#CC79A7",
    }


def test_a_label_of_another_set_has_a_colour_of_its_own() -> None:
    assert label_colour("lymphoma") not in {
        label_colour("benign"),
        label_colour("pre_b"),
    }
