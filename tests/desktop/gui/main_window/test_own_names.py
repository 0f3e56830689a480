"""A reader's own set of names: typed once, used at the counter and in the gallery, there at the next start."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.cells import CounterPage, OwnNamesDialog
from desktop.gui.main_window import MainWindow


@pytest.fixture
def open_window(
    qapp: QApplication, fake_classifiers: ClassifierSet, tmp_path: Path, smear_folder: Path, qtbot: QtBot
) -> Iterator[Callable[[], MainWindow]]:
    """Open the window with the study of the smears; Ada reads."""
    opened: list[MainWindow] = []

    def open_it() -> MainWindow:
        made = build_window(
            qapp, load_classifiers=lambda: fake_classifiers, settings_file=tmp_path / "settings.json"
        )
        opened.append(made)
        made.controller.review.name_reader("Ada")
        with qtbot.waitSignal(made.controller.image.record_ready):
            made.show()
            made.open_folders([smear_folder])
        qtbot.waitUntil(lambda: made.controller.review.reviewed.is_open)
        return made

    yield open_it
    for window in opened:
        window.close()
        window.deleteLater()


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
