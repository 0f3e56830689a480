"""The controller of training: carries out what the page asks for and says what came of it. It knows no panel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from bloodsmear.adding.typed_words import free_id
from bloodsmear.jobs.training_messages import Failed
from desktop.gui.job_runner import JobRunner, Lane
from desktop.gui.training import commands, jobs, run_folder
from desktop.gui.training.checks import DataCheck, DeviceSearch, folder_names
from desktop.gui.training.classifier_making import ClassifierMaking
from desktop.gui.training.commands import ProgramCall
from desktop.gui.training.run_folder import TrainingPlan, TrainingRun
from desktop.gui.training.state import (
    DataSeen,
    FitSeen,
    FolderLabel,
    MadeClassifier,
    OwnLabel,
    Phase,
    Preset,
    StartingPoint,
    TrainingState,
    TrainingWish,
    Unfinished,
)
from desktop.gui.training.ways_out import TrainingWayOut, take_way_out, way_out_of

_LANE = "training"
# A fit looks for the stop after each batch, which may take longer; closing may take three seconds in all.
_CLOSE_WAIT_MS = 1000
# No classifier's id begins so: no run has this name.
_UNPACKED = ".started-from"
_NOTHING_KEPT = (
    "Stopped before the first epoch was finished, so there is nothing to keep. Start again whenever you like."
)


@dataclass(frozen=True, slots=True)
class TrainingTools:
    """What training works with. `in_use`: the ids of the classifiers that a new one is compared with at first."""

    call: ProgramCall
    presets: tuple[Preset, ...]
    in_use: tuple[str, ...] = ()


class TrainingController(QObject):
    """`changed(TrainingState)` whenever there is something else to show."""

    changed = Signal(TrainingState)

    def __init__(self, tools: TrainingTools, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._runner = JobRunner((Lane(_LANE),), self)
        self._check = DataCheck(tools.call, self)
        self._device = DeviceSearch(tools.call, self)
        self.making = ClassifierMaking(tools.call, tools.in_use, self)
        self._way_out: TrainingWayOut | None = None
        # The first look leads back to a classifier that is made and not installed; who leaves it is asked later.
        self._leads_back = True
        self.state = TrainingState(presets=tools.presets, python=tools.call.python)
        self._check.seen.connect(lambda data: self._show(data=data))
        self._check.ended.connect(self._take_check)
        self._device.found.connect(lambda gpu, why: self._show(gpu=gpu, why_no_gpu=why))
        self.making.told.connect(lambda fit: self._show(fit=fit))
        self.making.exporting.connect(lambda: self._show(phase="exporting"))
        self.making.made.connect(self._read_outcome)
        self.making.stopped_with_nothing.connect(lambda: self.choose_again(_NOTHING_KEPT))
        self.making.failed.connect(self._fail)

    def look_for_unfinished(self) -> None:
        """Find out whether an earlier training can go on."""
        if self.state.phase == "empty":
            self._show(unfinished=run_folder.find_unfinished(self._tools.call.runs))

    def look_around(self) -> None:
        """Find out what can be started from, and lead back to an earlier training that can go on."""
        self.look_for_unfinished()
        unfinished = self.state.unfinished
        if self._leads_back and self.state.phase == "empty" and unfinished and unfinished.stage == "made":
            self.go_on()
        self._leads_back = False
        job = self._runner.job(lambda _report, _cancel: jobs.read_known_starts())
        job.finished.connect(lambda known: self._show(starts=known.starts, taken_ids=known.ids))
        job.failed.connect(lambda sentence: self._show(problem=sentence))
        self._runner.start(_LANE, job)

    def check(
        self,
        folder: Path,
        labels: tuple[FolderLabel, ...] = (),
        own: tuple[OwnLabel, ...] = (),
        matters_first: str = "",
    ) -> None:
        """Look at a labelled folder, in place of the one before; `labels` say what some of its folders stand for.

        `own` are labels of the reader's own, in order; `matters_first` is the key of the one whose mistakes do.
        """
        # On the disk before anybody sees it, as every step: the program may end at any moment.
        run_folder.keep_chosen(self._tools.call.runs, folder, labels, own, matters_first)
        self._show(phase="checking", problem="", unfinished=None)
        self._check.start(folder, labels, own, matters_first)

    def start_from_file(self, file: Path) -> None:
        """Offer what this file holds to start from, once it was looked at."""
        place = self._tools.call.runs / _UNPACKED
        job = self._runner.job(lambda _report, _cancel: jobs.read_start_file(file, place))
        job.finished.connect(self._take_start)
        job.failed.connect(lambda sentence: self._show(problem=sentence))
        self._show(problem="")
        self._runner.start(_LANE, job)

    def _take_start(self, start: StartingPoint) -> None:
        data = self.state.data
        if data is not None and not start.fits(data.label_keys):
            self._show(problem=jobs.other_labels_sentence(start))
        else:
            self._show(file_start=start)

    def keep_images(self, folder: Path | None) -> None:
        """Keep the images of this folder in when a classifier that learned from them goes on; None: keep none."""
        self._show(keep=folder)

    def use_python(self, python: str) -> None:
        """Train with this Python from now on; empty: with the program's own."""
        self._tools.call.python = python
        self._device.stop()
        self._show(python=python, gpu=None, why_no_gpu="")
        if self.state.phase == "ready":
            self._device.start()

    def start(self, wish: TrainingWish) -> None:
        """Begin a training of the checked folder."""
        data = self.state.data
        if data is None or self.state.phase != "ready":
            return
        plan, runs = _plan_of(self.state, data, wish), self._tools.call.runs
        try:
            run = TrainingRun(run_folder.new_run_folder(runs, plan), plan)
        except OSError as error:
            self._show(
                problem=f"Nothing can be written to {runs} ({error.strerror}). Make room, then start again."
            )
            return
        run_folder.forget_chosen(runs)
        self._make(run)

    def go_on(self) -> None:
        """Go on with the training that failed or that an earlier start left unfinished, from where it was left."""
        if self.state.phase == "failed" and not self.making.fitting:
            self.keep_best()
            return
        unfinished = self.state.unfinished
        if unfinished is None:
            return
        if unfinished.stage == "images":
            self.check(unfinished.folder, unfinished.labels, unfinished.own, unfinished.matters_first)
            return
        plan = run_folder.read_plan(unfinished.folder)
        if plan is None:
            return
        run = TrainingRun(unfinished.folder, plan)
        match unfinished.stage:
            case "fit":
                self._make(run)
            case "fitted":
                self._export(run)
            case "made":
                self.making.take_up(run)
                self._read_outcome(run.target, run.page)

    def take_way_out(self) -> None:
        """Go on with the training that failed in the other way that `TrainingState.way_out` names."""
        run, way_out = self.making.run, self._way_out
        if self.state.phase != "failed" or run is None or way_out is None or way_out.plan is None:
            return
        try:
            self._make(take_way_out(run, way_out.plan))
        except OSError as error:
            self._show(problem=f"Nothing can be written to {run.folder} ({error.strerror}). Make room.")

    def keep_best(self) -> None:
        """Make the classifier of the best epoch: a fit stops after the batch under way, one that failed has ended."""
        run = self.making.run
        if self.state.phase == "fitting":
            self.making.stop()
            self._show(phase="stopping")
        elif self.state.phase == "failed" and run is not None and run.kept:
            self._export(run)

    def choose_again(self, problem: str = "") -> None:
        """Leave the training that failed or was stopped at once and choose again. Without an epoch nothing of it stays.

        `problem` is what to say of it.
        """
        run = self.making.run
        if self.state.phase not in ("failed", "fitting", "stopping"):
            return
        if run is not None and not run.kept:
            problem = _put_away(run.folder) or problem
        data = self.state.data
        if data is not None:
            run_folder.keep_chosen(
                self._tools.call.runs, data.folder, data.labels, data.own, data.matters_first
            )
        phase: Phase = "ready" if data is not None else "empty"
        self._show(phase=phase, fit=None, problem=problem, unfinished=None)

    def put_away(self) -> None:
        """Offer the unfinished training no more; its files stay."""
        unfinished, problem = self.state.unfinished, ""
        if unfinished is None:
            return
        if unfinished.stage == "images":
            run_folder.forget_chosen(self._tools.call.runs)
        else:
            problem = _put_away(unfinished.folder)
        self._show(phase="empty", unfinished=None, problem=problem, fit=None, data=None)

    def install(self) -> None:
        """Put the finished classifier among those of this PC."""
        outcome = self.state.outcome
        if outcome is None or self.state.phase != "finished":
            return
        job = self._runner.job(lambda _report, _cancel: jobs.install(outcome.folder))
        job.finished.connect(lambda _place: self._take_installed())
        job.failed.connect(lambda sentence: self._show(phase="finished", problem=sentence))
        self._show(phase="installing", problem="")
        self._runner.start(_LANE, job)

    def begin_anew(self) -> None:
        """Leave the finished training and begin with another folder; one that is not installed stays on offer."""
        run_folder.forget_chosen(self._tools.call.runs)
        self._show(phase="empty", data=None, fit=None, outcome=None, problem="", unfinished=None)
        self.look_around()

    def complain(self, sentence: str) -> None:
        """Say what did not work outside of it."""
        self._show(problem=sentence)

    def close(self) -> bool:
        """End what is under way; finished epochs stay and can go on. Says whether every thread ended."""
        self._check.close(_CLOSE_WAIT_MS)
        self._device.close(_CLOSE_WAIT_MS)
        self.making.close(_CLOSE_WAIT_MS)
        return self._runner.close(_CLOSE_WAIT_MS)

    def _make(self, run: TrainingRun) -> None:
        self._device.stop()
        # The phase first: what cannot even start says `failed` at once.
        fit = FitSeen(run.plan.name, epochs=run.plan.epochs)
        self._show(phase="fitting", fit=fit, problem="", way_out="", unfinished=None, outcome=None)
        self.making.start(run)

    def _export(self, run: TrainingRun) -> None:
        self._show(phase="exporting", problem="", way_out="", unfinished=None, outcome=None)
        self.making.keep_best(run)

    def _take_check(self, data: DataSeen, problem: str) -> None:
        phase: Phase = "unusable" if problem or data.errors else "ready"
        if phase == "unusable" and not data.wants_labels:
            # It was refused, so it does not wait for the next start.
            run_folder.forget_chosen(self._tools.call.runs)
        self._show(phase=phase, data=data, problem=problem)
        if phase == "ready" and self.state.gpu is None:
            self._device.start()
        if data.wants_labels or data.labels or data.names or data.own:
            job = self._runner.job(lambda _report, _cancel: folder_names(data.folder))
            # Another folder may have been chosen meanwhile.
            job.finished.connect(
                lambda names: (
                    self._show(data=replace(data, folders=names)) if self.state.data == data else None
                )
            )
            self._runner.start(_LANE, job)

    def _read_outcome(self, folder: Path, page: Path | None) -> None:
        run = self.making.run
        if run is None:
            return
        beside = {one: commands.beside_of(run.folder, one) for one in self.making.in_use}
        job = self._runner.job(lambda _report, _cancel: jobs.read_outcome(folder, beside, page))
        job.finished.connect(self._take_outcome)
        job.failed.connect(lambda sentence: self._fail(Failed(sentence)))
        self._runner.start(_LANE, job)

    def _take_outcome(self, outcome: MadeClassifier) -> None:
        self._show(phase="finished", outcome=outcome, unfinished=None)
        if outcome.installed:
            # The program's end came between the installation and the note of it.
            self._take_installed()

    def _take_installed(self) -> None:
        run = self.making.run
        self._show(phase="installed", problem=_put_away(run.folder) if run is not None else "")

    def _fail(self, failed: Failed) -> None:
        run = self.making.run
        if run is None:
            return
        self._way_out = way_out_of(failed, run, self.making.fitting)
        unfinished = Unfinished(run.plan.name, run.folder, run.kept, run.plan.epochs)
        self._show(
            phase="failed",
            problem=self._way_out.problem,
            way_out=self._way_out.offer,
            unfinished=unfinished,
        )

    def _show(self, **changes: Any) -> None:
        """Change these fields of the state; their types are those of `TrainingState`."""
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)


def _plan_of(state: TrainingState, data: DataSeen, wish: TrainingWish) -> TrainingPlan:
    start = next(one for one in state.all_starts if one.key == wish.start)
    preset = next(one for one in state.presets if one.key == wish.preset)
    return TrainingPlan(
        data=str(data.folder),
        classifier_id=free_id(wish.name, state.taken_ids),
        name=wish.name.strip(),
        architecture=start.architecture,
        weights=str(start.weights or ""),
        side_px=preset.side_px,
        epochs=preset.epochs,
        batch_images=preset.batch_images,
        settings=preset.settings,
        labels=data.labels,
        own=data.own,
        matters_first=data.matters_first,
        keep=str(state.keep or "") if start.is_classifier else "",
    )


def _put_away(run: Path) -> str:
    """Offer this run's folder no more; the sentence where that fails, else nothing."""
    try:
        run_folder.put_away(run)
    except OSError as error:
        return f"{run} cannot be put away ({error.strerror}); it will be offered again."
    return ""
