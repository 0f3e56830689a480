"""The window and its pages on screens of any size; tests/screen looks at real ones."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.dialogs import AboutDialog
from desktop.gui.main_window import MainWindow
from desktop.gui.placing import fit_page, kept_place, place_window
from desktop.gui.theme.page_parts import page_column, paragraph


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, fake_classifiers: ClassifierSet) -> MainWindow:
    made = build_window(qapp, load_classifiers=lambda: fake_classifiers)
    qtbot.addWidget(made)
    return made


def screen_of(page: MainWindow | QDialog) -> QRect:
    return page.screen().availableGeometry()


def test_the_window_can_be_as_small_as_a_screen_of_683_by_384(window: MainWindow) -> None:
    window.show()
    least = window.minimumSizeHint()
    assert least.width() <= 683
    assert least.height() <= 384 - 48


def test_a_first_window_that_does_not_fit_takes_the_whole_screen(window: MainWindow) -> None:
    assert screen_of(window).width() < 1366, "the offscreen screen is small"
    window.appear()
    assert window.isMaximized()
    assert screen_of(window).contains(window.normalGeometry())


def test_a_kept_place_that_fits_is_taken(window: MainWindow) -> None:
    window.setGeometry(QRect(20, 40, 720, 500))
    kept = kept_place(window)
    window.setGeometry(QRect(0, 0, 700, 400))
    place_window(window, kept)
    assert not window.isMaximized()
    assert window.size() == QSize(720, 500)


def test_a_kept_place_that_is_not_a_place_is_passed_over(window: MainWindow) -> None:
    place_window(window, "nonsense")
    assert window.isMaximized()


def test_a_page_that_needs_more_than_the_screen_scrolls(window: MainWindow, qtbot: QtBot) -> None:
    page = QDialog()
    qtbot.addWidget(page)
    column = page_column(page)
    for _ in range(80):
        column.addWidget(paragraph("A sentence that is long enough to wrap where a page is narrow. " * 2))
    fit_page(page)
    page.show()
    assert page.findChildren(QScrollArea)
    assert page.height() <= screen_of(page).height()
    assert page.height() > screen_of(page).height() // 2


def test_a_page_that_fits_is_left_as_it_is(qtbot: QtBot) -> None:
    page = QDialog()
    qtbot.addWidget(page)
    page_column(page).addWidget(paragraph("One sentence."))
    page.resize(400, 300)
    fit_page(page)
    assert not page.findChildren(QScrollArea)
    assert page.size() == QSize(400, 300)


def test_a_page_of_the_window_is_as_high_as_its_wrapped_texts(window: MainWindow) -> None:
    window.show()
    about = AboutDialog(Path("logs"), window)
    window.pages.show(about)
    assert not about.findChildren(QScrollArea), "About fits the screen"
    cut = [
        label.text()
        for label in about.findChildren(QLabel)
        if label.height() < label.heightForWidth(label.width())
    ]
    assert cut == []
