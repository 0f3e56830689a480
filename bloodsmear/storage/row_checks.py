"""What a study's cells may hold: the one edge where types, sizes and counts of a file from anywhere are looked at.

Every function gives the value back, or raises ValueError.
"""

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from bloodsmear.file_names import require_below
from bloodsmear.images.scale import SOURCES, SetScale, is_scale

# Far above what the program writes, far below what stops it.
LONGEST_TEXT, _LONGEST_NAME, _LONGEST_PLACE, _LONGEST_LABEL = 20_000, 4_000, 4_000, 1_000
_MOST_LABELS, _MOST_FOLDERS, _MOST_SCALES, _LARGEST_SIDE_PX = 100, 1_000, 1_000, 1_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}|")
_CLASSIFIER_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_LABEL_KEY = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
# int() of more digits is refused by Python, and the natural order counts by them.
_MOST_DIGITS = re.compile(r"\d{1000}")


def text(value: object, longest: int = LONGEST_TEXT) -> str:
    """A text of at most `longest` letters."""
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("no text, or too long a one")
    return value


def image_name(value: object) -> str:
    """A path below the root, with forward slashes: nothing in it leads out of the root."""
    return _countable(require_below(text(value, _LONGEST_NAME)))


def case_name(value: object) -> str:
    """The name of a case."""
    return _countable(text(value, _LONGEST_NAME))


def sha256(value: object) -> str:
    """64 hexadecimal digits, or empty."""
    if not _SHA256.fullmatch(text(value, 64)):
        raise ValueError("no sha256")
    return str(value)


def whole(value: object, most: int = 1_000_000_000, least: int = 0) -> int:
    """A whole number between two limits."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError("no whole number, or one out of range")
    return value


def switch(value: object) -> bool:
    """0 or 1."""
    return bool(whole(value, 1))


def number(value: object) -> float:
    """A finite number."""
    # Above this a whole number of JSON may not be a float at all.
    if type(value) is not float and not (type(value) is int and abs(value) < 2**63):
        raise ValueError("no number")
    if not math.isfinite(value):
        raise ValueError("no finite number")
    return float(value)


def probabilities(value: object, labels: int) -> tuple[float, ...]:
    """One probability for each label, from JSON."""
    return one_for_each_label(_list(value, labels), labels)


def one_for_each_label(read: Sequence[Any], labels: int) -> tuple[float, ...]:
    """One probability for each label."""
    if len(read) != labels or not all(type(one) in (int, float) and 0.0 <= one <= 1.0 for one in read):
        raise ValueError("no probability for each label")
    return tuple(float(one) for one in read)


def classifier_id(value: object) -> str:
    """A classifier's id."""
    if not _CLASSIFIER_ID.fullmatch(text(value, 100)):
        raise ValueError("no id of a classifier")
    return str(value)


def labels_of_classifier(value: object) -> tuple[tuple[str, ...], tuple[float, ...], tuple[str, ...]]:
    """Labels that differ, from which limits on they are sure, and their names, from JSON; none where there are none.

    A list of keys, an object of key and limit, or a list of [key, name] or [key, name, limit].
    """
    read = json.loads(text(value, 1_000_000))
    if isinstance(read, dict):
        return _label_keys(list(read)), _limits(list(read.values())), ()
    if not isinstance(read, list) or not any(isinstance(one, list) for one in read):
        return _label_keys(read), (), ()
    if not all(isinstance(one, list) and len(one) in (2, 3) and len(one) == len(read[0]) for one in read):
        raise ValueError("no list of labels with their names")
    keys, names, *limits = (list(column) for column in zip(*read, strict=True))
    if not all(isinstance(name, str) and 0 < len(name) <= _LONGEST_LABEL for name in names):
        raise ValueError("no names of labels")
    return _label_keys(keys), _limits(limits[0]) if limits else (), tuple(names)


def _limits(read: list[Any]) -> tuple[float, ...]:
    if not all(type(one) in (int, float) and 0 <= one <= 1 for one in read):
        raise ValueError("no limits of probabilities")
    return tuple(float(one) for one in read)


def _label_keys(read: object) -> tuple[str, ...]:
    if not isinstance(read, list) or len(read) > _MOST_LABELS:
        raise ValueError("no list, or too long a one")
    if not all(isinstance(one, str) and _LABEL_KEY.fullmatch(one) for one in read) or len(set(read)) != len(
        read
    ):
        raise ValueError("no labels that differ")
    return tuple(read)


def place(value: object) -> str:
    """A folder's path, from JSON."""
    return _place(json.loads(text(value)))


def places(value: object) -> tuple[str, ...]:
    """Folders' paths, from JSON."""
    return tuple(_place(one) for one in _list(value, _MOST_FOLDERS))


def scales(value: object) -> tuple[SetScale, ...]:
    """The scales that readers set, from JSON."""
    return tuple(_scale(one) for one in _list(value, _MOST_SCALES))


def stated_scale(value: object) -> float | None:
    """The scale that an image's file states, where a microscope can have it; None: none."""
    if value is None:
        return None
    if not is_scale(number(value)):
        raise ValueError("no scale")
    return number(value)


def _scale(cells: object) -> SetScale:
    if not isinstance(cells, list) or len(cells) != 5:
        raise ValueError("no scale")
    folder, width, height, um_per_px, source = cells
    if source not in SOURCES or not is_scale(number(um_per_px)):
        raise ValueError("no scale")
    return SetScale(
        image_name(folder) if folder else "",
        whole(width, _LARGEST_SIDE_PX, 1),
        whole(height, _LARGEST_SIDE_PX, 1),
        number(um_per_px),
        next(one for one in SOURCES if one == source),
    )


def _place(path: object) -> str:
    if "\0" in text(path, _LONGEST_PLACE):
        raise ValueError("no place on a disk")
    return str(path)


def _list(value: object, most: int) -> list[Any]:
    read = json.loads(text(value, 1_000_000))
    if not isinstance(read, list) or len(read) > most:
        raise ValueError("no list, or too long a one")
    return read


def _countable(name: str) -> str:
    if _MOST_DIGITS.search(name):
        raise ValueError("a number of a thousand digits")
    return name
