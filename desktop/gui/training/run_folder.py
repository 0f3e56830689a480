"""The folders of trainings that the window began: what was asked for lies beside what the training program keeps."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear import atomic_file
from bloodsmear.file_names import require_below
from bloodsmear.jobs.training_files import HISTORY_FILE, PAGE_FILE, EpochFigures
from bloodsmear.json_file import read_json, write_json
from desktop.gui.training.state import FolderLabel, OwnLabel, Stage, Unfinished

_PLAN = "plan.json"
_PUT_AWAY = "plan-put-away.json"
# No classifier's id begins so: no run has this name.
_CHOSEN = ".chosen-images.json"
_CARD = "card.json"
# The reader's own labels, as the training program reads them.
LABEL_FILE = "labels.toml"
_CHOSEN_LABELS = ".chosen-labels.toml"


class TrainingPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One training as it was asked for; paths as text, `weights` empty when it starts from scratch.

    `keep` is the folder whose images are kept in, empty where there is none. `own` are labels of the reader's own,
    `matters_first` is the key of the one whose mistakes do, empty for none. `peak_rate` 0 and `precision` empty are the
    training program's own choice.
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
    own: tuple[OwnLabel, ...] = ()
    matters_first: str = ""
    # No more epochs are wanted: all are done, or the reader stopped to keep the best.
    fitted: bool = False

    def __post_init__(self) -> None:
        """Refuse an id that leads out of the run's folder: ValueError."""
        require_below(self.classifier_id, bare=True)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A plan and the folder of its run."""

    folder: Path
    plan: TrainingPlan

    @property
    def kept(self) -> int:
        """How many finished epochs lie in the folder."""
        return len(kept_epochs(self.folder))

    @property
    def target(self) -> Path:
        """The folder that the export writes the classifier into."""
        return self.folder / "classifier" / self.plan.classifier_id

    @property
    def archive(self) -> Path:
        """The file that carries the classifier to another PC."""
        return self.folder / f"{self.plan.classifier_id}.zip"

    @property
    def page(self) -> Path:
        """The evaluation page: the last file that the export writes."""
        return self.folder / PAGE_FILE

    @property
    def stage(self) -> Stage:
        """How far it is, told by what lies in the folder: each part of it is written whole or not at all."""
        if all(file.is_file() for file in (self.target / _CARD, self.archive, self.page)):
            return "made"
        kept = self.kept
        return "fitted" if kept and (self.plan.fitted or kept >= self.plan.epochs) else "fit"

    def with_fitted(self, fitted: bool) -> TrainingRun:
        """The run with this said in its plan: the next start of the program reads it there."""
        if fitted == self.plan.fitted:
            return self
        plan = msgspec.structs.replace(self.plan, fitted=fitted)
        # On a full disk the next start offers to fit on, which loses nothing.
        with contextlib.suppress(OSError):
            write_plan(self.folder, plan)
        return TrainingRun(self.folder, plan)


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
    if plan.own:
        _write_labels(run / LABEL_FILE, plan.own, plan.matters_first)
    write_json(run / _PLAN, plan)


def write_chosen_labels(place: Path, own: tuple[OwnLabel, ...], matters_first: str) -> Path | None:
    """The file that names the labels for a check, None where the folders name them. Raises OSError."""
    if not own:
        return None
    place.mkdir(parents=True, exist_ok=True)
    return _write_labels(place / _CHOSEN_LABELS, own, matters_first)


def _write_labels(file: Path, own: tuple[OwnLabel, ...], matters_first: str) -> Path:
    # JSON's strings are TOML's as well.
    lines = [f"{json.dumps(key)} = {json.dumps(name, ensure_ascii=False)}" for key, name in own]
    first = [f"matters_first = {json.dumps(matters_first)}"] if matters_first else []
    atomic_file.write(file, "\n".join([*first, "[labels]", *lines, ""]).encode())
    return file


def read_plan(run: Path) -> TrainingPlan | None:
    """The plan of a run that can go on; None where there is none that can be read."""
    try:
        return read_json(run / _PLAN, TrainingPlan)
    except (OSError, ValueError):
        return None


def kept_epochs(run: Path) -> tuple[EpochFigures, ...]:
    """The epochs that the training program has kept in a run's folder; none where they cannot be read."""
    try:
        return tuple(read_json(run / HISTORY_FILE, list[EpochFigures]))
    except (OSError, ValueError):
        return ()


class _Chosen(msgspec.Struct, frozen=True):
    data: str
    labels: tuple[FolderLabel, ...]
    own: tuple[OwnLabel, ...] = ()
    matters_first: str = ""


def keep_chosen(
    place: Path,
    data: Path,
    labels: tuple[FolderLabel, ...],
    own: tuple[OwnLabel, ...] = (),
    matters_first: str = "",
) -> None:
    """Keep which labelled folder was chosen, until a training of it begins. What cannot be written is not kept."""
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        chosen = _Chosen(str(data), labels, own, matters_first)
        atomic_file.write(place / _CHOSEN, msgspec.json.encode(chosen))


def forget_chosen(place: Path) -> None:
    """Offer the chosen folder no more."""
    with contextlib.suppress(OSError):
        (place / _CHOSEN).unlink(missing_ok=True)


def find_unfinished(place: Path) -> Unfinished | None:
    """The training begun last that was neither installed nor put away, else the folder that was chosen last."""
    try:
        begun = [run for run in place.iterdir() if (run / _PLAN).is_file()]
        begun.sort(key=lambda run: (run / _PLAN).stat().st_mtime_ns, reverse=True)
    except OSError:
        return None
    for folder in begun:
        plan = read_plan(folder)
        if plan is not None:
            run = TrainingRun(folder, plan)
            return Unfinished(plan.name, folder, run.kept, plan.epochs, run.stage)
    try:
        chosen = read_json(place / _CHOSEN, _Chosen)
    except (OSError, ValueError):
        return None
    return Unfinished("", Path(chosen.data), 0, 0, "images", chosen.labels, chosen.own, chosen.matters_first)


def put_away(run: Path) -> None:
    """Offer this run no more; its files stay. Raises OSError."""
    if (run / _PLAN).is_file():
        (run / _PLAN).replace(run / _PUT_AWAY)
