"""The second window: always the image of the first, with what lies over it, under the same zoom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import ShownColours
from desktop.gui.viewer import SecondWindow
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.scale_bar import ScaleBar
from desktop.gui.viewer.view_range import LinkedRange, ViewRange

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

RED, BLUE = (230, 20, 30), (20, 30, 230)
_SIZE = (1200, 1600)


def picture(colour: tuple[int, int, int]) -> RgbImage:
    return np.full((*_SIZE, 3), colour, np.uint8)


@pytest.fixture
def panel(panel_of_width: Callable[[int], OpenPanel]) -> OpenPanel:
    made = panel_of_width(900)
    made.comparing.set_way("original")
    made.show_original("a/red.png", picture(RED))
    return made


@pytest.fixture
def second(panel: OpenPanel, qtbot: QtBot) -> Iterator[SecondWindow]:
    """Larger than the first."""
    made = panel.make_second_window()
    made.resize(1300, 1000)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    with qtbot.waitSignal(made.destroyed):
        made.close()


def pane_of(second: SecondWindow) -> PicturePane:
    [pane] = second.findChildren(PicturePane)
    return pane


def colour_of(pane: PicturePane) -> tuple[int, int, int]:
    grabbed = pane.view.viewport().grab().toImage()
    colour = grabbed.pixelColor(grabbed.width() // 2, grabbed.height() // 2)
    return colour.red(), colour.green(), colour.blue()


def test_it_shows_the_image_of_the_first_window_and_its_name(panel: OpenPanel, second: SecondWindow) -> None:
    assert colour_of(pane_of(second)) == RED
    assert second.windowTitle().startswith("a/red.png")
    panel.show_original("b/blue.png", picture(BLUE))
    assert colour_of(pane_of(second)) == BLUE
    assert second.windowTitle().startswith("b/blue.png")
    assert pane_of(second).caption() == "blue.png · b"


def test_while_another_image_is_read_nothing_of_the_one_before_stays(
    panel: OpenPanel, second: SecondWindow
) -> None:
    panel.show_loading("b/blue.png")
    assert colour_of(pane_of(second)) != RED
    assert pane_of(second).pixels is None
    assert "red" not in second.windowTitle()
    assert pane_of(second).caption() == ""
    panel.show_error("b/blue.png", "It cannot be read.")
    assert pane_of(second).message() == "It cannot be read."


def test_colours_scale_and_what_lies_over_the_picture_are_the_same(
    panel: OpenPanel, second: SecondWindow
) -> None:
    panel.colours.set(ShownColours(inverted=True))
    assert colour_of(pane_of(second)) == (25, 235, 225)
    assert pane_of(second).colours_words() != ""
    panel.show_scale("a/red.png", 0.1)
    [bar] = pane_of(second).findChildren(ScaleBar)
    assert bar.isVisible()
    colours = np.zeros((12, 16, 4), np.uint8)
    colours[...] = (0, 255, 0, 255)
    panel.map.show("a/red.png", colours, "A map.")
    assert colour_of(pane_of(second)) == (0, 255, 0)
    panel.map.clear()
    assert colour_of(pane_of(second)) == (25, 235, 225)


def test_what_is_whole_in_one_is_whole_in_the_other_and_what_is_in_the_middle_too(
    panel: OpenPanel, second: SecondWindow
) -> None:
    view = pane_of(second).view
    left, top, right, bottom = view.shown_range()
    assert left <= 0.5
    assert top <= 0.5
    assert right >= _SIZE[1] - 0.5
    assert bottom >= _SIZE[0] - 0.5
    for act in (panel.view_range.one_to_one, panel.view_range.zoom_in, lambda: panel.view_range.pan(-60, 30)):
        act()
        size = panel.original().view.viewport().size()
        first = panel.view_range.shown(size.width(), size.height())
        left, top, right, bottom = view.shown_range()
        assert (left + right) / 2 == pytest.approx(first.center().x(), abs=2)
        assert (top + bottom) / 2 == pytest.approx(first.center().y(), abs=2)


def test_wheel_and_drag_in_it_move_both(panel: OpenPanel, second: SecondWindow) -> None:
    pane = pane_of(second)
    middle = QPointF(pane.view.viewport().rect().center())
    at = pane.view.image_position(QPointF(middle.x() + 200, middle.y()))
    panel.wheel(pane, QPointF(middle.x() + 200, middle.y()), 5 * 120)
    assert not panel.view_range.fitted
    # What lay under the cursor lies there still.
    assert (pane.view.image_position(QPointF(middle.x() + 200, middle.y())) - at).manhattanLength() < 2
    before = panel.view_range.centre
    QTest.mousePress(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=middle.toPoint())
    QTest.mouseMove(pane.view.viewport(), middle.toPoint() + QPoint(-50, 0))
    QTest.mouseRelease(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=middle.toPoint() + QPoint(-50, 0))
    assert panel.view_range.centre.x() > before.x()


def test_the_values_under_the_cursor_are_told(second: SecondWindow) -> None:
    pane_of(second).view.hovered.emit(100.5, 50.5)
    assert pane_of(second).readout() == "x 100 y 50 · 230 20 30"
    pane_of(second).view.left.emit()
    assert pane_of(second).readout() == ""


def test_escape_closes_it_and_the_panel_goes_on(panel: OpenPanel, qtbot: QtBot) -> None:
    made = panel.make_second_window()
    made.show()
    with qtbot.waitSignal(made.destroyed):
        QTest.keyClick(made, Qt.Key.Key_Escape)
    panel.show_original("b/blue.png", picture(BLUE))
    panel.colours.set_picking(on=True)
    panel.view_range.zoom_in()
    assert colour_of(panel.original()) == BLUE


def test_a_linked_range_of_another_shape_never_drifts(qtbot: QtBot) -> None:
    leader = ViewRange()
    leader.set_view_size(800, 600)
    leader.set_image_size(1600, 1200)
    linked = LinkedRange(leader, leader)
    linked.set_view_size(500, 900)
    for _ in range(20):
        linked.zoom(1.25, QPointF(30, -20))
        linked.pan(11, -7)
        linked.zoom(0.8, QPointF(30, -20))
        linked.set_view_size(500, 901)
        linked.set_view_size(500, 900)
    assert linked.scale == pytest.approx(linked.fit_scale_of(leader.image_size), rel=0.3)
    leader.fit()
    assert linked.fitted
    assert linked.scale == pytest.approx(500 / 1600)


def test_it_lies_within_the_screen_with_its_frame(panel: OpenPanel, second: SecondWindow) -> None:
    room = panel.screen().availableGeometry()
    second.resize(2 * room.width(), 2 * room.height())
    second.appear(panel)
    assert room.contains(second.geometry())
    assert room.height() - second.height() >= 48
