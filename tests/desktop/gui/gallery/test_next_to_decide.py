"""The key for the next image to decide."""

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from bloodsmear.images.scan import FoundImage
from desktop.gui.gallery import GalleryPanel, ListArrangement
from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.messages import Message
from desktop.gui.review_state import ImageMark
from desktop.gui.theme import LIGHT

BENIGN = ImageMark("benign")


@pytest.fixture
def panel(qtbot: QtBot, found: list[FoundImage]) -> GalleryPanel:
    """Six images under headings: 0, 2, 4 in case 0 and 1, 3, 5 in case 1; the first is chosen."""
    panel = GalleryPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(252, 700)
    panel.show()
    panel.begin_loading("root")
    panel.add_images(found)
    panel.loading_finished(0)
    panel.choices.set_arrangement(ListArrangement("name", "case"))
    panel.select("case 0/Snap_0.jpg")
    return panel


@pytest.fixture
def said(panel: GalleryPanel) -> list[str]:
    said: list[str] = []

    def take(message: Message) -> None:
        said.append(message.text)

    panel.said.connect(take)
    return said


def mark(panel: GalleryPanel, *numbers: int) -> None:
    """Decide these images and no others."""
    panel.set_marks({f"case {number % 2}/Snap_{number}.jpg": BENIGN for number in numbers})


def test_it_follows_the_list_and_begins_again_at_the_top(panel: GalleryPanel, said: list[str]) -> None:
    mark(panel, 2, 1, 5)
    visited = []
    for _ in range(4):
        panel.select_next_to_decide()
        visited.append((panel.selected() or "")[-5])
    assert visited == ["4", "3", "0", "4"]
    assert said == []


def test_when_nothing_is_left_it_says_so_and_stays(panel: GalleryPanel, said: list[str]) -> None:
    mark(panel, 1, 2, 3, 4, 5)
    panel.select_next_to_decide()
    mark(panel, 0, 1, 2, 3, 4, 5)
    panel.select_next_to_decide()
    assert panel.selected() == "case 0/Snap_0.jpg"
    assert said == ["This is the last image to decide.", "No image is left to decide."]


def test_who_confirms_the_last_one_is_told_that_none_of_the_shown_is_left(
    panel: GalleryPanel, said: list[str]
) -> None:
    panel.select("case 1/Snap_5.jpg")
    mark(panel, 5)
    panel.go_on()
    assert said == []
    panel.choices.lead_through(("case 1/Snap_3.jpg", "case 1/Snap_1.jpg"), "audit set")
    panel.select("case 1/Snap_3.jpg")
    mark(panel, 1, 3, 5)
    panel.go_on()
    assert panel.selected() == "case 1/Snap_3.jpg"
    hidden = "The filter hides 3 images to decide: Clear all shows everything."
    assert said == [f"No image that the list shows is to be decided. {hidden}"]


def test_what_a_filter_hides_is_not_taken_for_decided(
    panel: GalleryPanel, said: list[str], qtbot: QtBot
) -> None:
    field = panel.findChild(QLineEdit)
    assert field is not None
    field.setText("case 0")
    qtbot.waitUntil(lambda: panel.choices.filter.text == "case 0")
    mark(panel, 0, 2, 4)
    panel.select_next_to_decide()
    assert said == [
        "No image that the list shows is to be decided. The filter hides 3 images to decide: "
        "Clear all shows everything."
    ]


def test_the_key_for_disputed_images_goes_round_them(panel: GalleryPanel, said: list[str]) -> None:
    panel.select_next_disputed()
    panel.set_disputed(frozenset({"case 1/Snap_1.jpg", "case 0/Snap_4.jpg"}))
    visited = []
    for _ in range(3):
        panel.select_next_disputed()
        visited.append((panel.selected() or "")[-5])
    assert visited == ["4", "1", "4"]
    panel.set_disputed(frozenset({"case 0/Snap_4.jpg"}))
    panel.select_next_disputed()
    assert said[0].startswith("No image that the list shows is disputed")
    assert said[1] == "This is the only disputed image that the list shows."


def test_the_filter_shows_disputed_images_alone_and_the_rows_say_it(panel: GalleryPanel) -> None:
    panel.set_disputed(frozenset({"case 1/Snap_1.jpg"}))
    mark(panel, 1)
    panel.choices._set_filter(ListFilter(disputed=True))
    panel.select_next()
    assert panel.selected() == "case 1/Snap_1.jpg"
    index = panel._shown.index_of("case 1/Snap_1.jpg")
    assert index.data(ImageRole.DECISION) == "Benign, disputed"
    assert panel._shown.image_count == 1
    assert ListFilter(disputed=True).words == ("disputed",)


def test_in_an_empty_window_it_does_nothing(qtbot: QtBot) -> None:
    panel = GalleryPanel(LIGHT)
    qtbot.addWidget(panel)
    with qtbot.assertNotEmitted(panel.said):
        panel.select_next_to_decide()


def test_the_count_says_on_its_tooltip_whose_decisions_it_counts(panel: GalleryPanel) -> None:
    count = panel.findChild(QLabel, "decided_words")
    assert isinstance(count, QLabel)
    mark(panel, 0)
    assert count.text() == "1 of 6 decided"
    assert "your own decisions; a report counts those of any reader" in count.toolTip()
    panel.set_mark("case 0/Snap_2.jpg", ImageMark())
    assert "1 of 6 decided, 1 acknowledged" in count.toolTip()
