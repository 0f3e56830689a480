"""Putting a theme onto the program."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.gui.theme import DARK, LIGHT, Mode, apply_theme, tokens
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.stylesheet import build_stylesheet


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The program, with the look it had before given back."""
    sheet, font, palette = qapp.styleSheet(), qapp.font(), qapp.palette()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.mark.parametrize(("mode", "window"), [("light", LIGHT.window), ("dark", DARK.window)])
def test_a_theme_colours_what_no_style_sheet_reaches(app: QApplication, mode: Mode, window: str) -> None:
    apply_theme(app, mode)
    assert app.palette().color(QPalette.ColorRole.Window).name().upper() == window.upper()
    assert app.font().pixelSize() == 13


def test_a_theme_can_be_changed_while_the_program_runs(app: QApplication) -> None:
    apply_theme(app, "light")
    apply_theme(app, "dark")
    assert DARK.surface in app.styleSheet()
    assert LIGHT.selected not in app.styleSheet()


def test_the_system_theme_is_one_of_the_two(app: QApplication, qtbot: QtBot) -> None:
    apply_theme(app, "system")
    assert tokens("system") in (LIGHT, DARK)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_every_rule_of_the_style_sheet_has_its_colour(palette: object) -> None:
    assert "$" not in build_stylesheet(LIGHT if palette is LIGHT else DARK)


@pytest.mark.parametrize("chosen", [0, 2])
def test_an_opened_list_shows_every_choice_whole(app: QApplication, qtbot: QtBot, chosen: int) -> None:
    apply_theme(app, "light")
    field = DropDown()
    qtbot.addWidget(field)
    field.setProperty("look", "compact")
    field.addItems(["Gentle", "Medium", "Reference"])
    field.setCurrentIndex(chosen)
    field.show()
    field.showPopup()
    shown = field.view()
    qtbot.waitUntil(shown.isVisible)
    rows = [shown.visualRect(field.model().index(row, 0)) for row in range(field.count())]
    assert all(shown.viewport().rect().contains(row) for row in rows)
    field.hidePopup()
