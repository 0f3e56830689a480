"""The panel of the views as the main window uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import qGray
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.images.denoise_settings import DEFAULTS
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.viewer.denoised_pane import PATIENCE_MS
from desktop.gui.viewer.pane_area import Arrangement
from desktop.gui.viewer.picture_pane import PicturePane

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

Picture = Callable[..., RgbImage]
MakePanel = Callable[[int], "OpenPanel"]
CAPTION = "Denoised · non-local means"


@pytest.fixture
def panel(panel_of_width: MakePanel) -> OpenPanel:
    """The panel, shown, without a picture."""
    return panel_of_width(800)


@pytest.fixture
def both(panel: OpenPanel, make_picture: Picture) -> OpenPanel:
    """The panel with a picture and its denoised one."""
    panel.show_original("a/1.jpg", make_picture(10))
    panel.show_denoised("a/1.jpg", make_picture(20), CAPTION)
    return panel


def _blue(pane: PicturePane) -> int | None:
    """The value that `make_picture` was given, of the picture that a pane shows."""
    return None if pane.pixels is None else int(pane.pixels[0, 0, 2])


def _button(panel: OpenPanel, text: str) -> QPushButton:
    return next(button for button in panel.findChildren(QPushButton) if button.text() == text)


def _middle(pane: PicturePane) -> QPoint:
    """The middle of a view, where there always is picture."""
    middle: QPoint = pane.view.viewport().rect().center()
    return middle


def _greys(pane: PicturePane) -> npt.NDArray[np.float64]:
    """How bright the middle of a view is on the screen, point by point."""
    seen = pane.view.grab().toImage()
    middle = _middle(pane)
    points = [(middle.x() + x, middle.y() + y) for x in range(-40, 41, 4) for y in range(-30, 31, 4)]
    return np.array([qGray(seen.pixel(x, y)) for x, y in points], np.float64)


def _wait_longer_than_patience(qtbot: QtBot) -> None:
    qtbot.wait(PATIENCE_MS + 60)


def test_without_an_image_it_says_so(panel: OpenPanel) -> None:
    assert panel.original().message() == "Open a folder of smear images, or drop one onto this window."
    assert not _button(panel, "Fit").isEnabled()


def test_original_and_denoised_are_shown_with_their_captions(both: OpenPanel) -> None:
    assert (_blue(both.original()), both.original().caption()) == (10, "Original")
    assert (_blue(both.denoised()), both.denoised().caption()) == (20, CAPTION)
    assert both.denoised().isVisible()


def test_both_views_show_the_same_range_through_zooming_panning_and_resizes(both: OpenPanel) -> None:
    original, denoised = both.original(), both.denoised()
    both.wheel(original, QPointF(100, 90), 360)
    for step, (width_px, height_px) in enumerate([(700, 500), (1203, 401), (455, 777), (931, 640)] * 5):
        both.resize(width_px, height_px)
        pane = (original, denoised)[step % 2]
        both.wheel(pane, QPointF(20 + 3 * step, 40), 60 if step % 3 else -60)
        QTest.keyClick(pane.view, Qt.Key.Key_Right)
        assert original.view.shown_range() == pytest.approx(denoised.view.shown_range(), abs=1e-9)


def test_a_resize_there_and_back_leaves_the_zoomed_range_as_it_was(both: OpenPanel) -> None:
    both.wheel(both.original(), QPointF(150, 120), 600)
    before = both.original().view.shown_range()
    for size in [(700, 500), (811, 641), (500, 800)] * 10:
        both.resize(*size)
    both.resize(800, 640)
    assert both.original().view.shown_range() == pytest.approx(before, abs=1e-9)


def test_pixels_stay_square_in_every_layout(both: OpenPanel) -> None:
    arrangements: tuple[Arrangement, ...] = ("auto", "side_by_side", "stacked")
    for arrangement in arrangements:
        both.comparing.set_arrangement(arrangement)
        for pane in (both.original(), both.denoised()):
            left, top, right, bottom = pane.view.shown_range()
            size = pane.view.viewport().size()
            assert (right - left) / size.width() == pytest.approx((bottom - top) / size.height())


def test_the_wheel_zooms_to_the_cursor(both: OpenPanel) -> None:
    view = both.original().view
    both.wheel(both.original(), QPointF(100, 100), 480)
    before = view.image_position(QPointF(140, 110))
    both.wheel(both.original(), QPointF(140, 110), 240)
    after = view.image_position(QPointF(140, 110))
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))


def test_dragging_moves_the_picture_with_the_cursor(both: OpenPanel) -> None:
    view = both.original().view
    both.wheel(both.original(), QPointF(150, 120), 600)
    start = _middle(both.original())
    end = start - QPoint(15, 7)  # away from the picture's left edge, where a drag ends
    before = view.image_position(QPointF(start))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    after = view.image_position(QPointF(end))
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))


def test_the_zoom_is_kept_when_an_image_of_the_same_size_comes(
    both: OpenPanel, make_picture: Picture
) -> None:
    both.wheel(both.original(), QPointF(150, 120), 600)
    before = both.original().view.shown_range()
    both.show_loading("a/2.jpg")
    both.show_original("a/2.jpg", make_picture(30))
    assert both.original().view.shown_range() == before


def test_an_image_of_another_size_is_fitted(both: OpenPanel, make_picture: Picture) -> None:
    both.wheel(both.original(), QPointF(150, 120), 600)
    both.show_original("a/2.jpg", make_picture(30, 500, 100))
    left, _top, right, _bottom = both.original().view.shown_range()
    assert right - left > 499.999


def test_the_buttons_zoom(both: OpenPanel, qtbot: QtBot) -> None:
    view = both.original().view
    fitted = view.shown_range()
    for text in ("1:1", "+", "+", "–"):
        QTest.mouseClick(_button(both, text), Qt.MouseButton.LeftButton)
    left, _top, right, _bottom = view.shown_range()
    assert (right - left) == pytest.approx(view.viewport().width() / 1.25)
    QTest.mouseClick(_button(both, "Fit"), Qt.MouseButton.LeftButton)
    assert view.shown_range() == pytest.approx(fitted)


def test_the_keys_zoom_and_leave_other_keys_to_the_window(both: OpenPanel) -> None:
    view = both.original().view
    fitted = view.shown_range()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Down):
        QTest.keyClick(view, key)
    assert view.shown_range() != fitted
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.shown_range() == pytest.approx(fitted)


def test_the_pixel_under_the_cursor_is_read_in_both_pictures(both: OpenPanel) -> None:
    view = both.original().view
    both.view_range.one_to_one()
    at = _middle(both.original())
    place = view.image_position(QPointF(at))
    QTest.mouseMove(view.viewport(), at)
    column, row = int(place.x()), int(place.y())
    assert both.original().readout() == f"x {column} y {row} · {column % 256} {row} 10"
    assert both.denoised().readout() == f"x {column} y {row} · {column % 256} {row} 20"


def test_beside_the_picture_nothing_is_read(both: OpenPanel) -> None:
    QTest.mouseMove(both.original().view.viewport(), QPoint(1, 1))
    assert both.original().readout() == ""


def test_of_the_image_before_nothing_stays_but_an_even_grey_as_bright_as_it_was(
    both: OpenPanel, make_picture: Picture
) -> None:
    stood = [_greys(pane).mean() for pane in (both.original(), both.denoised())]
    both.show_loading("a/2.jpg")
    for pane, before in zip((both.original(), both.denoised()), stood, strict=True):
        grey = _greys(pane)
        assert np.ptp(grey) == 0
        assert grey.mean() == pytest.approx(before, abs=24)
        assert (pane.pixels, pane.message(), pane.busy(), pane.readout()) == (None, "", "", "")
    both.show_original("a/2.jpg", make_picture(30))
    assert _blue(both.original()) == 30


def test_the_sentence_of_an_image_that_cannot_be_read_goes_with_it(both: OpenPanel) -> None:
    both.show_error("a/1.jpg", "This file is damaged.")
    both.show_loading("a/2.jpg")
    assert (both.original().message(), both.original().pixels) == ("", None)


def test_an_image_that_takes_long_says_that_it_is_being_read(
    both: OpenPanel, make_picture: Picture, qtbot: QtBot
) -> None:
    both.show_loading("a/2.jpg")
    _wait_longer_than_patience(qtbot)
    assert both.original().busy() == "Reading 2.jpg…"
    assert both.denoised().pixels is None
    both.show_original("a/2.jpg", make_picture(30))
    assert both.original().busy() == ""


def test_the_first_image_that_takes_long_says_so_in_the_middle(panel: OpenPanel, qtbot: QtBot) -> None:
    panel.show_loading("a/1.jpg")
    _wait_longer_than_patience(qtbot)
    assert (panel.original().message(), panel.original().busy()) == ("Reading 1.jpg…", "")


def test_while_denoising_the_original_stands_in_as_it_is_without_moving(
    both: OpenPanel, make_picture: Picture, qtbot: QtBot
) -> None:
    place = both.denoised().geometry()
    both.show_original("a/2.jpg", make_picture(30))
    both.show_denoising(CAPTION)
    # At once: of the image before nothing stays beside it.
    assert _blue(both.denoised()) == 30
    shown = both.denoised().view.grab().toImage()
    assert shown.pixelColor(_middle(both.denoised())) == both.original().view.grab().toImage().pixelColor(
        _middle(both.original())
    )
    _wait_longer_than_patience(qtbot)
    assert both.denoised().busy() == "Not denoised yet…"
    assert both.denoised().geometry() == place
    both.show_denoised("a/2.jpg", make_picture(40), CAPTION)
    assert (both.denoised().busy(), _blue(both.denoised())) == ("", 40)


def test_a_quick_denoiser_says_nothing_in_between(
    both: OpenPanel, make_picture: Picture, qtbot: QtBot
) -> None:
    both.show_original("a/2.jpg", make_picture(30))
    both.show_denoising("Denoised · median")
    assert both.denoised().busy() == ""
    both.show_denoised("a/2.jpg", make_picture(40), "Denoised · median")
    _wait_longer_than_patience(qtbot)
    assert (both.denoised().busy(), _blue(both.denoised())) == ("", 40)


def test_of_what_is_not_denoised_yet_nothing_can_be_read(both: OpenPanel, make_picture: Picture) -> None:
    both.show_original("a/2.jpg", make_picture(30))
    QTest.mouseMove(both.original().view.viewport(), _middle(both.original()))
    assert both.original().readout().endswith(" 30")
    assert both.denoised().readout() == ""


def test_the_denoised_picture_of_another_image_is_dropped(both: OpenPanel, make_picture: Picture) -> None:
    both.show_original("a/2.jpg", make_picture(30))
    both.show_denoised("a/1.jpg", make_picture(99), CAPTION)
    assert _blue(both.denoised()) != 99


def test_a_denoised_picture_that_comes_while_the_next_image_loads_is_dropped(
    both: OpenPanel, make_picture: Picture
) -> None:
    both.show_loading("a/2.jpg")
    both.show_denoised("a/2.jpg", make_picture(99), CAPTION)
    assert _blue(both.denoised()) is None


def test_the_denoised_picture_of_another_size_never_stands_beside_the_next_image(
    both: OpenPanel, make_picture: Picture
) -> None:
    both.show_original("a/2.jpg", make_picture(30, 400, 400))
    assert _blue(both.denoised()) == 30


def test_a_denoise_that_failed_says_so_in_place_of_the_picture(
    both: OpenPanel, make_picture: Picture
) -> None:
    both.show_original("a/2.jpg", make_picture(40))
    both.show_denoising(CAPTION)
    both.show_denoising_failed("The image is too large to denoise.")
    denoised = both.denoised()
    assert denoised.message() == "The image is too large to denoise."
    assert denoised.busy() == ""
    assert denoised.pixels is None
    assert _blue(both.original()) == 40
    both.show_denoised("a/2.jpg", make_picture(50), CAPTION)
    assert denoised.message() == ""
    assert _blue(denoised) == 50


def test_settings_are_shown_without_being_emitted(both: OpenPanel) -> None:
    emitted: list[object] = []
    both.denoiser_chosen.connect(emitted.append)
    both.comparing.arrangement_chosen.connect(emitted.append)
    both.comparing.way_chosen.connect(emitted.append)
    both.set_denoiser(DEFAULTS["gaussian"])
    both.comparing.set_arrangement("stacked")
    both.comparing.set_way("blink")
    assert both.denoiser() == DEFAULTS["gaussian"]
    assert emitted == []


def test_an_unreadable_image_shows_its_sentence_and_no_old_picture(both: OpenPanel) -> None:
    both.show_error("a/2.jpg", "Cannot read a/2.jpg: the file is cut off.")
    assert both.original().message() == "Cannot read a/2.jpg: the file is cut off."
    assert both.original().pixels is None
    assert both.denoised().pixels is None
    assert not _button(both, "Fit").isEnabled()


def test_what_is_shown_on_the_screen_is_the_picture(both: OpenPanel, make_picture: Picture) -> None:
    both.view_range.one_to_one()
    view = both.original().view
    at = _middle(both.original())
    place = view.image_position(QPointF(at) + QPointF(0.5, 0.5))
    seen = view.grab().toImage().pixelColor(at)
    assert abs(seen.red() - int(place.x()) % 256) <= 2
    assert abs(seen.green() - int(place.y())) <= 2
    assert seen.blue() == 10


def test_every_control_can_be_reached_by_tab_and_has_a_name(both: OpenPanel) -> None:
    for button in both.findChildren(QPushButton):
        # Of a segmented choice Tab reaches the chosen one; the arrows go on from there.
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus or not button.isChecked()
        assert button.focusPolicy() != Qt.FocusPolicy.NoFocus
        assert button.accessibleName()
    assert both.original().view.accessibleName() == "Original picture"
    assert both.denoised().view.accessibleName() == "Denoised picture"
