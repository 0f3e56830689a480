"""The menus drawn from the table of actions: the bar's and the right-click ones; and two that are filled anew."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from bloodsmear.count_words import count_words
from desktop.gui.gallery import GalleryPanel
from desktop.gui.main_window.actions import ACTIONS, Place, Row
from desktop.gui.theme.plain_text import one_line
from desktop.gui.viewer import ViewerPanel


def build_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """The menus in the table's order, by title; a line between two groups."""
    menus: dict[str, QMenu] = {}
    groups: dict[str, int] = {}
    for row in ACTIONS:
        menu = menus.get(row.menu)
        if menu is None:
            menu = menus[row.menu] = bar.addMenu(f"&{row.menu}")
        elif groups[row.menu] != row.group:
            menu.addSeparator()
        groups[row.menu] = row.group
        menu.addAction(actions[row.name])
    return menus


# Of these a right-click menu has a menu of its own: a study of twenty labels would else fill the screen.
_BELOW = {"Decision": "Decide", "Marks": "Draw"}


class ImageMenu(QMenu):
    """The right-click menu of the picture, or of the list: the table's rows for it, below the name of the image.

    What is done to all marked images stands first, below their number where there are several; the chosen image's name
    stands above the rest then.
    """

    def __init__(self, place: Place, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        rows = [row for row in ACTIONS if place in row.on]
        self._name = self._add_heading()
        self._fill([row for row in rows if row.of_marked], actions)
        self.addSeparator()
        self._chosen = self._add_heading()
        self._fill([row for row in rows if not row.of_marked], actions)

    def open_at(self, at: QPoint, images: Sequence[str], chosen: str | None) -> None:
        """Open at a place of the screen, for these images, one of which is the chosen one; not without one."""
        if images:
            several = len(images) > 1
            name = count_words(len(images), "marked image") if several else images[0]
            self._name.setText(one_line(name).replace("&", "&&"))
            self._chosen.setText(one_line(chosen or "").replace("&", "&&"))
            self._chosen.setVisible(several and chosen is not None)
            self.popup(at)

    def _add_heading(self) -> QAction:
        heading = self.addAction("")
        heading.setEnabled(False)
        return heading

    def _fill(self, rows: Sequence[Row], actions: Mapping[str, QAction]) -> None:
        # Few lines between them, and two menus below it: it fits the lowest screen that way.
        before = rows[0].menu if rows else ""
        below: dict[str, QMenu] = {}
        for row in rows:
            if row.menu in _BELOW and row.menu not in below:
                below[row.menu] = self.addMenu(_BELOW[row.menu])
            elif row.menu not in below and row.menu != before:
                self.addSeparator()
            before = row.menu
            below.get(row.menu, self).addAction(actions[row.name])


def add_image_menus(
    actions: Mapping[str, QAction],
    viewer: ViewerPanel,
    gallery: GalleryPanel,
    images: Callable[[], Sequence[str]],
) -> None:
    """Give the picture and the list their right-click menus; `images` tells which images one is opened for."""
    picture, rows = ImageMenu("picture", actions, viewer), ImageMenu("list", actions, gallery)
    viewer.menu_wanted.connect(lambda at: picture.open_at(at, images(), gallery.selected()))
    gallery.menu_wanted.connect(lambda at: rows.open_at(at, images(), gallery.selected()))


class CameraBitsMenu(QMenu):
    """How many bits the camera gives whose files of 16 bits don't say it. `choose(bits)`: None is as each file says."""

    def __init__(self, choose: Callable[[int | None], object], parent: QWidget) -> None:
        super().__init__("Bits of the camera", parent)
        self._choose = choose
        self.show_bits(None)

    def show_bits(self, now: int | None) -> None:
        """Offer the usual ones, with a tick at those that the open study has."""
        self.clear()
        # A study that was screened in a terminal may have others.
        for bits in (None, *sorted({10, 12, 14, 16, *([now] if now else [])})):
            action = self.addAction(f"{bits} bits" if bits else "As each file says")
            action.setCheckable(True)
            action.setChecked(bits == now)
            action.triggered.connect(lambda _checked=False, bits=bits: self._choose(bits))


class RecentMenu(QMenu):
    """The folders opened last; `open_folders` is given the one that is chosen."""

    def __init__(
        self, folders: Sequence[Path], open_folders: Callable[[Sequence[Path]], object], parent: QWidget
    ) -> None:
        super().__init__("Open recent", parent)
        self._open_folders = open_folders
        self.show_folders(folders)

    def show_folders(self, folders: Sequence[Path]) -> None:
        """List these folders, the latest first."""
        self.clear()
        for folder in folders:
            # A single & would underline the letter after it.
            action = self.addAction(str(folder).replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, folder=folder: self._open_folders([folder]))
        if not folders:
            self.addAction("No folder yet").setEnabled(False)
