"""What OME's description of a TIFF says of the microscope, for a reader: nothing else rests on it."""

import html
import re
from collections.abc import Mapping

_ELEMENT = re.compile(r"<(?:\w+:)?(Objective|Microscope|Detector|Image)\b([^<>]{0,2000})>")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TAKEN = re.compile(r"<(?:\w+:)?AcquisitionDate>([^<]{1,200})<")
_LONGEST_TEXT = 200
# A file of many fields says the same of each.
_LONGEST_LOOKED_AT = 200_000


def ome_lines(description: str) -> tuple[tuple[str, str], ...]:
    """Name and value of what the first image of a description says; nothing of places and owners."""
    looked_at = description[:_LONGEST_LOOKED_AT]
    first: dict[str, Mapping[str, str]] = {}
    for name, words in _ELEMENT.findall(looked_at):
        first.setdefault(name, {key: one or other for key, one, other in _ATTRIBUTE.findall(words)})
    objective = first.get("Objective", {})
    magnification, aperture = objective.get("NominalMagnification", ""), objective.get("LensNA", "")
    parts = (
        f"{magnification.removesuffix('.0')}×" if magnification else "",
        f"NA {aperture}" if aperture else "",
        objective.get("Immersion", ""),
        objective.get("Model", ""),
    )
    taken = _TAKEN.search(looked_at)
    lines = (
        ("Name in the file", first.get("Image", {}).get("Name", "")),
        ("Taken", taken[1].replace("T", " ") if taken else ""),
        ("Objective", ", ".join(part for part in parts if part)),
        ("Microscope", _made_by(first.get("Microscope", {}))),
        ("Detector", _made_by(first.get("Detector", {}))),
    )
    return tuple((name, shown) for name, value in lines if (shown := _shown(value)))


def _made_by(element: Mapping[str, str]) -> str:
    return " ".join(part for key in ("Manufacturer", "Model") if (part := element.get(key, "")))


def _shown(text: str) -> str:
    """One line without letters that no line shows."""
    plain = "".join(one for one in html.unescape(text) if one.isprintable())
    return plain.strip()[:_LONGEST_TEXT]
