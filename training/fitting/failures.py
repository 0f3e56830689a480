"""What goes wrong in a fit through no fault of its settings' form, as sentences with a way out."""

import contextlib
import errno
import math
from collections.abc import Iterator
from pathlib import Path

from bloodsmear.errors import BloodsmearError, FailureCause, TrainingError
from bloodsmear.jobs import JobCancelled
from bloodsmear.jobs.training_files import BEST_WEIGHTS
from training.fitting.config import FitConfig
from training.fitting.history import read_history

# TensorFlow's and PyTorch's own errors; JAX raises one kind for everything, which only its text tells apart.
_MEMORY_ERRORS = ("ResourceExhaustedError", "OutOfMemoryError", "MemoryError")
_MEMORY_WORDS = ("out of memory", "RESOURCE_EXHAUSTED")
# The second is what HDF5 says, whose errors have no number.
_DISK_WORDS = ("No space left on device", "errno = 28")
_DISK_NUMBERS = (errno.ENOSPC, errno.EDQUOT)


@contextlib.contextmanager
def explaining(run: Path, config: FitConfig) -> Iterator[None]:
    """Let errors of the backend or the disk leave the block as a sentence with a way out: TrainingError."""
    try:
        yield
    except (BloodsmearError, JobCancelled):
        raise
    except Exception as error:
        explained = explain_failure(error, run, config)
        if explained is None:
            raise
        raise explained from error


def explain_failure(error: Exception, run: Path, config: FitConfig) -> TrainingError | None:
    """The sentence for an error of the backend or the disk; None for any other error."""
    match cause_of(error):
        case "disk":
            return _full_disk(run)
        case "memory":
            return _short_memory(run, config)
    return None


def cause_of(error: BaseException) -> FailureCause:
    """What ran out, by an error of the backend or the disk or by what raised it."""
    chain = tuple(_chain(error))
    if any(_is_full_disk(link) for link in chain):
        return "disk"
    if any(_is_short_memory(link) for link in chain):
        return "memory"
    return "other"


def require_a_number(loss: float, name: str, epoch: int, config: FitConfig) -> None:
    """TrainingError where the `loss` of an epoch (from 1) is not finite."""
    if not math.isfinite(loss):
        raise TrainingError(
            f"The {name} became {loss} in epoch {epoch}.",
            cause="loss",
            at_terminal=f"Fit again in a new folder with a smaller --rate (now {config.peak_rate}) or with --precision "
            "float32.",
        )


def _chain(error: BaseException) -> Iterator[BaseException]:
    # Closing a half-written file raises a second error on top of the one that tells why.
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _is_full_disk(error: BaseException) -> bool:
    if not isinstance(error, OSError):
        return False
    return error.errno in _DISK_NUMBERS or any(words in str(error) for words in _DISK_WORDS)


def _is_short_memory(error: BaseException) -> bool:
    if type(error).__name__ in _MEMORY_ERRORS:
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _MEMORY_WORDS)


def _full_disk(run: Path) -> TrainingError:
    finished = len(read_history(run))
    kept = f"The first {finished} epochs are kept" if finished else "No epoch was finished"
    return TrainingError(
        f"The disk that holds {run} is full. {kept}. Free some space, then try again.",
        cause="disk",
        at_terminal="The same command goes on.",
    )


def _short_memory(run: Path, config: FitConfig) -> TrainingError:
    tried = f"{config.batch_images} images of {config.width_px}×{config.height_px} at a time"
    smaller = (
        f"--batch {config.batch_images // 2}" if config.batch_images > 1 else f"--size {config.width_px // 2}"
    )
    if read_history(run):
        advice = (
            "Close other programs that use the GPU and give the same command again; or begin a new run in another "
            f"folder with {smaller} --weights {run / BEST_WEIGHTS}."
        )
    else:
        advice = f"Give the command again with {smaller}, or close other programs that use the GPU."
    return TrainingError(f"There is not enough memory for {tried}.", cause="memory", at_terminal=advice)
