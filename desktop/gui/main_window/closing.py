"""Before the window closes: what would end with it, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from bloodsmear.count_words import count_words
from desktop.gui.classifiers.state import ClassifierWork
from desktop.gui.study import ScreeningState
from desktop.gui.training.state import FitSeen, TrainingState


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What the window is at work on: a training, a screening or watch, and work on the classifiers (or None)."""

    training: TrainingState
    screening: ScreeningState
    work: ClassifierWork | None


def what_would_end(under_way: UnderWay) -> tuple[str, ...]:
    """A sentence for each thing that the window's end would end, with what is kept of it."""
    return (
        *_training(under_way.training),
        *_screening(under_way.screening),
        *_work(under_way.work),
    )


def _training(state: TrainingState) -> Iterator[str]:
    if state.fit is None:
        return
    name = state.fit.name
    match state.phase:
        case "fitting" | "stopping":
            yield f"The training of “{name}” ends. {_kept_words(state.fit)}"
        case "exporting":
            yield f"Making the classifier “{name}” ends. It can be made at the next start."
        case "installing":
            yield f"Installing “{name}” ends. It can be installed at the next start."


def _kept_words(fit: FitSeen) -> str:
    kept = len(fit.finished)
    if kept == 0:
        return "No epoch is finished yet, so it begins anew at the next start."
    are = "is" if kept == 1 else "are"
    return f"{count_words(kept, 'finished epoch')} of at most {fit.epochs} {are} kept. It can go on at the next start."


def _screening(state: ScreeningState) -> Iterator[str]:
    if not state.running:
        return
    if state.watching:
        yield "Watching the folder ends. What was screened is kept; new images are not screened any more."
    elif state.total is None:
        yield "The screening ends. What was screened is kept, and Screen folder goes on from there."
    else:
        yield (
            f"The screening ends after {state.done:,} of {state.total:,} images. What is finished is kept, and Screen "
            "folder goes on from there."
        )


def _work(work: ClassifierWork | None) -> Iterator[str]:
    if work is not None:
        yield f"{work.text.rstrip('…')} ends. Nothing is changed by halves."
