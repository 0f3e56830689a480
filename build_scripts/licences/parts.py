"""The parts of an installed folder that somebody else wrote, and which licences are allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

# A licence of this kind would claim our own program. With an exception (GCC's runtime, PyInstaller's bootloader), or as
# one of several to choose from, it does not.
_CLAIMS_THE_WHOLE = re.compile(
    r"(?<![A-Za-z])(A?GPL[-v ]?\d|A?GPL$|GNU (Affero )?General Public)", re.IGNORECASE
)
_EXCEPTED = re.compile(r"exception", re.IGNORECASE)


class LicenceError(Exception):
    """Something that is bundled has no known licence, or one that it must not have; the text says what."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its licence in SPDX's words where its authors use them.

    `texts` are the files with the licence's words and notices, `contains` the libraries of others inside it, and `purl`
    its package URL (empty without one).
    """

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...] = ()
    contains: tuple[str, ...] = ()
    purl: str = ""


@dataclass(slots=True)
class Bundled:
    """What PyInstaller put together: destination → source of every file, module → source of every module."""

    files: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)


def claims_the_whole(licence: str) -> bool:
    """Whether each choice that the licence leaves would put a program that contains the part under the GPL."""
    choices = re.split(r"\bOR\b", licence)
    return all(_CLAIMS_THE_WHOLE.search(choice) and not _EXCEPTED.search(choice) for choice in choices)


def require_harmless(parts: list[Part]) -> None:
    """LicenceError for parts without a licence, without its text, or with one that claims the whole."""
    faults = []
    for part in parts:
        if not part.licence:
            faults.append(f"{part.name} does not state a licence.")
        elif claims_the_whole(part.licence):
            faults.append(
                f"{part.name} is under {part.licence}, which would claim the whole program; leave it out."
            )
        if not part.texts:
            faults.append(
                f"{part.name} brings no text of its licence; add one to build_scripts/licences/texts."
            )
    if faults:
        raise LicenceError(" ".join(faults))
