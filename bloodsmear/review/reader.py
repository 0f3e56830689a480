"""A reader's name, as it stands beside every decision."""

import re
import unicodedata
from collections.abc import Iterable

from bloodsmear.errors import ReviewError

_LONGEST = 80
# `reviewer=decision;reviewer=decision` in a report must read back.
_TAKEN = re.compile("[=;]")
_JOINERS = "\u200c\u200d"


def reader_name(typed: str) -> str:
    """The name as it is kept: one spelling for what looks the same (NFC, no unseen letters), single spaces.

    Raises ReviewError.
    """
    # The joiners are letters of Persian and Indian names; other formatting characters show nothing.
    seen = "".join(one for one in typed if unicodedata.category(one) != "Cf" or one in _JOINERS)
    name = " ".join(unicodedata.normalize("NFC", seen).split())
    if not name:
        raise ReviewError("Enter the reader's name first: every decision is kept with it.")
    if len(name) > _LONGEST:
        raise ReviewError(f"The reader's name has {len(name)} characters; at most {_LONGEST} are allowed.")
    if _TAKEN.search(name) or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise ReviewError(
            f"The reader's name {name!r} holds a =, a ; or a letter that cannot be shown. Leave it out."
        )
    return name


def same_reader(name: str, readers: Iterable[str]) -> str | None:
    """How the reader of this name is spelt among `readers`: capitals and full-width letters make no other reader."""
    return next((reader for reader in readers if _compared(reader) == _compared(name)), None)


def _compared(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
