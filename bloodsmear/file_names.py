"""Names of files that stand in files from anywhere (studies, cards, runs of trainings, zips): the one check of them."""

import re
import unicodedata
from pathlib import PurePath, PurePosixPath, PureWindowsPath

_LONGEST = 4_000
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
LEADS_OUT = "must name a file below its folder, without a drive, a root or .."


def is_below(name: str, *, everywhere: bool = False, bare: bool = False) -> bool:
    """Whether a name that is joined to a folder leads nowhere but below it.

    `everywhere`: on every system, not on this one alone, for what travels as it is. `bare`: so, and without folders.
    """
    kinds = (PurePosixPath, PureWindowsPath) if everywhere or bare else (PurePath,)
    if not 0 < len(name) <= _LONGEST or "\0" in name:
        return False
    for path in (kind(name) for kind in kinds):
        if path.anchor or not path.name or ".." in path.parts or (bare and path.name != name):
            return False
    return not everywhere or not set("\\:") & set(name)


def require_below(name: str, *, everywhere: bool = False, bare: bool = False) -> str:
    """The name; ValueError where it may lead out of its folder, see `is_below`."""
    if not is_below(name, everywhere=everywhere, bare=bare):
        raise ValueError(f"{name[:80]!r} {LEADS_OUT}")
    return name


def as_one_file(name: str) -> str:
    """What names have in common that Windows or macOS take for one file: A.png and a.png, é in one letter or in two."""
    return unicodedata.normalize("NFC", name).casefold()


def is_device(name: str) -> bool:
    """Whether Windows opens a device in place of a file or folder of this name, in small letters and without a dot."""
    return _DEVICES.fullmatch(name) is not None
