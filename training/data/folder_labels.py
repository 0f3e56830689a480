"""Which label a folder stands for: the data set's own spellings, and what the user says of other folders."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.labels import KNOWN_TO_PEOPLE, LABELS, PRE_B, label_of_spelling
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.json_file import read_json, write_json

IGNORE = "ignore"
LABELS_AT_TERMINAL = f'Give a folder its label with --label "FOLDER NAME=LABEL" (or "FOLDER NAME={IGNORE}").'


@dataclass(frozen=True, slots=True)
class FolderLabels:
    """What the user says of folders below a data set's root: pairs of a folder's name and a label's key or `ignore`.

    Names count without regard to capitals. What is not named here is known by its spelling, or not at all.
    """

    pairs: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is not a label's key: ValueError."""
        known = {IGNORE, *(label.key for label in LABELS)}
        for _, label in self.pairs:
            if label not in known:
                raise ValueError(f"{label[:80]!r} is not a label")

    def label_of(self, folder_name: str) -> str | None:
        """The label's key, `ignore` for a folder to pass over, None for a folder that is not a known label."""
        said = {_plain(name): label for name, label in self.pairs}
        return said.get(_plain(folder_name)) or label_of_spelling(folder_name)

    def without_folder(self, folder_names: Sequence[str]) -> list[str]:
        """The names among the pairs that none of the folders has: a slip of the pen."""
        present = {_plain(name) for name in folder_names}
        return [name for name, _ in self.pairs if _plain(name) not in present]


# Nothing said: every folder is known by its spelling.
AS_SPELLED = FolderLabels()


def unknown_folder_sentence(folder: object) -> str:
    """What to say of a folder whose name is not a label."""
    return (
        f"The folder {folder} is not a known label. Rename it to one of {KNOWN_TO_PEOPLE}, or say which label "
        "it stands for."
    )


def parse_folder_labels(words: Sequence[str]) -> FolderLabels:
    """Read `FOLDER NAME=LABEL` as given on a command line. UsageError says what is wrong with which."""
    pairs: dict[str, tuple[str, str]] = {}
    for word in words:
        name, sign, said = word.rpartition("=")
        name = name.strip()
        if not sign or not name:
            raise UsageError(
                f'--label "{word}" does not name a folder and a label. Write it as "FOLDER NAME={PRE_B.key}".'
            )
        label = IGNORE if _plain(said) == IGNORE else label_of_spelling(said)
        if label is None:
            keys = ", ".join(label.key for label in LABELS)
            raise UsageError(
                f'--label "{word}": {said.strip()!r} is not a label. Use one of {keys}, or {IGNORE}.'
            )
        if pairs.setdefault(_plain(name), (name, label))[1] != label:
            raise UsageError(f"--label names the folder {name} twice with two labels. Give it one.")
    return FolderLabels(tuple(pairs.values()))


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
