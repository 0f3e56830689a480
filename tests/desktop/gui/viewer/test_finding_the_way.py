"""The magnifier and the overview: what is under the cursor, larger, and where in the picture that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import ShownColours
from desktop.gui.viewer.magnifier import _Lens
from desktop.gui.viewer.pane_area import Way
from desktop.gui.viewer.picture_pane import PicturePane

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

LEFT, RIGHT = (230, 20, 30), (20, 30, 230)
WAYS: tuple[Way, ...] = ("original", "compare", "wipe", "blink", "difference")


def picture() -> RgbImage:
    """1600×1200, red left of its middle and blue right of it."""
    made = np.full((1200, 1600, 3), LEFT, np.uint8)
    made[:, 800:] = RIGHT
    return made


@pytest.fixture
def panel(panel_of_width: Callable[[int], OpenPanel]) -> OpenPanel:
    made = panel_of_width(1100)
    made.comparing.set_way("original")
    made.show_original("a.png", picture())
    return made


def lens_of(pane: PicturePane) -> QWidget:
    [lens] = pane.findChildren(_Lens)
    return lens


def point(pane: PicturePane, x: float, y: float) -> None:
    """Move the mouse over a place of the image."""
    at = pane.view.view_position(QPointF(x, y)).toPoint()
    QTest.mouseMove(pane.view.viewport(), at + QPoint(2, 2))
    QTest.mouseMove(pane.view.viewport(), at)


def colour(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    found = image.pixelColor(x, y)
    return found.red(), found.green(), found.blue()


def test_the_lens_shows_the_place_under_the_cursor_three_times_as_large(panel: OpenPanel) -> None:
    panel.magnifier.toggle()
    pane = panel.original()
    point(pane, 790, 600)
    lens = lens_of(pane)
    assert lens.isVisible()
    centre = lens.geometry().center()
    assert (
        centre - pane.view.viewport().mapTo(pane, pane.view.view_position(QPointF(790, 600)).toPoint())
    ).manhattanLength() <= 2
    grabbed = pane.grab().toImage()
    # The edge lies 10 image px right of the cursor: at three times the scale, or one to one where that is more.
    scale = max(3 * panel.view_range.scale, 1)
    edge = centre.x() + round(10 * scale)
    assert colour(grabbed, edge - 4, centre.y()) == LEFT
    assert colour(grabbed, edge + 4, centre.y()) == RIGHT


def test_the_lens_shows_the_colours_for_the_eye(panel: OpenPanel) -> None:
    panel.colours.set(ShownColours(inverted=True))
    panel.magnifier.toggle()
    point(panel.original(), 100, 600)
    lens = lens_of(panel.original())
    centre = lens.geometry().center()
    assert colour(panel.original().grab().toImage(), centre.x() + 20, centre.y()) == (25, 235, 225)


def test_the_lens_stays_at_the_cursor_when_keys_move_the_picture(panel: OpenPanel) -> None:
    panel.view_range.one_to_one()
    panel.magnifier.toggle()
    point(panel.original(), 700, 600)
    place = lens_of(panel.original()).pos()
    for move in (panel.view_range.zoom_in, panel.view_range.zoom_in, lambda: panel.view_range.pan(40, 10)):
        move()
        assert (lens_of(panel.original()).pos() - place).manhattanLength() <= 2


def test_beside_the_picture_there_is_no_lens(panel: OpenPanel) -> None:
    panel.show_original("b.png", picture()[:, :300])
    panel.magnifier.toggle()
    point(panel.original(), 100, 600)
    assert lens_of(panel.original()).isVisible()
    point(panel.original(), -40, 600)
    assert not lens_of(panel.original()).isVisible()


def test_no_lens_without_a_picture_or_once_it_is_switched_off(panel: OpenPanel) -> None:
    pane = panel.original()
    panel.magnifier.toggle()
    point(pane, 100, 600)
    panel.show_loading("b.png")
    centre = lens_of(pane).geometry().center()
    assert colour(pane.grab().toImage(), centre.x(), centre.y()) != LEFT
    panel.magnifier.toggle()
    assert not lens_of(pane).isVisible()


def test_both_views_have_the_lens_at_the_same_place_of_the_image(panel: OpenPanel) -> None:
    panel.comparing.set_way("compare")
    panel.show_denoised("a.png", picture(), "Denoised")
    panel.magnifier.toggle()
    point(panel.original(), 300, 300)
    assert lens_of(panel.original()).isVisible()
    assert lens_of(panel.denoised()).isVisible()
    assert lens_of(panel.original()).pos() == lens_of(panel.denoised()).pos()


@pytest.mark.parametrize("way", WAYS)
def test_the_overview_stands_there_while_a_part_is_shown(panel: OpenPanel, way: Way) -> None:
    panel.comparing.set_way(way)
    assert not panel.overview.isVisible()
    panel.view_range.one_to_one()
    assert panel.overview.isVisible()
    panel.view_range.fit()
    assert not panel.overview.isVisible()


def test_a_click_on_the_overview_shows_that_part_in_the_same_zoom(panel: OpenPanel) -> None:
    panel.view_range.one_to_one()
    scale, overview = panel.view_range.scale, panel.overview
    for share in (0.25, 0.75):
        QTest.mouseClick(
            overview,
            Qt.MouseButton.LeftButton,
            pos=QPoint(round(share * overview.width()), overview.height() // 2),
        )
        size = panel.original().view.viewport().size()
        shown = panel.view_range.shown(size.width(), size.height())
        wanted = min(max(share * 1600, shown.width() / 2), 1600 - shown.width() / 2)
        assert shown.center().x() == pytest.approx(wanted, abs=10)
        assert panel.view_range.scale == scale


def test_the_overview_can_be_switched_off_and_is_not_in_a_copied_view(panel: OpenPanel) -> None:
    panel.view_range.one_to_one()
    overview = panel.overview
    middle = overview.geometry().center()
    taken = panel.take_view()
    assert taken is not None
    assert colour(taken.picture, middle.x() - 40, middle.y()) == colour(
        taken.picture, middle.x() + 40, middle.y()
    )
    assert overview.isVisible()
    overview.set_wanted(False)
    assert not overview.isVisible()
    panel.view_range.zoom_in()
    assert not overview.isVisible()


def test_the_overview_goes_with_its_picture(panel: OpenPanel) -> None:
    panel.view_range.one_to_one()
    panel.show_error("b.png", "It cannot be read.")
    assert not panel.overview.isVisible()
