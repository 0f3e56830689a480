"""Marks on the views: drawn, chosen, moved, named and erased with mouse and keys, and never on another image."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.review.marks import DrawnMark, DrawnShape, MarkShape
from desktop.gui.theme.palette import MARK as OWN
from desktop.gui.theme.palette import OTHERS_MARK as OTHERS
from desktop.gui.viewer.mark_shapes import hits
from desktop.gui.viewer.pane_area import Way
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.words_line import WordsLine

if TYPE_CHECKING:
    from tests.desktop.gui.viewer.conftest import OpenPanel

MakePanel = Callable[[int], "OpenPanel"]
MakePicture = Callable[..., RgbImage]

SIZE = (320, 240)
CIRCLE = DrawnShape("circle", ((100.0, 100.0), (140.0, 100.0)), SIZE)
ARROW = DrawnShape("arrow", ((20.0, 30.0), (80.0, 30.0)), SIZE)


def mark(number: int, drawn: DrawnShape, reader: str = "Ada") -> DrawnMark:
    return DrawnMark(number, reader, drawn, datetime(2026, 11, 29, tzinfo=UTC))


class Kept:
    """What the panel handed over to be kept."""

    def __init__(self, panel: OpenPanel) -> None:
        self.drawn: list[tuple[str, DrawnShape, int]] = []
        self.erased: list[tuple[str, int]] = []
        panel.marks.drawn.connect(lambda *drawn: self.drawn.append(drawn))
        panel.marks.erased.connect(lambda *erased: self.erased.append(erased))


@pytest.fixture
def panel(panel_of_width: MakePanel, make_picture: MakePicture) -> OpenPanel:
    """Shows the original of image `a`, 320 × 240 px, alone; an image px is some screen px."""
    made = panel_of_width(1000)
    made.comparing.set_way("original")
    made.show_original("a", make_picture())
    return made


@pytest.fixture
def kept(panel: OpenPanel) -> Kept:
    return Kept(panel)


def at(panel: OpenPanel, x: float, y: float) -> QPoint:
    return panel.original().view.view_position(QPointF(x, y)).toPoint()


def viewport(panel: OpenPanel) -> QWidget:
    return panel.original().view.viewport()


def drag(panel: OpenPanel, begin: tuple[float, float], end: tuple[float, float]) -> None:
    one, other = at(panel, *begin), at(panel, *end)
    nothing, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    QTest.mousePress(viewport(panel), left, nothing, one)
    QTest.mouseMove(viewport(panel), other)
    QTest.mouseRelease(viewport(panel), left, nothing, other)


def click(panel: OpenPanel, place: tuple[float, float]) -> None:
    drag(panel, place, place)


def line(panel: OpenPanel) -> WordsLine:
    found = panel.findChild(QLineEdit)
    assert isinstance(found, WordsLine)
    return found


def colours_at(panel: OpenPanel, x: float, y: float) -> set[str]:
    """The colours on the screen within two px of a place of the image."""
    image = viewport(panel).grab().toImage()
    middle = at(panel, x, y)
    beside = range(-2, 3)
    return {
        image.pixelColor(middle + QPoint(across, down)).name().upper() for across in beside for down in beside
    }


@pytest.mark.parametrize("shape", ["arrow", "circle", "box"])
def test_a_shape_is_drawn_from_where_the_mouse_goes_down_to_where_it_is_let_go(
    panel: OpenPanel, kept: Kept, shape: MarkShape
) -> None:
    panel.marks.toggle(shape)
    drag(panel, (100, 80), (160, 120))

    [(image, drawn, number)] = kept.drawn
    assert (image, drawn.shape, drawn.size_px, drawn.words, number) == ("a", shape, SIZE, "", 0)
    np.testing.assert_allclose(drawn.places, ((100, 80), (160, 120)), atol=0.5)


def test_a_point_is_where_the_mouse_is_let_go(panel: OpenPanel, kept: Kept) -> None:
    panel.marks.toggle("point")
    click(panel, (50, 60))

    [(_, drawn, _)] = kept.drawn
    np.testing.assert_allclose(drawn.places, ((50, 60),), atol=0.5)


def test_a_click_draws_no_line_and_what_leaves_the_picture_ends_at_its_edge(
    panel: OpenPanel, kept: Kept
) -> None:
    panel.marks.toggle("box")
    click(panel, (50, 60))
    assert kept.drawn == []

    drag(panel, (300, 200), (330, 250))
    [(_, drawn, _)] = kept.drawn
    assert drawn.places[1] == SIZE


@pytest.mark.parametrize("shape", ["text", "point"])
def test_long_words_are_wrapped_and_seen_whole(panel: OpenPanel, shape: MarkShape) -> None:
    words = "two prominent nucleoli and a narrow rim of basophilic cytoplasm, " * 3
    panel.show_marks("a", (mark(1, DrawnShape(shape, ((300, 200),), SIZE, words)),), "Ada")
    image = viewport(panel).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    rows, columns = np.nonzero((pixels & 0xFFFFFF) == int(OWN[1:], 16))
    seen = QRect(QPoint(columns.min(), rows.min()), QPoint(columns.max(), rows.max()))
    assert seen.height() > 100
    assert viewport(panel).rect().adjusted(1, 1, -1, -1).contains(seen)
    if shape == "text":
        # It stays on the picture, and what is seen is what is taken hold of.
        assert QRect(at(panel, 0, 0), at(panel, *SIZE)).contains(seen)
        middle = panel.original().view.image_position(QPointF(seen.center()))
        click(panel, (middle.x(), middle.y()))
        assert panel.marks.chosen_mark is not None


def test_a_text_is_drawn_once_its_words_are_typed(panel: OpenPanel, kept: Kept) -> None:
    panel.marks.toggle("text")
    click(panel, (50, 60))
    assert line(panel).isVisible()
    assert kept.drawn == []

    QTest.keyClicks(line(panel), "smudge")
    QTest.keyClick(line(panel), Qt.Key.Key_Return)

    [(_, drawn, _)] = kept.drawn
    assert (drawn.shape, drawn.words) == ("text", "smudge")
    assert not line(panel).isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_text_without_words_is_not_drawn(panel: OpenPanel, kept: Kept, key: Qt.Key) -> None:
    panel.marks.toggle("text")
    click(panel, (50, 60))
    if key == Qt.Key.Key_Escape:
        QTest.keyClicks(line(panel), "smudge")

    QTest.keyClick(line(panel), key)

    assert kept.drawn == []
    assert not line(panel).isVisible()


def test_words_that_are_being_typed_are_kept_for_their_own_image_when_it_is_left(
    panel: OpenPanel, kept: Kept
) -> None:
    panel.marks.toggle("text")
    click(panel, (50, 60))
    QTest.keyClicks(line(panel), "smudge")

    panel.show_loading("b")

    assert [(image, drawn.words) for image, drawn, _ in kept.drawn] == [("a", "smudge")]
    assert not line(panel).isVisible()


@pytest.mark.parametrize("way", ["original", "compare", "wipe", "blink", "difference"])
def test_marks_are_seen_in_every_way_at_their_own_pixels(panel: OpenPanel, way: Way) -> None:
    panel.comparing.set_way(way)
    panel.show_marks("a", (mark(1, ARROW),), "Ada")
    for _ in range(2):
        assert OWN in colours_at(panel, 40, 30)
        assert OWN not in colours_at(panel, 40, 60)
        panel.view_range.zoom_in()


def test_the_marks_of_another_reader_have_another_colour_and_cannot_be_taken_hold_of(
    panel: OpenPanel, kept: Kept
) -> None:
    panel.show_marks("a", (mark(1, ARROW, "Grace"),), "Ada")
    assert OTHERS in colours_at(panel, 40, 30)

    click(panel, (40, 30))
    panel.marks.erase()

    assert panel.marks.chosen_mark is None
    assert kept.erased == []


def test_the_marks_of_an_image_go_with_it_and_come_with_no_other(
    panel: OpenPanel, make_picture: MakePicture
) -> None:
    panel.show_marks("a", (mark(1, ARROW),), "Ada")

    panel.show_loading("b")
    assert panel.marks.shown == ()
    panel.show_marks("b", (mark(2, ARROW),), "Ada")
    assert panel.marks.shown == ()
    panel.show_original("b", make_picture(9))
    panel.show_marks("a", (mark(1, ARROW),), "Ada")
    assert panel.marks.shown == ()
    panel.show_error("c", "It is damaged.")
    assert panel.marks.shown == ()


def test_no_mark_lies_on_a_pinned_image(panel: OpenPanel, make_picture: MakePicture) -> None:
    panel.pinned.show("b", "Pinned: b", make_picture(9))
    pinned = next(pane for pane in panel.findChildren(PicturePane) if pane.caption() == "Pinned: b")
    before = pinned.view.viewport().grab().toImage()
    panel.show_marks("a", (mark(1, ARROW),), "Ada")

    assert OWN in colours_at(panel, 40, 30)
    assert pinned.view.viewport().grab().toImage() == before


def test_a_mark_on_a_picture_of_another_size_is_not_shown(panel: OpenPanel) -> None:
    larger = DrawnShape("point", ((10.0, 10.0),), (640, 480))
    panel.show_marks("a", (mark(1, larger), mark(2, ARROW)), "Ada")

    assert [one.number for one in panel.marks.shown] == [2]


def test_a_mark_is_chosen_by_a_click_moved_by_a_drag_and_erased(panel: OpenPanel, kept: Kept) -> None:
    panel.show_marks("a", (mark(1, ARROW), mark(2, CIRCLE)), "Ada")
    chosen = []
    for place in ((40, 30), (200, 200)):
        click(panel, place)
        chosen.append(panel.marks.chosen_mark)
    assert chosen == [mark(1, ARROW), None]

    drag(panel, (50, 30), (60, 50))
    [(image, drawn, number)] = kept.drawn
    assert (image, number) == ("a", 1)
    np.testing.assert_allclose(drawn.places, ((30, 50), (90, 50)), atol=1)

    panel.show_marks("a", (mark(1, ARROW), mark(2, CIRCLE)), "Ada")
    click(panel, (120, 80))
    panel.marks.erase()
    assert kept.erased == [("a", 2)]


def test_an_end_of_a_mark_is_moved_alone(panel: OpenPanel, kept: Kept) -> None:
    panel.show_marks("a", (mark(1, ARROW),), "Ada")

    drag(panel, (80, 30), (90, 60))

    [(_, drawn, _)] = kept.drawn
    np.testing.assert_allclose(drawn.places, ((20, 30), (90, 60)), atol=1)


def test_a_mark_stays_on_the_picture_when_it_is_moved_out_of_it(panel: OpenPanel, kept: Kept) -> None:
    panel.show_marks("a", (mark(1, ARROW),), "Ada")
    panel.view_range.zoom(0.5)

    drag(panel, (50, 30), (-40, -40))

    [(_, drawn, _)] = kept.drawn
    np.testing.assert_allclose(drawn.places, ((0, 0), (60, 0)), atol=1)


def test_a_mark_that_was_just_drawn_is_chosen_once_it_is_kept(panel: OpenPanel, kept: Kept) -> None:
    panel.marks.toggle("arrow")
    drag(panel, (20, 30), (80, 30))
    assert OWN in colours_at(panel, 40, 30)

    panel.show_marks("a", (mark(7, ARROW),), "Ada")

    assert panel.marks.chosen_mark == mark(7, ARROW)
    panel.marks.erase()
    assert kept.erased == [("a", 7)]


def test_what_was_not_kept_is_not_shown_any_longer(panel: OpenPanel) -> None:
    panel.marks.toggle("arrow")
    drag(panel, (20, 30), (80, 30))

    panel.show_marks("a", (), "Ada")

    assert OWN not in colours_at(panel, 40, 30)


def test_a_double_click_types_the_words_of_a_mark(panel: OpenPanel, kept: Kept) -> None:
    panel.show_marks("a", (mark(1, CIRCLE),), "Ada")
    shown = panel.original().view.shown_range()
    QTest.mouseDClick(
        viewport(panel), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(panel, 120, 80)
    )
    QTest.keyClicks(line(panel), "blast")
    QTest.keyClick(line(panel), Qt.Key.Key_Return)

    [(_, drawn, number)] = kept.drawn
    assert (drawn.places, drawn.words, number) == (CIRCLE.places, "blast", 1)
    assert panel.original().view.shown_range() == shown


def test_a_text_whose_words_are_taken_away_is_erased(panel: OpenPanel, kept: Kept) -> None:
    panel.show_marks("a", (mark(1, DrawnShape("text", ((50.0, 60.0),), SIZE, "smudge")),), "Ada")
    click(panel, (53, 63))
    panel.marks.ask_for_words()
    assert line(panel).text() == "smudge"
    line(panel).clear()
    QTest.keyClick(line(panel), Qt.Key.Key_Return)

    assert (kept.drawn, kept.erased) == ([], [("a", 1)])


def test_marks_are_hidden_and_shown_again_and_drawing_shows_them(panel: OpenPanel) -> None:
    panel.show_marks("a", (mark(1, ARROW),), "Ada")

    panel.marks.toggle_hidden()
    assert OWN not in colours_at(panel, 40, 30)
    panel.marks.toggle("box")
    assert not panel.marks.hidden
    assert OWN in colours_at(panel, 40, 30)


def test_escape_leaves_the_tool_and_then_the_mark(panel: OpenPanel) -> None:
    view = panel.original().view
    panel.show_marks("a", (mark(1, ARROW),), "Ada")
    click(panel, (40, 30))
    panel.marks.toggle("box")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert panel.marks.tool is None

    click(panel, (40, 30))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert panel.marks.chosen_mark is None


def test_ruler_and_marks_take_turns(panel: OpenPanel) -> None:
    panel.marks.toggle("box")
    panel.ruler.toggle("line")
    assert (panel.marks.tool, panel.ruler.kind) == (None, "line")

    panel.marks.toggle("arrow")
    assert (panel.marks.tool, panel.ruler.kind) == ("arrow", None)


def test_beside_every_mark_the_mouse_moves_the_picture(panel: OpenPanel, kept: Kept) -> None:
    panel.view_range.zoom(8)
    panel.show_marks("a", (mark(1, DrawnShape("box", ((0.0, 0.0), SIZE), SIZE)),), "Ada")
    shown = panel.original().view.shown_range()

    drag(panel, (160, 120), (170, 120))

    assert panel.original().view.shown_range() != pytest.approx(shown)
    assert kept.drawn == []


@pytest.mark.parametrize("shape", ["arrow", "circle", "box", "point"])
def test_a_shape_is_hit_on_its_lines_at_every_zoom(shape: MarkShape) -> None:
    places = ((100.0, 100.0), (140.0, 100.0) if shape != "box" else (140.0, 130.0))
    drawn = DrawnShape(shape, places[:1] if shape == "point" else places, SIZE)
    on = {"arrow": (120, 100), "circle": (120, 120), "box": (120, 130), "point": (100, 100)}[shape]
    for scale in (0.5, 1.0, 8.0):
        assert hits(drawn, QPointF(*on), scale)
        assert not hits(drawn, QPointF(on[0], on[1] + 20 / scale), scale)


@pytest.mark.usefixtures("qapp")
def test_a_text_is_as_wide_as_its_words() -> None:
    drawn = DrawnShape("text", ((100.0, 100.0),), SIZE, "smudge")
    assert hits(drawn, QPointF(130, 110), 1.0)
    assert not hits(drawn, QPointF(200, 110), 1.0)
