"""The picture alone and the full screen: what goes, what stays, what brings it back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.gui.main_window import MainWindow
from desktop.gui.viewer import SecondWindow


def do(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def around(window: MainWindow) -> list[bool]:
    return [part.isVisible() for part in (window.top_bar, window.list_column, window.review.column)]


def test_the_picture_alone_leaves_the_footer_and_comes_back_as_it_was(
    window: MainWindow, qtbot: QtBot
) -> None:
    sizes, wide_px = window.columns.sizes(), window.viewer.width()
    do(window, "picture_alone")
    assert around(window) == [False] * 3
    assert window.footer.isVisible()
    qtbot.waitUntil(lambda: window.viewer.width() > wide_px + 400)
    assert window.actions_by_name["picture_alone"].isChecked()
    do(window, "picture_alone")
    assert around(window) == [True] * 3
    qtbot.waitUntil(lambda: window.columns.sizes() == sizes)


def test_the_keys_go_to_the_picture_and_next_image_still_works(window: MainWindow, qtbot: QtBot) -> None:
    window.gallery.focus_filter()
    do(window, "picture_alone")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Original picture"
    with qtbot.waitSignal(window.controller.image.original_ready):
        QTest.keyClick(focus, Qt.Key.Key_J)
    assert around(window) == [False] * 3


def test_what_decides_brings_the_columns_back_so_that_it_is_seen(window: MainWindow) -> None:
    do(window, "picture_alone")
    do(window, "label_1")
    assert around(window) == [True] * 3
    do(window, "picture_alone")
    do(window, "note")
    assert around(window) == [True] * 3
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_escape_brings_the_columns_back_first_and_then_the_window(window: MainWindow) -> None:
    do(window, "full_screen")
    assert window.isFullScreen()
    assert window.actions_by_name["full_screen"].isChecked()
    do(window, "picture_alone")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert around(window) == [True] * 3
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert not window.actions_by_name["full_screen"].isChecked()


def test_the_tick_follows_a_window_manager_that_takes_the_full_screen_away(window: MainWindow) -> None:
    do(window, "full_screen")
    window.showNormal()
    assert not window.actions_by_name["full_screen"].isChecked()


def test_a_window_that_was_closed_so_opens_as_usual(
    window: MainWindow, make_window: Callable[[], MainWindow]
) -> None:
    do(window, "full_screen")
    do(window, "picture_alone")
    window.close()
    again = make_window()
    again.appear()
    assert not again.isFullScreen()
    assert around(again) == [True] * 3
    # The list is folded away where the screen is narrow, as ever.
    assert again.columns.sizes()[-1] > 200
    again.close()


def test_the_second_window_follows_the_list_by_its_own_keys_and_goes_with_the_first(
    window: MainWindow, qtbot: QtBot
) -> None:
    do(window, "second_window")
    assert window.actions_by_name["second_window"].isChecked()
    [second] = [one for one in QApplication.topLevelWidgets() if isinstance(one, SecondWindow)]
    with qtbot.waitActive(second):
        second.activateWindow()
    with qtbot.waitSignal(window.controller.image.original_ready):
        QTest.keyClick(second, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: second.windowTitle().startswith(str(window.gallery.selected())))
    with qtbot.waitSignal(second.destroyed):
        window.close()


def test_the_key_of_the_second_window_closes_it_again(window: MainWindow, qtbot: QtBot) -> None:
    do(window, "second_window")
    [second] = [one for one in QApplication.topLevelWidgets() if isinstance(one, SecondWindow)]
    with qtbot.waitSignal(second.destroyed):
        do(window, "second_window")
    assert not window.actions_by_name["second_window"].isChecked()


@pytest.mark.parametrize(("name", "field"), [("note", "Note"), ("find", "Filter by name or case")])
def test_what_is_typed_after_a_key_of_the_second_window_decides_nothing(
    window: MainWindow, qtbot: QtBot, name: str, field: str
) -> None:
    do(window, "second_window")
    [second] = [one for one in QApplication.topLevelWidgets() if isinstance(one, SecondWindow)]
    with qtbot.waitActive(second):
        second.activateWindow()
    QTest.keySequence(second, window.actions_by_name[name].shortcuts()[0])
    qtbot.waitUntil(window.isActiveWindow)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == field
