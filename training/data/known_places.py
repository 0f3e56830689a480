"""A run's folder may come from anywhere: a place that it names is opened where it was named on this PC before."""

from pathlib import Path

from bloodsmear.errors import TrainingError
from bloodsmear.known_folders import unknown_folders


def require_known(place: Path, run: Path, option: str) -> Path:
    """The place. TrainingError where nobody has named it, nor a folder that it lies in, on this PC."""
    if unknown_folders([place]):
        raise TrainingError(
            f"The run in {run} names {place}, which nobody has opened on this PC before. If that is the right place, "
            "name it once more; else begin a new run in another folder.",
            at_terminal=f"It is named with {option}.",
        )
    return place
