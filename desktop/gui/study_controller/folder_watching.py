"""Watching the open folders in the background, by the same workflow as `bloodsmear screen --watch`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear.errors import ClassifierError, ReportError
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Report
from bloodsmear.reports.report_kind import CsvForm
from desktop.gui.job_runner import JobFunction
from desktop.gui.study_controller.open_study import NoClassifiers, OpenStudy

if TYPE_CHECKING:  # imported on the job's thread, with OpenVINO
    from bloodsmear.workflows.screening import ScreeningSummary


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


def watching(study: OpenStudy, report: Path, form: CsvForm, post: Callable[[object], None]) -> JobFunction:
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
    """Write it anew. One that is open in a spreadsheet is no reason to stop: the next round writes it."""
    from bloodsmear.workflows.export import export_csv

    try:
        exported = export_csv(study, report, form=form)
        post(Written(report))
        if exported.complaint:
            post(Trouble(exported.complaint))
    except ReportError as error:
        post(Trouble(f"{error} The images are kept; the report is written with the next ones."))
