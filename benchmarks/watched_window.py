"""The real program on a folder, watched: benchmarks/startup.py starts it with the place for the figures.

python benchmarks/watched_window.py FIGURES FOLDER

Nothing in the program knows of it; it listens to what the window says anyway, and closes it in the end.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QGraphicsView

import desktop.gui.app
from desktop.start import main

if TYPE_CHECKING:  # the program imports it while its splash stands
    from bloodsmear.review.records import ClassifierMark, RefusedClassifier
    from desktop.gui.main_window import MainWindow

AWAITED = ("window", "image", "classifiers", "answers")
UNWANTED = ("tensorflow", "keras")


class Watch(QObject):
    """Notes the clock (time.time) when each of AWAITED is there, and what the process has taken of the processor until
    then; then writes the figures and closes the window.
    """

    def __init__(self, window: MainWindow, figures: Path) -> None:
        super().__init__(window)
        self._window = window
        self._figures = figures
        self._seen: dict[str, float] = {}
        self._worked: dict[str, float] = {}
        self._refused: list[str] = []
        window.painted.connect(lambda: self._note("window"))
        window.controller.image.original_ready.connect(self._await_painting)
        window.controller.classifiers_ready.connect(self._take_classifiers)
        window.controller.image.record_ready.connect(lambda _record: self._note("answers"))

    def eventFilter(self, view: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The view of the original is being painted: when the loop comes round, the image shows."""
        if event.type() == QEvent.Type.Paint:
            view.removeEventFilter(self)
            QTimer.singleShot(0, lambda: self._note("image"))
        return False

    def _await_painting(self, _image: str, _pixels: object) -> None:
        # The first of the two views is the original's.
        self._window.viewer.findChildren(QGraphicsView)[0].viewport().installEventFilter(self)

    def _take_classifiers(
        self, marks: tuple[ClassifierMark, ...], refused: tuple[RefusedClassifier, ...]
    ) -> None:
        self._refused = [one.reason for one in refused]
        self._note("classifiers")
        if not marks:
            self._note("answers")

    def _note(self, what: str) -> None:
        self._seen.setdefault(what, time.time())
        self._worked.setdefault(what, time.process_time())
        if set(AWAITED) <= set(self._seen):
            loaded = [name for name in UNWANTED if name in sys.modules]
            outcome = {"seen": self._seen, "worked": self._worked, "refused": self._refused, "loaded": loaded}
            self._figures.write_text(json.dumps(outcome), encoding="utf-8")
            self._window.close()


def run_watched(figures: Path, folder: str) -> int:
    """Run the program as `bloodsmear open FOLDER` does; returns its exit code."""
    build_window = desktop.gui.app.build_window

    def build_watched(app: QApplication) -> MainWindow:
        window = build_window(app)
        Watch(window, figures)
        return window

    # run_window gives it the application alone.
    desktop.gui.app.build_window = build_watched  # type: ignore[assignment]  # takes fewer words
    sys.argv = ["bloodsmear", "open", folder]
    return main()


if __name__ == "__main__":
    sys.exit(run_watched(Path(sys.argv[1]), sys.argv[2]))
