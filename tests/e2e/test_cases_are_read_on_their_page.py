"""The page of cases: all of them with their figures, their images, and the sign-off from there."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from pytestqt.qtbot import QtBot

from desktop.gui.cases import CasesPage
from desktop.gui.decision import SignOffSheet
from desktop.gui.main_window import MainWindow

FIRST = "case 1/smear 0.png"


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """Ada has decided the first image of the first case."""
    window = open_smears()
    window.controller.review.name_reader("Ada")
    decide(window, FIRST, qtbot)
    return window


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> Iterator[CasesPage]:
    yield open_page(window, qtbot)
    window.pages.close()


def open_page(window: MainWindow, qtbot: QtBot) -> CasesPage:
    window.actions_by_name["cases"].trigger()
    page = window.findChildren(CasesPage)[-1]
    qtbot.waitUntil(lambda: page.table.rowCount() > 0)
    return page


def decide(window: MainWindow, image: str, qtbot: QtBot) -> None:
    if window.gallery.selected() != image or window.controller.image.shown is None:
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.gallery.select(image)
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("benign")


def cells(page: CasesPage, row: int = 0) -> dict[str, str]:
    table = page.table
    return {
        table.headerData(column, Qt.Orientation.Horizontal): table.index(row, column).data()
        for column in range(table.columnCount())
    }


def texts(page: CasesPage) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def button(page: CasesPage, name: str) -> QPushButton:
    (found,) = page.findChildren(QPushButton, name)
    return found


def first_case(window: MainWindow) -> list[str]:
    return window.controller.review.reviewed.images("case 1")


def test_a_case_has_its_counts_and_the_mean_of_what_the_classifiers_say(
    window: MainWindow, page: CasesPage
) -> None:
    found = cells(page)
    images = len(first_case(window))
    assert (found["Case"], found["Images"], found["To decide"]) == ("case 1", str(images), str(images - 1))
    assert found["Your decisions"] == "Benign 1"
    assert "%" in found["Highest mean"]
    assert "Mean probability (95 %)" in texts(page)


def test_the_table_is_not_scrolled_sideways_at_1366_px(
    window: MainWindow, page: CasesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.gui.cases.case_table.decisions_words", lambda *_: "Early Pre-B 12, " * 4)
    monkeypatch.setattr("desktop.gui.cases.case_table.signed_off_words", lambda _: "2026-11-30 14:03")
    page.resize(1330, 640)
    assert page._read is not None
    page.show_cases(page._read, hidden=False)
    [view] = page.findChildren(QTableView)
    QApplication.processEvents()
    assert view.horizontalScrollBar().maximum() == 0
    # Cut in the middle, `Pre-B 1` would be left of `Early Pre-B 1`.
    option, decisions = QStyleOptionViewItem(), page.table.index(0, 4)
    delegate = view.itemDelegateForIndex(decisions)
    assert isinstance(delegate, QStyledItemDelegate)
    delegate.initStyleOption(option, decisions)
    assert option.textElideMode == Qt.TextElideMode.ElideRight
    # The case is cut only where the decisions have nothing left to give, and not where that would not be enough.
    for width_px in (1330, 660):
        page.resize(width_px, 640)
        QApplication.processEvents()
        assert view.columnWidth(0) >= view.sizeHintForColumn(0)


def test_what_is_decided_meanwhile_stands_there_and_the_case_stays_chosen(
    window: MainWindow, page: CasesPage, qtbot: QtBot
) -> None:
    decide(window, first_case(window)[1], qtbot)
    qtbot.waitUntil(lambda: cells(page)["Your decisions"] == "Benign 2")
    assert f"2 of {len(first_case(window))} decided." in texts(page)


def test_all_images_of_the_case_stand_there_with_their_pictures_and_lead_to_the_window(
    window: MainWindow, page: CasesPage, qtbot: QtBot
) -> None:
    images = page.grid.images
    assert images.rowCount() == len(first_case(window))
    last = images.index(images.rowCount() - 1)
    assert last.data().endswith("\nto decide")
    assert images.index(0).data().endswith("\nBenign")

    def is_painted() -> bool:
        picture = last.data(Qt.ItemDataRole.DecorationRole).pixmap(96, 72).toImage()
        return bool(picture.pixelColor(picture.rect().center()).alpha())

    qtbot.waitUntil(is_painted)
    page.grid.activated.emit(last)
    assert window.gallery.selected() == first_case(window)[-1]


def test_the_first_image_to_decide_is_one_press_away(window: MainWindow, page: CasesPage) -> None:
    page.move(window.frameGeometry().bottomRight() + QPoint(1, 1))
    button(page, "first_to_decide").click()
    assert window.gallery.selected() == first_case(window)[1]
    assert page.isVisible()
    # Over the window it would cover the image.
    page.move(window.pos())
    button(page, "first_to_decide").click()
    assert not page.isVisible()


def test_a_case_is_signed_off_from_its_page(window: MainWindow, page: CasesPage, qtbot: QtBot) -> None:
    for image in first_case(window)[1:]:
        decide(window, image, qtbot)
    # Another image is chosen in the window: the page's case is signed off, and not that one's.
    other = next(image for image in window.controller.study.found if not image.startswith("case 1/"))
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(other)
    qtbot.waitUntil(lambda: cells(page)["To decide"] == "0")
    button(page, "sign_off_this_case").click()
    (sheet,) = page.findChildren(SignOffSheet)
    assert "case 1" in sheet.windowTitle()
    with qtbot.waitSignal(window.controller.review.marks_changed):
        sheet.findChildren(QPushButton, "confirm_sign_off")[0].click()
    qtbot.waitUntil(lambda: cells(page)["Signed off"] != "–")
    assert not button(page, "sign_off_this_case").isEnabled()


def test_a_header_sorts_and_the_chosen_case_stays_chosen(page: CasesPage) -> None:
    view = page.findChild(QTableView, "cases_table")
    assert isinstance(view, QTableView)
    view.selectRow(0)
    view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert page.table.rowCount() > 1
    assert view.currentIndex().row() == page.table.rowCount() - 1
    assert cells(page)["Case"] != "case 1"


def test_nothing_of_a_classifier_stands_there_while_images_are_to_be_decided_blind(
    window: MainWindow, page: CasesPage, qtbot: QtBot
) -> None:
    window.actions_by_name["blind"].trigger()
    qtbot.waitUntil(lambda: page.table.rowCount() > 0 and "Flagged" not in cells(page))
    assert not any("%" in value for value in cells(page).values())
    shown = texts(page)
    assert "Mean probability (95 %)" not in shown
    assert any("You read blind" in text for text in shown)


def test_the_key_opens_it(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(CasesPage)))
    window.pages.close()


def test_on_a_low_screen_the_figures_leave_room_for_the_buttons(page: CasesPage) -> None:
    # 1366 x 768 at 200 %, less the window's frame.
    page.resize(667, 336)
    QApplication.processEvents()
    assert page.height() == 336
    assert page.rect().contains(button(page, "sign_off_this_case").geometry())
    assert not page._detail.horizontalScrollBar().isVisible()


def test_the_chosen_case_stays_highlighted_when_it_is_clicked_with_ctrl(page: CasesPage) -> None:
    table = page.findChild(QTableView)
    assert table is not None
    ctrl, rows = Qt.KeyboardModifier.ControlModifier, table.selectionModel()
    place = table.visualRect(table.currentIndex()).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, ctrl, place)
    assert rows.selectedRows() == [table.currentIndex().siblingAtColumn(0)]
    QTest.keyClick(table, Qt.Key.Key_Space, ctrl)
    assert rows.selectedRows() == [table.currentIndex().siblingAtColumn(0)]
    QTest.keyClick(table, Qt.Key.Key_Down, ctrl)
    assert rows.selectedRows() == [table.currentIndex().siblingAtColumn(0)]
