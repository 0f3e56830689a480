"""The gallery of cells in the window: crops are named by keys, many at once; wrong finds go, missed ones come."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.cells.reader_cells import CellPlace
from bloodsmear.images.region import Region
from desktop.gui.cells import CellGalleryPage
from desktop.gui.cells.cell_model import CellRole
from desktop.gui.main_window import MainWindow

# Of the demo's two images: what the finder finds.
CELLS = {"synthetic-2/smear-1.jpg": 5, "synthetic-2/smear-2.jpg": 2}
FIRST, SECOND = CELLS


@pytest.fixture
def read_folder(tmp_path: Path) -> Path:
    """Two synthetic images."""
    folder = tmp_path / "smears"
    (folder / "synthetic-2").mkdir(parents=True)
    for image in CELLS:
        shutil.copy(paths.demo_images() / image, folder / image)
    return folder


def gallery(window: MainWindow, qtbot: QtBot) -> CellGalleryPage:
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        window.actions_by_name["cell_gallery"].trigger()
    page = window.cells.page
    assert page is not None
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def press(window: MainWindow, page: CellGalleryPage, key: Qt.Key, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.review.changed):
        QTest.keyClick(page.view, key)


def select(page: CellGalleryPage, *rows: int) -> None:
    page.view.clearSelection()
    for row in rows:
        page.view.selectionModel().select(
            page.model.index(row), page.view.selectionModel().SelectionFlag.Select
        )


def names(page: CellGalleryPage) -> list[str]:
    return [page.model.cell_at(row).name for row in range(page.model.rowCount())]


def head(page: CellGalleryPage) -> str:
    label = page.findChild(QLabel, "cells_head")
    assert label is not None
    return label.text()


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    return open_window()


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> CellGalleryPage:
    return gallery(window, qtbot)


def test_the_cells_of_the_case_stand_there_without_a_name_and_each_gets_its_crop(
    page: CellGalleryPage, qtbot: QtBot
) -> None:
    assert head(page) == "7 cells of 2 images, 0 named"
    assert names(page) == [""] * 7
    qtbot.waitUntil(
        lambda: all(
            page.model.index(row).data(CellRole.CROP) is not None for row in range(page.model.rowCount())
        )
    )


def test_the_first_cell_without_a_name_is_chosen_so_that_a_key_finds_one(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    press(window, page, Qt.Key.Key_N, qtbot)
    press(window, page, Qt.Key.Key_L, qtbot)
    assert names(page)[:3] == ["neutrophil", "lymphocyte", ""]
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        page.scope_chosen.emit("study")
    assert [page.model.index(2)] == page.view.selectedIndexes()


def test_one_after_the_other_is_named_by_a_key_and_many_at_once_undone_in_one_step(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    select(page, 0)
    for key in (Qt.Key.Key_N, Qt.Key.Key_L, Qt.Key.Key_N):
        press(window, page, key, qtbot)
    assert names(page) == ["neutrophil", "lymphocyte", "neutrophil", "", "", "", ""]
    select(page, 3, 4, 6)
    press(window, page, Qt.Key.Key_Y, qtbot)
    assert names(page)[3:] == ["erythroblast", "erythroblast", "", "erythroblast"]
    assert [label.text() for label in page.table.figures("neutrophil")] == ["2", "66.7 %", "9–100"]
    assert head(page) == "7 cells of 2 images, 6 named"
    with qtbot.waitSignal(window.controller.review.undone) as undone:
        QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone.args[0] == "What was decided for 3 cells was taken back."
    assert names(page) == ["neutrophil", "lymphocyte", "neutrophil", "", "", "", ""]


def test_names_and_notes_are_there_after_the_next_start_and_another_reader_sees_none(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    page = gallery(window, qtbot)
    select(page, 1)
    press(window, page, Qt.Key.Key_M, qtbot)
    with qtbot.waitSignal(window.controller.review.changed):
        page.note_wanted.emit((CellPlace(FIRST, page.model.cell_at(1).box),), "large")
    window.close()
    again = open_window()
    page = gallery(again, qtbot)
    assert names(page) == ["", "monocyte", "", "", "", "", ""]
    assert page.model.cell_at(1).note == "large"
    again.controller.review.name_reader("Ben")
    assert names(page) == [""] * 7


def test_a_wrong_find_is_taken_out_of_gallery_and_frame_and_comes_back_by_undo(
    window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.controller.cells.found):
        window.actions_by_name["cells"].trigger()
    page = gallery(window, qtbot)
    select(page, 0)
    with qtbot.waitSignal(window.controller.cells.found) as found:
        QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert len(found.args[1].cells) == CELLS[FIRST] - 1
    assert head(page) == "6 cells of 2 images, 0 named"
    with qtbot.waitSignal(window.controller.cells.found) as found:
        QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(found.args[1].cells) == CELLS[FIRST]
    assert head(page) == "7 cells of 2 images, 0 named"


def test_a_click_in_the_frame_adds_a_missed_cell_and_a_click_on_it_removes_it(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.controller.cells.found) as found:
        window.actions_by_name["cell_click"].trigger()
    boxes = [cell.box for cell in found.args[1].cells]
    free = next(
        (x, y)
        for x in range(60, 600, 20)
        for y in range(60, 440, 20)
        if not any(box.meets(Region(x - 50, y - 50, 100, 100)) for box in boxes)
    )
    with qtbot.waitSignal(window.controller.cells.found) as found:
        window.viewer.clicked.emit(*map(float, free))
    assert len(found.args[1].cells) == CELLS[FIRST] + 1
    qtbot.waitUntil(lambda: head(page) == "8 cells of 2 images, 0 named")
    last = page.model.rowCount() - 1
    qtbot.waitUntil(lambda: page.model.index(last).data(CellRole.CROP) is not None)
    with qtbot.waitSignal(window.controller.cells.found) as found:
        window.viewer.clicked.emit(*map(float, free))
    assert [cell.box for cell in found.args[1].cells] == boxes
    window.viewer.clicks_left.emit()
    assert not window.controller.cells.clicking
    assert not window.actions_by_name["cell_click"].isChecked()


def test_a_cell_is_shown_in_its_image_from_near_by(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    select(page, page.model.rowCount() - 1)
    chosen = page.selected()[0]
    assert chosen.image == SECOND
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    view_range = window.viewer.view_range
    qtbot.waitUntil(lambda: not view_range.fitted)
    shown = view_range.shown(300, 200)
    # Across, the whole image has room.
    assert shown.top() < chosen.box.top_px + chosen.box.height_px / 2 < shown.bottom()
    assert window.gallery.selected() == SECOND
    assert window.controller.cells.wanted


def test_the_scope_the_order_and_the_names_shown_are_chosen(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    select(page, 2)
    press(window, page, Qt.Key.Key_E, qtbot)
    page.model.arrange("size")
    sizes = [page.model.cell_at(row).red_cells for row in range(7)]
    assert sizes == sorted(sizes, reverse=True)
    named = next(one for row in range(7) if (one := page.model.cell_at(row)).name)
    page.model.arrange("likeness", named)
    assert page.model.cell_at(0) == named
    page.model.show_only("eosinophil")
    assert names(page) == ["eosinophil"]
    page.model.show_only("")
    assert names(page) == [""] * 6
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        page.scope_chosen.emit("image")
    assert {page.model.cell_at(row).image for row in range(page.model.rowCount())} == {FIRST}
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        window.gallery.select(SECOND)
    assert {page.model.cell_at(row).image for row in range(page.model.rowCount())} == {SECOND}


def test_the_gallerys_undo_leaves_a_decision_alone(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("benign")
    QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.wait(50)
    assert window.controller.review.state.decision == "benign"
    problem = page.findChild(QLabel, "cells_problem")
    assert problem is not None
    assert "was no name for a cell" in problem.text()


def test_the_gallerys_undo_leaves_a_decision_alone_that_is_still_being_kept(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    select(page, 2)
    press(window, page, Qt.Key.Key_E, qtbot)
    with qtbot.waitSignals([window.controller.review.mark_changed, window.controller.review.refused]):
        window.controller.review.decide("benign")
        QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.controller.review.state.decision == "benign"
    assert names(page).count("eosinophil") == 1


def test_another_study_leaves_no_cell_of_the_one_before(
    window: MainWindow, page: CellGalleryPage, smear_folder: Path, qtbot: QtBot
) -> None:
    window.open_folders([smear_folder])
    assert page.model.rowCount() == 0
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        pass
    assert all(page.model.cell_at(row).image not in CELLS for row in range(page.model.rowCount()))


def test_a_cell_that_is_pointed_at_is_another_images_no_more(window: MainWindow, qtbot: QtBot) -> None:
    window.cells.show_cell(CellPlace(FIRST, Region(10, 10, 20, 20)))
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(SECOND)
    assert window.viewer._pointed is None
    # In another folder an image may have the same name.
    window.cells.show_cell(CellPlace(SECOND, Region(10, 10, 20, 20)))
    window.open_folders(window.controller.study.folders)
    assert window.viewer._pointed is None


def test_the_first_key_after_the_gallery_led_to_a_cell_decides_nothing_about_its_image(
    window: MainWindow, qtbot: QtBot
) -> None:
    review = window.controller.review
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.cells.show_cell(CellPlace(SECOND, Region(10, 10, 20, 20)))
    # In the gallery it names a blast.
    window.actions_by_name["not_evaluable"].trigger()
    assert "here keys decide about the whole image" in window.message_bar.text
    with qtbot.waitSignal(review.mark_changed) as marked:
        window.actions_by_name["label_1"].trigger()
    assert marked.args[0] == SECOND
    decided = review.reviewed.decision(SECOND)
    assert decided is not None
    assert decided.value != "not_evaluable"


def test_a_key_decides_at_once_where_the_gallery_did_not_lead(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.cells.show_cell(CellPlace(SECOND, Region(10, 10, 20, 20)))
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(FIRST)
    with qtbot.waitSignal(window.controller.review.mark_changed) as marked:
        window.actions_by_name["not_evaluable"].trigger()
    assert marked.args[0] == FIRST


def test_no_cell_of_a_file_that_was_replaced_is_named_before_it_is_read_again(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    review = window.controller.review
    # FIRST is read by now; the gallery finds its cells in another file.
    shutil.copy(paths.demo_images() / SECOND, tmp_path / "smears" / FIRST)
    page = gallery(window, qtbot)
    select(page, 0)
    assert page.selected()[0].image == FIRST
    with qtbot.waitSignal(review.refused):
        QTest.keyClick(page.view, Qt.Key.Key_L)
    problem = page.findChild(QLabel, "cells_problem")
    assert problem is not None
    assert f"cells of {FIRST}: its file was replaced" in problem.text()
    assert names(page) == [""] * 4
    # What the sentence says.
    for image in (SECOND, FIRST):
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.gallery.select(image)
    select(page, 0)
    press(window, page, Qt.Key.Key_L, qtbot)
    assert names(page) == ["lymphocyte", "", "", ""]


def test_the_gallery_finds_cells_anew_once_its_image_is_read_with_other_bytes(
    window: MainWindow, page: CellGalleryPage, tmp_path: Path, qtbot: QtBot
) -> None:
    select(page, 0)
    press(window, page, Qt.Key.Key_L, qtbot)
    shutil.copy(paths.demo_images() / SECOND, tmp_path / "smears" / FIRST)
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(SECOND)
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        window.gallery.select(FIRST)
    # The name was given to a cell of other bytes.
    assert names(page) == [""] * 4


def test_a_click_on_a_file_that_another_program_knows_with_other_bytes_says_nothing_of_its_cells(
    window: MainWindow, qtbot: QtBot
) -> None:
    review = window.controller.review
    with qtbot.waitSignal(window.controller.cells.found) as found:
        window.actions_by_name["cell_click"].trigger()
    known = window.controller.study.records[FIRST]
    window.controller.file.put(replace(known, sha256="cd" * 32))
    box = found.args[1].cells[0].box
    with qtbot.waitSignal(review.refused) as refused:
        window.viewer.clicked.emit(box.left_px + box.width_px / 2, box.top_px + box.height_px / 2)
    assert f"cells of {FIRST}: its file was replaced" in refused.args[0]


def test_cells_that_were_still_being_found_do_not_come_as_those_of_an_audit_set_that_nobody_has_drawn(
    window: MainWindow, page: CellGalleryPage, qtbot: QtBot
) -> None:
    page.scope_chosen.emit("study")
    with qtbot.assertNotEmitted(window.controller.cell_gallery.found, wait=400):
        page.scope_chosen.emit("audit")
    assert page.model.cells == 0
    empty = page.findChild(QLabel, "cells_empty")
    assert empty is not None
    assert empty.text().startswith("No audit set is drawn.")


def test_where_nobody_reads_the_gallery_keeps_its_keys_so_that_none_is_typed_as_a_name(
    make_window: Callable[[], MainWindow], read_folder: Path, qtbot: QtBot
) -> None:
    window = make_window()
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.show()
        window.open_folders([read_folder])
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
    page = gallery(window, qtbot)
    select(page, 0)
    with qtbot.waitSignal(window.controller.review.refused):
        QTest.keyClick(page.view, Qt.Key.Key_Delete)
    qtbot.wait(20)
    assert page.isActiveWindow()


@pytest.mark.parametrize("action", ["note", "confirm", "acknowledge"])
def test_no_first_key_after_the_gallery_led_to_a_cell_changes_its_image(
    action: str, window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.cells.show_cell(CellPlace(SECOND, Region(10, 10, 20, 20)))
    note = window.review.panel.findChild(QLineEdit, "note")
    assert note is not None
    window.actions_by_name[action].trigger()
    assert "Press the key once more if the image is meant" in window.message_bar.text
    assert window.controller.image.image == SECOND
    assert QApplication.focusWidget() is not note


def test_the_names_are_in_reach_on_a_screen_of_1366_pixels_at_200_percent(
    page: CellGalleryPage, qtbot: QtBot
) -> None:
    # Of the screen the frame has 16 px.
    page.resize(1366 // 2 - 16, 330)
    qtbot.wait(10)
    assert page.width() == 1366 // 2 - 16
    assert page.names.mapTo(page, QPoint(page.names.width(), 0)).x() <= page.width()
