"""The program's own scale bar over the views, and the ruler: right at every zoom, and never of another image."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale import length_words
from desktop.gui.viewer.pane_area import Way
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.ruler import Ruler
from desktop.gui.viewer.scale_bar import ScaleBar

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

MakePanel = Callable[[int], "OpenPanel"]
MakePicture = Callable[..., RgbImage]


WAYS: tuple[Way, ...] = ("original", "compare", "wipe", "blink", "difference")


def bar_of(pane: PicturePane) -> ScaleBar:
    return pane.findChildren(ScaleBar)[0]


def drawn_px(bar: ScaleBar) -> int:
    """How many columns of the bar's lowest lines are ink."""
    image = bar.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = [[image.pixelColor(x, y).value() for x in range(image.width())] for y in range(image.height())]
    return max(sum(value > 128 for value in row) for row in rows[-8:])


def length_um(bar: ScaleBar) -> float:
    number, unit = bar.words().split(" ")
    assert unit == "µm"
    return float(number)


@pytest.fixture
def panel(panel_of_width: MakePanel, make_picture: MakePicture) -> OpenPanel:
    """Shows the image `a`, 320 × 240 px, with a scale of 0.25 µm."""
    made = panel_of_width(1000)
    made.show_original("a", make_picture())
    made.show_scale("a", 0.25)
    return made


@pytest.mark.parametrize("way", WAYS)
def test_the_bar_has_the_length_that_it_says_at_every_zoom_and_in_every_way(
    panel: OpenPanel, way: Way
) -> None:
    panel.comparing.set_way(way)
    for _ in range(12):
        for pane in (panel.original(), panel.denoised()):
            bar = bar_of(pane)
            if pane.isVisible() and bar.isVisible():
                expected_px = length_um(bar) / 0.25 * panel.view_range.scale
                assert drawn_px(bar) == pytest.approx(expected_px, abs=1.5)
                assert 20 < expected_px <= 181
        assert bar_of(panel.original()).isVisible()
        panel.view_range.zoom_in()


def test_the_bar_lies_over_no_caption_and_no_values(panel: OpenPanel) -> None:
    for way in WAYS:
        for width_px in (1000, 500, 330):
            panel.resize(width_px, 640)
            panel.comparing.set_way(way)
            for pane in (panel.original(), panel.denoised()):
                pane.set_readout("x 100 y 100 · 100 100 100")
                if (bar := bar_of(pane)).isVisible():
                    chips = [chip for chip in pane.findChildren(QLabel) if chip.isVisible()]
                    assert not any(chip.geometry().intersects(bar.geometry()) for chip in chips)


def test_without_a_scale_there_is_no_bar(panel: OpenPanel) -> None:
    panel.show_scale("a", None)

    assert not bar_of(panel.original()).isVisible()


def test_the_bar_of_an_image_goes_when_another_is_chosen(panel: OpenPanel, make_picture: MakePicture) -> None:
    panel.show_loading("b")
    assert not bar_of(panel.original()).isVisible()
    assert not bar_of(panel.denoised()).isVisible()

    panel.show_original("b", make_picture(9))
    panel.show_scale("a", 0.25)

    assert not bar_of(panel.original()).isVisible()


def test_an_image_that_cannot_be_read_has_no_bar_of_the_one_before(panel: OpenPanel) -> None:
    panel.show_error("b", "It is damaged.")

    assert not bar_of(panel.original()).isVisible()


def draw(panel: OpenPanel, begin: QPoint, end: QPoint) -> None:
    viewport = panel.original().view.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def test_a_line_is_measured_in_micrometres_whatever_the_zoom(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    panel.ruler.toggle("line")
    middle = panel.original().view.viewport().rect().center()

    draw(panel, middle, middle + QPoint(60, 80))
    length_px = panel.ruler.length_px or 0.0
    assert length_px == pytest.approx(100 / panel.view_range.scale, rel=0.02)
    assert panel.ruler.words() == length_words(length_px, 0.25)

    panel.view_range.zoom_in()
    assert panel.ruler.length_px == length_px


def test_a_circle_is_told_by_its_diameter_and_in_pixels_without_a_scale(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    panel.show_scale("a", None)
    panel.ruler.toggle("circle")
    middle = panel.original().view.viewport().rect().center()

    draw(panel, middle, middle + QPoint(50, 0))

    assert panel.ruler.words() == f"⌀ {panel.ruler.length_px:.1f} px"


def test_what_is_measured_is_seen_on_the_view(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    viewport = panel.original().view.viewport()
    before = viewport.grab().toImage()
    panel.ruler.toggle("line")
    middle = viewport.rect().center()

    draw(panel, middle, middle + QPoint(60, 0))

    after = viewport.grab().toImage()
    assert after.pixelColor(middle + QPoint(30, 0)).lightness() > 180
    assert before.pixelColor(middle + QPoint(30, 0)).lightness() < 180


def test_a_line_out_of_view_leaves_no_words_at_the_edge(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    viewport = panel.original().view.viewport()
    panel.ruler.toggle("line")
    panel.view_range.zoom(8)
    before = viewport.grab().toImage()
    panel.view_range.fit()
    corner = viewport.rect().center() + QPoint(150, 150)

    draw(panel, corner, corner + QPoint(40, 0))
    panel.view_range.zoom(8)

    assert viewport.grab().toImage() == before


@pytest.mark.parametrize("end_y", [5, 295])
def test_the_words_of_the_ruler_stay_clear_of_the_chips_at_the_edges(qapp: QApplication, end_y: int) -> None:
    owner = QObject()
    ruler = Ruler(owner)
    ruler.toggle("line")
    ruler.begin(QPointF(200, 150))
    ruler.move(QPointF(200, end_y))
    view = QImage(400, 300, QImage.Format.Format_RGB32)
    view.fill(Qt.GlobalColor.white)
    painter = QPainter(view)
    ruler.paint(painter, lambda at: at, QRectF(view.rect()))
    painter.end()

    beside = range(215, 400)
    written = [y for y in range(300) if any(view.pixelColor(x, y) != Qt.GlobalColor.white for x in beside)]
    assert written
    assert min(written) >= 38
    assert max(written) <= 300 - 38


def test_the_ruler_does_not_move_the_picture_and_escape_leaves_it(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    panel.view_range.one_to_one()
    panel.view_range.zoom(8)
    shown = panel.original().view.shown_range()
    panel.ruler.toggle("line")
    middle = panel.original().view.viewport().rect().center()
    draw(panel, middle, middle + QPoint(60, 0))
    np.testing.assert_allclose(panel.original().view.shown_range(), shown)

    QTest.keyClick(panel.original().view, Qt.Key.Key_Escape)

    assert panel.ruler.kind is None
    assert panel.ruler.words() == ""
    draw(panel, middle, middle + QPoint(60, 0))
    assert panel.original().view.shown_range() != pytest.approx(shown)


def test_a_line_of_an_image_goes_when_another_is_chosen(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    panel.ruler.toggle("line")
    middle = panel.original().view.viewport().rect().center()
    draw(panel, middle, middle + QPoint(60, 0))

    panel.show_loading("b")

    assert panel.ruler.length_px is None
    assert panel.ruler.kind == "line"


def test_a_click_without_a_move_draws_nothing(panel: OpenPanel) -> None:
    panel.comparing.set_way("original")
    panel.ruler.toggle("line")
    middle = panel.original().view.viewport().rect().center()

    draw(panel, middle, middle)

    assert panel.ruler.length_px is None
