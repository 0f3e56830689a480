"""The small pictures of a case: none is lost on the way from one case to another, none is of older bytes."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.records import ImageRecord
from desktop.gui.cases.image_grid import CaseImages

PICTURE = np.zeros((72, 96, 3), np.uint8)
BOTH = tuple((ReportRow(ImageRecord(f"{case}.png", case, "ok")),) for case in "ab")


def test_a_picture_that_comes_after_its_case_was_left_is_there_when_it_is_shown_again(qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    images, asked = CaseImages(over), list[str]()
    images.thumbnail_needed.connect(asked.append)
    for case in (BOTH[0], BOTH[1], BOTH[0]):
        images.show_rows(case)
        images.data(images.index(0), Qt.ItemDataRole.DecorationRole)
        if case is BOTH[1]:
            images.set_thumbnail("a.png", PICTURE)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked == ["a.png", "b.png"]
    shown = images.data(images.index(0), Qt.ItemDataRole.DecorationRole).pixmap(96, 72).toImage()
    assert shown.pixelColor(48, 36).alpha() == 255
    images.drop_thumbnail("a.png")
    images.data(images.index(0), Qt.ItemDataRole.DecorationRole)
    qtbot.waitUntil(lambda: asked[2:] == ["a.png"])
