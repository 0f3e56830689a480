"""What a run was fitted on: the card says it, also where the run is exported with another backend or on another PC."""

from pathlib import Path

import msgspec

from bloodsmear import atomic_file
from bloodsmear.errors import TrainingError
from bloodsmear.json_file import read_json

_FILE = "fitted_on.json"


class FittedOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version of Keras, the name of its backend, and the device in words."""

    keras: str
    backend: str
    device: str

    def in_words(self) -> str:
        """As a card says it."""
        return f"keras {self.keras} on {self.backend}, {self.device}"


def write_fitted_on(run: Path, fitted_on: FittedOn) -> None:
    """Replace what the run says; a fit that goes on elsewhere is said to be of where it ended. Raises OSError."""
    atomic_file.write(run / _FILE, msgspec.json.encode(fitted_on))


def read_fitted_on(run: Path) -> FittedOn | None:
    """What the run was fitted on, None in a run older than this file. TrainingError where it cannot be read."""
    try:
        return read_json(run / _FILE, FittedOn)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise TrainingError(f"{run / _FILE} is damaged ({error}). Delete it and export again.") from error
