"""Which layout shows more."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.theme import LIGHT
from desktop.gui.viewer.pane_area import Arrangement, PaneArea, Way, larger_arrangement
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.view_range import ViewRange
from desktop.gui.viewer.wipe_divider import WipeDivider


@pytest.mark.parametrize(
    ("area", "picture", "layout"),
    [
        (QSize(1200, 500), QSize(1024, 768), "side_by_side"),
        (QSize(800, 650), QSize(1024, 768), "stacked"),
        (QSize(500, 1200), QSize(1024, 768), "stacked"),
        (QSize(800, 650), QSize(300, 1200), "side_by_side"),
    ],
)
def test_the_layout_that_shows_the_picture_larger_is_taken(area: QSize, picture: QSize, layout: str) -> None:
    assert larger_arrangement(area, picture) == layout


@pytest.fixture
def area(qtbot: QtBot) -> PaneArea:
    """An area of 801 × 601 with two panes."""
    area = with_panes(PaneArea())
    qtbot.addWidget(area)
    area.resize(801, 601)
    area.show()
    return area


def with_panes(area: PaneArea) -> PaneArea:
    view_range = ViewRange(area)
    area.set_panes(PicturePane("first", view_range, LIGHT), PicturePane("second", view_range, LIGHT))
    return area


@pytest.mark.parametrize("layout", ["auto", "side_by_side", "stacked"])
def test_both_panes_have_exactly_the_same_size(area: PaneArea, layout: Arrangement) -> None:
    area.set_arrangement(layout)
    area.set_content("picture")
    for width_px in (801, 640, 333):
        area.resize(width_px, 601)
        first, second = area.findChildren(PicturePane)
        assert first.size() == second.size()


def test_one_pane_alone_takes_the_whole_area(area: PaneArea) -> None:
    area.set_way("original")
    area.set_content("picture")
    first, second = area.findChildren(PicturePane)
    assert first.size() == area.size()
    assert not second.isVisible()


@pytest.mark.parametrize("leave", ["blink", "original", "nothing"])
@pytest.mark.parametrize("way", ["blink", "wipe"])
def test_the_keys_stay_with_the_pictures_when_what_had_them_goes(qtbot: QtBot, way: Way, leave: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    area = with_panes(PaneArea())
    column = QVBoxLayout(window)
    column.addWidget(area)
    column.addWidget(QPushButton("Next to it"))
    window.show()
    area.set_way(way)
    area.set_content("picture")
    first, second = area.findChildren(PicturePane)
    had = second.view if way == "blink" else area.findChildren(WipeDivider)[0]
    had.setFocus()

    if leave == "nothing":
        area.set_content("nothing")
    elif leave == way:
        area.blink()
    else:
        area.set_way("original")

    assert not had.isVisible()
    assert window.focusWidget() is first.view
