"""Everything the reader can ask for, as a table: menus, shortcuts and the page of keys are drawn from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One thing to ask for. `group` separates lines inside a menu; the first shortcut is the one shown."""

    name: str
    menu: str
    group: int
    text: str
    keys: tuple[str, ...] = ()


ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("open_folder", "File", 1, "Open folder…", ("Ctrl+O",)),
    ActionRow("reports", "File", 2, "Export a report…", ("Ctrl+P",)),
    ActionRow("export", "File", 2, "Export CSV…", ("Ctrl+E",)),
    ActionRow("export_cases", "File", 2, "Export CSV of the cases…"),
    ActionRow("export_html", "File", 2, "Export HTML report…", ("Ctrl+Shift+E",)),
    ActionRow("classifiers", "File", 2, "Classifiers…", ("Ctrl+L",)),
    ActionRow("train", "File", 2, "Train a classifier…", ("Ctrl+T",)),
    ActionRow("quit", "File", 3, "Quit", ("Ctrl+Q",)),
    ActionRow("screen", "Images", 1, "Screen folder", ("F5",)),
    ActionRow("watch", "Images", 1, "Watch this folder…", ("Shift+F5",)),
    ActionRow("stop", "Images", 1, "Stop screening or watching", ("Esc",)),
    ActionRow("next", "Images", 2, "Next image", ("J", "Down")),
    ActionRow("previous", "Images", 2, "Previous image", ("K", "Up")),
    ActionRow("find", "Images", 2, "Find an image", ("Ctrl+F",)),
    ActionRow("mark_all", "Images", 2, "Mark all images shown", ("Ctrl+A",)),
    ActionRow("unmark", "Images", 2, "Unmark", ("Ctrl+Shift+A",)),
    ActionRow("clear_cache", "Images", 3, "Clear cached pictures"),
    ActionRow("label_1", "Decision", 1, "Decide: the first label", ("1",)),
    ActionRow("label_2", "Decision", 1, "Decide: the second label", ("2",)),
    ActionRow("label_3", "Decision", 1, "Decide: the third label", ("3",)),
    ActionRow("label_4", "Decision", 1, "Decide: the fourth label", ("4",)),
    ActionRow("unsure", "Decision", 1, "Decide: unsure", ("U",)),
    ActionRow("other", "Decision", 1, "Decide: other", ("O",)),
    ActionRow("not_evaluable", "Decision", 1, "Decide: not evaluable", ("X",)),
    ActionRow("acknowledge", "Decision", 2, "Acknowledge as unreadable", ("A",)),
    ActionRow("confirm", "Decision", 2, "Confirm and go on", ("Enter", "Return")),
    ActionRow("note", "Decision", 2, "Note", ("N",)),
    ActionRow("undo", "Decision", 2, "Undo", ("Ctrl+Z",)),
    ActionRow("blind", "Decision", 3, "Blind reading", ("Ctrl+B",)),
    ActionRow("sign_off_case", "Decision", 4, "Sign off this case"),
    ActionRow("sign_off_study", "Decision", 4, "Sign off the study"),
    ActionRow("agreement", "Decision", 4, "Agreement of readers and classifiers…"),
    ActionRow("fit", "View", 1, "Fit", ("F", "Ctrl+0")),
    ActionRow("one_to_one", "View", 1, "1:1", ("Z", "Ctrl+1")),
    ActionRow("zoom_in", "View", 1, "Zoom in", ("+", "=", "Ctrl++", "Ctrl+=")),
    ActionRow("zoom_out", "View", 1, "Zoom out", ("-", "Ctrl+-")),
    ActionRow("both", "View", 2, "Original and denoised", ("S",)),
    ActionRow("wipe", "View", 2, "Wipe", ("W",)),
    ActionRow("blink", "View", 2, "Blink: the other picture", ("B",)),
    ActionRow("difference", "View", 2, "Difference", ("D",)),
    ActionRow("map", "View", 2, "Map of the next classifier", ("M",)),
    ActionRow("theme_light", "View", 3, "Light"),
    ActionRow("theme_dark", "View", 3, "Dark"),
    ActionRow("theme_system", "View", 3, "As the system"),
    ActionRow("keys", "Help", 1, "Keys", ("F1", "?")),
    ActionRow("change_keys", "Help", 1, "Change keys…"),
    ActionRow("about", "Help", 2, "About Bloodsmear"),
)
# These are on or off, and one of them is on.
CHOICES = frozenset({"theme_light", "theme_dark", "theme_system"})


def build_actions(
    window: QWidget, handlers: Mapping[str, Callable[[], object]], rows: tuple[ActionRow, ...] = ACTIONS
) -> dict[str, QAction]:
    """One QAction per row, added to the window so that its keys work. KeyError where a row has no handler."""
    actions: dict[str, QAction] = {}
    for row in rows:
        handler = handlers[row.name]
        action = QAction(row.text, window)
        action.setObjectName(row.name)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setCheckable(row.name in CHOICES)
        # The signal's `checked` is dropped: a handler does one thing.
        action.triggered.connect(lambda _checked=False, handler=handler: handler())
        window.addAction(action)
        actions[row.name] = action
    return actions


def build_menus(
    parent: QWidget, actions: Mapping[str, QAction], rows: tuple[ActionRow, ...] = ACTIONS
) -> dict[str, QMenu]:
    """The menus in the table's order, by title; a line between two groups."""
    menus: dict[str, QMenu] = {}
    groups: dict[str, int] = {}
    for row in rows:
        menu = menus.get(row.menu)
        if menu is None:
            menu = menus[row.menu] = QMenu(row.menu, parent)
        elif groups[row.menu] != row.group:
            menu.addSeparator()
        groups[row.menu] = row.group
        menu.addAction(actions[row.name])
    return menus


class RecentMenu(QMenu):
    """The folders opened last. `folder_chosen(Path)`."""

    folder_chosen = Signal(object)

    def __init__(self, folders: Sequence[Path], parent: QWidget) -> None:
        super().__init__("Open recent", parent)
        self.show_folders(folders)

    def show_folders(self, folders: Sequence[Path]) -> None:
        """List these folders, the latest first."""
        self.clear()
        for folder in folders:
            # A single & would underline the letter after it.
            action = self.addAction(str(folder).replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, folder=folder: self.folder_chosen.emit(folder))
        if not folders:
            self.addAction("No folder yet").setEnabled(False)
