"""What a file states of its picture beside the samples, as it stands there: how large a pixel is, its bits, EXIF.

Nothing here is judged: a camera that never knew its microscope states a pixel size, too (bloodsmear.images.scale).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

StatedBy = Literal["OME", "ImageJ", "TIFF", "EXIF", "JFIF", "PNG", "BMP"]
INCH_UM, CENTIMETRE_UM, METRE_UM = 25_400.0, 10_000.0, 1e6
# OME's symbols and ImageJ's words for µm, both letters that look like µ.
_UNITS_UM = {
    "pm": 1e-6, "å": 1e-4, "ångström": 1e-4, "nm": 1e-3, "nanometer": 1e-3, "µm": 1.0, "μm": 1.0, "um": 1.0,
    "micron": 1.0, "microns": 1.0, "micrometer": 1.0, "micrometre": 1.0, "mm": 1e3, "cm": CENTIMETRE_UM,
    "m": METRE_UM, "inch": INCH_UM, "in": INCH_UM,
}  # fmt: skip
_NUMBER = re.compile(r"[+]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?")
_IMAGEJ_UNIT = re.compile(r"^unit=(.{1,40})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PixelSize:
    """The size of a pixel (µm) along x and y as stored, and by which statement of the file. Finite and above 0."""

    x_um: float
    y_um: float
    stated_by: StatedBy


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`bits` a sample as stored, `sizes` of a pixel (the first is trusted most), `exif` as the file holds it.

    `microscope` has name and value of what OME says beside that.
    """

    bits: int = 8
    sizes: tuple[PixelSize, ...] = ()
    exif: bytes = b""
    microscope: tuple[tuple[str, str], ...] = ()


NO_FACTS = FileFacts()


def by_density(x: float, y: float, unit_um: float, stated_by: StatedBy) -> tuple[PixelSize, ...]:
    """From pixels a unit; nothing where they are not numbers above 0."""
    return _size(unit_um / x, unit_um / y, stated_by) if _is_size(x) and _is_size(y) else ()


def by_ome(pixels: Mapping[str, str]) -> tuple[PixelSize, ...]:
    """From the attributes of OME's element Pixels: PhysicalSizeX and Y, in µm where no unit is named."""
    x_um, y_um = (
        _number(pixels.get(f"PhysicalSize{axis}"))
        * _UNITS_UM.get(_plain(pixels.get(f"PhysicalSize{axis}Unit", "µm")), 0.0)
        for axis in "XY"
    )
    return _size(x_um, y_um, "OME")


def by_imagej(description: str, x: float, y: float) -> tuple[PixelSize, ...]:
    """From ImageJ's description, whose unit is the one that the TIFF's resolution (pixels a unit) goes by."""
    said = _IMAGEJ_UNIT.search(description)
    unit_um = _UNITS_UM.get(_plain(said[1].replace("\\u00B5", "µ")), 0.0) if said else 0.0
    return by_density(x, y, unit_um, "ImageJ") if unit_um else ()


def _size(x_um: float, y_um: float, stated_by: StatedBy) -> tuple[PixelSize, ...]:
    return (PixelSize(x_um, y_um, stated_by),) if _is_size(x_um) and _is_size(y_um) else ()


def _is_size(value: float) -> bool:
    return math.isfinite(value) and 1e-12 < value < 1e12


def _number(text: str | None) -> float:
    return float(text) if text is not None and _NUMBER.fullmatch(text.strip()) else 0.0


def _plain(unit: str) -> str:
    # XML writes µ as a number, too.
    return unit.strip().replace("&#181;", "µ").replace("&#xB5;", "µ").lower()
