"""The button that says whose map is laid over the original: none, or that of one classifier."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

_OFF_WORDS = "Map: off"
# A longer name would set how narrow the column can be; the menu has the whole one.
_LONGEST_NAME = 10


class MapChoice(QPushButton):
    """A button with a menu. `chosen(classifier id)`, empty for none, when the reader chose."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_OFF_WORDS, parent)
        self._names: dict[str, str] = {}
        self._current = ""
        self._menu = QMenu(self)
        self._group = QActionGroup(self._menu)
        self.setMenu(self._menu)
        self.setProperty("look", "segment_only")
        self.setAccessibleName("Where a classifier looked")
        self.setToolTip("Lay over the original what spoke for a classifier's label: where, not why")
        self.set_choices(())

    @property
    def current(self) -> str:
        """Whose map is chosen; empty for none."""
        return self._current

    def set_choices(self, classifiers: Sequence[tuple[str, str]]) -> None:
        """Offer these (id, name); a chosen one that is not among them is chosen no more."""
        self._names = dict(classifiers)
        self._menu.clear()
        for key, words in (("", "Off"), *classifiers):
            action = self._menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setData(key)
            action.triggered.connect(lambda _checked=False, key=key: self._choose(key))
            self._group.addAction(action)
        self.setEnabled(bool(classifiers))
        if self._current and self._current not in self._names:
            self._choose("")
        self._show()

    def choose_next(self) -> None:
        """The next of: none, the first classifier, the second, and none again."""
        keys = ["", *self._names]
        self._choose(keys[(keys.index(self._current) + 1) % len(keys)])

    def _choose(self, key: str) -> None:
        self._current = key
        self._show()
        self.chosen.emit(key)

    def _show(self) -> None:
        name = self._names.get(self._current)
        self.setText(_OFF_WORDS if name is None else f"Map: {_short(name)}".replace("&", "&&"))
        for action in self._menu.actions():
            action.setChecked(action.data() == self._current)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
