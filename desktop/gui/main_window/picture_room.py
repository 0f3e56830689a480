"""How much room the picture has: the whole screen, the window's columns folded away, or both."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from desktop.gui.viewer import ViewerPanel

_FULL_SCREEN = Qt.WindowState.WindowFullScreen


class PictureRoom(QObject):
    """`changed()`: the picture has more room now, or less. The footer stays: it says what the program is for."""

    changed = Signal()

    def __init__(self, window: QMainWindow, viewer: ViewerPanel, around: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._window = window
        self._viewer = viewer
        self._around = around
        self.is_alone = False

    @property
    def is_full_screen(self) -> bool:
        """Whether the window has the whole screen."""
        return bool(self._window.windowState() & _FULL_SCREEN)

    def toggle_full_screen(self) -> None:
        """Give the window the whole screen, or take it back to where it was."""
        self._window.setWindowState(self._window.windowState() ^ _FULL_SCREEN)
        self.changed.emit()

    def toggle_alone(self) -> None:
        """Fold away everything around the picture, or show it again."""
        self._set_alone(not self.is_alone)

    def show_all(self) -> None:
        """Show what is around the picture again."""
        self._set_alone(on=False)

    def leave(self) -> bool:
        """Escape: the columns come back first, then the window; whether there was something to leave."""
        if self.is_alone:
            self.show_all()
        elif self.is_full_screen:
            self.toggle_full_screen()
        else:
            return False
        return True

    def show_all_for(self, actions: Iterable[QAction]) -> None:
        """What these do is to be seen: a decision, a note. The columns come back with each of them."""
        for action in actions:
            action.triggered.connect(self.show_all)

    def _set_alone(self, on: bool) -> None:
        if on == self.is_alone:
            return
        self.is_alone = on
        if on:
            # A part that goes would give the keys to whatever comes next.
            self._viewer.take_focus()
        for part in self._around:
            part.setVisible(not on)
        self._viewer.show_picture_alone(on)
        self.changed.emit()
