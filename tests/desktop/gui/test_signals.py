"""A fault of PySide6 6.12.0 that ended the program on Python 3.11."""

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

import desktop.gui as window_package


class Speaker(QObject):
    said = Signal(object)


def test_a_hundred_thousand_signals_do_not_end_the_program(qtbot: QtBot) -> None:
    assert window_package
    speaker, heard = Speaker(), [0]
    speaker.said.connect(lambda number: heard.__setitem__(0, number))
    for number in range(100_000):
        speaker.said.emit(number)
    assert heard == [99_999]
