"""The ways to compare original and denoised: beside each other, wiped, blinked, as difference."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear.images.denoise_settings import FIRST_SHOWN
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme.segmented_choice import SegmentedChoice
from desktop.gui.viewer.pane_area import PaneArea, Way
from desktop.gui.viewer.wipe_divider import WipeDivider

WAYS: tuple[Way, ...] = get_args(Way)

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

Picture = Callable[..., RgbImage]
MakePanel = Callable[[int], "OpenPanel"]
ORIGINAL, DENOISED = 10, 200


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
    panel.comparing.set_way("wipe")
    assert [_seen(panel, share).blue() for share in (0.2, 0.45, 0.55, 0.8)] == [10, 10, 200, 200]


def test_the_divider_follows_the_mouse_and_stops_at_the_edges(panel: OpenPanel) -> None:
    panel.comparing.set_way("wipe")
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
    panel.comparing.set_way("wipe")
    divider = _divider(panel)
    divider.setFocus()
    for _ in range(10):
        QTest.keyClick(divider, Qt.Key.Key_Right)
    assert divider.share == pytest.approx(0.7)
    QTest.keyClick(divider, Qt.Key.Key_Left)
    assert divider.share == pytest.approx(0.68)


def test_the_divider_keeps_its_share_when_the_window_is_resized(panel: OpenPanel) -> None:
    panel.comparing.set_way("wipe")
    panel.resize(900, 500)
    assert _divider(panel).line_px() == round(0.5 * _area(panel).width())
    assert [_seen(panel, share).blue() for share in (0.45, 0.55)] == [10, 200]


def test_over_the_denoised_half_mouse_and_wheel_move_both(panel: OpenPanel) -> None:
    panel.comparing.set_way("wipe")
    area = _area(panel)
    right_half = QPoint(3 * area.width() // 4, area.height() // 2)
    beneath = area.childAt(right_half)
    assert beneath is panel.original().view.viewport()
    before = panel.view_range.scale
    panel.wheel(panel.original(), QPointF(right_half), 120)
    assert panel.view_range.scale == pytest.approx(1.25 * before)
    assert panel.original().view.shown_range() == panel.denoised().view.shown_range()


def test_blink_shows_the_other_picture_in_the_same_place(panel: OpenPanel) -> None:
    panel.comparing.ask_for("blink")
    assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == [200, 200]
    place = panel.original().view.shown_range()
    panel.comparing.ask_for("blink")
    assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == [10, 10]
    panel.comparing.ask_for("blink")
    assert _seen(panel, 0.5).blue() == 200
    assert panel.original().view.shown_range() == panel.denoised().view.shown_range() == place


def test_the_difference_is_signed_enlarged_and_named(panel: OpenPanel, make_picture: Picture) -> None:
    weaker = make_picture(ORIGINAL, 1024, 768)
    weaker[..., 2] += 5
    weaker[..., 1] -= np.minimum(weaker[..., 1], np.uint8(7))
    panel.show_denoised("a/1.jpg", weaker, "Denoised · median")
    panel.comparing.ask_for("difference")
    seen = _seen(panel, 0.5)
    assert (seen.red(), seen.green(), seen.blue()) == (128, 100, 148)
    assert panel.denoised().caption() == "Difference · median · 4 times, grey is unchanged"
    QTest.mouseMove(panel.original().view.viewport(), QPoint(300, 200))
    assert panel.denoised().readout().endswith("· 0 −7 +5")
    panel.comparing.ask_for("difference")
    assert panel.denoised().caption() == "Denoised · median"


def test_the_difference_of_what_is_still_being_denoised_is_shown_part_by_part(
    panel: OpenPanel, make_picture: Picture
) -> None:
    panel.comparing.set_way("difference")
    panel.show_original("a/2.jpg", make_picture(50, 1024, 500))
    panel.show_denoising("Denoised · non-local means")
    panel.show_denoised_part("a/2.jpg", make_picture(60, 1024, 500), Region(0, 0, 512, 500))
    panel.view_range.fit()
    left, right = _seen(panel, 0.3), _seen(panel, 0.7)
    assert (left.red(), left.blue()) == (128, 168)
    assert (right.red(), right.blue()) == (128, 128)
    assert panel.denoised().busy() == "Denoising…"


def test_asked_for_again_wipe_and_difference_give_way_to_the_two(panel: OpenPanel) -> None:
    panel.comparing.set_arrangement("stacked")
    ways: tuple[Way, ...] = ("wipe", "difference")
    for way in ways:
        panel.comparing.ask_for(way)
        assert panel.denoised().geometry() == panel.original().geometry()
        panel.comparing.ask_for(way)
        assert panel.denoised().y() > panel.original().y()
        assert not _divider(panel).isVisible()


def test_compare_asked_for_again_lays_the_two_out_otherwise_and_back(panel: OpenPanel) -> None:
    kept: list[str] = []
    panel.comparing.arrangement_chosen.connect(kept.append)
    assert panel.denoised().y() > panel.original().y()
    panel.comparing.ask_for("compare")
    assert panel.denoised().x() > panel.original().x()
    panel.comparing.ask_for("compare")
    assert panel.denoised().y() > panel.original().y()
    assert kept == ["side_by_side", "auto"]


def test_each_way_is_said_to_be_kept_by_click_and_by_key_and_not_when_it_is_only_shown(
    panel: OpenPanel,
) -> None:
    kept: list[str] = []
    panel.comparing.way_chosen.connect(kept.append)
    choice = panel.findChildren(SegmentedChoice)[0]
    for way in WAYS:
        QTest.mouseClick(choice.button(way), Qt.MouseButton.LeftButton)
    panel.comparing.ask_for("compare")
    panel.comparing.set_way("wipe")
    assert kept == [*WAYS, "compare"]


def test_in_the_originals_way_it_is_alone_and_nothing_is_denoised(panel: OpenPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.denoised_wanted) as wanted:
        panel.comparing.ask_for("original")
    assert wanted.args == [None]
    assert panel.denoiser() is None
    assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == [ORIGINAL, ORIGINAL]
    assert panel.original().size() == _area(panel).size()


@pytest.mark.parametrize(
    ("way", "shown", "other"),
    [
        ("blink", [DENOISED, DENOISED], [ORIGINAL, ORIGINAL]),
        ("wipe", [ORIGINAL, DENOISED], [DENOISED, ORIGINAL]),
        ("compare", [ORIGINAL, DENOISED], [DENOISED, ORIGINAL]),
        ("difference", None, [ORIGINAL, ORIGINAL]),
    ],
)
def test_while_it_is_held_each_picture_stands_in_the_others_place(
    panel: OpenPanel, way: Way, shown: list[int] | None, other: list[int]
) -> None:
    panel.comparing.set_arrangement("side_by_side")
    panel.comparing.set_way(way)
    if shown is not None:
        assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == shown
    panel.comparing.show_other(True)
    assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == other
    panel.comparing.show_other(False)
    if shown is not None:
        assert [_seen(panel, share).blue() for share in (0.2, 0.8)] == shown


def test_over_the_original_alone_the_denoised_picture_is_made_while_it_is_held(
    panel: OpenPanel, make_picture: Picture
) -> None:
    wanted: list[object] = []
    panel.comparing.set_way("original")
    panel.denoised_wanted.connect(wanted.append)
    panel.comparing.show_other(True)
    panel.show_denoising("Denoised · median")
    # Until it is there, its original stands in for it.
    assert _seen(panel, 0.5).blue() == ORIGINAL
    panel.show_denoised("a/1.jpg", make_picture(DENOISED, 1024, 768), "Denoised · median")
    assert _seen(panel, 0.5).blue() == DENOISED
    panel.comparing.show_other(False)
    assert _seen(panel, 0.5).blue() == ORIGINAL
    assert wanted == [FIRST_SHOWN, None]


def test_over_the_wipes_line_the_wheel_zooms_the_picture(panel: OpenPanel) -> None:
    panel.comparing.set_way("wipe")
    divider, before = _divider(panel), panel.view_range.scale
    at = QPointF(divider.rect().center())
    event = QWheelEvent(
        at,
        divider.mapToGlobal(at),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(divider, event)
    assert panel.view_range.scale == pytest.approx(1.25 * before)


def test_no_line_and_no_other_pane_lie_over_a_message(panel: OpenPanel) -> None:
    panel.comparing.set_way("wipe")
    panel.show_error("a/2.jpg", "2.jpg is cut off.")
    assert not _divider(panel).isVisible()
    assert not panel.denoised().isVisible()
    assert panel.original().message() == "2.jpg is cut off."


def test_the_two_ranges_are_equal_to_the_last_bit_whatever_is_done(panel: OpenPanel) -> None:
    random = np.random.default_rng(3)
    original, denoised = panel.original(), panel.denoised()
    for way, _round in itertools.product(WAYS[1:], range(12)):
        panel.comparing.set_way(way)
        panel.resize(int(random.integers(420, 1300)), int(random.integers(330, 900)))
        pane = (original, denoised)[int(random.integers(2))]
        at = QPointF(float(random.integers(300)), float(random.integers(200)))
        panel.wheel(pane, at, int(random.integers(-400, 400)))
        panel.view_range.pan(*random.normal(0, 90, 2).tolist())
        assert original.view.viewport().size() == denoised.view.viewport().size()
        assert original.view.shown_range() == denoised.view.shown_range()


def test_going_through_every_layout_and_size_and_back_ends_exactly_where_it_began(panel: OpenPanel) -> None:
    panel.comparing.set_arrangement("side_by_side")
    panel.wheel(panel.original(), QPointF(120, 90), 333)
    before = panel.original().view.shown_range()
    for way, size in itertools.product(WAYS, ((651, 433), (1290, 877), (433, 901))):
        panel.comparing.set_way(way)
        panel.resize(*size)
    panel.comparing.set_way("compare")
    panel.resize(700, 640)
    assert panel.original().view.shown_range() == panel.denoised().view.shown_range() == before


def test_on_a_screen_of_another_scaling_the_views_are_measured_anew(panel: OpenPanel, qtbot: QtBot) -> None:
    view = panel.original().view
    with qtbot.waitSignal(view.resized):
        QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
