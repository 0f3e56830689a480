"""The model, without a view."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ImageRecord
from desktop.gui.gallery.image_list_model import ImageListModel, ImageRole
from desktop.gui.review_state import ImageMark


@pytest.fixture
def images(qtbot: QtBot, found: list[FoundImage]) -> ImageListModel:
    """The six images, under the eyes of Qt's own model tester."""
    model = ImageListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.add_images(found)
    return model


def test_rows_have_named_roles(images: ImageListModel) -> None:
    index = images.index(3)
    assert index.data(ImageRole.IMAGE) == "case 1/Snap_3.jpg"
    assert index.data(ImageRole.NAME) == index.data(Qt.ItemDataRole.DisplayRole) == "Snap_3.jpg"
    assert index.data(ImageRole.CASE) == "case 1"
    assert index.data(ImageRole.RECORD) is None
    assert index.data(ImageRole.THUMBNAIL) is None


def test_an_image_found_twice_is_listed_once(images: ImageListModel, found: list[FoundImage]) -> None:
    images.add_images([found[0], found[0]])
    assert images.rowCount() == 6


def test_a_record_changes_its_own_row_only(
    images: ImageListModel, qtbot: QtBot, make_record: Callable[..., ImageRecord]
) -> None:
    with qtbot.waitSignal(images.dataChanged) as changed:
        images.set_records([make_record("case 0/Snap_2.jpg")])
    assert changed.args is not None
    assert (changed.args[0].row(), changed.args[1].row()) == (2, 2)
    assert images.index(2).data(ImageRole.RECORD).image == "case 0/Snap_2.jpg"


def test_records_that_come_together_are_told_once(
    images: ImageListModel, make_record: Callable[..., ImageRecord]
) -> None:
    told: list[tuple[int, int]] = []
    images.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    names = ("case 0/Snap_4.jpg", "case 1/Snap_1.jpg", "not listed.jpg")
    images.set_records([make_record(name) for name in names])
    assert told == [(1, 4)]
    assert [images.index(row).data(ImageRole.RECORD) is None for row in range(6)] == [
        *(True, False, True),
        *(True, False, True),
    ]


def test_a_record_that_comes_before_its_image_is_kept(
    qtbot: QtBot, found: list[FoundImage], make_record: Callable[..., ImageRecord]
) -> None:
    model = ImageListModel()
    model.set_records([make_record(found[0].image)])
    model.add_images(found)
    assert model.index(0).data(ImageRole.RECORD) is not None


def test_a_thumbnail_is_cut_to_the_shape_of_its_place(images: ImageListModel) -> None:
    images.set_thumbnail("case 0/Snap_0.jpg", np.full((50, 200, 3), 120, np.uint8))
    picture = images.index(0).data(ImageRole.THUMBNAIL)
    assert picture.size().toTuple() == (144, 108)
    assert picture.pixelColor(72, 54).getRgb()[:3] == (120, 120, 120)


def test_an_image_without_a_thumbnail_is_marked(images: ImageListModel) -> None:
    images.set_thumbnail("case 0/Snap_0.jpg", None)
    assert images.index(0).data(ImageRole.THUMBNAIL_FAILED) is True


