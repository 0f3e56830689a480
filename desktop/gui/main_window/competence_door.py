"""The way to the page of competence sets: asks for folders, makes a set, and scores the reader of the open study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from bloodsmear.count_words import count_words
from bloodsmear.jobs import Cancel, Report
from desktop.gui.dialogs import CompetencePage
from desktop.gui.job_runner import Job
from desktop.gui.questions import AskFiles
from desktop.gui.study import StudyController

if TYPE_CHECKING:
    from bloodsmear.workflows.competence import Competence

_NO_STUDY = "No study is open. Open the set as a folder, read it blind, then score it."
_NO_READER = "Nobody reads. Enter the reader's name first."
_STILL_READS = (
    "{reader} reads blind and has images to decide. The score tells what is right, so it waits for the last of them, "
    "or until blind reading is off (Ctrl+B): what is decided from then on does not count."
)
_MADE = "{count} are in {target}. Switch Blind reading on (Ctrl+B), open that folder, and decide."


class CompetenceDoor(QObject):
    """Opens the page over the window."""

    def __init__(self, controller: StudyController, ask: AskFiles, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._ask = ask
        self._window = window
        self._page: CompetencePage | None = None
        self._start = Path.home()
        controller.folder.begun.connect(lambda _name: self._leave())

    def open(self, show_page: Callable[[QDialog], None]) -> None:
        """Show how it is done, and the two buttons."""
        page = CompetencePage(self._window)
        page.make_wanted.connect(lambda: self._make(page))
        page.score_wanted.connect(lambda: self._score(page))
        page.finished.connect(lambda _code: self._forget(page))
        self._page = page
        show_page(page)

    def _make(self, page: CompetencePage) -> None:
        labelled = self._ask.known_labels(page, self._start)
        target = None if labelled is None else self._ask.new_folder(page, labelled.parent)
        if labelled is None or target is None:
            return
        self._start = labelled
        job = self._controller.runner.job(lambda report, cancel: _make_now(labelled, target, report, cancel))
        self._tell(
            page,
            job,
            lambda made: page.show_made(_MADE.format(count=count_words(made, "image"), target=target)),
        )
        page.show_working("Copying the images…")
        self._controller.runner.start("report", job)

    def _score(self, page: CompetencePage) -> None:
        reader = self._controller.review.reviewed.reader
        if not self._controller.can_export or not reader:
            page.say_problem(_NO_READER if self._controller.can_export else _NO_STUDY)
            return
        if self._controller.review.reviewed.study_answers_hidden:
            page.say_problem(_STILL_READS.format(reader=reader))
            return
        labelled = self._ask.known_labels(page, self._start)
        if labelled is None:
            return
        self._start = labelled
        job = self._controller.file.read(
            lambda study, report, cancel: _score_now(study, labelled, reader, report, cancel)
        )
        if job is None:
            page.say_problem(_NO_STUDY)
            return
        page.show_working("Reading the labelled folder…")
        study = self._controller.study.path

        def show(found: Competence) -> None:
            if study == self._controller.study.path:
                page.show_score(found)
            else:
                page.say_problem("")

        self._tell(page, job, show)

    def _tell(self, page: CompetencePage, job: Job, show: Callable[[Any], object]) -> None:
        """What comes of the job is shown while the page is open."""
        job.finished.connect(lambda outcome: show(outcome) if page is self._page else None)
        job.failed.connect(lambda sentence: page.say_problem(sentence) if page is self._page else None)

    def _leave(self) -> None:
        """Another study is being opened: a score on the one before may not stay."""
        if self._page is not None:
            self._page.show_waiting()

    def _forget(self, page: CompetencePage) -> None:
        if self._page is page:
            self._page = None


def _make_now(labelled: Path, target: Path, report: Report, cancel: Cancel) -> int:
    # Imported on the job's thread: SQLite is not needed for the first picture.
    from bloodsmear.workflows.competence import make_set

    return make_set(labelled, target, report=report, cancel=cancel)


def _score_now(study: Path, labelled: Path, reader: str, report: Report, cancel: Cancel) -> Competence:
    from bloodsmear.workflows.competence import score_reader

    return score_reader(study, labelled, reader, report, cancel)
