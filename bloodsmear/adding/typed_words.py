"""What people type about a network file of another program, as values: on the command line and in the window."""

from fractions import Fraction

from bloodsmear.errors import UsageError

# Files that can't say how they are used; anything else that is added brings its card.
NETWORK_ENDINGS = (".h5", ".hdf5", ".keras")


def read_number(what: str, text: str) -> float:
    """A number as `0.5` or `1/255`. UsageError names `what`."""
    try:
        return float(Fraction(text.strip()))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise UsageError(f"{what} must be a number as 0.5 or 1/255, not {text!r}.") from error


def read_size(what: str, text: str) -> tuple[int, int]:
    """Width and height in pixels, as `150x150` or `150 × 150`. UsageError names `what`."""
    width, _, height = text.lower().replace("×", "x").partition("x")
    width, height = width.strip(), height.strip()
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageError(f"{what} must be as 150x150, not {text!r}.")
    return int(width), int(height)
