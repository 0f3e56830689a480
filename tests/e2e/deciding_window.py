"""The window in a process of its own, decided in with keys until it is killed: the test's other half.

It says each decision once the list shows it.
"""

import sys
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.review_state import ImageMark

_KEYS = (("benign", Qt.Key.Key_1), ("early_pre_b", Qt.Key.Key_2), ("unsure", Qt.Key.Key_U))


class Reader(QObject):
    """Presses a key when an image was read, and Enter when its decision is to be seen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._keys = cycle(_KEYS)
        self._wanted = ""
        review = window.controller.review
        review.name_reader("Ada")
        review.marks_changed.connect(lambda _marks: self._decide())
        review.mark_changed.connect(self._tell)
        window.controller.image.record_ready.connect(lambda _record: self._decide_soon())

    def _decide_soon(self) -> None:
        QTimer.singleShot(0, self, self._decide)

    def _decide(self) -> None:
        state = self._window.controller.review.state
        if state.can_decide and not self._wanted:
            self._wanted = state.image
            # The same decision once more would be no event.
            key = next(key for value, key in self._keys if value != state.decision)
            QTest.keyClick(self._window, key)

    def _tell(self, image: str, mark: ImageMark | None) -> None:
        if mark is not None and image == self._wanted:
            self._wanted = ""
            print(f"{image}\t{mark.decision}", flush=True)  # noqa: T201 - the test reads it
            QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        images = list(self._window.controller.study.found)
        if self._window.gallery.selected() == images[-1]:
            self._window.gallery.select(images[0])
        else:
            QTest.keyClick(self._window, Qt.Key.Key_Return)


def decide_on_and_on(folder: Path) -> None:
    """Until it is killed."""
    app = QApplication([])
    window = build_window(app)
    reader = Reader(window)
    window.painted.connect(lambda: window.open_folders([folder]))
    window.show()
    app.exec()
    reader.deleteLater()


if __name__ == "__main__":
    decide_on_and_on(Path(sys.argv[1]))
