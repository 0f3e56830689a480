"""Keeps a page beside the window true to the open study: what it shows is read anew when that is no longer so."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, SignalInstance
from PySide6.QtWidgets import QDialog, QWidget

from bloodsmear.review.reader_agreement import Comparison
from desktop.gui.dialogs import AgreementDialog, StudyPage
from desktop.gui.job_runner import Job
from desktop.gui.study import StudyController

# Who decides an image a second would otherwise have the whole study read for each of them. What takes long is read
# the more seldom: a screening of thousands of images marks one a second for hours.
_REST_MS = 500
_RESTS_PER_READING = 4
_NO_STUDY = "No study is open. Open a folder first."
_OPENING = "The study is being opened."
_NO_CLASSIFIER = "Without a classifier no study is kept. `bloodsmear doctor` says what to do."

Ask = Callable[[bool], Job | None]
Show = Callable[[Any, bool], None]


class StudyFollower(QObject):
    """Reads the study for `page` when `read` is called, when another one is opened, when the answers, or what other
    readers did, are hidden or shown, and once what is decided has come to rest; until the page is closed.

    `ask(hidden)` returns the job, begun, or None while no study is open; `show(outcome, hidden)` is given its outcome.
    `hidden`: the answers are. An outcome of an earlier question, of a study that was left, or from before something was
    hidden is dropped.
    """

    def __init__(self, controller: StudyController, page: StudyPage, ask: Ask, show: Show) -> None:
        super().__init__(page)
        self._controller = controller
        self._page = page
        self._ask = ask
        self._show = show
        self._asked = 0
        self._hiding: tuple[bool, str | None] = (False, None)
        self._without = _NO_STUDY
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.read)
        folder, file, review = controller.folder, controller.file, controller.review
        self._heard: tuple[tuple[SignalInstance, Callable[..., None]], ...] = (
            (folder.begun, self._leave),
            (folder.finished, self._see_classifiers),
            (folder.nothing_found, self._give_up),
            (folder.failed, self._give_up),
            (file.failed, self._give_up),
            (file.opened, self.read),
            (review.changed, self._see_hiding),
            (review.marks_changed, self.read_soon),
            (review.mark_changed, self.read_soon),
        )
        for signal, slot in self._heard:
            signal.connect(slot)
        page.finished.connect(self._end)

    def read(self) -> None:
        """Ask for what the page shows."""
        self._rest.stop()
        self._asked += 1
        number, hiding = self._asked, self._hiding_now()
        self._hiding, hidden = hiding, hiding[0]
        began = time.monotonic()
        job = self._ask(hidden)
        if job is None:
            self._page.show_nothing(self._without)
            return

        def show(outcome: object) -> None:
            # A page that was closed meanwhile is gone, with its timer.
            if number != self._asked:
                return
            took_ms = round(1000 * (time.monotonic() - began))
            self._rest.setInterval(max(_REST_MS, _RESTS_PER_READING * took_ms))
            if hiding == self._hiding_now():
                self._show(outcome, hidden)

        def fail(sentence: str) -> None:
            if number == self._asked:
                self._page.say(sentence)

        job.finished.connect(show)
        job.failed.connect(fail)

    def _leave(self) -> None:
        """Another study is being opened: nothing of the one before may stay."""
        self._without = _OPENING
        self._drop()
        self._page.show_nothing(_OPENING)

    def _see_classifiers(self) -> None:
        if self._controller.study.classifiers is not None and not self._controller.study.marks:
            self._give_up(_NO_CLASSIFIER)

    def _give_up(self, sentence: str) -> None:
        if self._controller.study.path is None:
            self._without = sentence
            self._page.show_nothing(sentence)

    def _see_hiding(self) -> None:
        if self._hiding_now() != self._hiding:
            self._page.show_waiting()
            self.read()

    def read_soon(self) -> None:
        """Ask once what changes has come to rest."""
        self._rest.start()

    def _hiding_now(self) -> tuple[bool, str | None]:
        """Whether the answers are hidden, and from whom what others did: another reader has other decisions to see."""
        reviewed = self._controller.review.reviewed
        return reviewed.study_answers_hidden, reviewed.reader if reviewed.reads_alone else None

    def _drop(self) -> None:
        self._asked += 1
        self._rest.stop()

    def _end(self) -> None:
        """The page is closed; it is deleted later than what is under way comes back."""
        self._drop()
        for signal, slot in self._heard:
            signal.disconnect(slot)
        self._heard = ()


def open_agreement(controller: StudyController, show_page: Callable[[QDialog], None], over: QWidget) -> None:
    """Show who agrees with whom in the open study; nothing of a classifier while images are to be decided blind, and
    nothing of other readers to one who still reads alone.
    """
    page = AgreementDialog(over)
    reviewed = controller.review.reviewed

    def show(comparisons: Sequence[Comparison], hidden: bool) -> None:
        page.show_comparisons(comparisons, hidden, reviewed.reader if reviewed.reads_alone else None)

    follower = StudyFollower(controller, page, lambda _hidden: controller.file.compare(), show)
    show_page(page)
    follower.read()
