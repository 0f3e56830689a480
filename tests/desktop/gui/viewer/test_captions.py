"""The chips over a picture: what a strength does to it is said wherever there is room for a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from bloodsmear.images.denoise_settings import STRENGTHS
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.viewer.denoiser_choice import TAKES_DETAIL
from desktop.gui.viewer.pane_area import Way
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.wipe_divider import WipeDivider

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

MakePanel = Callable[[int], "OpenPanel"]
GENTLE, STRONG = STRENGTHS["gaussian"]["gentle"], STRENGTHS["non_local_means"]["reference"]
CAPTION = "Denoised · non-local means, h 10"


def chips(pane: PicturePane) -> list[QLabel]:
    """Those that are seen whole: nothing of them lies beyond the pane or under its mask."""
    seen = pane.rect() if pane.mask().isEmpty() else pane.mask().boundingRect()
    return [chip for chip in pane.findChildren(QLabel) if chip.isVisible() and seen.contains(chip.geometry())]


@pytest.mark.parametrize("width_px", [330, 420, 800, 1600])
@pytest.mark.parametrize("way", ["compare", "wipe", "difference"])
def test_that_detail_is_taken_away_is_never_cut(
    width_px: int, way: Way, panel_of_width: MakePanel, make_picture: Callable[..., RgbImage]
) -> None:
    panel = panel_of_width(width_px)
    panel.comparing.set_way(way)
    panel.comparing.set_arrangement("side_by_side")
    panel.set_denoiser(STRONG)
    panel.show_original("a/1.jpg", make_picture(10))
    panel.show_denoised("a/1.jpg", make_picture(20), CAPTION)
    pane = panel.denoised()
    assert pane.warning() == TAKES_DETAIL
    seen = chips(pane)
    assert TAKES_DETAIL in [chip.text() for chip in seen]
    caption = next(chip for chip in seen if chip.text() not in (TAKES_DETAIL, ""))
    assert caption.text()[:3] == pane.caption()[:3]
    assert not any(
        one.geometry().intersects(other.geometry()) for one in seen for other in seen if one is not other
    )


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right])
@pytest.mark.parametrize("other_held", [False, True])
def test_wherever_the_line_of_the_wipe_stands_no_chip_is_cut_by_it(
    other_held: bool, key: Qt.Key, panel_of_width: MakePanel, make_picture: Callable[..., RgbImage]
) -> None:
    panel = panel_of_width(800)
    panel.comparing.set_way("wipe")
    panel.set_denoiser(STRONG)
    panel.show_original("a/1.jpg", make_picture(10))
    panel.show_denoised("a/1.jpg", make_picture(20), CAPTION)
    panel.comparing.show_other(other_held)
    divider = panel.findChildren(WipeDivider)[0]
    shown: set[str] = set()
    for _ in range(26):
        line_px, width_px, height_px = divider.line_px(), panel.original().width(), panel.original().height()
        left, right = QRect(0, 0, line_px, height_px), QRect(line_px, 0, width_px - line_px, height_px)
        for pane, seen in zip(
            (panel.original(), panel.denoised()), (right, left) if other_held else (left, right), strict=True
        ):
            for chip in pane.findChildren(QLabel):
                if chip.isVisible():
                    assert seen.contains(chip.geometry()), (chip.text(), line_px)
                    assert chip.text().split(" ")[0] in ("Original", "Denoised", "takes")
                    shown.add(chip.text())
        QTest.keyClick(divider, key)
    assert divider.line_px() in (0, panel.original().width())
    assert {"Original", CAPTION, TAKES_DETAIL} <= shown


def test_a_gentle_strength_says_nothing_of_it(
    panel_of_width: MakePanel, make_picture: Callable[..., RgbImage]
) -> None:
    panel = panel_of_width(800)
    panel.set_denoiser(STRONG)
    panel.show_original("a/1.jpg", make_picture(10))
    panel.show_denoised("a/1.jpg", make_picture(20), CAPTION)
    panel.set_denoiser(GENTLE)
    assert panel.denoised().warning() == ""
    panel.set_denoiser(STRONG)
    panel.show_error("a/2.jpg", "This file is damaged.")
    assert panel.denoised().warning() == ""
