"""What people type about a new classifier, as values: on the command line and in the window."""

import re
import unicodedata
from fractions import Fraction

from bloodsmear.errors import UsageError
from bloodsmear.file_names import is_device

# Files that can't say how they are used; anything else that is added brings its card.
NETWORK_ENDINGS = (".h5", ".hdf5", ".keras")


def read_number(what: str, text: str) -> float:
    """A number as `0.5` or `1/255`. UsageError names `what`."""
    try:
        return float(Fraction(text.strip()))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise UsageError(f"{what} must be a number such as 0.5 or 1/255, not {text!r}.") from error


def read_size(what: str, text: str) -> tuple[int, int]:
    """Width and height in pixels, as `150x150` or `150 × 150`. UsageError names `what`."""
    width, _, height = text.lower().replace("×", "x").partition("x")
    width, height = width.strip(), height.strip()
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageError(f"{what} must be written like 150x150, not {text!r}.")
    return int(width), int(height)


def free_id(name: str, taken: frozenset[str]) -> str:
    """A classifier's id made of its name (`[a-z0-9][a-z0-9_-]*`) that no classifier on this PC has."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_") or "classifier"
    wanted, number = stem, 2
    while wanted in taken or is_device(wanted):
        wanted, number = f"{stem}-{number}", number + 1
    return wanted
