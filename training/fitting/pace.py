"""How fast a fit goes, and how long it has still to go."""

import time
from collections.abc import Callable

from bloodsmear.jobs.training_messages import StepsDone

# A bar that moves three times a second looks smooth; a small network does hundreds of steps in that time.
_SECONDS_BETWEEN = 0.35


class Pace:
    """Counts steps (batches) and says where the fit stands; epochs are numbered from 1.

    The first step of a start compiles the network and the first epoch of it is measured without that step. Early
    stopping is not foreseen: the time left is that until the last epoch.
    """

    def __init__(self, steps_an_epoch: int, epochs: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._steps_an_epoch = steps_an_epoch
        self._epochs = epochs
        self._clock = clock
        self._epoch = 0
        self._measured_steps = 0
        self._measured_s = 0.0
        # From an epoch's last step until it is on the disk: statistics, validation, checkpoint.
        self._closing_s = 0.0
        self._last_step_at: float | None = None
        self._said_at: float | None = None

    def begin_epoch(self, epoch: int) -> None:
        """The steps to come are those of `epoch`."""
        self._epoch = epoch
        self._last_step_at = None

    def step_done(self, done: int) -> StepsDone | None:
        """`done` steps of the epoch are done; the message to say, None where one was said a moment ago."""
        now = self._clock()
        if self._last_step_at is not None:
            self._measured_steps += 1
            self._measured_s += now - self._last_step_at
        self._last_step_at = now
        is_last = done == self._steps_an_epoch
        if self._said_at is not None and now - self._said_at < _SECONDS_BETWEEN and not is_last:
            return None
        self._said_at = now
        return StepsDone(self._epoch, done, self._steps_an_epoch, self._seconds_left(done))

    def end_epoch(self) -> float | None:
        """The epoch is on the disk; the seconds until the end of the fit."""
        if self._last_step_at is not None:
            self._closing_s = self._clock() - self._last_step_at
        if self._epoch == self._epochs:
            return 0.0
        self._epoch += 1
        return self._seconds_left(0)

    def _seconds_left(self, done: int) -> float | None:
        if not self._measured_steps:
            return None
        epochs_left = self._epochs - self._epoch + 1
        steps_left = epochs_left * self._steps_an_epoch - done
        return steps_left * self._measured_s / self._measured_steps + epochs_left * self._closing_s
