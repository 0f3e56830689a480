"""Screening the open folders in the background, once or while they are watched, by the command line's workflow."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.count_words import count_words
from bloodsmear.errors import ClassifierError, ReportError
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.reports.report_kind import COMMA, CsvForm
from bloodsmear.review.records import ImageRecord
from desktop.gui.job_runner import Job, JobFunction, JobRunner
from desktop.gui.study.open_study import NoClassifiers, OpenStudy

if TYPE_CHECKING:  # imported on the job's thread, with OpenVINO
    from bloodsmear.workflows.screening import ScreeningSummary

# The pace of the last half minute: images kept from an earlier run fly by and soon count no more.
_WINDOW_S = 30.0
_SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True)
class ScreeningState:
    """How far the screening is; `total` and `seconds_left` are None while unknown. A watch has no end: `watching`;
    it waits for the images `waiting`, which are not complete yet.
    """

    running: bool
    stopping: bool = False
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None
    watching: bool = False
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """Images that are complete now; they are screened next."""

    images: tuple[FoundImage, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The images that are there and not complete yet."""

    images: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The report was written."""

    report: Path


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence about what hinders the watch, which goes on."""

    sentence: str


class TimeLeft:
    """Fed with how many steps are done at which second; says how many seconds are left."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def update(self, now_s: float, done: int, total: int | None) -> float | None:
        """Seconds left, None while the pace is not known yet."""
        self._seen.append((now_s, done))
        while now_s - self._seen[0][0] > _WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()
        then_s, done_then = self._seen[0]
        if total is None or now_s - then_s < _SHORTEST_S or done <= done_then:
            return None
        return (total - done) * (now_s - then_s) / (done - done_then)


class StudyScreening(QObject):
    """`changed(ScreeningState)`, `record_ready(ImageRecord)`, `ended(sentence)`, `failed(sentence)`.

    Of watched folders also `arrived(tuple of FoundImage)`, `report_written(Path)` and `troubled(sentence)`: the watch
    goes on.
    """

    changed = Signal(ScreeningState)
    record_ready = Signal(ImageRecord)
    arrived = Signal(tuple)
    report_written = Signal(Path)
    troubled = Signal(str)
    ended = Signal(str)
    failed = Signal(str)

    def __init__(self, study: OpenStudy, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner
        self._job: Job | None = None
        self.state = ScreeningState(running=False)
        self._pace = TimeLeft()

    @property
    def running(self) -> bool:
        """Whether a screening is under way."""
        return self._job is not None

    @property
    def can_watch(self) -> bool:
        """Whether the open folders can be watched: also when nothing is in them yet."""
        study = self._study
        found = study.path is not None or study.empty
        return found and bool(study.marks) and not study.read_only and not self.running

    def start(self) -> None:
        """Screen the open study with the loaded classifiers; nothing happens while one is under way.

        Nothing happens either before the study's file is open, which holds the choice to check denoised images.
        """
        study = self._study
        if self.running or study.classifiers is None or study.path is None:
            return
        job = self._runner.job(_screening(study, lambda record: job.post(record)))
        job.part.connect(self.record_ready)
        job.progressed.connect(self._take_progress)
        job.finished.connect(self._finish)
        self._begin(job, ScreeningState(running=True))

    def watch(self, report: Path, form: CsvForm = COMMA) -> None:
        """Screen what comes into the open folders until `stop`, and keep the CSV `report` up to date."""
        if not self.can_watch:
            return
        job = self._runner.job(_watching(self._study, report, form, lambda part: job.post(part)))
        job.part.connect(self._take_watched)
        job.finished.connect(lambda summary: self._finish_watching(summary, report))
        self._study.watched = True
        self._begin(job, ScreeningState(running=True, watching=True))

    def stop(self) -> None:
        """Ask the screening to stop; what is finished is kept."""
        if self.running:
            self._set_state(replace(self.state, stopping=True, seconds_left=None))
            self._runner.cancel("screening")

    def abandon(self) -> None:
        """Another study is being opened: stop, say what is kept, and nothing more about it."""
        was = self.state
        self._runner.supersede("screening")
        self._end()
        if was.running:
            self.ended.emit(_abandoned_words(was, self._study.folders))

    def _begin(self, job: Job, state: ScreeningState) -> None:
        job.stopped.connect(self._stop)
        job.failed.connect(self._fail)
        self._job = job
        self._pace = TimeLeft()
        self._set_state(state)
        self._runner.start("screening", job)

    def _take_watched(self, part: object) -> None:
        if isinstance(part, Arrived):
            self.arrived.emit(part.images)
        elif isinstance(part, Waiting):
            self._set_state(replace(self.state, waiting=part.images))
        elif isinstance(part, Written):
            self.report_written.emit(part.report)
        elif isinstance(part, Trouble):
            self.troubled.emit(part.sentence)
        elif isinstance(part, ImageRecord):
            self.record_ready.emit(part)
            self._set_state(replace(self.state, done=self.state.done + 1))

    def _take_progress(self, progress: Progress) -> None:
        if self.state.stopping:
            return
        left = self._pace.update(time.monotonic(), progress.done, progress.total)
        self._set_state(ScreeningState(True, False, progress.done, progress.total, left))

    def _finish(self, summary: ScreeningSummary) -> None:
        self._end()
        told = f"Screened {count_words(summary.images, 'image')}{_unreadable_words(summary)}."
        self.ended.emit(f"{told} {summary.decoder_sentence}".rstrip())

    def _finish_watching(self, summary: ScreeningSummary, report: Path) -> None:
        self._end()
        if summary.images:
            images = f"{count_words(summary.images, 'image')}{_unreadable_words(summary)}"
            self.ended.emit(f"Stopped watching. {report.name} has {images}.")
        else:
            self.ended.emit("Stopped watching. No image came; no report was written.")

    def _stop(self) -> None:
        if self._job is not None:
            done = self.state.done
            self._end()
            self.ended.emit(
                f"Stopped after {count_words(done, 'image')}; what was read is kept. Screen folder goes on from there."
            )

    def _fail(self, sentence: str) -> None:
        self._end()
        self.failed.emit(sentence)

    def _end(self) -> None:
        self._job = None
        self._study.watched = False
        self._set_state(ScreeningState(running=False))

    def _set_state(self, state: ScreeningState) -> None:
        self.state = state
        self.changed.emit(state)


def _abandoned_words(was: ScreeningState, folders: Sequence[Path]) -> str:
    """What ended with the study that was open, and how it goes on."""
    where = f" of {folders[0].name or folders[0]}" if len(folders) == 1 else ""
    if was.watching:
        return f"Watching{where} ended, because another study was opened. What was screened is kept."
    kept = {0: "", 1: " It is kept."}.get(was.done, " They are kept.")
    return (
        f"The screening{where} ended after {count_words(was.done, 'image')}, because another study was opened.{kept} "
        "To go on, open it again, then Screen folder."
    )


def _unreadable_words(summary: ScreeningSummary) -> str:
    if not summary.unreadable:
        return ""
    rows = "its row" if summary.unreadable == 1 else "their rows"
    return f"; {summary.unreadable:,} could not be read (see {rows} in the list)"


def _screening(study: OpenStudy, record_ready: Callable[[ImageRecord], None]) -> JobFunction:
    """The job that screens what is open now, whatever is opened later."""
    folders, path, check_denoised, classifiers = (
        study.folders,
        study.path,
        study.check_denoised,
        study.classifiers,
    )

    def screen_now(report: Report, cancel: Cancel) -> ScreeningSummary:
        from bloodsmear.workflows import screening

        if classifiers is None or isinstance(classifiers, NoClassifiers):
            raise ClassifierError("The classifiers are not loaded yet. Wait a moment and screen again.")
        plan = screening.ScreeningPlan(
            folders, path, check_denoised=check_denoised, jobs=screening.default_jobs()
        )
        return screening.screen(plan, classifiers, screening.ScreeningEvents(report, record_ready), cancel)

    return screen_now


def _watching(study: OpenStudy, report: Path, form: CsvForm, post: Callable[[object], None]) -> JobFunction:
    """The job that watches what is open now until it is stopped, and writes the CSV `report` after each round.

    `post` gets each ImageRecord, Arrived, Waiting, Written and Trouble.
    """
    folders, path, check_denoised, classifiers = (
        study.folders,
        study.path or study.named,
        study.check_denoised,
        study.classifiers,
    )

    def watch_now(_report: Report, cancel: Cancel) -> ScreeningSummary:
        from bloodsmear.workflows import screening
        from bloodsmear.workflows.watching import WatchEvents, watch

        if classifiers is None or isinstance(classifiers, NoClassifiers):
            raise ClassifierError("The classifiers are not loaded yet. Wait a moment and watch again.")
        plan = screening.ScreeningPlan(
            folders, path, check_denoised=check_denoised, jobs=screening.default_jobs()
        )
        events = WatchEvents(
            arrived=lambda images: post(Arrived(tuple(images))),
            waiting=lambda images: post(Waiting(tuple(image.image for image in images))),
            record_ready=post,
            updated=lambda written: _write_report(written, report, form, post),
            trouble=lambda sentence: post(Trouble(sentence)),
        )
        return watch(plan, classifiers, events, cancel)

    return watch_now


def _write_report(study: Path, report: Path, form: CsvForm, post: Callable[[object], None]) -> None:
    """Write it anew. One that is open in a spreadsheet does not stop the watch: the next round writes it."""
    from bloodsmear.workflows.export import export_csv

    try:
        exported = export_csv(study, report, form=form)
        post(Written(report))
        if exported.complaint:
            post(Trouble(exported.complaint))
    except ReportError as error:
        post(Trouble(f"{error} The images are kept; the report is written with the next ones."))
