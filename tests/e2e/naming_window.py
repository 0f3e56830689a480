"""The window in a process of its own, in whose gallery keys name cells until it is killed: the test's other half.

It says each name once the gallery shows it: a line `row`, a tab, the name.
"""

import sys
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow

KEYS = (
    ("neutrophil", Qt.Key.Key_N),
    ("lymphocyte", Qt.Key.Key_L),
    ("neutrophil", Qt.Key.Key_N),
    ("erythroblast", Qt.Key.Key_Y),
    ("monocyte", Qt.Key.Key_M),
)
_LOOK_MS = 5


class Reader(QObject):
    """Presses a key for the cell after the last one that is shown with its name."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._keys = cycle(KEYS)
        self._row = 0
        self._wanted = ""
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._go_on)
        window.controller.review.name_reader("Ada")
        window.controller.review.marks_changed.connect(lambda _marks: self._open())
        window.controller.cell_gallery.ended.connect(self._look.start)

    def _open(self) -> None:
        if self._window.controller.review.reviewed.is_open and self._window.cells.page is None:
            self._window.actions_by_name["cell_gallery"].trigger()

    def _go_on(self) -> None:
        page = self._window.cells.page
        if page is None:
            return
        if self._wanted and page.model.cell_at(self._row).name == self._wanted:
            print(f"{self._row}\t{self._wanted}", flush=True)  # noqa: T201 - the test reads it
            self._row, self._wanted = self._row + 1, ""
        if not self._wanted and self._row < page.model.rowCount():
            page.activateWindow()
            page.view.setCurrentIndex(page.model.index(self._row))
            self._wanted, key = next(self._keys)
            QTest.keyClick(page.view, key)


def name_on_and_on(folder: Path) -> None:
    """Until it is killed."""
    app = QApplication([])
    window = build_window(app)
    reader = Reader(window)
    window.painted.connect(lambda: window.open_folders([folder]))
    window.show()
    app.exec()
    reader.deleteLater()


if __name__ == "__main__":
    name_on_and_on(Path(sys.argv[1]))
