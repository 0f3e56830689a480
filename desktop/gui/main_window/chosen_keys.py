"""Which keys the reader has chosen for which action: the table's own, unless the settings say otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from desktop.gui.main_window.actions import ACTIONS, Row

_BY_NAME = {row.name: row for row in ACTIONS}
_TEXT = QKeySequence.SequenceFormat.PortableText


@dataclass(frozen=True, slots=True)
class ChosenKeys:
    """The keys of every action, by its name, as Qt writes them for all systems (`Ctrl+N`)."""

    keys: Mapping[str, tuple[str, ...]]

    def with_key(self, name: str, key: str) -> "ChosenKeys":
        """This one key for the action, in place of those it has; an empty one for none."""
        return ChosenKeys({**self.keys, name: (key,) if key else ()})

    def with_own(self, name: str) -> "ChosenKeys":
        """The table's own keys for the action again."""
        return ChosenKeys({**self.keys, name: own_keys(name)})

    def taken_by(self, key: str, but: str) -> Row | None:
        """The action beside `but` that has this key; None where it is free."""
        return next((_BY_NAME[name] for name, keys in self.keys.items() if key in keys and name != but), None)

    def clash(self, name: str) -> Row | None:
        """An action that has one of the keys of `name`, too."""
        return next((row for key in self.keys[name] if (row := self.taken_by(key, name)) is not None), None)

    def kept(self) -> tuple[str, ...]:
        """What the settings keep: `name key` for each key of an action that has others than the table's."""
        changed = [(name, keys) for name, keys in self.keys.items() if keys != own_keys(name)]
        return tuple(f"{name} {key}" for name, keys in changed for key in (keys or ("",)))


def own_keys(name: str) -> tuple[str, ...]:
    """The keys that the table gives an action, as Qt writes them."""
    return tuple(written(key) for key in _BY_NAME[name].keys)


def written(key: str) -> str:
    """A key as Qt writes it for all systems; empty for what is not a key."""
    return QKeySequence(key, _TEXT).toString(_TEXT)


def read_keys(kept: Sequence[str]) -> tuple[ChosenKeys, str]:
    """The keys that the settings keep, and a sentence about what of them cannot be used (else empty).

    A key that another action has is not used; the action keeps its own then.
    """
    chosen: dict[str, list[str]] = {}
    wrong: list[str] = []
    for line in kept:
        name, _, text = line.partition(" ")
        key = written(text)
        if name not in _BY_NAME or (text and not key):
            wrong.append(line)
        else:
            chosen.setdefault(name, []).extend([key] if key else [])
    keys = {name: tuple(chosen[name]) if name in chosen else own_keys(name) for name in _BY_NAME}
    for name in chosen:
        if ChosenKeys(keys).clash(name) is not None:
            wrong.append(f"{name} {' '.join(keys[name])}")
            keys[name] = own_keys(name)
    found = ChosenKeys(keys)
    if any(found.clash(name) is not None for name in chosen):
        # Two actions have changed places and one of the places is lost: nothing of it can be trusted.
        found = ChosenKeys({name: own_keys(name) for name in _BY_NAME})
    sentence = f"Of the keys in the settings these cannot be used: {', '.join(wrong)}." if wrong else ""
    return found, sentence
