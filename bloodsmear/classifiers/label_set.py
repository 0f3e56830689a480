"""The labels that a classifier is made for: the built-in four, or a laboratory's own two to forty."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.figure_words import CALLED_OTHER, LEADING, WRONGLY_CALLED
from bloodsmear.classifiers.labels import (
    BENIGN,
    DECIDED_BESIDE_LABELS,
    LABELS,
    Label,
    label_among,
    label_key,
    label_name,
    label_of_spelling,
    reading_order,
)

FEWEST_LABELS, MOST_LABELS = 2, 40
_LONGEST_NAME = 80
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def _check_label(label: Label) -> None:
    if not _KEY.fullmatch(label.key):
        raise ValueError(
            f"A label's key has small letters a to z, digits, _ and -, 64 at most, not {label.key!r}."
        )
    if label.key in DECIDED_BESIDE_LABELS:
        raise ValueError(f"{label.key!r} cannot be a label: readers decide it in place of a label.")
    if not label.name.strip() or not label.name.isprintable() or len(label.name) > _LONGEST_NAME:
        raise ValueError(
            f"A label's name is one line of 1 to {_LONGEST_NAME} letters, not {label.name[:90]!r}."
        )
    # Windows and reports know the four by their keys: what is called Benign is Benign, and nothing else is.
    usual = label_name(label.key)
    ours = {one.name.casefold(): one.key for one in LABELS}
    if usual != label.key and label.name != usual:
        raise ValueError(
            f"The label {label.key!r} is called {usual}, not {label.name!r}. Give yours another key."
        )
    key = ours.get(label.name.casefold(), label.key)
    if key != label.key:
        raise ValueError(
            f"{label.name!r} is one of the four built-in labels, whose key is {key!r}, not {label.key!r}."
        )


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Labels in the order of outputs, lists and reports.

    `matters_first` is the key of the label whose mistakes an evaluation names first; empty: of none.
    """

    labels: tuple[Label, ...]
    matters_first: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be a set of labels: ValueError with a sentence."""
        if not FEWEST_LABELS <= len(self.labels) <= MOST_LABELS:
            raise ValueError(
                f"A set has {FEWEST_LABELS} to {MOST_LABELS} labels; here are {len(self.labels)}."
            )
        for label in self.labels:
            _check_label(label)
        for what, words in (("key", self.keys), ("name", [label.name.casefold() for label in self.labels])):
            twice = next((word for word in words if list(words).count(word) > 1), None)
            if twice is not None:
                raise ValueError(f"Two labels have the {what} {twice!r}. Give each its own.")
        if self.matters_first and self.matters_first not in self.keys:
            raise ValueError(
                f"matters_first is {self.matters_first!r}, which is not one of the labels {', '.join(self.keys)}."
            )

    @property
    def keys(self) -> tuple[str, ...]:
        """The labels' keys in output order."""
        return tuple(label.key for label in self.labels)

    @property
    def is_ours(self) -> bool:
        """Whether these are the built-in four, whose folders have known spellings."""
        return set(self.keys) == {label.key for label in LABELS}

    def name_of(self, key: str) -> str:
        """The label's name for people; a key of another set is shown as `label_name` has it."""
        return next((label.name for label in self.labels if label.key == key), label_name(key))

    def key_of(self, folder_name: str) -> str | None:
        """The label that a folder's name says, by key or name, whatever its capitals and signs; None: none of them."""
        if self.is_ours:
            return label_of_spelling(folder_name)
        by_key = label_among(folder_name, self.keys)
        names = [label.name for label in self.labels]
        by_name = label_among(folder_name, names)
        return by_key or (None if by_name is None else self.keys[names.index(by_name)])


OURS = LabelSet(LABELS, BENIGN.key)


def named_after(folder_names: Sequence[str]) -> LabelSet:
    """The set of labels that folders name, in their order. ValueError with a sentence where they cannot be labels."""
    for name in folder_names:
        if not label_key(name):
            raise ValueError(
                f"The folder's name {name!r} holds no letter from a to z and no digit, so it gives its label no key. "
                "Rename the folder, or say the label's key and name."
            )
    return LabelSet(tuple(Label(label_key(name), name) for name in folder_names))


def label_set_of(card: Card) -> LabelSet:
    """The card's labels in reading order. ValueError where it has more than a set can have."""
    names = {label.key: label.name for label in card.labels}
    keys = reading_order(card.label_keys)
    if set(keys) == set(OURS.keys):
        return OURS
    first = [
        figure.name.removeprefix(CALLED_OTHER)
        for figure in card.figures
        if figure.name.startswith(CALLED_OTHER)
    ]
    return LabelSet(tuple(Label(key, names[key]) for key in keys), first[0] if first else "")


def leading_names(label_set: LabelSet) -> tuple[str, str] | None:
    """The figures that an evaluation leads with: the first label called another, and another called it; None: none."""
    first = label_set.matters_first
    if label_set.is_ours:
        return LEADING
    return (f"{CALLED_OTHER}{first}", f"{WRONGLY_CALLED}{first}") if first else None
