"""Another image pinned beside the shown one, under the same zoom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale import length_words
from desktop.gui.viewer.mouse_tools import MouseTools
from desktop.gui.viewer.pane_area import PaneArea
from desktop.gui.viewer.picture_pane import PicturePane

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

Picture = Callable[..., RgbImage]


@pytest.fixture
def panel(panel_of_width: Callable[[int], OpenPanel], make_picture: Picture) -> OpenPanel:
    """Shows one image, and denoised it."""
    panel = panel_of_width(900)
    panel.show_original("a/1.jpg", make_picture(10, 640, 480))
    panel.show_denoised("a/1.jpg", make_picture(90, 640, 480), "Denoised · median")
    return panel


def pinned_pane(panel: OpenPanel) -> PicturePane:
    return next(pane for pane in panel.findChildren(PicturePane) if pane.caption().startswith("Pinned"))


def blue_at(panel: OpenPanel, pane: PicturePane) -> int:
    """What the screen shows in the middle of a pane."""
    (area,) = panel.findChildren(PaneArea)
    return area.grab().toImage().pixelColor(pane.geometry().center()).blue()


def test_it_stays_while_others_are_walked_and_takes_the_denoised_pictures_place(
    panel: OpenPanel, make_picture: Picture
) -> None:
    panel.toggle_pinned()
    panel.show_loading("a/2.jpg")
    panel.show_original("a/2.jpg", make_picture(200, 640, 480))
    pane = pinned_pane(panel)
    assert pane.caption() == "Pinned: 1.jpg · a"
    assert pane.isVisible()
    assert not panel.denoised().isVisible()
    assert (blue_at(panel, pane), blue_at(panel, panel.original())) == (10, 200)


def test_both_have_the_same_size_and_zoom(panel: OpenPanel) -> None:
    panel.toggle_pinned()
    pane = pinned_pane(panel)
    assert pane.size() == panel.original().size()
    panel.view_range.one_to_one()
    panel.view_range.pan(40, 0)
    assert pane.view.shown_range() == pytest.approx(panel.original().view.shown_range())


def test_nothing_is_denoised_while_an_image_is_pinned(panel: OpenPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.denoised_wanted) as wanted:
        panel.toggle_pinned()
    assert wanted.args == [None]
    with qtbot.waitSignal(panel.denoised_wanted) as wanted:
        panel.toggle_pinned()
    assert wanted.args[0] is not None
    assert panel.denoised().isVisible()


def test_a_way_to_compare_with_the_denoised_picture_takes_it_away(panel: OpenPanel) -> None:
    panel.toggle_pinned()
    panel.comparing.ask_for("wipe")
    assert panel.pinned.name == ""
    assert panel.denoised().isVisible()


def test_the_original_alone_has_it_beside_itself(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    panel.toggle_pinned()
    assert pinned_pane(panel).isVisible()
    assert pinned_pane(panel).geometry() != panel.original().geometry()


def test_the_pinned_image_is_measured_by_its_own_scale_and_tells_its_own_values(panel: OpenPanel) -> None:
    panel.show_scale("a/1.jpg", 0.5)
    panel.toggle_pinned()
    pane = pinned_pane(panel)
    panel.show_scale("a/1.jpg", 2.0)
    panel.ruler.toggle("line")
    for view in (pane.view, panel.original().view):
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 120))
        QTest.mouseMove(view.viewport(), QPoint(160, 120))
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(160, 120))
    (tools,) = panel.findChildren(MouseTools)
    length_px = 100 / panel.view_range.scale
    assert tools.pinned_ruler.words() == length_words(length_px, 0.5)
    assert panel.ruler.words() == length_words(length_px, 2.0)

    panel.original().view.hovered.emit(10.5, 5.5)
    assert pane.readout() == panel.original().readout() != ""

    QTest.keyClick(pane.view, Qt.Key.Key_Escape)
    assert (panel.ruler.kind, tools.pinned_ruler.kind) == (None, None)


def test_where_a_pixel_is_not_as_large_it_says_so_since_cells_are_compared(
    panel: OpenPanel, make_picture: Picture
) -> None:
    panel.show_scale("a/1.jpg", 0.1)
    panel.toggle_pinned()
    pane = pinned_pane(panel)
    assert pane.warning() == ""
    panel.show_loading("a/2.jpg")
    panel.show_original("a/2.jpg", make_picture(200, 320, 240))
    assert pane.warning() == "Perhaps another scale"
    panel.show_scale("a/2.jpg", 0.25)
    assert pane.warning() == "Cells 2.5 × as large"
    panel.show_scale("a/2.jpg", 120.0)
    assert pane.warning() == "Cells 1200 × as large"
    panel.show_scale("a/2.jpg", 0.102)
    assert pane.warning() == ""
    panel.show_loading("a/3.jpg")
    panel.show_original("a/3.jpg", make_picture(200, 640, 480))
    assert pane.warning() == ""


def test_without_an_image_there_is_nothing_to_pin(panel_of_width: Callable[[int], OpenPanel]) -> None:
    panel = panel_of_width(900)
    panel.toggle_pinned()
    assert panel.pinned.name == ""


def test_the_overview_of_the_shown_image_lies_over_no_other_one(panel: OpenPanel) -> None:
    panel.comparing.set_arrangement("side_by_side")
    panel.toggle_pinned()
    panel.view_range.one_to_one()
    panel.view_range.zoom_in()
    assert panel.overview.isVisible()
    assert panel.original().geometry().contains(panel.overview.geometry())
    # Each stands in the other's place.
    panel.comparing.show_other(True)
    assert panel.original().geometry().contains(panel.overview.geometry())
    assert not pinned_pane(panel).geometry().intersects(panel.overview.geometry())
