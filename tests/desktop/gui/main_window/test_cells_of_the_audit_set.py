"""The cells of an audit set are named in the gallery, whichever image the window shows."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.gui.main_window import MainWindow
from desktop.gui.study.reviewed import Reviewed
from tests.desktop.gui.main_window.test_cell_gallery import (  # noqa: F401 - a fixture
    CELLS,
    SECOND,
    gallery,
    read_folder,
)


def test_a_signed_off_case_that_the_window_shows_locks_no_cell_of_the_audit_set(
    open_window: Callable[[], MainWindow],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = SimpleNamespace(names=frozenset({SECOND}), act=1)
    monkeypatch.setattr(Reviewed, "audit", drawn)
    monkeypatch.setattr(Reviewed, "hindrance", lambda _reviewed, case: "It is locked." if case else "")
    page = gallery(open_window(), qtbot)
    line = page.findChild(QLineEdit, "cell_note")
    assert line is not None
    assert not line.isEnabled()
    page.choose_scope("audit")
    page.scope_chosen.emit("audit")
    qtbot.waitUntil(lambda: page.model.rowCount() == CELLS[SECOND])
    qtbot.waitUntil(line.isEnabled)
