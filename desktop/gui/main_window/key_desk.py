"""The reader's keys: the actions and the decision's panel have them, the overlay and the page show them."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QWidget

from desktop.gui.decision import DecisionPanel
from desktop.gui.dialogs import KeyLine, KeyOverlay, KeysDialog
from desktop.gui.main_window.actions import ACTIONS
from desktop.gui.main_window.chosen_keys import ChosenKeys, read_keys, written
from desktop.gui.preferences import Preferences

_NATIVE = QKeySequence.SequenceFormat.NativeText


class KeyDesk(QObject):
    """Keeps the keys in the settings; a change counts at once. `complaint`: what in the settings cannot be used."""

    def __init__(
        self, actions: Mapping[str, QAction], panel: DecisionPanel, preferences: Preferences, over: QWidget
    ) -> None:
        super().__init__(over)
        self._actions = actions
        self._panel = panel
        self._preferences = preferences
        self._overlay = KeyOverlay(over)
        self._chosen, self.complaint = read_keys(preferences.settings.keys)
        self._apply()

    def toggle_overlay(self) -> None:
        """Show the keys over the window, or take them away."""
        self._overlay.toggle(self._lines())

    def open_page(self, show_page: Callable[[QDialog], None], over: QWidget) -> None:
        """Open the page on which keys are changed."""
        page = KeysDialog(self._lines(), over)
        page.key_wanted.connect(lambda name, key: self._take(page, name, written(key)))
        page.own_wanted.connect(lambda name: self._give_back(page, name))
        page.all_own_wanted.connect(lambda: self._change(page, read_keys(())[0], "All keys are as at first."))
        show_page(page)

    def _take(self, page: KeysDialog, name: str, key: str) -> None:
        if not key:
            page.complain("No key was pressed. Press the new one.")
            return
        taken = self._chosen.taken_by(key, name)
        if taken is not None:
            page.complain(f"{_shown(key)} is the key for “{self._words(taken.name)}”. Press another.")
            return
        self._change(
            page, self._chosen.with_key(name, key), f"{_shown(key)} is the key for “{self._words(name)}” now."
        )

    def _give_back(self, page: KeysDialog, name: str) -> None:
        own = self._chosen.with_own(name)
        clash = own.clash(name)
        if clash is not None:
            page.complain(f"Its first key is the one for “{self._words(clash.name)}” now. Change that first.")
            return
        self._change(page, own, f"“{self._words(name)}” has its first key again.")

    def _change(self, page: KeysDialog, chosen: ChosenKeys, sentence: str) -> None:
        self._chosen = chosen
        self._preferences.change("keys", chosen.kept())
        self._apply()
        page.show_lines(self._lines(), sentence)

    def _apply(self) -> None:
        for name, keys in self._chosen.keys.items():
            self._actions[name].setShortcuts([QKeySequence(key) for key in keys])
        self._panel.set_keys(
            {name: _shown(keys[0]) if keys else "" for name, keys in self._chosen.keys.items()}
        )

    def _words(self, name: str) -> str:
        return self._actions[name].text().rstrip("…")

    def _lines(self) -> list[KeyLine]:
        return [
            KeyLine(row.menu, row.name, self._words(row.name), tuple(_shown(key) for key in keys[:2]))
            for row in ACTIONS
            # A study of four labels has no fifth.
            if (keys := self._chosen.keys.get(row.name)) is not None and self._actions[row.name].isVisible()
        ]


def _shown(key: str) -> str:
    return QKeySequence(key).toString(_NATIVE)
