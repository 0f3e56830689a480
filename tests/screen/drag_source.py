"""A program to drag a file out of, as a file manager would: `drag_source.py PATH`. tests/screen starts it.

A square in the upper left corner. It says `shown`, then `accepted` or `refused` at every change of what lies under
the cursor would do, and in the end `dropped copy`, `dropped none`.
"""

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel

SIDE_PX = 40


class _Source(QLabel):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self.setWindowFlags(
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.X11BypassWindowManagerHint
        )
        self.setGeometry(0, 0, SIDE_PX, SIDE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        _say("shown")

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(self._path)])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.actionChanged.connect(
            lambda action: _say("refused" if action == Qt.DropAction.IgnoreAction else "accepted")
        )
        done = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)
        _say("dropped none" if done == Qt.DropAction.IgnoreAction else "dropped copy")
        # The data are fetched from here after the drop, so the program lives on until the test ends it.
        self.hide()


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    app = QApplication(sys.argv)
    source = _Source(sys.argv[1])
    source.show()
    sys.exit(app.exec())
