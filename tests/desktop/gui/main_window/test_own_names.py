"""A reader's own set of names: typed once, used at the counter and in the gallery, there at the next start."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.cells import CounterPage, OwnNamesDialog
from desktop.gui.main_window import MainWindow


def counter(window: MainWindow) -> CounterPage:
    window.actions_by_name["counter"].trigger()
    return window.findChildren(CounterPage)[-1]


def type_names(page: CounterPage, text: str) -> OwnNamesDialog:
    page.names.own_wanted.emit()
    dialog = page.findChildren(OwnNamesDialog)[-1]
    field, save = (
        dialog.findChild(QPlainTextEdit, "own_names"),
        dialog.findChild(QPushButton, "save_own_names"),
    )
    assert field is not None
    assert save is not None
    field.setPlainText(text)
    save.click()
    return dialog


def test_own_names_count_with_their_keys_and_are_there_at_the_next_start(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    page = counter(window)
    type_names(page, "H Hairy cell\n\nL lymphocyte\n")
    assert page.names.current().id == "own"
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    with qtbot.waitSignal(window.controller.review.changed):
        QTest.keyClick(page, Qt.Key.Key_H)
    assert page.table.figures("Hairy cell")[0].text() == "1"
    window.close()
    again = counter(open_window())
    assert [one.name for one in again.names.current().names] == ["Hairy cell", "Lymphocyte"]
    assert again.table.figures("Hairy cell")[0].text() == "1"


def test_what_cannot_be_a_set_is_said_in_place_and_nothing_is_kept(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    page = counter(window)
    dialog = type_names(page, "H Hairy cell\nH Hand mirror cell")
    problem = dialog.findChild(QLabel, "own_names_problem")
    assert problem is not None
    assert "the same key H" in problem.text()
    assert dialog.isVisible()
    assert window.preferences.settings.own_cell_names == ()
    dialog.reject()
    assert page.names.current().id == "five_part"
