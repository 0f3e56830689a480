"""The order in which people expect names: image 2 before image 10."""

import re

_DIGITS = re.compile(r"(\d+)")

# Texts and numbers take turns, beginning with a text, so two keys never compare a text with a number;
# the name itself settles ties by code point.
NameKey = tuple[tuple[str | int, ...], str]


def natural_key(relative: str) -> tuple[NameKey, ...]:
    """A sorting key for a path with forward slashes: component by component, so folders stay together."""
    return tuple(natural_name_key(name) for name in relative.split("/"))


def natural_name_key(name: str) -> NameKey:
    """A sorting key for one component: digit runs by value, the rest casefolded, ties by code point."""
    pieces = _DIGITS.split(name)
    return tuple(int(piece) if place % 2 else piece.casefold() for place, piece in enumerate(pieces)), name
