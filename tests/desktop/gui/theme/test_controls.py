"""The controls that panels share: segmented choice, switch, flow row."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.theme import LIGHT
from desktop.gui.theme.flow_row import FlowRow
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice
from desktop.gui.theme.toggle_switch import ToggleSwitch


@pytest.fixture
def choice(qtbot: QtBot) -> SegmentedChoice:
    """Three segments, shown."""
    choice = SegmentedChoice("Layout", [Segment("a", "A"), Segment("b", "B"), Segment("c", "C")])
    qtbot.addWidget(choice)
    choice.show()
    return choice


def test_a_click_on_a_segment_chooses_it_once(choice: SegmentedChoice, qtbot: QtBot) -> None:
    chosen: list[str] = []
    choice.chosen.connect(chosen.append)
    QTest.mouseClick(choice.button("b"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(choice.button("b"), Qt.MouseButton.LeftButton)
    assert chosen == ["b"]
    assert choice.current() == "b"


def test_the_arrow_keys_move_the_choice(choice: SegmentedChoice, qtbot: QtBot) -> None:
    choice.activateWindow()
    choice.button("a").setFocus()
    with qtbot.waitSignal(choice.chosen) as chosen:
        QTest.keyClick(choice.button("a"), Qt.Key.Key_Right)
    assert chosen.args == ["b"]


def test_enter_on_a_segment_presses_the_default_button_of_its_page(qtbot: QtBot) -> None:
    page = QDialog()
    qtbot.addWidget(page)
    choice = SegmentedChoice("Report", [Segment("a", "A"), Segment("b", "B")], page)
    save = QPushButton("Save", page)
    save.setDefault(True)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    QTest.mouseClick(choice.button("b"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(save.clicked):
        QTest.keyClick(choice.button("b"), Qt.Key.Key_Return)


def test_choosing_by_the_program_says_nothing(choice: SegmentedChoice) -> None:
    chosen: list[str] = []
    choice.chosen.connect(chosen.append)
    choice.choose("c")
    assert choice.current() == "c"
    assert chosen == []


def test_the_space_bar_turns_a_switch(qtbot: QtBot) -> None:
    switch = ToggleSwitch("Check denoised images, too", LIGHT)
    qtbot.addWidget(switch)
    switch.show()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    assert switch.accessibleName() == "Check denoised images, too"


def _places(qtbot: QtBot, width_px: int, last_at_end: bool = False) -> list[tuple[int, int]]:
    """Where three buttons of 100 px, 8 px apart, lie in a row of this width."""
    holder = FlowRow(8, last_at_end=last_at_end)
    qtbot.addWidget(holder)
    buttons = [QPushButton(str(number)) for number in range(3)]
    for button in buttons:
        button.setFixedSize(100, 20)
        holder.add(button)
    holder.resize(width_px, 100)
    holder.show()
    assert holder.heightForWidth(width_px) == (48 if width_px < 316 else 20)
    return [(button.x(), button.y()) for button in buttons]


def test_a_full_row_goes_on_below(qtbot: QtBot) -> None:
    assert _places(qtbot, 250) == [(0, 0), (108, 0), (0, 28)]


def test_the_last_item_can_stand_at_the_right_edge(qtbot: QtBot) -> None:
    assert _places(qtbot, 400, last_at_end=True) == [(0, 0), (108, 0), (300, 0)]


def test_the_last_item_takes_the_first_line_with_room(qtbot: QtBot) -> None:
    """In a narrow window it costs the pictures no line of its own."""
    holder = FlowRow(8, last_at_end=True)
    qtbot.addWidget(holder)
    widths_px = (100, 250, 100)
    buttons = [QPushButton(holder) for _ in widths_px]
    for button, width_px in zip(buttons, widths_px, strict=True):
        button.setFixedSize(width_px, 20)
        holder.add(button)
    holder.resize(300, 100)
    holder.show()
    assert [(button.x(), button.y()) for button in buttons] == [(0, 0), (0, 28), (200, 0)]
    assert holder.heightForWidth(300) == 48
    assert holder.heightForWidth(200) == 76


def _row_of(qtbot: QtBot, *widths_px: int, last_at_end: bool = True) -> tuple[FlowRow, list[QPushButton]]:
    """A shown row of 300 px with buttons of these widths, 8 px apart."""
    row = FlowRow(8, last_at_end=last_at_end)
    qtbot.addWidget(row)
    buttons = [QPushButton(row) for _ in widths_px]
    for button, width_px in zip(buttons, widths_px, strict=True):
        button.setFixedSize(width_px, 20)
        row.add(button)
    row.resize(300, 100)
    row.show()
    return row, buttons


def test_what_is_hidden_keeps_its_room_on_the_first_line_alone(qtbot: QtBot) -> None:
    row, buttons = _row_of(qtbot, 100, 250, 290)
    assert row.heightForWidth(300) == 76
    buttons[1].hide()
    assert row.heightForWidth(300) == 48
    row, buttons = _row_of(qtbot, 100, 80, 60)
    places = [button.x() for button in buttons]
    buttons[1].hide()
    assert [button.x() for button in buttons] == places


def test_a_folded_row_is_one_line_and_a_button_shows_the_rest(qtbot: QtBot) -> None:
    row, _buttons = _row_of(qtbot, 100, 250, 100)
    more = next(each for each in row.findChildren(QPushButton) if each.text() == "More")
    assert more.isHidden()
    row.fold(True)
    row.resize(300, row.heightForWidth(300))
    assert row.height() == 20
    assert more.isVisible()
    assert more.geometry().right() == 299
    more.click()
    assert row.heightForWidth(300) == 48
    row.fold(False)
    assert more.isHidden()
    assert row.heightForWidth(300) == 48


def test_a_folded_row_with_everything_in_its_line_has_no_such_button(qtbot: QtBot) -> None:
    row, _buttons = _row_of(qtbot, 100, 60)
    row.fold(True)
    assert not any(each.isVisible() for each in row.findChildren(QPushButton) if each.text() == "More")


def test_where_not_even_the_first_has_room_the_button_stands_alone(qtbot: QtBot) -> None:
    row, (wide, _end) = _row_of(qtbot, 280, 60)
    row.fold(True)
    more = next(each for each in row.findChildren(QPushButton) if each.text() == "More")
    assert row.heightForWidth(300) == more.height()
    row.resize(300, more.height())
    assert not row.rect().intersects(wide.geometry())


def test_what_tab_reaches_in_a_folded_row_is_shown(qtbot: QtBot) -> None:
    row, buttons = _row_of(qtbot, 100, 250, 100)
    row.fold(True)
    row.resize(300, row.heightForWidth(300))
    row.activateWindow()
    buttons[1].setFocus()
    qtbot.waitUntil(lambda: row.heightForWidth(300) == 48)
