"""The scale of an image: micrometres per pixel, stated by its file or set by a reader.

What a file states is judged here. OME and ImageJ write the scale of a microscope, and it counts. A resolution (TIFF,
EXIF, JFIF, PNG, BMP) is what printers go by, 72 or 300 dots an inch for most cameras; only where it could be a
microscope's is it offered, and counts once a reader has taken it.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bloodsmear.images.formats.facts import INCH_UM, PixelSize

# 0.01 µm: less than half of what a 100× objective and the finest camera give. 5 µm: a red cell would have less than two
# pixels; a resolution of 5,080 dots an inch, above any printer's.
LEAST_UM, MOST_UM = 0.01, 5.0
# Pixels that are wider than high would need two scales: no microscope's camera has them.
_SQUARE_WITHIN = 0.01
_COUNTS = frozenset(("OME", "ImageJ"))
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")

# How a reader came to it.
ScaleSource = Literal["typed", "objective", "bar", "drawn", "file"]
SOURCES: tuple[ScaleSource, ...] = ("typed", "objective", "bar", "drawn", "file")
SOURCE_WORDS: dict[ScaleSource, str] = {
    "typed": "typed",
    "objective": "from an objective",
    "bar": "from the burnt-in bar",
    "drawn": "drawn along a known length",
    "file": "from the file's resolution",
}


@dataclass(frozen=True, slots=True)
class StatedScale:
    """What a file states: `um_per_px`, None where it states none that a microscope can have; `words`, a sentence.

    `counts`: whether it is the image's scale as long as no reader sets another; else it is offered only.
    """

    um_per_px: float | None = None
    counts: bool = False
    words: str = "The file states no scale."


NOTHING_STATED = StatedScale()


@dataclass(frozen=True, slots=True)
class SetScale:
    """A scale that a reader set, for the images of one size (px, upright) in a folder and below it.

    `folder` is relative to the study's root with forward slashes, empty for the whole study. An image of another size
    may be a reduced one, so the scale says nothing about it.
    """

    folder: str
    width_px: int
    height_px: int
    um_per_px: float
    source: ScaleSource


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale that counts for an image: how a reader came to it, None where the file states it.

    `set_for` is the folder that it was set for, empty for the whole study, None where nobody set it or is to know.
    """

    um_per_px: float
    source: ScaleSource | None = None
    set_for: str | None = None

    @property
    def origin(self) -> str:
        """In words where it came from."""
        if self.source is None:
            return "as the file states it"
        if self.set_for is None:
            return SOURCE_WORDS[self.source]
        where = f"for the folder {self.set_for}" if self.set_for else "for the study"
        return f"{SOURCE_WORDS[self.source]}, {where}"


@dataclass(frozen=True, slots=True)
class Objective:
    """A reader's own name for an objective with a camera, and the scale of their images."""

    name: str
    um_per_px: float


def objectives_in(lines: Iterable[str]) -> tuple[Objective, ...]:
    """Those of lines as `0.0645 100× oil`; what is none of them is left out."""
    parts = (line.split(" ", 1) for line in lines)
    read = [(typed_number(words[0]), words[1].strip()) for words in parts if len(words) == 2]
    return tuple(Objective(name, um) for um, name in read if name and um is not None and is_scale(um))


def with_objective(lines: Iterable[str], new: Objective) -> tuple[str, ...]:
    """The lines with this objective in place of an earlier one of the same name."""
    return (*without_objective(lines, new.name), f"{new.um_per_px:.6f} {new.name}")


def without_objective(lines: Iterable[str], name: str) -> tuple[str, ...]:
    """The lines without the objective of this name."""
    return tuple(f"{one.um_per_px:.6f} {one.name}" for one in objectives_in(lines) if one.name != name)


def stated_scale(sizes: Sequence[PixelSize]) -> StatedScale:
    """The first of a file's statements that a microscope can have, or why none of them counts."""
    why = ""
    for size in sizes:
        fault = _fault(size)
        if not fault:
            counts = size.stated_by in _COUNTS
            words = f"The file states {um_words(size.x_um)} per pixel ({size.stated_by})."
            return StatedScale(size.x_um, counts, words)
        why = why or fault
    return StatedScale(words=why) if why else NOTHING_STATED


def scale_of(
    image: str, size_px: tuple[int, int], set_scales: Iterable[SetScale], stated: StatedScale
) -> Scale | None:
    """The scale of an image (relative to the root) of this width and height; None where nobody said one.

    What a reader set counts before what the file states, and of two folders the inner one.
    """
    fitting = [
        one for one in set_scales if (one.width_px, one.height_px) == size_px and _lies_in(image, one.folder)
    ]
    if fitting:
        nearest = max(fitting, key=lambda one: len(one.folder))
        return Scale(nearest.um_per_px, nearest.source, nearest.folder)
    if stated.um_per_px is not None and stated.counts:
        return Scale(stated.um_per_px)
    return None


def with_scale(set_scales: Iterable[SetScale], new: SetScale) -> tuple[SetScale, ...]:
    """The scales with this one in place of an earlier one of the same folder and size."""
    return (*without_scale(set_scales, new.folder, (new.width_px, new.height_px)), new)


def without_scale(
    set_scales: Iterable[SetScale], folder: str, size_px: tuple[int, int]
) -> tuple[SetScale, ...]:
    """The scales without the one of this folder and size."""
    return tuple(one for one in set_scales if (one.folder, one.width_px, one.height_px) != (folder, *size_px))


def is_scale(um_per_px: float) -> bool:
    """Whether a microscope can have this scale."""
    return math.isfinite(um_per_px) and LEAST_UM <= um_per_px <= MOST_UM


def typed_number(text: str) -> float | None:
    """A number above 0 with a point or a comma for its decimals; None for anything else."""
    number = float(text.strip().replace(",", ".")) if _NUMBER.fullmatch(text.strip()) else 0.0
    return number if number > 0 else None


def um_words(um: float) -> str:
    """`0.1625 µm`, with four figures that count."""
    return f"{um:.4g} µm" if um < 10_000 else f"{um:,.0f} µm"


def length_words(length_px: float, um_per_px: float | None) -> str:
    """`7.31 µm`, or `45.2 px` where there is no scale."""
    if um_per_px is None:
        return f"{length_px:.1f} px"
    um = length_px * um_per_px
    return f"{um:,.0f} µm" if um >= 99.95 else f"{um:#.3g} µm"


def round_length_um(most_um: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 … (and tenths of them) that is not above `most_um`, which is above 0."""
    power = 10.0 ** math.floor(math.log10(most_um))
    # 5 times a power of ten is rounded: 5 * 0.1 is not 0.5 to the last bit.
    return next(round(step * power, 12) for step in (5, 2, 1) if step * power <= most_um * (1 + 1e-12))


def _fault(size: PixelSize) -> str:
    if abs(size.x_um - size.y_um) > _SQUARE_WITHIN * max(size.x_um, size.y_um):
        return (
            f"The file states pixels of {um_words(size.x_um)} × {um_words(size.y_um)} ({size.stated_by}), which are "
            "not square, so it says nothing of the scale."
        )
    if is_scale(size.x_um):
        return ""
    stated = f"The file states {um_words(size.x_um)} per pixel ({size.stated_by})"
    if size.stated_by not in _COUNTS:
        stated = f"The file states {INCH_UM / size.x_um:,.0f} dots an inch ({size.stated_by}), which is for printing"
    return f"{stated}: no microscope has that scale, so it says nothing."


def _lies_in(image: str, folder: str) -> bool:
    return not folder or image.startswith(f"{folder}/")
