from bloodsmear.jobs.training_messages import StepsDone
from training.fitting.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_the_time_left_counts_all_epochs_and_their_closing_but_not_the_first_step() -> None:
    clock = Clock()
    pace = Pace(steps_an_epoch=3, epochs=2, clock=clock)
    pace.begin_epoch(1)
    clock.now_s = 100.0  # compiling
    assert pace.step_done(1) == StepsDone(1, 1, 3, None)
    clock.now_s = 102.0
    assert pace.step_done(2) == StepsDone(1, 2, 3, 8.0)
    clock.now_s = 104.0
    assert pace.step_done(3) == StepsDone(1, 3, 3, 6.0)
    clock.now_s = 114.0  # validated and kept
    assert pace.end_epoch() == 3 * 2.0 + 10.0
    pace.begin_epoch(2)
    clock.now_s = 116.0
    assert pace.step_done(1) == StepsDone(2, 1, 3, 2 * 2.0 + 10.0)
    assert pace.end_epoch() == 0.0


def test_a_few_steps_a_second_are_told_and_the_last_one_always() -> None:
    clock = Clock()
    pace = Pace(steps_an_epoch=1000, epochs=1, clock=clock)
    pace.begin_epoch(1)
    told = []
    for done in range(1, 1001):
        clock.now_s += 0.001
        if pace.step_done(done) is not None:
            told.append(done)
    assert len(told) <= 4
    assert told[-1] == 1000
