"""The real window offscreen, led to a state that a picture is taken of."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget
from small_png import small_png

from bloodsmear import atomic_file
from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import LABELS
from bloodsmear.review.records import ImageRecord
from bloodsmear.settings import Settings, write_settings
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.questions import AskFiles
from desktop.gui.theme import DARK, LIGHT, Tokens
from desktop.gui.training import TrainingTools

LoadClassifiers = Callable[[], ClassifierSet]

# Non-local means takes a second a megapixel on 2 quiet cores, a cold classifier three; a busy machine takes longer.
_LONGEST_WAIT_S = 120.0
_LOOK_EVERY_MS = 20
# Long enough for a repaint, the thumbnails it asks for, and the viewer's patience of 120 ms.
_QUIET_MS = 250


class PictureError(Exception):
    """A picture cannot be taken; the text is a sentence that says why."""


def quiet_offscreen() -> None:
    """Leave out what the offscreen platform says about window managers; everything else goes to stderr."""

    def say(_kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        if not text.startswith("This plugin does not support"):
            print(text, file=sys.stderr)

    qInstallMessageHandler(say)


@dataclass(frozen=True, slots=True)
class Setting:
    """The palette of a stage, and what its training works with (None: what everybody has)."""

    theme: Literal["light", "dark"] = "light"
    training: TrainingTools | None = None


_USUAL = Setting()


class Stage:
    """A window of its own with settings of its own. `close` ends it, and every thread it started.

    `shown` is what pictures are taken of: the window, or a page beside it.
    """

    def __init__(
        self,
        app: QApplication,
        home: Path,
        load_classifiers: LoadClassifiers,
        setting: Setting = _USUAL,
    ) -> None:
        settings_file = home / "settings.json"
        write_settings(settings_file, Settings(theme=setting.theme))
        self.window = build_window(
            app,
            load_classifiers=load_classifiers,
            settings_file=settings_file,
            ask=AskFiles(to_close=lambda *_: True),
            training_tools=setting.training,
        )
        self.shown: QWidget = self.window
        self._known: set[str] = set()
        self._thumbnails_due = 0
        controller = self.window.controller
        image = controller.image
        image.loading.connect(lambda *_: self._known.difference_update({"denoised", "record", "unreadable"}))
        image.denoised_ready.connect(lambda *_: self._known.add("denoised"))
        image.record_ready.connect(lambda *_: self._known.add("record"))
        image.unreadable.connect(lambda *_: self._known.add("unreadable"))
        controller.file.opened.connect(lambda: self._known.add("study"))
        controller.folder.finished.connect(lambda _others: self._known.add("folder"))
        for refused in (controller.folder.nothing_found, controller.folder.failed):
            refused.connect(lambda _sentence: self._known.add("refused folder"))
        controller.screening.ended.connect(lambda _sentence: self._known.add("screened"))
        controller.screening.failed.connect(self.note_failure)
        self._failure = ""
        self.window.gallery.thumbnail_needed.connect(lambda _image: self._count_thumbnail(1))
        controller.thumbnails.ready.connect(lambda *_: self._count_thumbnail(-1))

    def show(self, width_px: int, height_px: int) -> None:
        """Show the window in this size and wait for its classifiers."""
        window = self.window
        window.resize(width_px, height_px)
        window.show()
        self.wait(lambda: window.controller.study.classifiers is not None, "the classifiers are loaded")

    def open(self, folder: Path) -> None:
        """Open a folder and wait until its study is open, or until the window says why it cannot be."""
        self.window.open_folders([folder])
        ends = {"study"} if self.window.controller.study.marks else {"folder"}
        self.wait(lambda: bool(self._known & {*ends, "refused folder"}), f"the folder {folder.name} is open")

    def screen_what_is_missing(self) -> None:
        """Screen the open folder where its study has no answers yet; the message about it is put away."""
        study = self.window.controller.study
        # A record of this very moment, of the chosen image alone, is not the study's.
        if not all(image in study.records for image in study.found):
            self.window.controller.screening.start()
            self.wait(lambda: "screened" in self._known, "every image is screened")
        self.window.message_bar.hide()

    def choose(self, image: str) -> None:
        """Choose an image and wait until everything about it is shown."""
        self.window.gallery.select(image)
        ends = {"denoised", "record"} if self.window.controller.study.marks else {"denoised"}
        self.wait(lambda: "unreadable" in self._known or ends <= self._known, f"{image} is read")

    def records(self) -> Sequence[ImageRecord]:
        """What is known of the images, in the list's order."""
        study = self.window.controller.study
        return [study.records[image] for image in study.found if image in study.records]

    def wait(self, holds: Callable[[], bool], what: str, longest_s: float = _LONGEST_WAIT_S) -> None:
        """Let the window live until `holds()`. PictureError when that takes too long or something failed."""
        until = time.monotonic() + longest_s
        loop, look = QEventLoop(), QTimer(interval=_LOOK_EVERY_MS)
        look.timeout.connect(
            lambda: loop.quit() if holds() or self._failure or time.monotonic() > until else None
        )
        look.start()
        loop.exec()
        look.stop()
        if self._failure:
            raise PictureError(self._failure)
        if not holds():
            raise PictureError(f"After {longest_s:.0f} s it is still not so that {what}.")

    def take_picture(self, target: Path) -> None:
        """Write what is shown as PNG once nothing moves any more. Raises PictureError and OSError."""
        for _ in range(2):
            self.shown.grab()
            quiet_from = time.monotonic() + _QUIET_MS / 1000
            self.wait(
                lambda: self._thumbnails_due <= 0 and time.monotonic() > quiet_from,  # noqa: B023
                "every thumbnail is there",
            )
        atomic_file.write(target, small_png(self.shown.grab().toImage(), _colours_of_the_window()))

    def close(self) -> None:
        """End the window and what it started."""
        self.window.close()
        self.window.deleteLater()

    def note_failure(self, sentence: str) -> None:
        """End every wait with this sentence."""
        self._failure = sentence

    def _count_thumbnail(self, step: int) -> None:
        self._thumbnails_due += step


def _colours_of_the_window() -> list[int]:
    texts = [str(getattr(tokens, name)) for tokens in (LIGHT, DARK) for name in Tokens.__slots__]
    texts += [label_colour(label.key) for label in LABELS]
    return [int(text.removeprefix("#"), 16) for text in texts if text.startswith("#")]
