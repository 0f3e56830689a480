"""Classifiers in words. No Qt."""

from collections.abc import Sequence

from desktop.gui.classifiers_state import MOST_COMPARED, ListedClassifier, Measured

_ORIGINS = {"shipped": "ships with Bloodsmear", "own": "added by you", "missing": "not on this PC"}
_KB, _MB = 1000, 1_000_000


def origin_words(one: ListedClassifier) -> str:
    """Where it comes from: `added by you, in the place of the one that ships`."""
    return _ORIGINS[one.origin] + (", in the place of the one that ships" if one.in_place_of_shipped else "")


def size_words(size_bytes: int) -> str:
    """`7.7 MB`, `54 kB`."""
    return f"{size_bytes / _MB:.1f} MB" if size_bytes >= _MB else f"{max(1, size_bytes // _KB)} kB"


def list_line(one: ListedClassifier, in_use: Sequence[str]) -> str:
    """The small line under its name in the list."""
    if one.refused:
        return f"refused · {_ORIGINS[one.origin]}"
    return f"{_ORIGINS[one.origin]} · in use" if one.id in in_use else _ORIGINS[one.origin]


def share_words(figure: Measured) -> str:
    """A share with its interval: `98.1 %  (96.9–99.2)`."""
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f"  ({figure.low * 100:.1f}–{figure.high * 100:.1f})"
    return f"{figure.value * 100:.1f}\u00a0%{interval}"


def names_of(listed: Sequence[ListedClassifier], ids: Sequence[str]) -> str:
    """`VGG16 and U-Net`, `VGG16, U-Net and Ours`."""
    by_id = {one.id: one.name for one in listed}
    *first, last = [by_id.get(one, one) for one in ids] or ["none"]
    return f"{', '.join(first)} and {last}" if first else last


def choice_words(listed: Sequence[ListedClassifier], in_use: Sequence[str], ticked: Sequence[str]) -> str:
    """What follows from what is ticked: whether it can be used, and what happens then."""
    if not ticked:
        return "Tick one at least: without a classifier no image is read."
    if len(ticked) > MOST_COMPARED:
        return f"{len(ticked)} are ticked; at most {MOST_COMPARED} can be compared. Untick some."
    if set(ticked) == set(in_use):
        return f"In use: {names_of(listed, in_use)}."
    labels = {frozenset(one.labels) for one in listed if one.id in ticked and one.labels}
    differ = (
        " Their labels differ, so they stand side by side and no consensus is formed."
        if len(labels) > 1
        else ""
    )
    return (
        f"With {names_of(listed, ticked)} the open folder is read anew, and what was decided stays.{differ} "
        "A screening under way stops; what is finished is kept."
    )


def can_use(in_use: Sequence[str], ticked: Sequence[str]) -> bool:
    """Whether what is ticked can take the place of what is in use."""
    return 0 < len(ticked) <= MOST_COMPARED and set(ticked) != set(in_use)
