"""Outlines of cells lie over the original alone, in the place of the cells, and never over another image."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtTest import QTest

from bloodsmear.images.cells import Cell, FoundCells
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme.palette import OUTLINE

if TYPE_CHECKING:
    from desktop.gui.viewer.picture_pane import PicturePane
    from tests.desktop.gui.viewer.conftest import OpenPanel

# Of the cell that the tests outline.
ON_EDGE = (20.5, 25)


@pytest.fixture
def panel(panel_of_width: Callable[[int], OpenPanel], make_picture: Callable[..., RgbImage]) -> OpenPanel:
    """The panel with a picture."""
    made = panel_of_width(900)
    made.show_original("a/1.jpg", make_picture(10))
    return made


def around(*lobes: tuple[int, int, int, int]) -> FoundCells:
    """One cell whose nucleus is a rectangle, or several: left, top, right and bottom of each."""
    outlines = tuple(
        ((left, top), (right, top), (right, bottom), (left, bottom)) for left, top, right, bottom in lobes
    )
    left, top = min(lobe[0] for lobe in lobes), min(lobe[1] for lobe in lobes)
    right, bottom = max(lobe[2] for lobe in lobes), max(lobe[3] for lobe in lobes)
    box = Region(left, top, right - left + 1, bottom - top + 1)
    cell = Cell((left + right) / 2, (top + bottom) / 2, outlines, box, float(box.pixels), False, False)
    return FoundCells((cell,), 10.0)


def green_at(pane: PicturePane, x: float, y: float) -> bool:
    """Whether the pane's view is green within 2 px of this place (image px)."""
    left, top, right, _ = pane.view.shown_range()
    scale = pane.view.viewport().width() / (right - left)
    column, row = (round((at - edge) * scale) for at, edge in ((x, left), (y, top)))
    picture = pane.view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    near = range(-2, 3)
    pixels = [
        picture.pixelColor(round(ratio * column) + i, round(ratio * row) + j) for i in near for j in near
    ]
    wanted = QColor(OUTLINE)
    return any(abs(pixel.hue() - wanted.hue()) < 12 and pixel.saturation() > 120 for pixel in pixels)


def test_the_outlines_of_the_shown_image_lie_over_the_original_alone(panel: OpenPanel) -> None:
    panel.show_cells("a/1.jpg", around((20, 10, 60, 40)))
    assert green_at(panel.original(), *ON_EDGE)
    assert not green_at(panel.denoised(), *ON_EDGE)
    panel.clear_cells()
    assert not green_at(panel.original(), *ON_EDGE)


def test_an_outline_is_painted_where_the_cell_is_at_every_zoom(panel: OpenPanel) -> None:
    panel.show_cells("a/1.jpg", around((20, 10, 60, 40)))
    for change in (panel.view_range.fit, panel.view_range.one_to_one, panel.view_range.zoom_in):
        change()
        assert green_at(panel.original(), *ON_EDGE)
        assert not green_at(panel.original(), 40, 25)


def test_a_line_around_all_lobes_shows_that_they_count_as_one_cell(panel: OpenPanel) -> None:
    panel.show_cells("a/1.jpg", around((20, 10, 30, 40), (50, 10, 60, 40)))
    assert green_at(panel.original(), 40, 10.5)
    assert green_at(panel.original(), 40, 40.5)
    assert not green_at(panel.original(), 40, 25)


@pytest.mark.parametrize("ratio", [1, 2])
def test_an_outline_is_as_wide_on_a_screen_of_another_scaling(panel: OpenPanel, ratio: int) -> None:
    panel.show_cells("a/1.jpg", around((20, 10, 60, 40)))
    viewport = panel.original().view.viewport()
    screen = QPixmap(viewport.size() * ratio)
    screen.setDevicePixelRatio(ratio)
    viewport.render(screen)
    left, top, right, _ = panel.original().view.shown_range()
    row = round((25 - top) * ratio * viewport.width() / (right - left))
    middle = round((40 - left) * ratio * viewport.width() / (right - left))
    colours = [QColor(screen.toImage().pixel(column, row)) for column in range(middle)]
    green = sum(colour.green() > 100 for colour in colours)
    assert 2 * ratio - 1 <= green <= 2 * ratio + 1


def test_outlines_of_another_image_are_dropped(panel: OpenPanel) -> None:
    panel.show_cells("a/2.jpg", around((20, 10, 60, 40)))
    assert not green_at(panel.original(), *ON_EDGE)


def test_outlines_go_when_another_image_is_chosen_shown_or_cannot_be(
    panel: OpenPanel, make_picture: Callable[..., RgbImage]
) -> None:
    ways: tuple[Callable[[], object], ...] = (
        lambda: panel.show_loading("a/2.jpg"),
        lambda: panel.show_original("a/1.jpg", make_picture(90)),
        lambda: panel.show_error("a/1.jpg", "Cannot be read."),
        lambda: panel.show_empty(),
    )
    for leave in ways:
        panel.show_original("a/1.jpg", make_picture(10))
        panel.show_cells("a/1.jpg", around((20, 10, 60, 40)))
        assert green_at(panel.original(), *ON_EDGE)
        leave()
        assert not green_at(panel.original(), *ON_EDGE)


def test_a_click_is_told_with_its_place_while_clicks_are_wanted_and_a_drag_moves_the_picture(
    panel: OpenPanel,
) -> None:
    told: list[tuple[float, float]] = []
    panel.clicked.connect(lambda x, y: told.append((x, y)))
    view = panel.original().view
    at = view.view_position(QPointF(40, 25)).toPoint()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told == []
    panel.set_clicks_wanted(True)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told == [pytest.approx((40, 25), abs=1.0)]
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view.viewport(), at + QPoint(30, 0))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(30, 0))
    assert len(told) == 1
    left: list[bool] = []
    panel.clicks_left.connect(lambda: left.append(True))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert left == [True]


def test_a_place_that_is_pointed_at_is_framed_as_soon_as_its_image_is_shown_and_on_no_other(
    panel: OpenPanel, make_picture: Callable[..., RgbImage]
) -> None:
    place = Region(40, 20, 20, 20)
    panel.point_at("a/2.jpg", place)
    before = panel.view_range.fitted
    panel.show_loading("a/2.jpg")
    panel.show_original("a/2.jpg", make_picture(20))
    assert before
    assert not panel.view_range.fitted
    # Half its side off the place.
    assert green_at(panel.original(), 30.5, 30)
    panel.show_loading("a/3.jpg")
    panel.show_original("a/3.jpg", make_picture(30))
    assert not green_at(panel.original(), 30.5, 30)
