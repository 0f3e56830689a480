"""The window's part of the self-test: the real window, led through what a reader does, without a display."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from bloodsmear import atomic_file, paths
from bloodsmear.logs import LogFile
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.self_test.stage import OUTCOME_NAME, REPORT_NAME, WindowOutcome

_LOOK_EVERY_MS = 20
# Two processors that also train take minutes for what a quiet PC does in seconds.
_LONGEST_WAIT_S = 600.0


class _WindowError(Exception):
    """Something did not come about; the text is a sentence."""


# Qt keeps slots by weak references.
@dataclass(slots=True, weakref_slot=True)
class _Seen:
    """What the window has said so far."""

    events: set[str] = field(default_factory=set)
    problem: str = ""

    def note(self, event: str) -> Callable[..., None]:
        """A slot that takes note of an event."""
        return lambda *_: self.events.add(event)

    def complain(self, sentence: str) -> None:
        """A slot for sentences about what failed."""
        self.problem = self.problem or sentence


def run_in_window(home: Path, started_at: float) -> int:
    """Lead the window through the demo images and write what came of it into `home`; returns the exit code.

    `started_at` is when the program was started, by `time.time()`.
    """
    app = QApplication([])
    log_file = LogFile()
    window = build_window(app, ask=AskFiles(report=lambda *_: home / REPORT_NAME, to_close=lambda *_: True))
    try:
        outcome = _lead(window, started_at)
    except _WindowError as error:
        outcome = WindowOutcome(problem=str(error))
    window.close()
    ended = window.controller.close()
    if not ended and not outcome.problem:
        outcome = WindowOutcome(problem="A thread of the window did not end with it.")
    log_file.close()
    atomic_file.write(home / OUTCOME_NAME, msgspec.json.encode(outcome))
    return 0


def _lead(window: MainWindow, started_at: float) -> WindowOutcome:
    seen = _listen(window)
    window.show()
    _wait(lambda: "painted" in seen.events, seen, "the window is painted")
    painted_after_s = time.time() - started_at
    study = window.controller.study
    _wait(lambda: study.classifiers is not None, seen, "the classifiers are loaded")
    ready_after_s = time.time() - started_at
    _require_classifiers(window)
    window.open_folders([paths.demo_images()])
    _wait(lambda: "opened" in seen.events and window.controller.can_screen, seen, "the demo folder is open")
    began = time.monotonic()
    window.controller.screening.start()
    _wait(lambda: "screened" in seen.events, seen, "the demo images are screened")
    screened_in_s = time.monotonic() - began
    seen.events -= {"read", "denoised"}
    window.gallery.select(next(reversed(study.found)))
    _wait(lambda: {"read", "denoised"} <= seen.events, seen, "an image is shown, denoised and read")
    window.reports.save("images")
    _wait(lambda: "exported" in seen.events, seen, "the report is written")
    window.training.open()
    training = window.training
    _wait(lambda: bool(training.controller.state.starts), seen, "the training page is open")
    if training.page is None or not training.page.isVisible():
        raise _WindowError("The training page does not show.")
    return WindowOutcome("", painted_after_s, ready_after_s, len(study.found), screened_in_s)


def _listen(window: MainWindow) -> _Seen:
    seen = _Seen()
    controller = window.controller
    window.painted.connect(seen.note("painted"))
    controller.file.opened.connect(seen.note("opened"))
    controller.file.exported.connect(seen.note("exported"))
    controller.screening.ended.connect(seen.note("screened"))
    controller.image.record_ready.connect(seen.note("read"))
    controller.image.denoised_ready.connect(seen.note("denoised"))
    for failed in (controller.file.failed, controller.screening.failed, controller.folder.failed):
        failed.connect(seen.complain)
    return seen


def _require_classifiers(window: MainWindow) -> None:
    loaded = window.controller.study.classifiers
    refused = () if loaded is None else loaded.refused
    marks = window.controller.study.marks
    if refused or tuple(mark.id for mark in marks) != DEFAULT_CLASSIFIERS:
        reasons = " ".join(one.reason for one in refused)
        raise _WindowError(f"The classifiers that ship were not all taken. {reasons}".rstrip())


def _wait(holds: Callable[[], bool], seen: _Seen, what: str) -> None:
    """Let the window live until `holds()`. _WindowError when that takes too long or something failed."""
    until = time.monotonic() + _LONGEST_WAIT_S
    loop, look = QEventLoop(), QTimer(interval=_LOOK_EVERY_MS)
    look.timeout.connect(lambda: loop.quit() if holds() or seen.problem or time.monotonic() > until else None)
    look.start()
    loop.exec()
    look.stop()
    if seen.problem:
        raise _WindowError(seen.problem)
    if not holds():
        raise _WindowError(f"After {_LONGEST_WAIT_S:.0f} s it is still not so that {what}.")
