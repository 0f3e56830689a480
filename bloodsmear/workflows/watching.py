"""Watched folders: each image is screened once it is complete, for as long as nobody stops it.

It polls: network shares announce changes unreliably or not at all.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bloodsmear.errors import FoldersGoneError, ImageError, ScanError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel, JobCancelled
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.arrivals import Arrivals, Stillness
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningPlan, ScreeningSummary, screened_study
from bloodsmear.workflows.screening_run import FinishedImage, ScreeningRun

_POLL_S = 2.0
# On a slow share a look at the folder may take seconds: the share has four times as long to itself.
_REST_PER_LOOK = 4.0
_LOOK_EVERY_S = 0.2
_SECTOR = 512


class Clock(Protocol):
    """Time that only goes on; a test has one of its own."""

    def now_s(self) -> float:
        """Seconds since some moment."""
        ...

    def wait(self, seconds: float, cancel: Cancel) -> None:
        """Return after `seconds`, or earlier when `cancel` was requested."""
        ...


class PcClock:
    """The PC's clock."""

    def now_s(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, seconds: float, cancel: Cancel) -> None:
        """Sleep in short stretches."""
        until = self.now_s() + seconds
        while not cancel.requested and (left := until - self.now_s()) > 0:
            time.sleep(min(left, _LOOK_EVERY_S))


def _nobody(_argument: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class WatchEvents:
    """Who hears of a watch, on its own thread.

    `record_ready` when a record is in the study. `updated(study)` after each round in which images were screened,
    the time to write the report. `trouble` gets a sentence when the folders cannot be reached, once until they
    are back. `arrived` gets the images that have become complete, before they are screened. `waiting` gets those that
    are there and not complete yet, whenever these are others than before.
    """

    record_ready: Callable[[ImageRecord], None] = _nobody
    updated: Callable[[Path], None] = _nobody
    trouble: Callable[[str], None] = _nobody
    arrived: Callable[[Sequence[FoundImage]], None] = _nobody
    waiting: Callable[[Sequence[FoundImage]], None] = _nobody


@dataclass(frozen=True, slots=True)
class WatchTiming:
    """The clock, and how long a file must be left alone."""

    clock: Clock = field(default_factory=PcClock)
    stillness: Stillness = field(default_factory=Stillness)


def watch(
    plan: ScreeningPlan,
    classifiers: ClassifierSet,
    events: WatchEvents,
    cancel: Cancel,
    timing: WatchTiming | None = None,
) -> ScreeningSummary:
    """Screen what is in the folders and what comes, until `cancel` is requested; then say what it came to.

    The folders may be empty. What was finished before is kept, as with `screen`. A folder that goes away is waited
    for, and an image that was deleted keeps its row. Raises ScanError (no such folder at the start), StudyError,
    ScreenedElsewhereError, ClassifierError; what was finished before is in the study.
    """
    timing = timing or WatchTiming()
    started_s = timing.clock.now_s()
    with screened_study(Scan(plan.folders), plan, classifiers) as store:
        watching = _Watch(store, plan, classifiers, events)
        watching.go_on(cancel, timing)
    return watching.summary(timing.clock.now_s() - started_s)


def _ends_in_zeroes(path: Path) -> bool:
    """Whether the last sector is empty: a copy that made room for the whole file first, and is not done with it.

    Of an uncompressed image that is a black band, which decodes well. One that is black there by right is taken later,
    when nobody has written to it for as long as to one that cannot be decoded. Raises OSError.
    """
    with path.open("rb") as file:
        file.seek(-min(_SECTOR, path.stat().st_size), os.SEEK_END)
        return not file.read().strip(b"\0")


class _Watch:
    def __init__(
        self, store: StudyStore, plan: ScreeningPlan, classifiers: ClassifierSet, events: WatchEvents
    ) -> None:
        self._store = store
        self._plan = plan
        self._classifiers = classifiers
        self._events = events
        # Every image that was complete once; the study lists no others. Its status as it was screened last.
        self._images: dict[str, FoundImage] = {}
        self._unreadable: set[str] = set()
        self._screened = 0
        self._read_again = 0
        self._kept_as_signed = 0
        self._other_files = 0
        self._other_names: tuple[str, ...] = ()
        self._in_trouble = False
        self._waiting: tuple[FoundImage, ...] = ()

    def go_on(self, cancel: Cancel, timing: WatchTiming) -> None:
        arrivals, clock = Arrivals(timing.stillness, self._is_decodable), timing.clock
        while not cancel.requested:
            started_s = clock.now_s()
            complete = arrivals.complete(self._found(), started_s)
            self._say_waiting(arrivals.waiting)
            rest_s = max(_POLL_S, _REST_PER_LOOK * (clock.now_s() - started_s))
            if complete:
                arrivals.forget(self._screen(complete, cancel))
            clock.wait(rest_s, cancel)

    def summary(self, seconds: float) -> ScreeningSummary:
        return ScreeningSummary(
            study=self._store.path,
            images=len(self._images),
            screened=self._screened,
            kept=max(0, len(self._images) - self._screened),
            unreadable=len(self._unreadable),
            other_files=self._other_files,
            other_names=self._other_names,
            seconds=seconds,
            read_again=self._read_again,
            kept_as_signed=self._kept_as_signed,
        )

    def _found(self) -> list[FoundImage]:
        try:
            scan = Scan(self._plan.folders, camera_bits=self._store.head.camera_bits)
        except ScanError as error:
            self._say_once(str(error))
            return []
        found = list(scan)
        self._other_files, self._other_names = scan.other_files, tuple(scan.other_names)
        self._in_trouble = False
        return found

    def _screen(self, complete: list[FoundImage], cancel: Cancel) -> list[FoundImage]:
        """Screen and keep; returns what was left over when a folder went away or a stop was requested."""
        left = {image.image: image for image in complete}
        self._images |= left
        self._store.list_images((one.image, one.case) for one in self._images.values())
        self._events.arrived(complete)
        # A run for each round: a share that was connected anew is another drive.
        run = ScreeningRun(self._store, self._plan, self._classifiers)
        try:
            for finished in run.finished_images(complete, cancel):
                self._keep(finished)
                left.pop(finished.record.image)
        except FoldersGoneError as error:
            self._say_once(str(error))
        except JobCancelled:
            pass  # asked to stop: what was finished is kept, and the caller writes it down
        self._events.updated(self._store.path)
        return list(left.values())

    def _keep(self, finished: FinishedImage) -> None:
        record = finished.record
        if not finished.kept:
            self._store.put(record, finished.row)
            self._screened += 1
        self._read_again += finished.older and not finished.kept
        self._kept_as_signed += finished.older and finished.kept
        if record.status == "unreadable":
            self._unreadable.add(record.image)
        else:
            self._unreadable.discard(record.image)
        self._events.record_ready(record)

    def _is_decodable(self, image: FoundImage) -> bool:
        # What was read before is not decoded only to be compared by its sha256 afterwards.
        if self._store.done_record(image.image) is not None:
            return True
        try:
            decode_image(image.path, asked=image.asked)
            return not _ends_in_zeroes(image.path)
        except (ImageError, OSError):
            return False

    def _say_waiting(self, waiting: tuple[FoundImage, ...]) -> None:
        if waiting != self._waiting:
            self._waiting = waiting
            self._events.waiting(waiting)

    def _say_once(self, sentence: str) -> None:
        if not self._in_trouble:
            self._events.trouble(f"{sentence} Watching goes on when it is back.")
        self._in_trouble = True
