"""The list in order, filtered and under headings, without a view."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ImageRecord
from desktop.gui.gallery.arranged_images import ArrangedImages
from desktop.gui.gallery.image_list_model import ImageListModel, ImageRole
from desktop.gui.gallery.list_arrangement import ListArrangement
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.review_state import ImageMark

RecordMaker = Callable[..., ImageRecord]
BY_CASE = ListArrangement("name", "case")


@pytest.fixture
def images(qtbot: QtBot, found: list[FoundImage]) -> ImageListModel:
    model = ImageListModel()
    model.add_images(found)
    return model


@pytest.fixture
def shown(images: ImageListModel) -> ArrangedImages:
    """What is shown of the six images, under the eyes of Qt's own model tester."""
    model = ArrangedImages(images, images)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def _rows(shown: ArrangedImages) -> list[str]:
    return [shown.index(row).data() for row in range(shown.rowCount())]


def _numbers(shown: ArrangedImages) -> str:
    return "".join(shown.index(row).data()[5] for row in range(shown.rowCount()))


def test_headings_count_and_have_no_image(shown: ArrangedImages) -> None:
    shown.show_only(ListFilter(), BY_CASE)
    assert _rows(shown)[:2] == ["case 0, 3 images", "Snap_0.jpg"]
    assert shown.index(0).data(ImageRole.IMAGE) is None
    assert shown.index(4).data(ImageRole.HEADING).count == 3
    assert (shown.rowCount(), shown.image_count) == (8, 6)
    assert shown.heading_rows() == {0, 4}


def test_selecting_everything_selects_no_heading(shown: ArrangedImages) -> None:
    shown.show_only(ListFilter(), BY_CASE)
    selection = QItemSelectionModel(shown)
    for row in range(shown.rowCount()):
        selection.select(shown.index(row), QItemSelectionModel.SelectionFlag.Select)
    assert len(selection.selectedIndexes()) == 6
    assert not shown.index(0).flags() & Qt.ItemFlag.ItemIsSelectable


def test_images_found_later_are_shown_at_the_end_or_in_their_group(
    qtbot: QtBot, found: list[FoundImage]
) -> None:
    images = ImageListModel()
    shown = ArrangedImages(images, images)
    images.add_images(found[:2])
    shown.show_only(ListFilter(text="case 0"), ListArrangement())
    images.add_images(found[2:4])
    assert _numbers(shown) == "02"
    shown.show_only(ListFilter(), BY_CASE)
    with qtbot.waitSignal(shown.modelReset):
        images.add_images(found[4:])
    assert _rows(shown)[:4] == ["case 0, 3 images", "Snap_0.jpg", "Snap_2.jpg", "Snap_4.jpg"]


def test_many_records_arrange_the_list_once(
    images: ImageListModel, shown: ArrangedImages, make_record: RecordMaker, qtbot: QtBot
) -> None:
    resets: list[bool] = []
    shown.show_only(ListFilter(kind="disagree"), ListArrangement("uncertainty"))
    shown.modelReset.connect(lambda: resets.append(True))
    with qtbot.waitSignal(shown.modelReset):
        for number in (4, 0, 2):
            record = make_record(f"case 0/Snap_{number}.jpg", "disagree", "benign", "disagreement")
            assert record.consensus is not None
            images.set_records(
                [replace(record, consensus=replace(record.consensus, confidence=0.9 - number / 10))]
            )
        assert resets == []
    assert _numbers(shown) == "420"
    assert resets == [True]


def test_without_order_or_filter_by_answers_a_record_arranges_nothing(
    images: ImageListModel, shown: ArrangedImages, make_record: RecordMaker, qtbot: QtBot
) -> None:
    shown.show_only(ListFilter(text="case 0"), BY_CASE)
    with qtbot.assertNotEmitted(shown.modelReset, wait=1200), qtbot.waitSignal(shown.dataChanged) as changed:
        images.set_records([make_record("case 0/Snap_2.jpg")])
    assert changed.args is not None
    assert changed.args[0].data() == "Snap_2.jpg"


