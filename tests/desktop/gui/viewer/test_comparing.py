"""The ways to compare original and denoised: beside each other, wiped, blinked, as difference."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme.segmented_choice import SegmentedChoice
from desktop.gui.viewer.pane_area import LayoutName, PaneArea
from desktop.gui.viewer.wipe_divider import WipeDivider

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

Picture = Callable[..., RgbImage]
MakePanel = Callable[[int], "OpenPanel"]
ORIGINAL, DENOISED = 10, 200
EVERY_LAYOUT: tuple[LayoutName, ...] = ("auto", "side_by_side", "stacked", "wipe", "blink", "difference")


@pytest.fixture
def panel(panel_of_width: MakePanel, make_picture: Picture) -> OpenPanel:
    """Shows a picture whose blue is 10, and 200 where it is denoised, at 1:1."""
    panel = panel_of_width(700)
    panel.show_original("a/1.jpg", make_picture(ORIGINAL, 1024, 768))
    panel.show_denoised("a/1.jpg", make_picture(DENOISED, 1024, 768), "Denoised · median")
    panel.view_range.one_to_one()
    return panel


def _area(panel: OpenPanel) -> PaneArea:
    return panel.findChildren(PaneArea)[0]


def _divider(panel: OpenPanel) -> WipeDivider:
    return panel.findChildren(WipeDivider)[0]


def _seen(panel: OpenPanel, share: float) -> QColor:
    """What the screen shows in the middle row, at a share of the width."""
    picture = _area(panel).grab().toImage()
    colour: QColor = picture.pixelColor(int(share * picture.width()), picture.height() // 3)
    return colour


def test_the_wipe_shows_the_original_left_of_the_divider_and_the_denoised_right_of_it(
    panel: OpenPanel,
) -> None:
    panel.comparing.set_layout("wipe")
    assert [_seen(panel, share).blue() for share in (0.2, 0.45, 0.55, 0.8)] == [10, 10, 200, 200]


def test_the_divider_follows_the_mouse_and_stops_at_the_edges(panel: OpenPanel) -> None:
    panel.comparing.set_layout("wipe")
    divider = _divider(panel)
    middle = divider.rect().center()
    QTest.mousePress(divider, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(divider, middle - QPoint(_area(panel).width() // 4, 0))
    assert [_seen(panel, share).blue() for share in (0.2, 0.3, 0.8)] == [10, 200, 200]
    QTest.mouseMove(divider, middle + QPoint(5000, 0))
    QTest.mouseRelease(divider, Qt.MouseButton.LeftButton)
    assert divider.share == 1.0
    assert [_seen(panel, share).blue() for share in (0.2, 0.9)] == [10, 10]


def test_the_divider_moves_with_the_keys(panel: OpenPanel) -> None:
    panel.comparing.set_layout("wipe")
    divider = _divider(panel)
    divider.setFocus()
    for _ in range(10):
        QTest.keyClick(divider, Qt.Key.Key_Right)
    assert divider.share == pytest.approx(0.7)
    QTest.keyClick(divider, Qt.Key.Key_Left)
    assert divider.share == pytest.approx(0.68)


def test_the_divider_keeps_its_share_when_the_window_is_resized(panel: OpenPanel) -> None:
    panel.comparing.set_layout("wipe")
    panel.resize(900, 500)
    assert _divider(panel).line_px() == round(0.5 * _area(panel).width())
    assert [_seen(panel, share).blue() for share in (0.45, 0.55)] == [10, 200]


def test_over_the_denoised_half_mouse_and_wheel_move_both(panel: OpenPanel) -> None:
    panel.comparing.set_layout("wipe")
    area = _area(panel)
    right_half = QPoint(3 * area.width() // 4, area.height() // 2)
    beneath = area.childAt(right_half)
    assert beneath is panel.original().view.viewport()
    before = panel.view_range.scale
    panel.wheel(panel.original(), QPointF(right_half), 120)
    assert panel.view_range.scale == pytest.approx(1.25 * before)
    assert panel.original().view.shown_range() == panel.denoised().view.shown_range()


def test_blink_shows_the_other_picture_in_the_same_place(panel: OpenPanel) -> None:
    panel.comparing.toggle("blink")
    assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == [200, 200]
    place = panel.original().view.shown_range()
    panel.comparing.toggle("blink")
    assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == [10, 10]
    panel.comparing.toggle("blink")
    assert _seen(panel, 0.5).blue() == 200
    assert panel.original().view.shown_range() == panel.denoised().view.shown_range() == place


def test_the_difference_is_signed_enlarged_and_named(panel: OpenPanel, make_picture: Picture) -> None:
    weaker = make_picture(ORIGINAL, 1024, 768)
    weaker[..., 2] += 5
    weaker[..., 1] -= np.minimum(weaker[..., 1], np.uint8(7))
    panel.show_denoised("a/1.jpg", weaker, "Denoised · median")
    panel.comparing.toggle("difference")
    seen = _seen(panel, 0.5)
    assert (seen.red(), seen.green(), seen.blue()) == (128, 100, 148)
    assert panel.denoised().caption() == "Difference · median · 4 times, grey is unchanged"
    QTest.mouseMove(panel.original().view.viewport(), QPoint(300, 200))
    assert panel.denoised().readout().endswith("· 0 −7 +5")
    panel.comparing.toggle("difference")
    assert panel.denoised().caption() == "Denoised · median"


def test_the_difference_of_what_is_still_being_denoised_is_shown_part_by_part(
    panel: OpenPanel, make_picture: Picture
) -> None:
    panel.comparing.set_layout("difference")
    panel.show_original("a/2.jpg", make_picture(50, 1024, 500))
    panel.show_denoising("Denoised · non-local means")
    panel.show_denoised_part("a/2.jpg", make_picture(60, 1024, 500), Region(0, 0, 512, 500))
    panel.view_range.fit()
    left, right = _seen(panel, 0.3), _seen(panel, 0.7)
    assert (left.red(), left.blue()) == (128, 168)
    assert right.blue() < 100


def test_asked_for_again_wipe_and_difference_give_way_to_the_two(panel: OpenPanel) -> None:
    panel.comparing.set_layout("stacked")
    for name in ("wipe", "difference"):
        panel.comparing.toggle("wipe" if name == "wipe" else "difference")
        assert panel.denoised().geometry() == panel.original().geometry()
        panel.comparing.toggle("wipe" if name == "wipe" else "difference")
        assert panel.denoised().y() > panel.original().y()
        assert not _divider(panel).isVisible()


def test_only_an_arrangement_is_said_to_be_kept(panel: OpenPanel) -> None:
    kept: list[str] = []
    panel.comparing.layout_chosen.connect(kept.append)
    choice = next(one for one in panel.findChildren(SegmentedChoice) if one.accessibleName() == "Layout")
    for layout in (*EVERY_LAYOUT[1:], "auto"):
        QTest.mouseClick(choice.button(layout), Qt.MouseButton.LeftButton)
    assert kept == ["side_by_side", "stacked", "auto"]


def test_with_denoising_off_every_layout_shows_the_original_alone(panel: OpenPanel) -> None:
    for layout in EVERY_LAYOUT:
        panel.comparing.set_layout(layout)
        panel.set_denoiser(None)
        assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == [10, 10]
        assert not _divider(panel).isVisible()


def test_the_two_ranges_are_equal_to_the_last_bit_whatever_is_done(panel: OpenPanel) -> None:
    random = np.random.default_rng(3)
    original, denoised = panel.original(), panel.denoised()
    for layout, _round in itertools.product(EVERY_LAYOUT, range(12)):
        panel.comparing.set_layout(layout)
        panel.resize(int(random.integers(420, 1300)), int(random.integers(330, 900)))
        pane = (original, denoised)[int(random.integers(2))]
        at = QPointF(float(random.integers(300)), float(random.integers(200)))
        panel.wheel(pane, at, int(random.integers(-400, 400)))
        panel.view_range.pan(*random.normal(0, 90, 2).tolist())
        assert original.view.viewport().size() == denoised.view.viewport().size()
        assert original.view.shown_range() == denoised.view.shown_range()


def test_going_through_every_layout_and_size_and_back_ends_exactly_where_it_began(panel: OpenPanel) -> None:
    panel.comparing.set_layout("side_by_side")
    panel.wheel(panel.original(), QPointF(120, 90), 333)
    before = panel.original().view.shown_range()
    for layout, size in itertools.product(EVERY_LAYOUT, ((651, 433), (1290, 877), (433, 901))):
        panel.comparing.set_layout(layout)
        panel.resize(*size)
    panel.comparing.set_layout("side_by_side")
    panel.resize(700, 640)
    assert panel.original().view.shown_range() == panel.denoised().view.shown_range() == before


def test_on_a_screen_of_another_scaling_the_views_are_measured_anew(panel: OpenPanel, qtbot: QtBot) -> None:
    view = panel.original().view
    with qtbot.waitSignal(view.resized):
        QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
