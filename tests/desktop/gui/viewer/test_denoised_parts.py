"""The denoised picture on its way: a preview, parts that are exact, and what can be read of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionGraphicsItem
from pytestqt.qtbot import QtBot

from bloodsmear.images.denoise_settings import DEFAULTS, DenoiseSettings
from bloodsmear.images.region import Region, tiles_of
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.viewer.denoised_pane import PATIENCE_MS, DenoisedPane
from desktop.gui.viewer.picture_item import PictureItem

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

Picture = Callable[..., RgbImage]
MakePanel = Callable[[int], "OpenPanel"]
LEFT_HALF = Region(0, 0, 160, 240)


@pytest.fixture
def panel(panel_of_width: MakePanel, make_picture: Picture) -> OpenPanel:
    """Shows an image of 320 × 240 that is being denoised."""
    panel = panel_of_width(800)
    panel.comparing.set_arrangement("side_by_side")
    panel.show_original("a/1.jpg", make_picture(10))
    panel.show_denoising("Denoised · non-local means")
    return panel


def _seen(pane: DenoisedPane, x: float, y: float) -> QColor:
    """What the screen shows of a place of the image (px)."""
    view = pane.view
    shown = view.viewport().size()
    left, top, right, _bottom = view.shown_range()
    scale = shown.width() / (right - left)
    at = QPointF((x + 0.5 - left) * scale, (y + 0.5 - top) * scale).toPoint()
    colour: QColor = view.grab().toImage().pixelColor(at)
    return colour


def test_a_part_is_shown_at_once_over_the_original(panel: OpenPanel, make_picture: Picture) -> None:
    panel.show_denoised_part("a/1.jpg", make_picture(250), LEFT_HALF)
    pane = panel.denoised()
    assert pane.busy() == "Denoising…"
    assert _seen(pane, 80, 120).blue() == 250
    assert _seen(pane, 240, 120).blue() < 60


def test_a_preview_is_named_as_one_and_leaves_what_is_exact(panel: OpenPanel, make_picture: Picture) -> None:
    pane = panel.denoised()
    panel.show_denoised_part("a/1.jpg", make_picture(250), LEFT_HALF)
    panel.show_preview("a/1.jpg", make_picture(150))
    assert pane.busy() == "Preview · denoising…"
    assert (_seen(pane, 80, 120).blue(), _seen(pane, 240, 120).blue()) == (250, 150)
    panel.show_denoised("a/1.jpg", make_picture(250), "Denoised · non-local means")
    assert pane.busy() == ""
    assert _seen(pane, 240, 120).blue() == 250


def test_only_what_is_exact_can_be_read(panel: OpenPanel, make_picture: Picture) -> None:
    panel.show_preview("a/1.jpg", make_picture(150))
    panel.show_denoised_part("a/1.jpg", make_picture(250), LEFT_HALF)
    pane = panel.denoised()
    view = pane.view
    middle = view.viewport().rect().center()
    place = view.image_position(QPointF(middle))
    assert 155 < place.x() < 165
    exact, not_yet = middle.x() - 30, middle.x() + 30
    QTest.mouseMove(view.viewport(), middle.__class__(exact, middle.y()))
    assert pane.readout().endswith(" 250")
    QTest.mouseMove(view.viewport(), middle.__class__(not_yet, middle.y()))
    assert pane.readout() == ""


def test_parts_of_another_image_are_dropped(panel: OpenPanel, make_picture: Picture) -> None:
    panel.show_denoised_part("a/9.jpg", make_picture(250), LEFT_HALF)
    panel.show_preview("a/9.jpg", make_picture(250))
    assert _seen(panel.denoised(), 80, 120).blue() < 60


def test_another_strength_leaves_the_picture_until_the_new_one_covers_it(
    panel: OpenPanel, make_picture: Picture, qtbot: QtBot
) -> None:
    pane = panel.denoised()
    panel.show_denoised("a/1.jpg", make_picture(200), "Denoised · non-local means")
    panel.show_denoising("Denoised · non-local means, h 12")
    qtbot.wait(PATIENCE_MS + 60)
    assert (pane.caption(), pane.busy()) == ("Denoised · non-local means, h 12", "Denoising…")
    assert _seen(pane, 80, 120).blue() == 200
    panel.show_denoised_part("a/1.jpg", make_picture(250), LEFT_HALF)
    assert (_seen(pane, 80, 120).blue(), _seen(pane, 240, 120).blue()) == (250, 200)


def test_the_views_say_what_is_looked_at(panel: OpenPanel, make_picture: Picture, qtbot: QtBot) -> None:
    looked_at: list[Region] = []
    panel.looked_at.connect(looked_at.append)
    panel.show_original("a/2.jpg", make_picture(10))
    assert looked_at[-1] == Region(0, 0, 320, 240)
    for _ in range(12):
        panel.view_range.zoom_in()
    closer = looked_at[-1]
    assert closer.width_px < 60
    assert abs(closer.left_px + closer.width_px / 2 - 160) <= 1
    view = panel.denoised().view
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert looked_at[-1].left_px > closer.left_px


@pytest.mark.parametrize("size", [(1024, 768), (515, 301)])
def test_a_picture_put_together_of_tiles_is_painted_as_the_whole(size: tuple[int, int]) -> None:
    width, height = size
    noise = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    for scale in (1.0, 0.37, 0.2):
        whole, tiled = PictureItem(), PictureItem()
        whole.set_pixels(noise)
        tiled.set_pixels(255 - noise)
        _painted(tiled, size, scale)  # the smaller ones are there already
        for tile in tiles_of(width, height):
            tiled.put(noise[tile.slices()], tile)
        assert _painted(tiled, size, scale) == _painted(whole, size, scale)


def test_a_part_that_is_replaced_in_a_shared_picture_leaves_the_other_view_as_it_was() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (96, 128, 3), np.uint8)
    original, shares = PictureItem(), PictureItem()
    original.set_pixels(noise)
    before = [_painted(original, (128, 96), scale) for scale in (1.0, 0.2)]
    shares.share(original)
    assert [_painted(shares, (128, 96), scale) for scale in (1.0, 0.2)] == before
    shares.put(255 - noise[:, :64], Region(0, 0, 64, 96))
    assert [_painted(original, (128, 96), scale) for scale in (1.0, 0.2)] == before
    assert _painted(shares, (128, 96), 1.0) != before[0]


def _painted(item: PictureItem, size: tuple[int, int], scale: float) -> QImage:
    image = QImage(round(size[0] * scale), round(size[1] * scale), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(scale, scale)
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    assert item.boundingRect() == QRectF(0, 0, *size)
    return image


def _list(panel: OpenPanel, name: str) -> DropDown:
    return next(each for each in panel.findChildren(DropDown) if each.accessibleName() == name)


def _choose(panel: OpenPanel, name: str, text: str) -> None:
    """As a reader does: the list is opened, and the entry is activated."""
    field = _list(panel, name)
    field.setCurrentIndex(field.findText(text))
    field.activated.emit(field.currentIndex())


def test_the_strengths_are_named_with_their_figure_for_each_denoiser(panel: OpenPanel) -> None:
    seen = {}
    for denoiser in ("Gaussian", "Median", "Non-local"):
        _choose(panel, "Denoiser", denoiser)
        strengths = _list(panel, "Strength")
        seen[denoiser] = [strengths.itemText(index) for index in range(strengths.count())]
    assert seen == {
        "Gaussian": ["Gentle, 3 px", "Reference, 5 px"],
        "Median": ["Gentle, 3 px", "Reference, 5 px"],
        "Non-local": ["Gentle, h 1", "Medium, h 3", "Reference, h 10"],
    }


def test_another_denoiser_keeps_the_strength_where_it_has_it_and_is_gentle_else(panel: OpenPanel) -> None:
    chosen: list[DenoiseSettings] = []
    panel.denoiser_chosen.connect(chosen.append)
    _choose(panel, "Denoiser", "Non-local")
    _choose(panel, "Strength", "Medium, h 3")
    _choose(panel, "Denoiser", "Median")
    _choose(panel, "Strength", "Reference, 5 px")
    _choose(panel, "Denoiser", "Non-local")
    assert chosen == [
        DenoiseSettings("non_local_means", 1),
        DenoiseSettings("non_local_means", 3),
        DenoiseSettings("median", 3),
        DEFAULTS["median"],
        DEFAULTS["non_local_means"],
    ]


def test_the_original_alone_leaves_nothing_to_choose(panel: OpenPanel) -> None:
    panel.comparing.ask_for("original")
    assert not _list(panel, "Strength").isVisible()
    panel.comparing.ask_for("compare")
    assert _list(panel, "Strength").isVisible()
