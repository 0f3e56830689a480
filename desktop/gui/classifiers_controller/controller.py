"""The controller of the classifiers page: carries out what the page asks for and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from bloodsmear.classifiers.typed_words import NETWORK_ENDINGS
from bloodsmear.settings import Settings
from desktop.gui.classifiers_controller import classifier_jobs
from desktop.gui.classifiers_controller.classifier_jobs import Done
from desktop.gui.classifiers_controller.classifier_list import read_classifiers
from desktop.gui.classifiers_state import ClassifiersState, ListedClassifier, NetworkWish, Taken
from desktop.gui.job_runner import JobRunner, Lane

_LIST, _WORK = "list", "work"
# What is under way ends by itself: adding is whole or not at all.
_CLOSE_WAIT_MS = 1000


class Refused(Protocol):
    """A classifier that was left out at the start, with a sentence why."""

    @property
    def id(self) -> str: ...

    @property
    def reason(self) -> str: ...


class ClassifiersController(QObject):
    """`changed(ClassifiersState)` whenever there is something else to show.

    `use_wanted(tuple of ids)`: these are to answer from now on, read anew from the disk.
    """

    changed = Signal(object)
    use_wanted = Signal(object)

    def __init__(self, in_use: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = JobRunner((Lane(_LIST, order="latest_only"), Lane(_WORK)), self)
        self._refused: dict[str, str] = {}
        self._dealt_with = ""
        self.state = ClassifiersState(in_use=tuple(in_use))

    def look_around(self) -> None:
        """Read the list anew."""
        in_use = self.state.in_use
        job = self._runner.job(lambda _report, _cancel: read_classifiers(in_use))
        job.finished.connect(self._take_list)
        job.failed.connect(lambda sentence: self._show(problem=sentence))
        self._runner.start(_LIST, job)

    def take_refused(self, refused: Sequence[Refused]) -> None:
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

    def add(self, source: Path) -> None:
        """Add an exported classifier's zip or folder; a bare network file is asked about first."""
        if self.state.working:
            return
        if source.suffix.lower() in NETWORK_ENDINGS:
            self._show(to_describe=source, said="", problem="", taken=None)
        else:
            self._add(source)

    def add_described(self, wish: NetworkWish) -> None:
        """Add a network file of which everything was said."""
        if not self.state.working:
            self._add(wish)

    def put_file_away(self) -> None:
        """The file that was asked about is not to be added."""
        if not self.state.working:
            self._show(to_describe=None, problem="", taken=None)

    def replace_taken(self) -> None:
        """Put the new classifier in the place of the one that has its id."""
        if self.state.taken is not None:
            self._add(self.state.taken.source, replace_other=True)

    def keep_present(self) -> None:
        """Leave the classifier that has the id where it is."""
        self._show(taken=None)

    def verify(self, classifier_id: str) -> None:
        """Check a classifier in full: files, graph and golden test."""
        self._start(
            f"Checking {classifier_id}…",
            lambda: classifier_jobs.verify(classifier_id),
            failed=lambda sentence: self._refused.update({classifier_id: sentence}),
        )

    def remove(self, classifier_id: str) -> None:
        """Remove one of the user's own classifiers."""
        self._start(f"Removing {classifier_id}…", lambda: classifier_jobs.remove(classifier_id))

    def close(self) -> bool:
        """End what is under way. Says whether every thread ended."""
        return self._runner.close(_CLOSE_WAIT_MS)

    def _add(self, source: Path | NetworkWish, replace_other: bool = False) -> None:
        if isinstance(source, NetworkWish):
            doing = f"Rebuilding {source.file.name} from known layers and checking it. This takes up to some minutes…"
        else:
            doing = f"Checking {source.name} and adding it…"
        self._start(doing, lambda: classifier_jobs.add(source, replace_other))

    def _start(
        self,
        doing: str,
        work: Callable[[], Done | Taken],
        failed: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        if self.state.working:
            return
        job = self._runner.job(lambda _report, _cancel: work())
        job.finished.connect(self._take_done)
        job.failed.connect(failed)
        job.failed.connect(self._take_failure)
        self._show(working=doing, said="", problem="", taken=None)
        self._runner.start(_WORK, job)

    def _take_done(self, outcome: Done | Taken) -> None:
        if isinstance(outcome, Taken):
            self._show(working="", taken=outcome)
            return
        self._refused.pop(outcome.id, None)
        self._show(working="", said=outcome.sentence, to_describe=None)
        self._dealt_with = outcome.id
        if outcome.changed and outcome.id in self.state.in_use:
            left = tuple(one for one in self.state.in_use if one != outcome.id or not outcome.gone)
            self._show(in_use=left or Settings().texts("default_classifiers"))
            self.use_wanted.emit(self.state.in_use)
        self.look_around()

    def _take_failure(self, sentence: str) -> None:
        self._show(working="", problem=sentence)
        # What failed its check may be refused from now on.
        self.look_around()

    def _take_list(self, listed: tuple[ListedClassifier, ...]) -> None:
        known = (replace(one, refused=one.refused or self._refused.get(one.id, "")) for one in listed)
        self._show(listed=tuple(known), selected=self._dealt_with)

    def _show(self, **changes: Any) -> None:
        """Change these fields of the state; their types are those of `ClassifiersState`."""
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)
