"""The only file of the window that knows threads: runs `job(report, cancel)` in lanes, off the window's thread.

A lane is a queue with its own threads, so that slow work of one kind never stands before work of another.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal

from bloodsmear.errors import BloodsmearError
from bloodsmear.jobs import Cancel, JobCancelled, Progress, Report
from bloodsmear.logs import LOGGER_NAME

log = logging.getLogger(f"{LOGGER_NAME}.window")

# The type of a job's outcome is known to the caller who connects to `finished`; Qt carries any object.
JobFunction = Callable[[Report, Cancel], Any]
LaneOrder = Literal["latest_only", "newest_first", "in_order"]
_PROGRESS_INTERVAL_S = 0.05


@dataclass(frozen=True, slots=True)
class Lane:
    """A queue of jobs: `threads` run at once.

    `latest_only` drops and stops what came before, `newest_first` keeps the `keep` newest, `in_order` keeps all.
    What waits in a lane that `finishes_at_closing` is still carried out when the window closes: it keeps work.
    """

    name: str
    threads: int = 1
    order: LaneOrder = "in_order"
    keep: int = 256
    finishes_at_closing: bool = False


class Job(QObject):
    """One piece of long work. Connect to its signals first, then start it; all arrive on the window's thread.

    Exactly one of `finished(outcome)`, `failed(sentence)` and `stopped()` comes last. `progressed(Progress)`
    comes at most every 50 ms, `part(object)` once for each `post`. A superseded job says nothing but `stopped`.
    """

    progressed = Signal(Progress)
    part = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    stopped = Signal()

    def __init__(
        self, function: JobFunction, post: Callable[["Job", str, object], None], parent: QObject
    ) -> None:
        # With a parent Qt owns the object: else it would die on whichever thread lets go of it last.
        super().__init__(parent)
        self.function = function
        self.cancel = Cancel()
        self.superseded = False
        self._post = post
        self._reported_at = 0.0

    def post(self, value: object) -> None:
        """Hand a part of the outcome over from the job's thread; it arrives as `part`."""
        self._post(self, "part", value)

    def report(self, progress: Progress) -> None:
        """Say how far the job is, from its own thread; the last step and at most 20 a second arrive."""
        now = time.monotonic()
        last = progress.total is not None and progress.done >= progress.total
        if last or now - self._reported_at >= _PROGRESS_INTERVAL_S:
            self._reported_at = now
            self._post(self, "progressed", progress)


class _LaneQueue:
    """The jobs of one lane. Threads exist only while there is work, so an idle window has none."""

    def __init__(self, lane: Lane, run: Callable[[Job], None]) -> None:
        self.lane = lane
        self._run = run
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._threads: set[threading.Thread] = set()

    def add(self, job: Job) -> list[Job]:
        """Queue the job; returns the waiting jobs that it dropped."""
        with self._lock:
            dropped: list[Job] = []
            while self.lane.order == "newest_first" and len(self._waiting) >= self.lane.keep:
                dropped.append(self._waiting.popleft())
            self._waiting.append(job)
            if len(self._threads) < self.lane.threads:
                # A daemon: an OpenCV call that cannot be interrupted must not hold up the end of the program.
                thread = threading.Thread(target=self._work, name=f"lane-{self.lane.name}", daemon=True)
                self._threads.add(thread)
                thread.start()
        return dropped

    def take_waiting(self) -> list[Job]:
        """Take out the waiting jobs: they never start."""
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        return waiting

    def threads(self) -> tuple[threading.Thread, ...]:
        """The threads at work now."""
        with self._lock:
            return tuple(self._threads)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads.discard(threading.current_thread())
                    return
                newest_first = self.lane.order == "newest_first"
                job = self._waiting.pop() if newest_first else self._waiting.popleft()
            self._run(job)


class JobRunner(QObject):
    """Runs jobs in their lanes and brings what they say back to the thread that made the runner."""

    _posted = Signal(object, str, object)

    def __init__(self, lanes: Iterable[Lane], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queues = {lane.name: _LaneQueue(lane, self._run) for lane in lanes}
        # The lane of each job whose last signal was not sent yet, also when its work is done.
        self._alive: dict[Job, str] = {}
        self._closed = False
        self._close_until = 0.0
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def job(self, function: JobFunction) -> Job:
        """Make a job of a plain function; connect to its signals, then `start` it."""
        return Job(function, self._post, self)

    def start(self, lane: str, job: Job) -> None:
        """Queue the job in its lane; what the lane drops for it is stopped."""
        if self._closed:
            return
        if self._queues[lane].lane.order == "latest_only":
            self.supersede(lane)
        self._alive[job] = lane
        for dropped in self._queues[lane].add(job):
            self._post(dropped, "stopped", None)

    def cancel(self, lane: str) -> None:
        """Ask everything in the lane to stop; what was finished until then still arrives."""
        for job in self._in_lane(lane):
            job.cancel.request()
        for dropped in self._queues[lane].take_waiting():
            self._post(dropped, "stopped", None)

    def supersede(self, lane: str) -> None:
        """Ask everything in the lane to stop, and hear nothing more of it but `stopped`."""
        # An outcome may lie in Qt's queue already: it belongs to what is no longer wanted, too.
        for job in self._in_lane(lane):
            job.superseded = True
        self.cancel(lane)

    def close(self, wait_ms: int = 3000) -> bool:
        """Stop everything and wait `wait_ms` at most; says whether every thread ended. Nothing starts after.

        The window closes the runner and the program closes it again: together they wait no longer than the first.
        """
        for name, queue in self._queues.items():
            if not queue.lane.finishes_at_closing:
                self.cancel(name)
        if not self._closed:
            self._closed = True
            self._close_until = time.monotonic() + wait_ms / 1000
        threads = [thread for queue in self._queues.values() for thread in queue.threads()]
        for thread in threads:
            thread.join(max(0.0, self._close_until - time.monotonic()))
        self._alive.clear()
        return not any(thread.is_alive() for thread in threads)

    def _in_lane(self, lane: str) -> list[Job]:
        return [job for job, its_lane in self._alive.items() if its_lane == lane]

    def _post(self, job: Job, kind: str, value: object) -> None:
        # After closing nobody listens any more, and Qt may already have taken this object apart.
        if not self._closed:
            self._posted.emit(job, kind, value)

    def _run(self, job: Job) -> None:
        try:
            job.cancel.checkpoint()
            outcome = job.function(job.report, job.cancel)
        except JobCancelled:
            self._post(job, "stopped", None)
        except BloodsmearError as error:
            self._post(job, "failed", str(error))
        except Exception as error:  # a border of the program: whatever went wrong becomes a sentence
            log.exception("A job ended in an unexpected %s", type(error).__name__)
            self._post(job, "failed", unexpected_sentence(error))
        else:
            self._post(job, "finished", outcome)

    def _deliver(self, job: Job, kind: str, value: object) -> None:
        if job not in self._alive:
            return
        ends = kind in ("finished", "failed", "stopped")
        if ends:
            del self._alive[job]
            job.deleteLater()
        if kind == "stopped" or (job.superseded and ends):
            job.stopped.emit()
        elif not job.superseded:
            getattr(job, kind).emit(value)


def unexpected_sentence(error: BaseException) -> str:
    """The sentence for an error that nobody foresaw: no path, no details; those are in the log."""
    return (
        f"Something went wrong inside Bloodsmear ({type(error).__name__}). Your work so far is kept; "
        "if it happens again, send us the log file that Help ▸ About names."
    )
