"""What a nucleated cell can be called: the built-in sets of names, each with its key, and a reader's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bloodsmear.errors import ReviewError
from bloodsmear.visible_text import visible

# How a name counts: among the white cells whose shares add up to 100 %, beside them (for 100 of them), or not at all.
Counting = Literal["white", "beside", "not"]
LONGEST_NAME = 40
MOST_NAMES = 26
_KEYS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@dataclass(frozen=True, slots=True)
class CellName:
    """`id` is as events and reports keep it, `name` as people read it, `key` the letter or digit that gives it."""

    id: str
    name: str
    key: str
    counting: Counting = "white"


# Names by the recommendations of the ICSH (Palmer and others 2015, doi:10.1111/ijlh.12327). Erythroblasts and smudges
# are told for 100 white cells; what nobody can name is one of them, or the shares of the others would be too high.
_NEUTROPHIL = CellName("neutrophil", "Neutrophil", "N")
_SEGMENTED = CellName("segmented_neutrophil", "Segmented neutrophil", "N")
_BAND = CellName("band_neutrophil", "Band neutrophil", "D")
_LYMPHOCYTE = CellName("lymphocyte", "Lymphocyte", "L")
_REACTIVE = CellName("reactive_lymphocyte", "Reactive lymphocyte", "R")
_MONOCYTE = CellName("monocyte", "Monocyte", "M")
_EOSINOPHIL = CellName("eosinophil", "Eosinophil", "E")
_BASOPHIL = CellName("basophil", "Basophil", "B")
_IMMATURE = CellName("immature_granulocyte", "Immature granulocyte", "I")
_METAMYELOCYTE = CellName("metamyelocyte", "Metamyelocyte", "T")
_MYELOCYTE = CellName("myelocyte", "Myelocyte", "C")
_PROMYELOCYTE = CellName("promyelocyte", "Promyelocyte", "O")
_BLAST = CellName("blast", "Blast", "X")
_PLASMA = CellName("plasma_cell", "Plasma cell", "P")
UNIDENTIFIED = CellName("unidentified", "Unidentified", "U")
_ERYTHROBLAST = CellName("erythroblast", "Erythroblast", "Y", "beside")
_SMUDGE = CellName("smudge", "Smudge", "S", "beside")
_ARTEFACT = CellName("artefact", "Artefact", "A", "not")
_BESIDE = (_ERYTHROBLAST, _SMUDGE, _ARTEFACT)


@dataclass(frozen=True, slots=True)
class NameSet:
    """Names to choose from, in the order to show; `id` is what the settings keep."""

    id: str
    name: str
    names: tuple[CellName, ...]


FIVE_PART = NameSet(
    "five_part",
    "Five-part differential",
    (_NEUTROPHIL, _LYMPHOCYTE, _MONOCYTE, _EOSINOPHIL, _BASOPHIL, UNIDENTIFIED, *_BESIDE),
)
WITH_BLASTS = NameSet(
    "with_blasts",
    "With blasts and immature cells",
    (
        _SEGMENTED,
        _BAND,
        _LYMPHOCYTE,
        _REACTIVE,
        _MONOCYTE,
        _EOSINOPHIL,
        _BASOPHIL,
        _IMMATURE,
        _BLAST,
        _PLASMA,
        UNIDENTIFIED,
        *_BESIDE,
    ),
)
LEFT_SHIFT = NameSet(
    "left_shift",
    "With each stage of granulocytes",
    (
        _SEGMENTED,
        _BAND,
        _METAMYELOCYTE,
        _MYELOCYTE,
        _PROMYELOCYTE,
        _BLAST,
        _LYMPHOCYTE,
        _REACTIVE,
        _MONOCYTE,
        _EOSINOPHIL,
        _BASOPHIL,
        _PLASMA,
        UNIDENTIFIED,
        *_BESIDE,
    ),
)
BUILT_IN = (FIVE_PART, WITH_BLASTS, LEFT_SHIFT)
OWN = "own"
_KNOWN = {one.id: one for names in reversed(BUILT_IN) for one in names.names}


def cell_name(id_: str) -> CellName:
    """The built-in name of this id; any other is a reader's own, which counts among the white cells."""
    return _KNOWN.get(id_) or CellName(id_, id_, "")


def own_names(lines: Sequence[str]) -> NameSet:
    """A reader's own set from lines `key name`, as `H Hairy cell`. A built-in name counts as it does there.

    Raises ReviewError with what is wrong with which line.
    """
    names: list[CellName] = []
    for line in lines:
        key, _, typed = line.strip().partition(" ")
        name, key = " ".join(typed.split()), key.upper()
        if key not in _KEYS or not name:
            raise ReviewError(
                f"Begin {line.strip()!r} with its key, a letter or a digit, then a space and the name."
            )
        if len(name) > LONGEST_NAME or visible(name) != name:
            raise ReviewError(
                f"{name!r} is too long, or holds what cannot be shown: at most {LONGEST_NAME} letters."
            )
        known = next((one for one in _KNOWN.values() if one.name.casefold() == name.casefold()), None)
        made = CellName(known.id, known.name, key, known.counting) if known else CellName(name, name, key)
        for other in names:
            if other.key == key:
                raise ReviewError(
                    f"{other.name} and {name} have the same key {key}. Give one of them another."
                )
            if other.id.casefold() == made.id.casefold():
                raise ReviewError(f"{name} stands there twice.")
        names.append(made)
    if not 1 <= len(names) <= MOST_NAMES:
        raise ReviewError(f"A set has 1 to {MOST_NAMES} names, each in a line of its own.")
    return NameSet(OWN, "My own names", tuple(names))
