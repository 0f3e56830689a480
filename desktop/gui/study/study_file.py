"""The open study's file: what was said before is read from it, what is said now is kept in it; reports come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.count_words import count_words
from bloodsmear.errors import StudyError
from bloodsmear.jobs import Cancel, Report
from bloodsmear.reports.report_kind import ReportKind, ReportWanted
from bloodsmear.review.records import ImageRecord
from desktop.gui.job_runner import Job, JobRunner
from desktop.gui.study.open_study import OpenStudy
from desktop.gui.study.opening import Opened, Opening, open_study

if TYPE_CHECKING:  # imported on the job's thread: SQLite and OpenVINO are not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore

LANE = "study"
_ALL_IMAGES = ReportWanted()
_NAME_ENDINGS: dict[ReportKind, str] = {
    **{"images": ".csv", "cases": " cases.csv"},
    **{"cells": " cells.csv", "differentials": " differentials.csv"},
    **{"html": ".html", "folders": " by decision", "marks": " marks"},
}
_NO_STUDY = "No study is open, so no report was written. Open a folder first."


class StudyFile(QObject):
    """All access to the study's file, one piece after the other in its `LANE`.

    `camera_bits_found()` where images are to be read otherwise than before, then `opened()`, or `refused()`;
    `closed()`, `records_read(list of ImageRecord)`, `exported(sentence, target)`, `failed(sentence)`;
    `complained(sentence)` about what an opened study cannot do or does not show; `found_changed(sentence)` where it was
    changed outside of the program.
    """

    camera_bits_found = Signal()
    opened = Signal()
    refused = Signal()
    closed = Signal()
    records_read = Signal(list)
    exported = Signal(str, Path)
    failed = Signal(str)
    complained = Signal(str)
    found_changed = Signal(str)

    def __init__(self, study: OpenStudy, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner
        # Touched by jobs of the lane alone, which has one thread at a time.
        self._store: StudyStore | None = None
        # Read before the file was open.
        self._waiting: dict[str, ImageRecord] = {}

    def open(self, check_denoised: bool | None = None) -> None:
        """Open the study of the open folders and the loaded classifiers, or make it.

        `check_denoised` is the choice to keep in it; None takes the one that it has.
        """
        study = self._study
        if study.root is None:
            return
        # A watch lists what it has found by then: an older list would hide its newest images.
        images = () if study.watched else tuple((found.image, found.case) for found in study.found.values())
        opening = Opening(study.folders, study.root, images, study.marks, check_denoised, study.named)
        job = self._runner.job(lambda _report, _cancel: self._open_now(opening, job.post))
        job.part.connect(lambda part: self._take(opening, part))
        job.finished.connect(lambda outcome: self._end_opening(opening, outcome))
        job.failed.connect(lambda sentence: self._refuse(opening, sentence))
        self._start(job)

    def put(self, record: ImageRecord) -> None:
        """Keep a record: at once, or as soon as the study is open; not in one that is open to read only."""
        if self._study.path is None:
            self._waiting[record.image] = record
        elif not self._study.read_only:
            self._start(self._runner.job(lambda _report, _cancel: self._put_now(record)))

    def export(self, target: Path, wanted: ReportWanted = _ALL_IMAGES) -> None:
        """Write a report of everything that was kept until now, in a lane that holds up no decision.

        `failed` where no study is open, or any more.
        """
        study_path = self._study.path
        if study_path is None:
            self.failed.emit(_NO_STUDY)
            return
        job = self._runner.job(
            lambda report, cancel: write_report(wanted, study_path, target, report, cancel)
        )
        job.finished.connect(lambda sentence: self.exported.emit(sentence, target))
        job.failed.connect(self.failed)
        self._start_behind(job)

    def compare(self) -> Job | None:
        """The job, begun, that tells who agrees with whom (tuple of Comparison); None while no study is open."""
        return self.read(lambda study, _report, _cancel: _compare_now(study))

    def cases(self, reader: str) -> Job | None:
        """The job, begun, that reads the cases as a reader has them (ReaderCases); None while no study is open."""
        return self.read(lambda study, _report, _cancel: _cases_now(study, reader))

    def preview(self, wanted: ReportWanted, hide_answers: bool) -> Job | None:
        """The job, begun, that tells what a report would hold (ReportPreview); None while no study is open."""
        return self.read(lambda study, _report, _cancel: _preview_now(study, wanted, hide_answers))

    def read(self, work: Callable[[Path, Report, Cancel], object]) -> Job | None:
        """The job, begun, that works on the study's file once it has everything decided until now; None without one."""
        study_path = self._study.path
        if study_path is None:
            return None
        job = self._runner.job(lambda report, cancel: work(study_path, report, cancel))
        self._start_behind(job)
        return job

    def use(self, work: Callable[[StudyStore], object]) -> Job | None:
        """The job, begun, that does this with the open study behind what is being written; None while none is open."""
        if self._study.path is None:
            return None
        job = self._runner.job(lambda _report, _cancel: work(self.store()))
        self._runner.start(LANE, job)
        return job

    def store(self) -> StudyStore:
        """The open study, for jobs of this file's `LANE`. Raises StudyError where none is open."""
        if self._store is None:
            raise StudyError("No study is open, so nothing can be kept. Open its folder again.")
        return self._store

    def close(self) -> None:
        """Let go of the file once everything before is written."""
        self._study.path = None
        self._waiting.clear()
        self._start(self._runner.job(lambda _report, _cancel: self._close_now()))
        self.closed.emit()

    def _start_behind(self, job: Job) -> None:
        """Start in the lane of reports, after what is being written now: it has everything decided until now."""
        written = self._runner.job(lambda _report, _cancel: self.store())
        written.finished.connect(lambda _nothing: self._runner.start("report", job))
        # It is never started then, and whoever waits for it must hear so.
        written.failed.connect(job.failed)
        written.failed.connect(job.deleteLater)
        self._runner.start(LANE, written)

    def _start(self, job: Job) -> None:
        job.failed.connect(self.failed)
        self._runner.start(LANE, job)

    def _take(self, opening: Opening, records: list[ImageRecord]) -> None:
        if self._is_current(opening):
            # What was read since the window opened is newer than the file.
            self.records_read.emit([record for record in records if record.image not in self._waiting])

    def _end_opening(self, opening: Opening, opened: Opened) -> None:
        if not self._is_current(opening):
            return
        study = self._study
        study.refused = ""
        study.path, study.check_denoised, study.read_only = (
            opened.store.path,
            opened.check_denoised,
            opened.read_only,
        )
        study.scales = opened.store.head.scales
        bits = opened.store.head.camera_bits
        other_bits = bits != study.camera_bits
        study.use_camera_bits(bits)
        waiting, self._waiting = self._waiting, {}
        # What was read without the camera's bits does not belong to this study: it was too dark, or unreadable.
        for record in () if other_bits else waiting.values():
            self.put(record)
        if other_bits:
            self.camera_bits_found.emit()
        self.opened.emit()
        if opened.changed and not opened.read_only:
            self.found_changed.emit(opened.sentences)
        elif opened.sentences:
            self.complained.emit(opened.sentences)

    def _refuse(self, opening: Opening, sentence: str) -> None:
        if self._is_current(opening):
            self._study.refused = sentence
            self.refused.emit()

    def _is_current(self, opening: Opening) -> bool:
        # A later choice has started an opening of its own, which keeps it.
        study = self._study
        wanted = (study.folders, study.named, study.marks, study.check_chosen)
        return (opening.folders, opening.study, opening.marks, opening.check_denoised) == wanted

    def _open_now(self, opening: Opening, say: Callable[[list[ImageRecord]], None]) -> Opened:
        self._close_now()
        opened = open_study(opening, say)
        self._store = opened.store
        return opened

    def _put_now(self, record: ImageRecord) -> None:
        if self._store is not None:
            self._store.put(record)

    def _close_now(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            store.close()


def _compare_now(study: Path) -> object:
    from bloodsmear.workflows.reviewing import read_agreement

    return read_agreement(study)


def _cases_now(study: Path, reader: str) -> object:
    from bloodsmear.workflows.cases import read_cases

    return read_cases(study, reader)


def _preview_now(study: Path, wanted: ReportWanted, hide_answers: bool) -> object:
    from bloodsmear.workflows.report_preview import preview_report

    return preview_report(study, wanted, hide_answers)


def write_report(wanted: ReportWanted, study: Path, target: Path, report: Report, cancel: Cancel) -> str:
    """Write a saved study's report; returns what was written, and which readers decided nothing.

    As `bloodsmear report`; raises what the engine does.
    """
    # Imported on the job's thread: SQLite and OpenCV are not needed for the first picture.
    from bloodsmear.workflows.cell_export import export_cells
    from bloodsmear.workflows.export import export_cases, export_csv, idle_sentences
    from bloodsmear.workflows.html_export import HtmlChoices, export_html
    from bloodsmear.workflows.images_by_decision import copy_by_decision
    from bloodsmear.workflows.mark_export import export_marks

    match wanted.kind:
        case "folders":
            copied, sentences = copy_by_decision(study, target, wanted.scope, report, cancel)
            return " ".join((f"Copied {count_words(copied, 'image')} to {target}.", *sentences))
        case "marks":
            exported = export_marks(study, target, wanted.scope, cancel)
            what = f"the marks of {count_words(exported.rows, 'image')}"
        case "html":
            exported = export_html(
                study, target, HtmlChoices(scope=wanted.scope), report=report, cancel=cancel
            )
            what = f"the report of {count_words(exported.rows, 'image')}"
        case "cases":
            exported = export_cases(study, target, form=wanted.form, scope=wanted.scope)
            what = count_words(exported.rows, "case")
        case "cells" | "differentials":
            exported = export_cells(study, target, wanted)
            what = count_words(exported.rows, "cell" if wanted.kind == "cells" else "row")
        case "images":
            exported = export_csv(study, target, form=wanted.form, scope=wanted.scope)
            what = count_words(exported.rows, "row")
    told = (f"Wrote {what} to {target}.", *idle_sentences(study, wanted.reader), exported.complaint)
    return " ".join(sentence for sentence in told if sentence)


def suggested_name(folders: Sequence[Path], kind: ReportKind = "images") -> str:
    """What a report of these folders is called until the reader says otherwise."""
    name = folders[0].name if folders else ""
    return f"{name or 'report'}{_NAME_ENDINGS[kind]}"