def test_old_thumbnails_are_dropped(
    images: ImageListModel, found: list[FoundImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.gui.gallery.image_list_model._KEPT_THUMBNAILS", 2)
    for each in found[:3]:
        images.set_thumbnail(each.image, np.zeros((54, 72, 3), np.uint8))
    assert [images.index(row).data(ImageRole.THUMBNAIL) is None for row in range(3)] == [True, False, False]


def test_the_tooltip_of_benign_says_what_it_means(
    images: ImageListModel, make_record: Callable[..., ImageRecord]
) -> None:
    images.set_records([make_record("case 0/Snap_0.jpg", "agree", "benign")])
    tooltip = images.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Benign here: hematogones, no blasts. It does not mean healthy." in tooltip


def test_a_screen_reader_hears_name_case_decision_and_answer(
    images: ImageListModel, make_record: Callable[..., ImageRecord]
) -> None:
    images.set_records([make_record("case 0/Snap_0.jpg", "agree", "pro_b", "exposure")])
    spoken = images.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Snap_0.jpg, case 0, to decide, Pro-B · exposure"


def test_the_decision_stands_apart_from_what_the_classifiers_say(
    images: ImageListModel, make_record: Callable[..., ImageRecord]
) -> None:
    images.set_records([make_record("case 0/Snap_0.jpg", "agree", "pro_b")])
    index = images.index(0)
    assert (index.data(ImageRole.DECISION), index.data(ImageRole.IS_DECIDED)) == ("to decide", False)
    images.set_mark("case 0/Snap_0.jpg", ImageMark("benign"))
    assert (index.data(ImageRole.DECISION), index.data(ImageRole.IS_DECIDED)) == ("Benign", True)
    assert index.data(ImageRole.WORDS).text == "Pro-B"
    images.set_marks({})
    assert not index.data(ImageRole.IS_DECIDED)


def test_of_a_signed_off_image_the_row_has_a_mark_and_the_tooltip_the_words(images: ImageListModel) -> None:
    images.set_mark("case 0/Snap_0.jpg", ImageMark("not_evaluable", signed_off=True))
    index = images.index(0)
    assert index.data(ImageRole.DECISION) == "✓ Not evaluable"
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert "Not evaluable, signed off" in index.data(role)


def test_the_tooltip_of_an_unreadable_image_gives_the_reason(images: ImageListModel) -> None:
    images.set_records(
        [ImageRecord("case 0/Snap_0.jpg", "case 0", "unreadable", error="the file is cut off")]
    )
    index = images.index(0)
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert "cannot be read: the file is cut off" in index.data(role)


def test_a_row_says_that_its_file_cannot_be_reached_until_it_can(images: ImageListModel) -> None:
    images.set_thumbnail("case 0/Snap_0.jpg", None, reachable=False)
    words = [images.index(0).data(ImageRole.WORDS).sentence]
    images.set_thumbnail("case 0/Snap_0.jpg", None)
    words.append(images.index(0).data(ImageRole.WORDS).sentence)
    assert words == ["cannot be reached", "not read yet"]


def test_blind_rows_say_the_same_with_and_without_an_answer(
    images: ImageListModel, make_record: Callable[..., ImageRecord]
) -> None:
    images.set_blind(True)
    before = [images.index(0).data(role) for role in (ImageRole.WORDS, Qt.ItemDataRole.ToolTipRole)]
    images.set_records([make_record("case 0/Snap_0.jpg", "disagree", "pro_b", "exposure")])
    assert [images.index(0).data(role) for role in (ImageRole.WORDS, Qt.ItemDataRole.ToolTipRole)] == before
    images.set_mark("case 0/Snap_0.jpg", ImageMark("benign"))
    assert images.index(0).data(ImageRole.WORDS).warnings == ("exposure",)


def test_done_images_are_counted_whatever_comes_first(
    images: ImageListModel, found: list[FoundImage]
) -> None:
    images.clear()
    images.set_marks({each.image: ImageMark("benign") for each in found[:3]})
    images.set_mark("not listed.jpg", ImageMark("benign"))
    assert images.progress.done == 0
    images.add_images(found)
    assert images.progress.done == 3
    images.set_mark(found[0].image, None)
    images.set_mark(found[0].image, None)
    images.set_mark(found[5].image, ImageMark())
    assert images.progress.words == f"2 of {len(found)} decided, 1 acknowledged"
    images.set_mark(found[5].image, ImageMark("unsure"))
    assert images.progress.words == f"3 of {len(found)} decided"
    images.clear()
    assert images.progress.done == 0


def test_the_number_of_marks_is_told_of_its_own_rows_alone_and_can_go_again(images: ImageListModel) -> None:
    changed: list[int] = []
    images.dataChanged.connect(lambda first, _last, _roles: changed.append(first.row()))
    images.set_drawn({"case 1/Snap_3.jpg": 2})
    images.set_drawn({"case 1/Snap_3.jpg": 2, "case 0/Snap_2.jpg": 1})

    assert changed == [3, 2]
    assert [images.index(row).data(ImageRole.DRAWN) for row in (1, 2, 3)] == [0, 1, 2]
    assert "2 marks" in images.index(3).data(Qt.ItemDataRole.ToolTipRole)
    assert "1 mark," in images.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    images.set_drawn({})
    assert images.index(3).data(ImageRole.DRAWN) == 0
