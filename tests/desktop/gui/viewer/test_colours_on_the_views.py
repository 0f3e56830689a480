"""Colours for the eye on the views: both alike, said on each, and never in the pixels that are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import FILES_COLOURS, ShownColours
from desktop.gui.viewer.eye_colours import CHANGED, CHANGED_IN_SHORT
from desktop.gui.viewer.picture_pane import PicturePane

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

GLASS, NUCLEUS = (230, 210, 220), (100, 60, 120)
INVERTED = ShownColours(inverted=True)


def picture(value: tuple[int, int, int] = GLASS, size: tuple[int, int] = (240, 320)) -> RgbImage:
    return np.full((*size, 3), value, np.uint8)


def colour_at(pane: PicturePane, x: float = 0.5, y: float = 0.5) -> tuple[int, int, int]:
    """What a view shows there, by shares of its width and height."""
    grabbed = pane.view.viewport().grab().toImage()
    colour = grabbed.pixelColor(round(x * grabbed.width()), round(y * grabbed.height()))
    return colour.red(), colour.green(), colour.blue()


@pytest.fixture
def panel(panel_of_width: Callable[[int], OpenPanel]) -> OpenPanel:
    made = panel_of_width(1100)
    made.show_original("a.png", picture())
    made.show_denoised("a.png", picture(NUCLEUS), "Denoised: Gaussian")
    return made


def test_both_views_show_the_chosen_colours_and_say_so(panel: OpenPanel) -> None:
    panel.colours.set(INVERTED)
    assert colour_at(panel.original()) == (25, 45, 35)
    assert colour_at(panel.denoised()) == (155, 195, 135)
    for pane in (panel.original(), panel.denoised()):
        assert pane.colours_words() in (CHANGED, CHANGED_IN_SHORT)
    panel.colours.set(FILES_COLOURS)
    assert colour_at(panel.original()) == GLASS
    assert panel.original().colours_words() == ""


def test_the_key_leads_back_to_the_files_colours_and_to_the_chosen_ones_again(panel: OpenPanel) -> None:
    panel.colours.set(INVERTED)
    panel.colours.toggle()
    assert colour_at(panel.original()) == GLASS
    panel.colours.toggle()
    assert panel.colours.now == INVERTED


def test_the_next_image_is_shown_in_the_same_colours(panel: OpenPanel) -> None:
    panel.colours.set(INVERTED)
    panel.show_loading("b.png")
    assert panel.original().colours_words() == ""
    panel.show_original("b.png", picture(NUCLEUS))
    assert colour_at(panel.original()) == (155, 195, 135)
    assert panel.original().colours_words() != ""


def test_a_difference_keeps_its_grey_and_says_nothing_of_colours(panel: OpenPanel) -> None:
    panel.colours.set(INVERTED)
    panel.show_denoised("a.png", picture(), "Denoised: Gaussian")
    panel.comparing.set_way("difference")
    assert colour_at(panel.denoised()) == (128, 128, 128)
    assert panel.denoised().colours_words() == ""
    panel.comparing.set_way("compare")
    assert colour_at(panel.denoised()) == (25, 45, 35)


def test_the_values_under_the_cursor_are_the_files(panel: OpenPanel) -> None:
    panel.colours.set(INVERTED)
    view = panel.original().view
    at = view.view_position(QPointF(100.5, 50.5)).toPoint()
    QTest.mouseMove(view.viewport(), at + QPoint(1, 1))
    QTest.mouseMove(view.viewport(), at)
    assert panel.original().readout() == "x 100 y 50 · 230 210 220"


@pytest.mark.parametrize("zooms", [0, 6, -4])
def test_a_picture_with_an_edge_has_it_at_the_same_place_in_other_colours(
    panel: OpenPanel, zooms: int
) -> None:
    """Only the part that is seen is recoloured, of a reduced picture where it is shown small."""
    edged = picture(size=(1200, 1600))
    edged[:, 800:] = NUCLEUS
    panel.show_original("b.png", edged)
    panel.view_range.one_to_one()
    for _ in range(abs(zooms)):
        (panel.view_range.zoom_in if zooms > 0 else panel.view_range.zoom_out)()
    view = panel.original().view
    edge = view.view_position(QPointF(800, 600)).x() / view.viewport().width()
    by_px = 3 / view.viewport().width()
    assert (colour_at(panel.original(), edge - by_px), colour_at(panel.original(), edge + by_px)) == (
        GLASS,
        NUCLEUS,
    )
    panel.colours.set(INVERTED)
    assert colour_at(panel.original(), edge - by_px) == (25, 45, 35)
    assert colour_at(panel.original(), edge + by_px) == (155, 195, 135)


def test_a_part_that_is_denoised_later_comes_in_the_same_colours(panel: OpenPanel) -> None:
    panel.colours.set(INVERTED)
    panel.show_original("b.png", picture())
    panel.show_denoised_part("b.png", picture(NUCLEUS), Region(0, 0, 320, 128))
    assert colour_at(panel.denoised(), 0.5, 0.4) == (155, 195, 135)
    assert colour_at(panel.denoised(), 0.5, 0.7) == (25, 45, 35)


def test_a_view_that_leaves_the_program_says_which_colours_it_has(panel: OpenPanel) -> None:
    panel.colours.set(ShownColours(brightness=20, inverted=True))
    taken = panel.take_view()
    assert taken is not None
    assert "Colours changed for the eye: brightness +20, inverted" in taken.caption


@pytest.mark.parametrize("pane_name", ["original", "denoised"])
def test_glass_that_is_clicked_on_is_grey_from_then_on(panel: OpenPanel, pane_name: str) -> None:
    pane: PicturePane = getattr(panel, pane_name)()
    panel.colours.set_picking(on=True)
    QTest.mouseClick(
        pane.view.viewport(), Qt.MouseButton.LeftButton, pos=pane.view.viewport().rect().center()
    )
    assert panel.colours.now == ShownColours(glass=GLASS)
    assert not panel.colours.is_picking
    assert colour_at(panel.original()) == (230, 230, 230)


def test_a_click_beside_the_picture_picks_nothing_and_escape_leaves(panel: OpenPanel) -> None:
    panel.show_original("b.png", picture(size=(600, 100)))
    panel.colours.set_picking(on=True)
    view = panel.original().view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert panel.colours.is_picking
    assert panel.colours.now == FILES_COLOURS
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not panel.colours.is_picking


def test_a_view_with_a_pinned_image_beside_it_names_both(panel: OpenPanel) -> None:
    panel.toggle_pinned()
    panel.show_original("b.png", picture(NUCLEUS))
    taken = panel.take_view()
    assert taken is not None
    assert taken.image == "b.png"
    assert "Pinned beside it: a.png" in taken.caption
