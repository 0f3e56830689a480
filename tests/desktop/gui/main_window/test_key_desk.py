"""Keys in the whole window: shown over it, changed on their page, kept for the next start."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QKeySequenceEdit, QLabel, QLineEdit, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from bloodsmear.settings import Settings, write_settings
from desktop.gui.dialogs import KeyOverlay, KeysDialog
from desktop.gui.main_window import MainWindow

MakeWindow = Callable[[], MainWindow]


@pytest.fixture
def show_window(make_window: MakeWindow) -> MakeWindow:
    def show() -> MainWindow:
        made = make_window()
        made.show()
        return made

    return show


@pytest.fixture
def window(show_window: MakeWindow) -> MainWindow:
    return show_window()


def page_of(window: MainWindow) -> KeysDialog:
    window.actions_by_name["change_keys"].trigger()
    page = window.findChildren(KeysDialog)[-1]
    assert isinstance(page, KeysDialog)
    return page


def press(page: KeysDialog, name: str, key: str = "") -> str:
    """Choose an action on the page, give it a key, and return what the page says."""
    button(page, f"key_{name}").click()
    if key:
        page.findChildren(QKeySequenceEdit)[0].setKeySequence(QKeySequence(key))
    button(page, "take_key").click()
    return sentence(page)


def button(page: KeysDialog, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def sentence(page: KeysDialog) -> str:
    found = page.findChild(QLabel, "keys_sentence")
    assert isinstance(found, QLabel)
    return found.text()


def note(window: MainWindow) -> QLineEdit:
    found = window.review.panel.findChild(QLineEdit, "note")
    assert isinstance(found, QLineEdit)
    return found


def test_a_changed_key_counts_at_once_and_at_the_next_start(
    window: MainWindow, show_window: MakeWindow
) -> None:
    assert note(window).placeholderText() == "Note (N)"
    assert press(page_of(window), "note", "F8") == "F8 is the key for “Note” now."
    for shown in (window, show_window()):
        assert [key.toString() for key in shown.actions_by_name["note"].shortcuts()] == ["F8"]
        assert note(shown).placeholderText() == "Note (F8)"


def test_a_changed_key_is_the_one_that_a_screen_reader_hears(window: MainWindow) -> None:
    page = page_of(window)
    assert button(page, "key_note").accessibleName() == "Note: N"
    press(page, "note", "F8")
    assert button(page, "key_note").accessibleName() == "Note: F8"


def test_the_new_key_acts_and_the_old_one_no_more(
    window: MainWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    window.controller.load_classifiers()
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.open_folders([smear_folder])
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
    window.controller.review.name_reader("Ada")
    page = page_of(window)
    press(page, "label_1", "F8")
    page.close()
    window.activateWindow()
    window.gallery.focus_list()
    QTest.keyClick(window, Qt.Key.Key_1)
    assert window.controller.review.state.decision == ""
    QTest.keyClick(window, Qt.Key.Key_F8)
    # The first change may be that the reader has a name.
    qtbot.waitUntil(lambda: window.controller.review.state.decision == "benign")


def test_a_key_that_another_action_has_is_refused_with_its_name(window: MainWindow) -> None:
    page = page_of(window)
    assert press(page, "note", "U") == "U is the key for “Decide: unsure”. Press another."
    assert window.actions_by_name["note"].shortcut().toString() == "N"


def test_no_key_is_not_a_choice(window: MainWindow) -> None:
    assert press(page_of(window), "note") == "No key was pressed. Press the new one."


def test_esc_gives_up_waiting_for_a_key_and_then_closes_the_page(window: MainWindow) -> None:
    page = page_of(window)
    button(page, "key_note").click()
    edit = page.findChildren(QKeySequenceEdit)[0]
    QTest.keyClick(edit, Qt.Key.Key_F8)
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert page.isVisible()
    assert not edit.isVisible()
    assert window.actions_by_name["note"].shortcut().toString() == "N"
    assert page.focusWidget() is button(page, "key_note")
    QTest.keyClick(button(page, "key_note"), Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_the_focus_stays_at_the_row_that_was_changed(window: MainWindow) -> None:
    page = page_of(window)
    for pressed in ("take_key", "own_key"):
        button(page, "key_note").click()
        QTest.keyClick(page.findChildren(QKeySequenceEdit)[0], Qt.Key.Key_F8)
        button(page, pressed).setFocus()
        button(page, pressed).click()
        assert not button(page, pressed).isVisible()
        assert page.focusWidget() is button(page, "key_note")


def test_one_or_all_get_their_first_keys_back(window: MainWindow) -> None:
    page = page_of(window)
    press(page, "note", "F8")
    press(page, "unsure", "F9")
    button(page, "key_note").click()
    button(page, "own_key").click()
    assert window.actions_by_name["note"].shortcut().toString() == "N"
    assert window.actions_by_name["unsure"].shortcut().toString() == "F9"
    button(page, "all_own_keys").click()
    assert window.actions_by_name["unsure"].shortcut().toString() == "U"
    assert window.preferences.settings.keys == ()


def test_a_first_key_that_another_action_has_now_does_not_come_back(window: MainWindow) -> None:
    page = page_of(window)
    press(page, "note", "F8")
    press(page, "unsure", "N")
    button(page, "key_note").click()
    button(page, "own_key").click()
    assert sentence(page) == "Its first key is the one for “Decide: unsure” now. Change that first."
    assert window.actions_by_name["note"].shortcut().toString() == "F8"


def test_keys_of_the_settings_that_cannot_be_used_are_said(show_window: MakeWindow, tmp_path: Path) -> None:
    write_settings(tmp_path / "settings.json", Settings(keys=("note U",)))
    window = show_window()
    assert "these cannot be used: note U" in window.message_bar.text
    assert window.actions_by_name["note"].shortcut().toString() == "N"


def test_the_overlay_shows_the_readers_keys_and_goes_by_key_esc_or_click(window: MainWindow) -> None:
    press(page_of(window), "note", "F8")
    overlay = window.findChildren(KeyOverlay)[0]
    window.actions_by_name["keys"].trigger()
    assert overlay.isVisible()
    centre = window.centralWidget()
    assert centre is not None
    assert overlay.size() == centre.size()
    assert "F8" in [label.text() for label in overlay.findChildren(QLabel)]
    window.actions_by_name["keys"].trigger()
    assert not overlay.isVisible()
    window.actions_by_name["keys"].trigger()
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert not overlay.isVisible()
    window.actions_by_name["keys"].trigger()
    QTest.mouseClick(overlay, Qt.MouseButton.LeftButton)
    assert not overlay.isVisible()


@pytest.mark.parametrize("way", ["escape", "click", "key"])
def test_after_the_overlay_the_focus_is_where_it_was(window: MainWindow, way: str) -> None:
    overlay = window.findChildren(KeyOverlay)[0]
    search = next(line for line in window.findChildren(QLineEdit) if line.isEnabled() and line.isVisible())

    def show_and_close() -> None:
        window.toggle_keys()
        if way == "escape":
            QTest.keyClick(overlay, Qt.Key.Key_Escape)
        elif way == "click":
            QTest.mouseClick(overlay, Qt.MouseButton.LeftButton)
        else:
            window.toggle_keys()

    show_and_close()
    assert not isinstance(window.focusWidget(), QPushButton)
    search.setFocus()
    show_and_close()
    assert window.focusWidget() is search


def test_the_overlay_goes_in_the_order_of_the_work_with_a_cap_for_each_key(window: MainWindow) -> None:
    window.actions_by_name["keys"].trigger()
    overlay = window.findChildren(KeyOverlay)[0]
    labels = overlay.findChildren(QLabel)
    across = {label.text(): label.mapTo(overlay, label.rect().topLeft()).x() for label in labels}
    assert across["Open folder"] < across["Fit"] < across["Undo"]
    caps = [label.text() for label in labels if label.objectName() == "key_cap"]
    # One key for each: a second one has no room on a small screen.
    assert {"J", "Ctrl+Z"} <= set(caps)
    assert not [cap for cap in caps if " or " in cap]


def test_the_overlay_has_every_action_that_has_a_key(window: MainWindow) -> None:
    window.actions_by_name["keys"].trigger()
    shown = {label.text() for label in window.findChildren(KeyOverlay)[0].findChildren(QLabel)}
    with_keys = {
        action.text().rstrip("…")
        for action in window.actions_by_name.values()
        if action.shortcuts() and action.isVisible()
    }
    assert "Counter" in with_keys
    assert with_keys <= shown


def test_on_the_smallest_screen_the_overlay_scrolls(window: MainWindow) -> None:
    window.resize(683, 336)
    window.actions_by_name["keys"].trigger()
    area = window.findChildren(KeyOverlay)[0].findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert area.height() <= 336
    shown = area.widget()
    assert shown is not None
    assert shown.height() >= shown.minimumSizeHint().height()


def test_every_key_fits_on_a_small_screen(window: MainWindow) -> None:
    window.resize(960, 540)
    window.actions_by_name["keys"].trigger()
    overlay = window.findChildren(KeyOverlay)[0]
    inside = overlay.findChildren(QScrollArea)[0].widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= 960 - 32
    page = page_of(window)
    screen = page.screen().availableGeometry()
    assert page.width() <= screen.width()
    assert page.height() <= screen.height()
