"""What the window says would end with it, and what is kept."""

import pytest

from bloodsmear.jobs.training_files import EpochFigures
from desktop.gui.classifiers.state import ClassifierWork
from desktop.gui.main_window.closing import UnderWay, what_would_end
from desktop.gui.study import ScreeningState
from desktop.gui.training.state import FitSeen, Phase, TrainingState

IDLE = ScreeningState(running=False)
EPOCH = EpochFigures(1, 1.2, 0.4, 1.0, 0.55)


def ends(
    training: TrainingState | None = None,
    screening: ScreeningState = IDLE,
    work: ClassifierWork | None = None,
) -> tuple[str, ...]:
    return what_would_end(UnderWay(training or TrainingState(), screening, work))


def test_an_idle_window_ends_nothing() -> None:
    assert ends() == ()


@pytest.mark.parametrize("phase", ["empty", "checking", "ready", "finished", "installed", "failed"])
def test_a_training_that_runs_nowhere_is_not_asked_about(phase: Phase) -> None:
    assert ends(TrainingState(phase=phase, fit=FitSeen("Our lab"))) == ()


@pytest.mark.parametrize(
    ("phase", "fit", "said"),
    [
        ("fitting", FitSeen("Our lab", epochs=30), "No epoch is finished yet"),
        (
            "fitting",
            FitSeen("Our lab", epochs=30, finished=(EPOCH,)),
            "1 finished epoch of at most 30 is kept",
        ),
        (
            "stopping",
            FitSeen("Our lab", epochs=30, finished=(EPOCH, EPOCH)),
            "2 finished epochs of at most 30 are",
        ),
        ("exporting", FitSeen("Our lab"), "can be made at the next start"),
        ("installing", FitSeen("Our lab"), "can be installed at the next start"),
    ],
)
def test_a_training_is_named_with_what_is_kept_of_it(phase: Phase, fit: FitSeen, said: str) -> None:
    (sentence,) = ends(TrainingState(phase=phase, fit=fit))
    assert "“Our lab”" in sentence
    assert said in sentence


def test_screening_watching_and_work_on_classifiers_are_named() -> None:
    assert "after 967 of 2,728 images" in ends(screening=ScreeningState(True, done=967, total=2728))[0]
    assert ends(screening=ScreeningState(True))[0].startswith("The screening ends.")
    assert ends(screening=ScreeningState(True, watching=True))[0].startswith("Watching the folder ends.")
    assert ends(work=ClassifierWork("Adding old.h5…")) == (
        "Adding old.h5 ends. Nothing is changed by halves.",
    )


def test_each_thing_has_a_sentence_of_its_own() -> None:
    fitting = TrainingState(phase="fitting", fit=FitSeen("Our lab", epochs=30))
    assert len(ends(fitting, ScreeningState(True), ClassifierWork("Checking vgg16…"))) == 3
