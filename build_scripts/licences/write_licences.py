"""The folder `licences` of an installed program: a report of every part, all texts, the offer of source, the list."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from licences.parts import Part
from licences.python_parts import TEXTS
from licences.sbom import sbom_json

REPORT_NAME = "LICENCES.txt"
OFFER_NAME = "OFFER_OF_SOURCE.txt"
SBOM_NAME = "bloodsmear.cdx.json"
# Texts that licences ask to be handed on with the program, whatever the packages bring.
_COMMON_TEXTS = ("LGPL-3.0.txt", "GPL-3.0.txt", "LGPL-2.1.txt")
_OWES_SOURCE = re.compile(r"LGPL|MPL", re.IGNORECASE)
_WITH_FFMPEG = "opencv-python-headless"


@dataclass(frozen=True, slots=True)
class Release:
    """What the licences go with: the version, the edition's title, and whom to ask for source."""

    version: str
    edition: str
    contact: str = ""


def write_licences(folder: Path, release: Release, parts: Sequence[Part]) -> None:
    """Write the folder anew. Raises OSError."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name in _COMMON_TEXTS:
        shutil.copyfile(TEXTS / name, folder / name)
    shutil.copyfile(Path(__file__).resolve().parents[2] / "LICENSE", folder / "LICENSE.txt")
    for part in parts:
        _copy_texts(part, folder / folder_name(part))
    (folder / REPORT_NAME).write_text(report_text(release, parts), encoding="utf-8")
    (folder / OFFER_NAME).write_text(offer_text(release, parts), encoding="utf-8")
    (folder / SBOM_NAME).write_text(sbom_json(release.version, release.edition, parts), encoding="utf-8")


def report_text(release: Release, parts: Iterable[Part]) -> str:
    """The report: who wrote what is inside, and under which licence it is handed on."""
    lines = []
    for part in parts:
        lines.append(f"{part.name} {part.version}")
        lines.append(f"    licence: {part.licence}")
        lines.append(
            f"    texts: {folder_name(part)}/ ({', '.join(sorted({text.name for text in part.texts}))})"
        )
        if part.contains:
            lines.append(f"    with libraries of others: {', '.join(part.contains)}")
    return _template("report.txt").format(
        version=release.version,
        edition=release.edition,
        offer=OFFER_NAME,
        sbom=SBOM_NAME,
        parts="\n".join(lines),
    )


def offer_text(release: Release, parts: Iterable[Part]) -> str:
    """The written offer of source, for every part whose licence asks for it."""
    owed = []
    for part in parts:
        if _OWES_SOURCE.search(part.licence):
            owed.append(f"    {part.name} {part.version} ({part.licence})")
        if part.name == _WITH_FFMPEG:
            owed.append(f"    FFmpeg, inside {part.name} {part.version} (LGPL-2.1-or-later)")
    asked = release.contact or "whoever handed this copy of Bloodsmear to you"
    return _template("offer.txt").format(version=release.version, contact=asked, owed="\n".join(owed))


def _template(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


def folder_name(part: Part) -> str:
    """The folder of a part's texts: its name, in letters that every file system takes."""
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", part.name)


def _copy_texts(part: Part, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for text in part.texts:
        target, again = folder / text.name, 2
        while target.exists() and target.read_bytes() != text.read_bytes():
            target, again = folder / f"{text.stem}-{again}{text.suffix}", again + 1
        shutil.copyfile(text, target)
