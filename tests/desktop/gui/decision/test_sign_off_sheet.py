"""The sheet that a sign-off is confirmed on."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.decision import SignOffSheet
from desktop.gui.review_state import SignOffCounts

COMPLETE = SignOffCounts(
    what="case 12",
    reader="Ada",
    images=5,
    decided=(("benign", 3), ("early_pre_b", 1), ("unsure", 0), ("other", 0), ("not_evaluable", 0)),
    acknowledged=1,
    undecided=(),
    to_acknowledge=(),
    last_hash="ab" * 32,
)
OPEN = replace(COMPLETE, images=8, undecided=("c/b.png", "c/d.png"), to_acknowledge=("c/torn.png",))


def make(counts: SignOffCounts, qtbot: QtBot) -> SignOffSheet:
    sheet = SignOffSheet(counts)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    sheet.show()
    return sheet


def lines(sheet: SignOffSheet) -> dict[str, str]:
    grid = sheet.findChildren(QGridLayout)[0]
    told = {}
    for row in range(grid.rowCount()):
        cells = [grid.itemAtPosition(row, column) for column in (0, 1)]
        labels = [cell.widget() for cell in cells if cell is not None]
        texts = [label.text() for label in labels if isinstance(label, QLabel)]
        if texts:
            told[texts[0].replace("\u2011", "-").replace("\u00a0", " ")] = texts[1]
    return told


def button(sheet: SignOffSheet, name: str) -> QPushButton:
    found = sheet.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_it_counts_every_kind_of_decision_and_names_the_reader(qtbot: QtBot) -> None:
    sheet = make(COMPLETE, qtbot)
    assert lines(sheet) == {
        "Benign": "3",
        "Early Pre-B": "1",
        "Unsure": "0",
        "Other": "0",
        "Not evaluable": "0",
        "Acknowledged as unreadable": "1",
        "Undecided": "0",
        "of them unreadable, to acknowledge": "0",
    }
    assert sheet.windowTitle() == "Sign off case 12"
    texts = " ".join(label.text() for label in sheet.findChildren(QLabel) if label.isVisible())
    assert "Reader: Ada" in texts
    assert "Case 12: 4 of 5 decided, 1 acknowledged" in texts
    assert "ab" * 32 in texts


def test_the_hash_to_be_noted_is_seen_whole(qtbot: QtBot) -> None:
    sheet = make(COMPLETE, qtbot)
    noted = next(label for label in sheet.findChildren(QLabel) if COMPLETE.last_hash in label.text())
    assert (
        noted.fontMetrics().horizontalAdvance(COMPLETE.last_hash)
        <= noted.visibleRegion().boundingRect().width()
    )


def test_it_is_signed_off_by_its_own_button_once(qtbot: QtBot) -> None:
    sheet = make(COMPLETE, qtbot)
    confirmed: list[bool] = []
    sheet.confirmed.connect(lambda: confirmed.append(True))
    button(sheet, "confirm_sign_off").click()
    button(sheet, "confirm_sign_off").click()
    assert confirmed == [True]
    assert not sheet.isVisible()


def test_escape_signs_nothing_off(qtbot: QtBot) -> None:
    sheet = make(COMPLETE, qtbot)
    with qtbot.assertNotEmitted(sheet.confirmed):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


@pytest.mark.parametrize(("place", "image"), [(0, "c/b.png"), (1, "c/torn.png")])
def test_what_is_open_is_in_the_way_and_its_first_image_can_be_gone_to(
    place: int, image: str, qtbot: QtBot
) -> None:
    sheet = make(OPEN, qtbot)
    assert not button(sheet, "confirm_sign_off").isEnabled()
    assert (lines(sheet)["Undecided"], lines(sheet)["of them unreadable, to acknowledge"]) == ("3", "1")
    ways = [each for each in sheet.findChildren(QPushButton) if each.objectName() == "go_to_first"]
    with qtbot.waitSignal(sheet.image_wanted) as wanted:
        ways[place].click()
    assert wanted.args == [image]
    assert not sheet.isVisible()


def test_on_a_low_screen_the_button_stays_in_sight(qtbot: QtBot) -> None:
    sheet = make(replace(COMPLETE, what="a ward of a very long name, " * 8), qtbot)
    sheet.resize(300, 200)
    foot = button(sheet, "confirm_sign_off")
    assert sheet.rect().contains(foot.geometry())
