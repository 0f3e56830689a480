"""What the reader chooses in the bar and in its two menus."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import Consensus, ImageRecord
from desktop.gui.gallery import GalleryPanel, ListArrangement
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.review_state import ImageMark
from desktop.gui.theme import LIGHT

Key = Qt.Key


@pytest.fixture
def panel(qtbot: QtBot, found: list[FoundImage], make_record: Callable[..., ImageRecord]) -> GalleryPanel:
    """Six images: Pro-B, Benign and disagreement in case 0, three unread ones in case 1."""
    panel = GalleryPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(252, 700)
    panel.show()
    panel.begin_loading("root")
    panel.add_images(found)
    panel.loading_finished(0)
    panel.set_records([make_record("case 0/Snap_0.jpg", "agree", "pro_b", "exposure")])
    panel.set_records([make_record("case 0/Snap_2.jpg", "agree", "benign")])
    unsure = Consensus("disagree", "benign", 0.5, ("disagreement", "low_confidence"))
    panel.set_records([ImageRecord("case 0/Snap_4.jpg", "case 0", "ok", consensus=unsure)])
    return panel


def _list(panel: GalleryPanel) -> QListView:
    view = panel.findChild(QListView)
    assert view is not None
    return view


def _rows(panel: GalleryPanel) -> list[str]:
    model = _list(panel).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _button(panel: GalleryPanel, words: str) -> QPushButton:
    return next(
        button
        for button in panel.findChildren(QPushButton)
        if button.text().startswith(words) and button.isVisible()
    )


def _menu(panel: GalleryPanel, button: str) -> QMenu:
    """The menu as it opens."""
    menu = _button(panel, button).menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return menu


def _lines(menu: QMenu) -> Iterator[tuple[str, QMenu]]:
    """The submenus, by title. The menu is held, for PySide forgets who owns it."""
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield action.text(), below


def _choose(panel: GalleryPanel, button: str, *way: str) -> None:
    menu = _menu(panel, button)
    for title in way[:-1]:
        menu = dict(_lines(menu))[title]
    next(action for action in menu.actions() if action.text() == way[-1]).trigger()


def _all_words(menu: QMenu) -> str:
    own = [action.text() for action in menu.actions()]
    return " ".join([*own, *(action.text() for _, below in _lines(menu) for action in below.actions())])


def _chosen(panel: GalleryPanel) -> list[str]:
    """The chips of what was chosen in the menu."""
    return [
        chip.text()
        for chip in panel.findChildren(QPushButton)
        if chip.text().endswith("×") and chip.isVisible()
    ]


def _words(panel: GalleryPanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_filters_are_combined_counted_named_and_cleared_with_one_click(panel: GalleryPanel) -> None:
    clear = _button(panel, "Clear")
    assert not clear.isEnabled()
    _choose(panel, "Filter", "Label", "Pro-B")
    _choose(panel, "Filter", "Label", "Benign")
    assert "2 of 6" in _words(panel)
    _choose(panel, "Filter", "Flag", "Exposure")
    assert _rows(panel) == ["Snap_0.jpg"]
    assert _chosen(panel) == ["Benign  ×", "Pro-B  ×", "exposure  ×"]
    assert "exposure" in clear.toolTip()
    QTest.mouseClick(_button(panel, "exposure"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(_button(panel, "Benign"), Qt.MouseButton.LeftButton)
    assert panel.choices.filter == ListFilter(labels=frozenset({"pro_b"}))
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert len(_rows(panel)) == 6
    assert "6 shown" in _words(panel)
    assert _chosen(panel) == []
    assert not clear.isEnabled()


def test_the_page_of_an_empty_list_names_what_hides_the_images(panel: GalleryPanel) -> None:
    _choose(panel, "Filter", "Label", "Early Pre-B")
    _choose(panel, "Filter", "Confidence", "Below 60\u00a0%")
    expected = "All 6 images are hidden by the filter: Early\u00a0Pre\u2011B, confidence below 60\u00a0%."
    assert expected in _words(panel)


def test_a_decision_of_the_study_is_filtered_by(panel: GalleryPanel) -> None:
    panel.choices.offer(("benign", "fibrosis", "unsure"), {"fibrosis": "Fibrosis (3)"})
    panel.set_mark("case 0/Snap_2.jpg", ImageMark("benign", signed_off=True))
    _choose(panel, "Filter", "Decision", "Decided as Benign")
    assert _rows(panel) == ["Snap_2.jpg"]
    _choose(panel, "Filter", "Decision", "To decide")
    assert len(_rows(panel)) == 5
    words = _all_words(_menu(panel, "Filter"))
    assert "Decided as Fibrosis (3)" in words
    _choose(panel, "Filter", "Label", "Fibrosis (3)")
    assert panel.choices.filter.words == ("Fibrosis\u00a0(3)", "to decide")
    assert "Pro-B" not in words


def test_a_menu_that_opens_often_does_not_grow(panel: GalleryPanel, qtbot: QtBot) -> None:
    for _ in range(5):
        menu = _menu(panel, "Filter")
    qtbot.waitUntil(lambda: len(menu.findChildren(QMenu)) == 4)
    assert [title for title, _ in _lines(menu)] == ["Decision", "Label", "Flag", "Confidence"]


def test_keys_and_next_pass_headings_over(panel: GalleryPanel) -> None:
    _choose(panel, "Order", "Headings by case")
    view = _list(panel)
    panel.select("case 0/Snap_4.jpg")
    QTest.keyClick(view, Key.Key_Down)
    assert panel.selected() == "case 1/Snap_1.jpg"
    QTest.keyClick(view, Key.Key_Up)
    assert panel.selected() == "case 0/Snap_4.jpg"
    panel.select_next()
    panel.select_previous()
    assert panel.selected() == "case 0/Snap_4.jpg"
    QTest.keyClick(view, Key.Key_Home)
    assert panel.selected() == "case 0/Snap_0.jpg"
    QTest.keyClick(view, Key.Key_Up)
    assert panel.selected() == "case 0/Snap_0.jpg"
    QTest.keyClick(view, Key.Key_PageDown)
    assert panel.selected() == "case 1/Snap_5.jpg"


def test_a_click_on_a_heading_chooses_nothing(panel: GalleryPanel) -> None:
    _choose(panel, "Order", "Headings by case")
    panel.select("case 0/Snap_2.jpg")
    view = _list(panel)
    place = view.visualRect(view.model().index(4, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.selected() == "case 0/Snap_2.jpg"


def test_marks_stay_with_their_images_in_another_order(panel: GalleryPanel) -> None:
    panel.marked.mark_all()
    panel.choices.set_arrangement(ListArrangement("uncertainty", "label"))
    assert len(panel.marked.images()) == 6
    panel.marked.unmark()
    _choose(panel, "Filter", "Decision", "To decide")
    panel.marked.mark_all()
    told: list[tuple[str, ...]] = []
    panel.marked.changed.connect(told.append)
    _choose(panel, "Filter", "Label", "Pro-B")
    assert panel.marked.images() == ()
    assert told == [()]


def test_as_many_other_images_are_not_marked_in_place_of_the_marked_ones(
    panel: GalleryPanel, qtbot: QtBot
) -> None:
    field = panel.findChild(QLineEdit)
    assert field is not None
    field.setText("case 0")
    qtbot.waitUntil(lambda: len(_rows(panel)) == 3)
    panel.marked.mark_all()
    field.setText("case 1")
    qtbot.waitUntil(lambda: _rows(panel)[0] == "Snap_1.jpg")
    assert panel.marked.images() == ()


def test_the_chosen_image_keeps_its_place_on_the_screen_in_another_order(
    panel: GalleryPanel, found: list[FoundImage]
) -> None:
    panel.resize(252, 360)
    panel.select("case 1/Snap_3.jpg")
    view = _list(panel)
    before_px = view.visualRect(view.currentIndex()).top()
    panel.choices.set_arrangement(ListArrangement("uncertainty"))
    assert view.currentIndex().data() == "Snap_3.jpg"
    assert view.visualRect(view.currentIndex()).top() == before_px


def test_blind_reading_neither_offers_nor_uses_what_classifiers_say(panel: GalleryPanel) -> None:
    plain = _rows(panel)
    _choose(panel, "Order", "Least certain first")
    _choose(panel, "Order", "Headings by label")
    _choose(panel, "Filter", "Flag", "Exposure")
    panel.set_blind(True)
    assert _rows(panel) == plain
    assert panel.choices.filter == ListFilter()
    assert not _button(panel, "Disagree").isEnabled()
    assert _button(panel, "Disagree").text() == "Disagree"
    assert _chosen(panel) == []
    filters, orders = _menu(panel, "Filter"), _menu(panel, "Order")
    assert [title for title, _ in _lines(filters)] == ["Decision"]
    offered = [action.text() for action in orders.actions() if action.isEnabled() and action.text()]
    assert offered == ["As in the folder", "No headings", "Headings by case"]


def test_in_blind_reading_the_list_is_the_same_whatever_the_classifiers_say(
    panel: GalleryPanel, make_record: Callable[..., ImageRecord], qtbot: QtBot
) -> None:
    panel.choices.set_arrangement(ListArrangement("uncertainty", "case"))
    panel.set_blind(True)
    _choose(panel, "Filter", "Decision", "To decide")
    before = _rows(panel)
    for image in ("case 1/Snap_1.jpg", "case 0/Snap_0.jpg"):
        panel.set_records([make_record(image, "disagree", "pro_b", "disagreement")])
    qtbot.wait(1200)
    assert _rows(panel) == before


def test_blind_reading_that_begins_or_ends_by_itself_chooses_no_other_image(panel: GalleryPanel) -> None:
    panel.choices.lead_through(("case 0/Snap_2.jpg", "case 1/Snap_1.jpg"), "audit set")
    panel.set_blind(True)
    panel.select("case 0/Snap_2.jpg")
    panel.set_mark("case 0/Snap_2.jpg", ImageMark("benign"))
    panel.set_blind(False)
    assert panel.selected() == "case 0/Snap_2.jpg"
    assert _rows(panel) == ["Snap_1.jpg", "Snap_2.jpg"]
    # Undo leads to an image that the filter hides.
    panel.select("case 0/Snap_4.jpg")
    panel.set_blind(True)
    assert panel.selected() == "case 0/Snap_4.jpg"


def test_the_order_comes_back_after_blind_reading(panel: GalleryPanel) -> None:
    panel.choices.set_arrangement(ListArrangement("uncertainty", "none"))
    before = _rows(panel)
    kept: list[ListArrangement] = []
    panel.choices.arrangement_chosen.connect(kept.append)
    panel.set_blind(True)
    _choose(panel, "Order", "Headings by case")
    panel.set_blind(False)
    _choose(panel, "Order", "No headings")
    assert _rows(panel) == before
    assert kept == [ListArrangement("uncertainty", "case"), ListArrangement("uncertainty", "none")]


def test_another_folder_begins_unfiltered_in_the_same_order(
    panel: GalleryPanel, found: list[FoundImage]
) -> None:
    panel.choices.set_arrangement(ListArrangement("name", "case"))
    _choose(panel, "Filter", "Decision", "Done")
    panel.begin_loading("other")
    panel.add_images(found[:2])
    assert _rows(panel) == ["case 0, 1 image", "Snap_0.jpg", "case 1, 1 image", "Snap_1.jpg"]


def test_the_images_beside_one_are_those_of_the_list_and_never_a_heading(panel: GalleryPanel) -> None:
    choices = panel.choices
    # The folder's order takes the cases in turns.
    assert choices.images_beside("case 0/Snap_2.jpg", (1, 2, -1)) == [
        "case 1/Snap_3.jpg",
        "case 0/Snap_4.jpg",
        "case 1/Snap_1.jpg",
    ]
    choices.set_arrangement(ListArrangement("name", "case"))
    assert choices.images_beside("case 0/Snap_4.jpg", (1, 2, -1)) == [
        "case 1/Snap_1.jpg",
        "case 1/Snap_3.jpg",
        "case 0/Snap_2.jpg",
    ]
    assert choices.images_beside("case 1/Snap_5.jpg", (1, 2, -1)) == ["case 1/Snap_3.jpg"]


def test_beside_an_image_that_is_hidden_are_those_that_are_shown(panel: GalleryPanel, qtbot: QtBot) -> None:
    field = panel.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "case 1")
    qtbot.waitUntil(lambda: len(_rows(panel)) == 3)
    assert panel.choices.images_beside("case 0/Snap_2.jpg", (1, 2, 3, -1)) == [
        "case 1/Snap_3.jpg",
        "case 1/Snap_5.jpg",
        "case 1/Snap_1.jpg",
    ]


def test_what_is_to_be_decided_is_counted_shown_and_combined(panel: GalleryPanel) -> None:
    panel.set_marks({"case 0/Snap_2.jpg": ImageMark("benign"), "case 0/Snap_4.jpg": ImageMark("unsure")})
    assert "2 of 6 decided" in _words(panel)
    QTest.mouseClick(_button(panel, "To decide 4"), Qt.MouseButton.LeftButton)
    assert "4 of 6 shown" in _words(panel)
    QTest.mouseClick(_button(panel, "Flagged"), Qt.MouseButton.LeftButton)
    assert _rows(panel) == ["Snap_0.jpg"]
    assert not _button(panel, "All 6").isChecked()
    QTest.mouseClick(_button(panel, "To decide 4"), Qt.MouseButton.LeftButton)
    assert _rows(panel) == ["Snap_0.jpg", "Snap_4.jpg"]
    QTest.mouseClick(_button(panel, "All 6"), Qt.MouseButton.LeftButton)
    assert len(_rows(panel)) == 6
    assert _button(panel, "All 6").isChecked()
    # Pressed again it stays what it says.
    QTest.mouseClick(_button(panel, "All 6"), Qt.MouseButton.LeftButton)
    assert _button(panel, "All 6").isChecked()


def test_to_decide_takes_the_place_of_a_decision_asked_for(panel: GalleryPanel) -> None:
    _choose(panel, "Filter", "Decision", "Decided as Benign")
    QTest.mouseClick(_button(panel, "To decide"), Qt.MouseButton.LeftButton)
    assert panel.choices.filter == ListFilter(done=False)


def test_a_page_leads_through_images_and_others_follow_where_the_reader_is(
    panel: GalleryPanel, qtbot: QtBot
) -> None:
    panel.select("case 0/Snap_2.jpg")
    panel.choices.lead_through(("case 0/Snap_2.jpg", "case 1/Snap_1.jpg"), "audit set")
    assert panel.selected() == "case 0/Snap_2.jpg"
    assert _rows(panel) == ["Snap_1.jpg", "Snap_2.jpg"]
    panel.set_mark("case 0/Snap_2.jpg", ImageMark("benign"))
    panel.choices.lead_on(("case 1/Snap_5.jpg",), "another name")
    panel.choices.lead_on(("case 1/Snap_3.jpg", "case 1/Snap_5.jpg"), "audit set")
    # What was decided last stays in sight, and the next image below is one of the others.
    qtbot.waitUntil(lambda: _rows(panel) == ["Snap_2.jpg", "Snap_3.jpg", "Snap_5.jpg"], timeout=5000)
    assert panel.selected() == "case 0/Snap_2.jpg"
    panel.select_next()
    assert panel.selected() == "case 1/Snap_3.jpg"
    _button(panel, "audit set").click()
    assert len(_rows(panel)) == 5, "of all to decide"


def test_the_chosen_image_is_in_sight_once_the_list_shows_it_again(panel: GalleryPanel, qtbot: QtBot) -> None:
    panel.resize(252, 480)
    panel.set_mark("case 0/Snap_0.jpg", ImageMark("benign"))
    panel.choices.lead_through([f"case {number % 2}/Snap_{number}.jpg" for number in range(6)], "audit set")
    panel.select("case 1/Snap_3.jpg")
    # Undo leads there and takes the decision back.
    panel.select("case 0/Snap_0.jpg")
    panel.set_mark("case 0/Snap_0.jpg", None)
    view = _list(panel)
    qtbot.waitUntil(lambda: view.currentIndex().data() == "Snap_0.jpg")
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_who_comes_back_from_a_hidden_image_to_the_row_before_has_it_chosen(
    panel: GalleryPanel, qtbot: QtBot
) -> None:
    panel.choices.lead_through(("case 1/Snap_1.jpg", "case 0/Snap_2.jpg"), "audit set")
    panel.select("case 1/Snap_1.jpg")
    # A sheet led there, for one.
    panel.select("case 0/Snap_4.jpg")
    view = _list(panel)
    assert not view.selectionModel().hasSelection()
    place = view.visualRect(view.model().index(0, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.selected() == "case 1/Snap_1.jpg"
