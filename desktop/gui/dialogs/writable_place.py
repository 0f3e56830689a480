"""Where the program may write: the user's folder, or another that the user chooses at the start."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from bloodsmear import paths


def find_writable_place(ask: Callable[[Path], Path | None] | None = None) -> bool:
    """See that studies and settings can be kept; `ask(folder)` for another place until one can be written.

    Says whether there is one. A chosen place holds until the program ends, for its child processes, too.
    """
    ask = ask or _ask_for_place
    while not can_write(paths.user_data()):
        chosen = ask(paths.user_data())
        if chosen is None:
            return False
        paths.use_home(chosen)
    return True


def can_write(folder: Path) -> bool:
    """Whether a file can be made in this folder, which is made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _ask_for_place(refused: Path) -> Path | None:
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Bloodsmear")
    # The folder's name is not markup.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(
        f"Studies and settings cannot be kept in {refused}: it may not be written, or its disk is full.\n\n"
        "Choose a folder where you may write, on this PC or on a stick. It is used until Bloodsmear is closed. "
        "To keep it for good, ask IT to set the variable BLOODSMEAR_HOME to that folder."
    )
    box.exec()
    chosen = QFileDialog.getExistingDirectory(None, "A folder where Bloodsmear may write", str(Path.home()))
    return Path(chosen) if chosen else None
