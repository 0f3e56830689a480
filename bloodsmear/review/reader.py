"""A reader's name, as it stands beside every decision."""

import re
import unicodedata

from bloodsmear.errors import ReviewError

_LONGEST = 80
# `reviewer=decision;reviewer=decision` in a report must read back.
_TAKEN = re.compile("[=;]")


def reader_name(typed: str) -> str:
    """The name as it is kept: one spelling for what looks the same (NFC), single spaces. Raises ReviewError."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name:
        raise ReviewError("Enter the reader's name first: every decision is kept with it.")
    if len(name) > _LONGEST:
        raise ReviewError(f"The reader's name has {len(name)} characters; {_LONGEST} are the most.")
    if _TAKEN.search(name) or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise ReviewError(
            f"The reader's name {name!r} holds a = or ; or a letter that cannot be shown. Leave it out."
        )
    return name
