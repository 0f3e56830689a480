"""The composition root of the window: makes the parts, hands each what it needs, runs the program."""

import ctypes
import logging
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from bloodsmear import __version__, paths
from bloodsmear.crash_report import collect_crash_reports, crash_sentence
from bloodsmear.logs import LOGGER_NAME, LogFile
from desktop.gui.dialogs.splash import show_splash
from desktop.gui.dialogs.writable_place import find_writable_place
from desktop.gui.job_runner import unexpected_sentence

if TYPE_CHECKING:  # imported below while the splash stands
    from bloodsmear.workflows.classifier_set import ClassifierSet
    from desktop.gui.main_window import MainWindow
    from desktop.gui.preferences import Preferences
    from desktop.gui.questions import AskFiles
    from desktop.gui.study import LoadClassifiers
    from desktop.gui.theme import Mode
    from desktop.gui.training import TrainingTools

log = logging.getLogger(f"{LOGGER_NAME}.window")

# M_MMAP_THRESHOLD of glibc's malloc.h.
_BLOCKS_OF_THEIR_OWN_FROM = -3
_PICTURE_BYTES = 1_000_000


def load_classifiers_in_use(preferences: "Preferences") -> "ClassifierSet":
    """Load those that the settings name now; called on a job's thread, where OpenVINO is imported."""
    from bloodsmear.classifiers.folder import open_screening_classifier
    from bloodsmear.workflows.classifier_set import load_default_classifiers

    ids = preferences.settings.default_classifiers
    return load_default_classifiers(ids=ids, opener=open_screening_classifier)


def build_window(
    app: QApplication,
    *,
    load_classifiers: "LoadClassifiers | None" = None,
    settings_file: Path | None = None,
    ask: "AskFiles | None" = None,
    training_tools: "TrainingTools | None" = None,
) -> "MainWindow":
    """The real window with everything in it, not shown yet. Tests give it other classifiers, answers and tools.

    It loads the classifiers once it was painted, so that they never delay it.
    """
    from desktop.gui.classifiers import ClassifiersController
    from desktop.gui.gallery import ListShape
    from desktop.gui.main_window import Controllers, MainWindow
    from desktop.gui.preferences import Preferences
    from desktop.gui.questions import AskFiles
    from desktop.gui.study import StudyController
    from desktop.gui.theme import Tokens, apply_theme, tokens
    from desktop.gui.training import PRESETS, ProgramCall, TrainingController, TrainingTools

    def apply_look(mode: "Mode") -> Tokens:
        apply_theme(app, mode)
        return tokens(mode)

    _give_pictures_back()
    preferences = Preferences(settings_file or paths.settings_file())
    in_use = preferences.settings.default_classifiers
    load = load_classifiers or (lambda: load_classifiers_in_use(preferences))
    tools = training_tools or TrainingTools(ProgramCall(paths.training_runs()), PRESETS, in_use)
    controllers = Controllers(
        StudyController(load, ListShape().side_px), TrainingController(tools), ClassifiersController(in_use)
    )
    controllers.study.classifiers_ready.connect(
        lambda _marks, refused: controllers.classifiers.take_refused(refused)
    )
    window = MainWindow(controllers, preferences, apply_look, ask or AskFiles())
    for part in (controllers.study, controllers.training, controllers.classifiers, preferences):
        part.setParent(window)
    window.painted.connect(controllers.study.load_classifiers)
    return window


def _give_pictures_back() -> None:
    """Have the memory of each picture that is let go of given back to the system, where the C library is glibc.

    Left to itself it keeps it for later blocks, between which gaps remain: 142 MB after 150 images of 1024×768. Given
    back, it has to be asked for again: 9 ms of the processor for each image, 5 of them of the window's thread.
    """
    if sys.platform == "linux":
        # Another C library has no such call.
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_BLOCKS_OF_THEIR_OWN_FROM, _PICTURE_BYTES)


def run_window(named: Sequence[Path]) -> int:
    """Open the window, on these folders, images or this study if there are any; returns the program's exit code."""
    app = Application(sys.argv[:1])
    app.setApplicationName("Bloodsmear")
    app.setApplicationVersion(__version__)
    # By the name of bloodsmear.desktop, which the .deb installs, a desktop on Linux finds the icon.
    app.setDesktopFileName("bloodsmear")
    app.setWindowIcon(QIcon(str(paths.icon())))
    # A full-screen question must not stand behind the splash.
    if not find_writable_place():
        return 1
    crashes = collect_crash_reports()
    splash = show_splash(app.primaryScreen().devicePixelRatio())
    log_file = LogFile()
    window = build_window(app)
    hook = ExceptionHook(window)
    hook.caught.connect(window.say_problem)
    window.painted.connect(lambda: window.open_named(named))
    window.painted.connect(splash.close)
    app.asked_to_open.connect(lambda path: window.open_named([path]))
    for report in crashes[-1:]:
        window.say_problem(crash_sentence(report))
    if named:
        window.middle.setCurrentWidget(window.viewer)
    window.appear()
    code = app.exec()
    hook.uninstall()
    every_thread_ended = window.controller.close()
    log_file.close()
    if not every_thread_ended:
        # OpenCV cannot be interrupted; waiting for it, or ending C++ under it, is worse than going now.
        sys.stdout.flush()
        os._exit(code)
    return code


class Application(QApplication):
    """Qt's application. It hears what macOS asks a program to open, which comes as an event: `asked_to_open(Path)`."""

    asked_to_open = Signal(Path)

    def event(self, event: QEvent) -> bool:
        """Take the event that names a file. Overridden, since a filter would see every event of every widget."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.asked_to_open.emit(Path(event.file()))
            return True
        return super().event(event)


class ExceptionHook(QObject):
    """Turns what nobody caught into a log entry without paths and a sentence: `caught(sentence)`."""

    caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread

    def uninstall(self) -> None:
        """Hand back to what stood here before."""
        sys.excepthook, threading.excepthook = self._before

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        log.error("An unexpected %s reached the window", kind.__name__, exc_info=(kind, error, trace))
        # Emitted from any thread, it arrives on the window's.
        self.caught.emit(unexpected_sentence(error))

    def _take_from_thread(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value or RuntimeError()
        self._take(arguments.exc_type, error, arguments.exc_traceback)
