"""The range: pure arithmetic."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from desktop.gui.viewer.view_range import LARGEST_SCALE, ViewRange


@pytest.fixture
def view_range() -> ViewRange:
    """An image of 1024 × 768 in views of 400 × 400."""
    view_range = ViewRange()
    view_range.set_view_size(400, 400)
    view_range.set_image_size(1024, 768)
    return view_range


def _at(view_range: ViewRange, x_px: float, y_px: float) -> QPointF:
    """What lies at a place of a view of 400 × 400 (image px)."""
    return view_range.shown(400, 400).topLeft() + QPointF(x_px, y_px) / view_range.scale


def test_a_new_image_is_fitted(view_range: ViewRange) -> None:
    shown = view_range.shown(400, 400)
    assert view_range.fitted
    assert (shown.left(), shown.width()) == (0, 1024)
    assert shown.center().toTuple() == (512, 384)


def test_a_fitted_image_stays_whole_when_the_views_are_resized(view_range: ViewRange) -> None:
    view_range.set_view_size(1000, 200)
    assert view_range.shown(1000, 200).height() == pytest.approx(768)


def test_a_zoomed_image_keeps_scale_and_centre_when_the_views_are_resized(view_range: ViewRange) -> None:
    view_range.zoom(4)
    before = (view_range.scale, view_range.shown(400, 400).center())
    view_range.set_view_size(300, 500)
    view_range.set_view_size(400, 400)
    assert (view_range.scale, view_range.shown(400, 400).center()) == before


def test_zooming_holds_what_lies_under_the_cursor(view_range: ViewRange) -> None:
    view_range.zoom(3)
    before = _at(view_range, 330, 120)
    view_range.zoom(1.7, QPointF(330 - 200, 120 - 200))
    after = _at(view_range, 330, 120)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))


def test_an_image_of_the_same_size_keeps_the_zoom(view_range: ViewRange) -> None:
    view_range.zoom(5)
    scale = view_range.scale
    view_range.set_image_size(1024, 768)
    assert view_range.scale == scale
    view_range.set_image_size(640, 480)
    assert view_range.fitted


def test_zooming_out_ends_at_the_whole_image(view_range: ViewRange) -> None:
    view_range.zoom(3)
    for _ in range(9):
        view_range.zoom(0.7)
    assert view_range.fitted
    assert view_range.shown(400, 400).width() == pytest.approx(1024)


def test_zooming_in_ends_at_the_closest_look(view_range: ViewRange) -> None:
    for _ in range(40):
        view_range.zoom(2)
    assert view_range.scale == LARGEST_SCALE


def test_an_image_cannot_be_dragged_out_of_the_view(view_range: ViewRange) -> None:
    view_range.zoom(4)
    view_range.pan(1e6, 1e6)
    assert view_range.shown(400, 400).topLeft().toTuple() == pytest.approx((0, 0))
    view_range.pan(-1e6, -1e6)
    corner = view_range.shown(400, 400).bottomRight()
    assert (corner.x(), corner.y()) == pytest.approx((1024, 768))


def test_one_to_one_is_a_pixel_of_the_screen(view_range: ViewRange) -> None:
    view_range.set_view_size(400, 400, device_pixel_ratio=2)
    view_range.one_to_one()
    assert view_range.scale == 0.5


def test_a_small_image_can_be_shown_at_its_own_size_and_enlarged_from_there(view_range: ViewRange) -> None:
    view_range.set_image_size(100, 75)
    assert view_range.scale == 4
    view_range.one_to_one()
    assert view_range.scale == 1
    view_range.zoom(1.25)
    assert view_range.scale == 1.25
    assert not view_range.fitted


def test_a_centre_that_a_larger_view_cannot_show_comes_back_with_the_smaller_one(
    view_range: ViewRange,
) -> None:
    view_range.zoom(4)
    view_range.pan(1e6, 0)
    before = view_range.shown(400, 400)
    view_range.set_view_size(900, 700)
    assert view_range.shown(900, 700).left() == pytest.approx(0)
    view_range.set_view_size(400, 400)
    assert view_range.shown(400, 400) == before


def test_views_of_any_size_show_the_same_middle(view_range: ViewRange) -> None:
    view_range.zoom(4)
    view_range.pan(37, -21)
    assert view_range.shown(400, 400).center() == view_range.shown(200, 399).center()


Resize = tuple[int, int, float]
SIZES = st.tuples(st.integers(40, 3000), st.integers(40, 2000), st.sampled_from((1.0, 1.25, 1.5, 2.0)))
MOVES = st.tuples(st.floats(0.3, 3), st.floats(-600, 600), st.floats(-600, 600))


# Fitted into this size, what shows is smaller than the image by a rounding.
@example([(1.0, 0.0, 1.0)], [(40, 40, 1.0)], (88, 66, 1.0))
@given(st.lists(MOVES, max_size=6), st.lists(SIZES, min_size=1, max_size=8), SIZES)
def test_whatever_the_views_were_resized_to_meanwhile_back_is_exactly_back(
    moves: list[tuple[float, float, float]], sizes: list[Resize], first: Resize
) -> None:
    view_range = ViewRange()
    view_range.set_image_size(2560, 1920)
    view_range.set_view_size(*first)
    for factor, x_px, y_px in moves:
        view_range.zoom(factor, QPointF(x_px, y_px))
        view_range.pan(x_px, y_px)
    before = view_range.shown(first[0], first[1]).getRect(), view_range.scale, view_range.fitted
    for size in sizes:
        view_range.set_view_size(*size)
    view_range.set_view_size(*first)
    assert (view_range.shown(first[0], first[1]).getRect(), view_range.scale, view_range.fitted) == before


@given(SIZES, st.lists(MOVES, max_size=6))
def test_what_is_looked_at_always_lies_in_the_image(
    size: Resize, moves: list[tuple[float, float, float]]
) -> None:
    view_range = ViewRange()
    view_range.set_image_size(641, 479)
    view_range.set_view_size(*size)
    for factor, x_px, y_px in moves:
        view_range.zoom(factor, QPointF(x_px, y_px))
        view_range.pan(y_px, x_px)
        region = view_range.shown_region(size[0], size[1])
        assert 0 <= region.left_px < region.right_px <= 641
        assert 0 <= region.top_px < region.bottom_px <= 479
