"""The list folds away where the picture needs its room, and whoever wants it has it with one key."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.gallery.filter_bar import FilterBar
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.gallery.message_page import MessagePage
from desktop.gui.main_window import MainWindow


@pytest.fixture
def window(make_window: Callable[[], MainWindow], smear_folder: Path, qtbot: QtBot) -> MainWindow:
    """The window on a folder, wide enough for three columns."""
    made = make_window()
    made.resize(1300, 800)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitSignal(made.controller.folder.finished):
        made.open_folders([smear_folder])
    return made


def resize(window: MainWindow, width_px: int, qtbot: QtBot) -> None:
    window.resize(width_px, 380)
    qtbot.waitUntil(lambda: window.columns.width() <= width_px)


def test_in_a_narrow_window_the_list_is_folded_and_a_key_or_the_strip_opens_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    entry = window.actions_by_name["list"]
    strip = window.list_column.findChild(QPushButton, "open_list")
    assert isinstance(strip, QPushButton)
    assert window.gallery.isVisible()
    assert entry.isChecked()
    assert strip.isHidden() or not strip.isVisible()
    wide_px = window.viewer.width()
    resize(window, 683, qtbot)
    assert not window.gallery.isVisible()
    assert not entry.isChecked()
    # More than half of the window is the picture's.
    qtbot.waitUntil(lambda: window.viewer.width() > 380)
    entry.trigger()
    assert window.gallery.isVisible()
    assert entry.isChecked()
    strip.click()
    assert not window.gallery.isVisible()
    resize(window, 1300, qtbot)
    assert window.gallery.isVisible()
    qtbot.waitUntil(lambda: abs(window.viewer.width() - wide_px) < 20)


def test_a_list_that_is_folded_still_leads_from_image_to_image(window: MainWindow, qtbot: QtBot) -> None:
    resize(window, 683, qtbot)
    first = window.gallery.selected()
    window.actions_by_name["next"].trigger()
    assert window.gallery.selected() not in (None, first)


def test_a_field_gives_the_keys_back_while_the_list_is_folded(window: MainWindow, qtbot: QtBot) -> None:
    resize(window, 683, qtbot)
    window.activateWindow()
    window.review.panel.begin_note()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    window.gallery.focus_list()
    assert QApplication.focusWidget() is window.list_column


def test_who_looks_for_an_image_sees_the_list(window: MainWindow, qtbot: QtBot) -> None:
    resize(window, 683, qtbot)
    window.actions_by_name["find"].trigger()
    assert window.gallery.isVisible()


def test_what_a_narrow_window_makes_of_the_columns_is_not_kept(window: MainWindow, qtbot: QtBot) -> None:
    before = window.preferences.settings.window_layout
    resize(window, 683, qtbot)
    window.close()
    assert window.preferences.settings.window_layout == before


def test_where_a_filter_hides_every_image_no_field_keeps_the_keys(window: MainWindow) -> None:
    """The next choice was typed into the note."""
    window.activateWindow()
    (bar,) = window.gallery.findChildren(FilterBar)
    bar.filter_chosen.emit(ListFilter(text="none of them"))
    assert not window.gallery.shown_images()
    window.review.panel.begin_note()
    window.gallery.focus_list()
    assert isinstance(QApplication.focusWidget(), MessagePage)
