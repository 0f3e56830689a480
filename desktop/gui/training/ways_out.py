"""After a training failed: what to tell the reader, and the other settings with which it can go on."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec.structs import replace

from bloodsmear.count_words import count_words
from bloodsmear.jobs.training_files import BEST_WEIGHTS, CONFIG_FILE
from bloodsmear.jobs.training_messages import Failed
from bloodsmear.json_file import read_json
from desktop.gui.training.run_folder import (
    TrainingPlan,
    TrainingRun,
    new_run_folder,
    put_away,
    write_plan,
)

# Both networks fit from this side on (training/fitting/config.py).
_SMALLEST_SIDE_PX = 32
# A fit whose loss is not a number took steps that were too large by far; a quarter is what one tries next by hand.
_SMALLER_STEPS = 4


@dataclass(frozen=True, slots=True)
class TrainingWayOut:
    """`problem` is for the reader; `offer` are the words of a button and `plan` what it begins, where there is one."""

    problem: str
    offer: str = ""
    plan: TrainingPlan | None = None


def way_out_of(failed: Failed, run: TrainingRun, fitting: bool) -> TrainingWayOut:
    """What to say of a training that failed, `fitting` or later, and what to offer besides trying again."""
    said = failed.sentence
    if not fitting:
        advice = " Close other programs, then try again." if failed.cause == "memory" else ""
        return TrainingWayOut(f"{said}{advice}")
    kept = run.kept
    match failed.cause:
        case "memory":
            return _less_at_a_time(f"{said} {_kept_words(kept)}", run)
        case "loss":
            return _smaller_steps(f"{said} {_kept_words(kept)}", run)
        case "disk":
            # Says itself what is kept.
            return TrainingWayOut(said)
        case "other":
            return TrainingWayOut(f"{said} {_kept_words(kept)}" if kept else said)


def take_way_out(run: TrainingRun, plan: TrainingPlan) -> TrainingRun:
    """Give a run another plan: in its own folder until an epoch is finished, then in a new one from its best epoch.

    A run keeps its settings once an epoch is finished (training/fitting/run.py). Raises OSError.
    """
    kept = run.kept
    if not kept:
        write_plan(run.folder, plan)
        return TrainingRun(run.folder, plan)
    plan = replace(plan, weights=str(run.folder / BEST_WEIGHTS), epochs=max(1, plan.epochs - kept))
    new = TrainingRun(new_run_folder(run.folder.parent, plan), plan)
    put_away(run.folder)
    return new


def _less_at_a_time(said: str, run: TrainingRun) -> TrainingWayOut:
    plan = run.plan
    if plan.batch_images > 1:
        fewer = plan.batch_images // 2
        return TrainingWayOut(
            f"{said} Go on with fewer images at a time, or close other programs and try again.",
            f"Go on with {count_words(fewer, 'image')} at a time",
            replace(plan, batch_images=fewer),
        )
    side_px = plan.side_px // 2
    if side_px < _SMALLEST_SIDE_PX:
        return TrainingWayOut(f"{said} Close other programs, then try again.")
    return TrainingWayOut(
        f"{said} Go on with smaller images, or close other programs and try again.",
        f"Go on with images of {side_px} × {side_px} px",
        replace(plan, side_px=side_px),
    )


def _smaller_steps(said: str, run: TrainingRun) -> TrainingWayOut:
    rate = _peak_rate(run.folder)
    if rate is None:
        return TrainingWayOut(said)
    return TrainingWayOut(
        f"{said} It learned in steps that are too large for these images. Go on with smaller ones.",
        "Go on with smaller steps",
        # Half precision overflows where single precision does not.
        replace(run.plan, peak_rate=rate / _SMALLER_STEPS, precision="float32"),
    )


class _Settings(msgspec.Struct, frozen=True):
    """What is read of a run's settings: there are more."""

    peak_rate: float


def _peak_rate(run: Path) -> float | None:
    try:
        return read_json(run / CONFIG_FILE, _Settings).peak_rate
    except (OSError, ValueError):
        return None


def _kept_words(epochs: int) -> str:
    if epochs == 0:
        return "No epoch was finished yet, so nothing is lost but time."
    return f"{count_words(epochs, 'finished epoch')} {'is' if epochs == 1 else 'are'} kept."
