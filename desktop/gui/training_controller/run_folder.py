"""The folders of trainings that the window began: what was asked for lies beside what the training program keeps."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear import atomic_file
from bloodsmear.jobs.training_files import HISTORY_FILE
from bloodsmear.jobs.training_messages import EpochDone
from desktop.gui.training_state import FolderLabel, Unfinished

_PLAN = "plan.json"
_PUT_AWAY = "plan-put-away.json"


class TrainingPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One training as it was asked for; paths as text, `weights` empty when it starts from scratch.

    `keep` is the folder whose images are kept in, empty where there is none.
    `peak_rate` 0 and `precision` empty are the training program's own choice.
    """

    data: str
    classifier_id: str
    name: str
    architecture: str
    weights: str
    side_px: int
    epochs: int
    batch_images: int
    settings: str
    labels: tuple[FolderLabel, ...]
    # Younger than the others: a training of an earlier version can still go on.
    peak_rate: float = 0.0
    precision: str = ""
    keep: str = ""


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A plan and the folder of its run."""

    folder: Path
    plan: TrainingPlan

    @property
    def kept(self) -> int:
        """How many finished epochs lie in the folder."""
        return len(kept_epochs(self.folder, self.plan.epochs))


class _KeptEpoch(msgspec.Struct, frozen=True):
    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


def new_run_folder(place: Path, plan: TrainingPlan) -> Path:
    """Make a folder of its own for the plan below `place`, with the plan in it. Raises OSError."""
    number = 1
    while True:
        run = place / (plan.classifier_id if number == 1 else f"{plan.classifier_id}-{number}")
        try:
            run.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            write_plan(run, plan)
            return run


def write_plan(run: Path, plan: TrainingPlan) -> None:
    """Put the plan into the run's folder, in place of the one before. Raises OSError."""
    atomic_file.write(run / _PLAN, msgspec.json.format(msgspec.json.encode(plan), indent=1))


def read_plan(run: Path) -> TrainingPlan | None:
    """The plan of a run that can go on; None where there is none that can be read."""
    try:
        return msgspec.json.decode((run / _PLAN).read_bytes(), type=TrainingPlan)
    except (OSError, msgspec.MsgspecError):
        return None


def kept_epochs(run: Path, epochs: int) -> tuple[EpochDone, ...]:
    """The epochs that the training program has kept in a run's folder; none where they cannot be read."""
    try:
        kept = msgspec.json.decode((run / HISTORY_FILE).read_bytes(), type=list[_KeptEpoch])
    except (OSError, msgspec.MsgspecError):
        return ()
    done: list[EpochDone] = []
    for one in kept:
        best = all(one.validation_loss <= earlier.validation_loss for earlier in done)
        figures = (one.loss, one.accuracy, one.validation_loss, one.validation_accuracy)
        done.append(EpochDone(one.epoch, epochs, *figures, best, None))
    return tuple(done)


def find_unfinished(place: Path) -> Unfinished | None:
    """The training begun last that was neither installed nor put away."""
    try:
        begun = [run for run in place.iterdir() if (run / _PLAN).is_file()]
        begun.sort(key=lambda run: (run / _PLAN).stat().st_mtime_ns, reverse=True)
    except OSError:
        return None
    for run in begun:
        plan = read_plan(run)
        if plan is not None:
            return Unfinished(plan.name, run, len(kept_epochs(run, plan.epochs)), plan.epochs)
    return None


def put_away(run: Path) -> None:
    """Offer this run no more; its files stay. Raises OSError."""
    if (run / _PLAN).is_file():
        (run / _PLAN).replace(run / _PUT_AWAY)