def test_the_chosen_image_stays_until_another_is_chosen(
    images: ImageListModel, shown: ArrangedImages, qtbot: QtBot
) -> None:
    shown.show_only(ListFilter(done=False), ListArrangement())
    shown.keep("case 0/Snap_2.jpg")
    images.set_mark("case 0/Snap_0.jpg", ImageMark("benign"))
    images.set_mark("case 0/Snap_2.jpg", ImageMark("benign"))
    qtbot.waitUntil(lambda: _numbers(shown) == "12345")
    shown.keep("case 1/Snap_3.jpg")
    qtbot.waitUntil(lambda: _numbers(shown) == "1345")


def test_the_way_past_a_hidden_image_keeps_the_order(shown: ArrangedImages) -> None:
    shown.show_only(ListFilter(text="case 1"), ListArrangement())
    assert shown.index_beside("case 0/Snap_2.jpg", 1).data() == "Snap_3.jpg"
    assert shown.index_beside("case 0/Snap_2.jpg", -1).data() == "Snap_1.jpg"
    assert not shown.index_beside("case 0/Snap_0.jpg", -1).isValid()
    assert not shown.index_of("case 0/Snap_0.jpg").isValid()
    assert shown.is_listed("case 0/Snap_0.jpg")


def _answer(images: ImageListModel, make_record: RecordMaker, number: int, confidence: float) -> None:
    record = make_record(f"case {number % 2}/Snap_{number}.jpg", "agree", "benign")
    assert record.consensus is not None
    images.set_records([replace(record, consensus=replace(record.consensus, confidence=confidence))])


def test_answers_that_come_move_nothing_that_the_reader_has_come_past(
    images: ImageListModel, shown: ArrangedImages, make_record: RecordMaker, qtbot: QtBot
) -> None:
    _answer(images, make_record, 4, 0.7)
    _answer(images, make_record, 1, 0.8)
    shown.show_only(ListFilter(), ListArrangement("uncertainty"))
    assert _numbers(shown) == "410235"
    # The reader comes to an unread image, and it is read: it is the least certain of all.
    shown.keep("case 0/Snap_0.jpg")
    _answer(images, make_record, 0, 0.5)
    _answer(images, make_record, 5, 0.6)
    _answer(images, make_record, 3, 0.9)
    qtbot.waitUntil(lambda: _numbers(shown) == "410532")
    assert shown.place_of("case 0/Snap_0.jpg") == 3
    assert shown.index_beside("case 0/Snap_0.jpg", 1).data() == "Snap_5.jpg"
    # Who asks for the order gets it as of now.
    shown.show_only(ListFilter(), ListArrangement("uncertainty"))
    assert _numbers(shown) == "054" + "132"


def test_in_a_case_too_what_was_passed_keeps_its_place(
    images: ImageListModel, shown: ArrangedImages, make_record: RecordMaker, qtbot: QtBot
) -> None:
    shown.show_only(ListFilter(), ListArrangement("uncertainty", "case"))
    shown.keep("case 0/Snap_2.jpg")
    _answer(images, make_record, 2, 0.5)
    _answer(images, make_record, 5, 0.5)
    qtbot.waitUntil(lambda: shown.place_of("case 1/Snap_5.jpg") == 4)
    assert [row[5] for row in _rows(shown) if row.startswith("Snap")] == list("024513")
    assert shown.heading_rows() == {0, 4}


def test_under_headings_by_label_the_chosen_image_moves_when_it_is_left(
    images: ImageListModel, shown: ArrangedImages, make_record: RecordMaker, qtbot: QtBot
) -> None:
    shown.show_only(ListFilter(), ListArrangement("name", "label"))
    shown.keep("case 0/Snap_2.jpg")
    _answer(images, make_record, 2, 0.5)
    _answer(images, make_record, 3, 0.5)
    qtbot.waitUntil(lambda: _rows(shown)[:2] == ["Benign, 1 image", "Snap_3.jpg"])
    assert shown.place_of("case 0/Snap_2.jpg") == 4
    shown.keep("case 0/Snap_4.jpg")
    qtbot.waitUntil(lambda: _rows(shown)[0] == "Benign, 2 images")


def test_headings_have_no_place(shown: ArrangedImages) -> None:
    shown.show_only(ListFilter(text="case"), BY_CASE)
    assert [shown.place_of(f"case {n % 2}/Snap_{n}.jpg") for n in (0, 2, 4, 1, 3, 5)] == [1, 2, 3, 4, 5, 6]
    shown.show_only(ListFilter(text="case 1"), BY_CASE)
    assert shown.place_of("case 0/Snap_0.jpg") == 0
