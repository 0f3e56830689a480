"""A program to drop something on, as another program's window: `drop_target.py`. tests/screen starts it.

A square in the upper left corner. It says `shown`, then for a drop which actions the drag allows and proposes, and
the files that it carries, one a line: `dropped allows copy` and `file PATH`.
"""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel

SIDE_PX = 40


class _Target(QLabel):
    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setWindowFlags(
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.X11BypassWindowManagerHint
        )
        self.setGeometry(0, 0, SIDE_PX, SIDE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        _say("shown")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        event.accept()
        _say("over")

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        allowed = event.possibleActions()
        moves = bool(allowed & Qt.DropAction.MoveAction)
        for url in event.mimeData().urls():
            _say(f"file {url.toLocalFile()}")
        _say("dropped allows a move" if moves else "dropped allows copy")
        event.accept()


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    app = QApplication(sys.argv)
    target = _Target()
    target.show()
    sys.exit(app.exec())
