"""The controller of the classifiers page: carries out what the page asks for and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from bloodsmear.adding.typed_words import NETWORK_ENDINGS
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.review.records import RefusedClassifier
from bloodsmear.settings import Settings
from desktop.gui.classifiers import jobs
from desktop.gui.classifiers.jobs import AskableNetwork, Done, Doubted
from desktop.gui.classifiers.listing import KnownClassifiers, read_classifiers
from desktop.gui.classifiers.state import (
    ClassifiersState,
    ClassifierWork,
    NetworkWish,
    OfferedClassifier,
    Taken,
)
from desktop.gui.job_runner import JobRunner, Lane

_LIST, _WORK = "list", "work"
# What is under way stops between two steps, or ends by itself: adding is whole or not at all.
_CLOSE_WAIT_MS = 1000
# What is under way will end; the sentence stays until the next thing is begun.
_ADD_AGAIN = "Add it again when what is under way is done."

_Outcome = Done | Taken | Doubted | AskableNetwork
_WorkFunction = Callable[[Report, Cancel], _Outcome]


class ClassifiersController(QObject):
    """`changed(ClassifiersState)` whenever there is something else to show.

    `use_wanted(tuple of ids)`: these are to answer from now on, read anew from the disk.
    """

    changed = Signal(ClassifiersState)
    use_wanted = Signal(tuple)

    def __init__(self, in_use: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = JobRunner((Lane(_LIST, order="latest_only"), Lane(_WORK)), self)
        self._refused: dict[str, str] = {}
        self._dealt_with = ""
        self.state = ClassifiersState(in_use=tuple(in_use))

    def look_around(self) -> None:
        """Read the list anew."""
        in_use = self.state.in_use

        def take(known: KnownClassifiers) -> None:
            listed = (
                replace(one, refused=one.refused or self._refused.get(one.id, "")) for one in known.listed
            )
            self._show(listed=tuple(listed), offers=known.offers, selected=self._dealt_with)

        job = self._runner.job(lambda _report, _cancel: read_classifiers(in_use))
        job.finished.connect(take)
        job.failed.connect(lambda sentence: self._show(problem=sentence))
        self._runner.start(_LIST, job)

    def take_refused(self, refused: Sequence[RefusedClassifier]) -> None:
        """What was left out when the classifiers in use were opened: only then some faults are seen."""
        self._refused = {one.id: one.reason for one in refused}
        if self.state.listed is not None:
            self.look_around()

    def use(self, ids: tuple[str, ...]) -> None:
        """Let these answer from now on, at least one."""
        if ids and ids != self.state.in_use:
            self._show(in_use=ids, said="", problem="")
            self.use_wanted.emit(ids)
            self.look_around()

    def add(self, source: Path | NetworkWish | OfferedClassifier, replace_other: bool = False) -> None:
        """Add an exported classifier's zip or folder, a described network file, or a published one that was agreed to.

        A bare network file is asked about first. `replace_other`: in the place of the one that has its id.
        """
        if self.state.work is not None:
            if isinstance(source, Path):
                self._show(problem=f"{source.name} was not added: one thing at a time. {_ADD_AGAIN}")
            return
        if isinstance(source, Path) and source.suffix.lower() in NETWORK_ENDINGS:
            work = ClassifierWork(f"Looking at {source.name}…")
            self._start(work, lambda _report, _cancel: jobs.look_at_network(source))
        else:
            self._start(*_adding(source, replace_other))

    def check_on(self, folder: Path | None) -> None:
        """Try the described file's label order on this folder before it is added; None leaves that out."""
        self._show(check_on=folder, problem="", better_order=())

    def put_file_away(self) -> None:
        """The file that was asked about is not to be added."""
        if self.state.work is None:
            self._show(to_describe=None, problem="", taken=None, better_order=())

    def replace_taken(self) -> None:
        """Put the new classifier in the place of the one that has its id."""
        if self.state.taken is not None:
            self.add(self.state.taken.source, replace_other=True)

    def keep_present(self) -> None:
        """Leave the classifier that has the id where it is."""
        self._show(taken=None)

    def verify(self, classifier_id: str) -> None:
        """Check a classifier in full: files, graph and golden test. One that fails is shown as refused."""

        def remember(sentence: str) -> None:
            self._refused[classifier_id] = sentence

        work = ClassifierWork(f"Checking {classifier_id}…")
        self._start(work, lambda _report, _cancel: jobs.verify(classifier_id), remember)

    def try_order(self, classifier_id: str, folder: Path) -> None:
        """Try the order of a classifier's labels on a labelled folder."""
        work = ClassifierWork(f"Trying the labels of {classifier_id}…", can_stop=True)
        self._start(work, partial(jobs.try_order, classifier_id, folder))

    def remove(self, classifier_id: str) -> None:
        """Remove one of the user's own classifiers."""
        work = ClassifierWork(f"Removing {classifier_id}…")
        self._start(work, lambda _report, _cancel: jobs.remove(classifier_id))

    def stop(self) -> None:
        """Stop what is under way; nothing is added by halves."""
        self._runner.cancel(_WORK)

    def complain(self, sentence: str) -> None:
        """Say what did not work outside of it."""
        self._show(problem=sentence)

    def close(self) -> bool:
        """End what is under way. Says whether every thread ended."""
        return self._runner.close(_CLOSE_WAIT_MS)

    def _start(
        self,
        work: ClassifierWork,
        function: _WorkFunction,
        failed: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        if self.state.work is not None:
            return

        def fail(sentence: str) -> None:
            failed(sentence)
            self._show(work=None, problem=sentence)
            # What failed its check is refused from now on.
            self.look_around()

        def tell(progress: Progress) -> None:
            if self.state.work is not None:
                text = f"{progress.text}…" if progress.text else self.state.work.text
                self._show(work=replace(self.state.work, text=text, done=progress.done, total=progress.total))

        job = self._runner.job(function)
        job.progressed.connect(tell)
        job.finished.connect(self._take_outcome)
        job.failed.connect(fail)
        job.stopped.connect(lambda: self._show(work=None, said="Stopped; nothing was changed."))
        self._show(work=work, said="", problem="", taken=None, better_order=())
        self._runner.start(_WORK, job)

    def _take_outcome(self, outcome: _Outcome) -> None:
        match outcome:
            case AskableNetwork():
                self._show(work=None, to_describe=outcome.file, one_output=outcome.one_output, check_on=None)
            case Taken():
                self._show(work=None, taken=outcome)
            case Doubted():
                self._show(work=None, problem=outcome.sentence, better_order=outcome.better_order)
            case Done():
                self._take_done(outcome)

    def _take_done(self, done: Done) -> None:
        was_refused = self._refused.pop(done.id, None) is not None
        self._dealt_with = done.id
        self._show(work=None, said=done.sentence, to_describe=None)
        if (done.changed or was_refused) and done.id in self.state.in_use:
            left = tuple(one for one in self.state.in_use if one != done.id or not done.gone)
            self._show(in_use=left or Settings().default_classifiers)
            self.use_wanted.emit(self.state.in_use)
        self.look_around()

    def _show(self, **changes: Any) -> None:
        """Change these fields of the state; their types are those of `ClassifiersState`."""
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)


def _adding(
    source: Path | NetworkWish | OfferedClassifier, replace_other: bool
) -> tuple[ClassifierWork, _WorkFunction]:
    """What is said while this is added, and what adds it."""
    match source:
        case Path():
            work = ClassifierWork(f"Checking {source.name} and adding it…")
            return work, lambda _report, _cancel: jobs.add_exported(source, replace_other)
        case NetworkWish():
            work = ClassifierWork(f"Adding {source.file.name}…", can_stop=True)
            return work, partial(jobs.add_network, source, replace_other)
        case OfferedClassifier():
            work = ClassifierWork(f"Downloading {source.name}…", can_stop=True)
            return work, partial(jobs.add_download, source, replace_other)
