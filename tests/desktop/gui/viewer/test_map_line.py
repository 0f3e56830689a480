"""Where a classifier looked, over the original: with its caption, and gone with the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme.map_colours import map_colours

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

COLOURS = map_colours(np.ones((4, 6), np.float32))
SENTENCE = "VGG16. Where, not why: what speaks for Benign, in 3 × 3 parts."


@pytest.fixture
def panel(panel_of_width: Callable[[int], OpenPanel], make_picture: Callable[..., RgbImage]) -> OpenPanel:
    """The panel with a picture."""
    made = panel_of_width(900)
    made.show_original("a/1.jpg", make_picture(10))
    return made


def words(panel: OpenPanel) -> QLabel:
    found = panel.findChild(QLabel, "map_words")
    assert isinstance(found, QLabel)
    return found


def test_nothing_is_shown_until_a_classifier_is_chosen(panel: OpenPanel) -> None:
    assert not panel.original().view.has_overlay()
    assert not words(panel).isVisible()


def test_a_map_lies_over_the_original_alone_with_its_caption(panel: OpenPanel) -> None:
    panel.map.show("a/1.jpg", COLOURS, SENTENCE)
    assert panel.original().view.has_overlay()
    assert not panel.denoised().view.has_overlay()
    assert words(panel).text() == SENTENCE
    assert words(panel).isVisible()
    assert "16 × 16" in words(panel).toolTip()


def test_where_the_difference_covers_the_map_the_line_says_so(panel: OpenPanel) -> None:
    panel.map.show("a/1.jpg", COLOURS, SENTENCE)
    panel.comparing.ask_for("difference")
    assert words(panel).text().startswith("The difference covers the original")
    panel.comparing.show_other(True)
    assert words(panel).text() == SENTENCE
    panel.comparing.show_other(False)
    panel.map.say("Hidden until you have decided: this is blind reading.")
    panel.comparing.ask_for("compare")
    assert words(panel).text() == "Hidden until you have decided: this is blind reading."
    panel.comparing.ask_for("difference")
    panel.map.show("a/1.jpg", COLOURS, SENTENCE)
    assert words(panel).text().startswith("The difference covers the original")
    panel.comparing.ask_for("wipe")
    assert words(panel).text() == SENTENCE


def test_the_caption_of_a_share_needs_no_excuse(panel: OpenPanel) -> None:
    panel.map.show("a/1.jpg", COLOURS, f"{SENTENCE} 60 % of it lies on stained nuclei.")
    assert words(panel).toolTip() == ""


def test_the_map_of_another_image_is_dropped_and_one_goes_with_its_picture(
    panel: OpenPanel, make_picture: Callable[..., RgbImage]
) -> None:
    panel.map.show("a/2.jpg", COLOURS, SENTENCE)
    assert not panel.original().view.has_overlay()
    panel.map.show("a/1.jpg", COLOURS, SENTENCE)
    panel.show_original("a/2.jpg", make_picture(20))
    assert not panel.original().view.has_overlay()


def test_a_sentence_takes_the_place_of_a_map(panel: OpenPanel) -> None:
    panel.map.show("a/1.jpg", COLOURS, SENTENCE)
    panel.map.say("Hidden until you have decided.")
    assert not panel.original().view.has_overlay()
    assert words(panel).text() == "Hidden until you have decided."
    panel.map.clear()
    assert not words(panel).isVisible()


def test_the_values_under_the_cursor_stay_those_of_the_image(panel: OpenPanel) -> None:
    before = panel.original().pixel_words(3, 3)
    panel.map.show("a/1.jpg", COLOURS, SENTENCE)
    assert panel.original().pixel_words(3, 3) == before


def test_weak_evidence_is_nearly_transparent_and_the_picture_shines_through_the_strongest() -> None:
    colours = map_colours(np.array([[0.0, 0.5, 1.0]], np.float32))
    opacity = colours[0, :, 3]
    assert opacity[0] == 0
    assert 0 < opacity[1] < opacity[2] < 200
