"""About and the splash: the sentences that must stand there."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from bloodsmear import RESEARCH_USE
from desktop.gui.dialogs import AboutDialog, make_splash, show_splash, splash


def texts(dialog: QDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def test_about_says_the_research_use_sentence_exactly(qtbot: QtBot) -> None:
    about = AboutDialog(Path("logs"))
    qtbot.addWidget(about)
    assert RESEARCH_USE in texts(about)


def test_about_gives_the_lgpl_notice_and_names_the_log_folder(qtbot: QtBot) -> None:
    about = AboutDialog(Path("some") / "logs")
    qtbot.addWidget(about)
    everything = " ".join(texts(about))
    assert "LGPL" in everything
    assert "replace by your own" in everything
    assert str(Path("some") / "logs") in everything


def test_about_uses_no_form_of_the_avoided_word_beside_the_sentence(qtbot: QtBot) -> None:
    about = AboutDialog(Path("logs"))
    qtbot.addWidget(about)
    everything = " ".join(texts(about)).replace(RESEARCH_USE, "")
    assert "diagnos" not in everything.lower()


def test_the_splash_paints_the_research_use_sentence(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[str] = []
    write = splash._write

    def remember(painter: object, top: int, size: int, colour: str, text: str) -> None:
        painted.append(text)
        write(painter, top, size, colour, text)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(splash, "_write", remember)
    shown = make_splash()
    qtbot.addWidget(shown)
    assert RESEARCH_USE in painted
    assert shown.pixmap().toImage().pixelColor(400, 150) == QColor("#FFFFFF")


def test_the_splash_is_painted_before_the_program_goes_on(qtbot: QtBot) -> None:
    shown = show_splash()
    qtbot.addWidget(shown)
    assert shown.windowHandle().isExposed()
