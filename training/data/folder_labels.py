"""Which label a folder stands for: by the labels' spellings or names, and by what the user says of other folders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import msgspec

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.label_set import OURS, LabelSet, label_set_of, named_after
from bloodsmear.classifiers.labels import KNOWN_TO_PEOPLE, PRE_B, Label, label_of_spelling
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.json_file import read_bounded, read_json, write_json

IGNORE = "ignore"
LABELS_AT_TERMINAL = (
    f'Give a folder its label with --label "FOLDER NAME=LABEL" (or "FOLDER NAME={IGNORE}"), or name labels of your '
    "own with --labels FILE.toml."
)
# Forty labels with a comment each.
_MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class FolderLabels:
    """What the user says of folders below a data set's root: pairs of a folder's name and a label's key or `ignore`.

    Names count without regard to capitals. What is not named here is known by its spelling, or not at all. `label_set`
    is the set of labels; None where nothing is said of it: the folders tell.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    label_set: LabelSet | None = None

    def __post_init__(self) -> None:
        """Refuse what is not a label's key: ValueError."""
        known = {IGNORE, *(self.label_set or OURS).keys}
        for _, label in self.pairs:
            if label not in known:
                raise ValueError(f"{label[:80]!r} is not a label")

    def label_of(self, folder_name: str) -> str | None:
        """The label's key, `ignore` for a folder to pass over, None for a folder that is not a known label."""
        said = {_plain(name): label for name, label in self.pairs}
        return said.get(_plain(folder_name)) or (self.label_set or OURS).key_of(folder_name)

    def settled_for(self, folder_names: Sequence[str]) -> "FolderLabels":
        """The same with its set of labels: the one that was said, else what these folders are named after.

        The built-in four where one folder spells one of them, or is said to be one: then every other folder is asked
        about, since one slip of the pen must not make another set. ValueError where folders of other names cannot be
        labels.
        """
        if self.label_set is not None:
            return self
        said = {_plain(name) for name, _ in self.pairs}
        left = [name for name in folder_names if _plain(name) not in said]
        ours = any(label != IGNORE for _, label in self.pairs) or any(map(label_of_spelling, left))
        # A folder alone tells nothing apart: it is asked about.
        return replace(self, label_set=OURS if ours or len(left) < 2 else named_after(left))

    def without_folder(self, folder_names: Sequence[str]) -> list[str]:
        """The names among the pairs that none of the folders has: a slip of the pen."""
        present = {_plain(name) for name in folder_names}
        return [name for name, _ in self.pairs if _plain(name) not in present]


# Nothing said: every folder is known by its spelling.
AS_SPELLED = FolderLabels()


def unknown_folder_sentence(folder: object, label_set: LabelSet) -> str:
    """What to say of a folder whose name is not a label."""
    if label_set.is_ours:
        return (
            f"The folder {folder} is not a known label. Rename it to one of {KNOWN_TO_PEOPLE}, or say which label "
            "it stands for."
        )
    names = ", ".join(label.name for label in label_set.labels)
    return f"The folder {folder} is not one of the labels ({names}). Rename it, or say which label it stands for."


def parse_folder_labels(words: Sequence[str], label_set: LabelSet | None = None) -> FolderLabels:
    """Read `FOLDER NAME=LABEL` as given on a command line; a label is one of the set's, or of the built-in four.

    UsageError says what is wrong with which.
    """
    known = label_set or OURS
    pairs: dict[str, tuple[str, str]] = {}
    for word in words:
        name, sign, said = word.rpartition("=")
        name = name.strip()
        if not sign or not name:
            example = PRE_B.key if known.is_ours else known.keys[0]
            raise UsageError(
                f'--label "{word}" does not name a folder and a label. Write it as "FOLDER NAME={example}".'
            )
        label = IGNORE if _plain(said) == IGNORE else known.key_of(said)
        if label is None:
            raise UsageError(
                f'--label "{word}": {said.strip()!r} is not a label. Use one of {", ".join(known.keys)}, or {IGNORE}.'
            )
        if pairs.setdefault(_plain(name), (name, label))[1] != label:
            raise UsageError(f"--label names the folder {name} twice with two labels. Give it one.")
    return FolderLabels(tuple(pairs.values()), label_set)


def labels_of_card(card: Card, words: Sequence[str]) -> FolderLabels:
    """What folders stand for where a classifier is asked: its own labels. UsageError as `parse_folder_labels`."""
    try:
        return parse_folder_labels(words, label_set_of(card))
    except ValueError as error:
        raise UsageError(f"The labels of {card.id} cannot be measured on a folder. {error}") from error


class _LabelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`labels`: each key with its name, in order. `matters_first` is one of the keys."""

    labels: dict[str, str]
    matters_first: Annotated[str, msgspec.Meta(max_length=64)] = ""


def read_label_file(file: Path | None) -> LabelSet | None:
    """The set of labels in a TOML file (None: no file); docs/training.md shows one. UsageError says what is wrong."""
    if file is None:
        return None
    try:
        read = msgspec.toml.decode(read_bounded(file, _MOST_BYTES), type=_LabelFile)
        return LabelSet(tuple(Label(key, name) for key, name in read.labels.items()), read.matters_first)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be opened: {error.strerror}. Name the file of your labels."
        ) from error
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise UsageError(f"{file} does not name labels: {error}") from error


def write_folder_labels(path: Path, labels: FolderLabels) -> None:
    """Write what the user said as JSON. It names folders, so it stays in the training run's folder."""
    write_json(path, labels)


def read_folder_labels(path: Path) -> FolderLabels:
    """Read it back. DataSetError says what is wrong with the file."""
    try:
        return read_json(path, FolderLabels)
    except (OSError, ValueError) as error:
        raise DataSetError(f"{path} cannot be read: {error}. Begin a new run in another folder.") from error


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
