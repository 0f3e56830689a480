"""How much room the picture has: the whole screen, the window's columns folded away, a second window."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from desktop.gui.viewer import SecondWindow, ViewerPanel

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
        self._second: SecondWindow | None = None
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """On the window: a window manager has keys of its own for the full screen."""
        if watched is self._window and event.type() == QEvent.Type.WindowStateChange:
            self.changed.emit()
        return False

    @property
    def has_second_window(self) -> bool:
        """Whether the image is shown in a window of its own, too."""
        return self._second is not None

    @property
    def is_full_screen(self) -> bool:
        """Whether the window has the whole screen."""
        return bool(self._window.windowState() & _FULL_SCREEN)

    def toggle_full_screen(self) -> None:
        """Give the window the whole screen, or take it back to where it was."""
        self._window.setWindowState(self._window.windowState() ^ _FULL_SCREEN)

    def toggle_second_window(self) -> None:
        """Show the image in a window of its own, on another screen where there is one; or no more."""
        if self._second is not None:
            self._second.close()
            return
        self._second = self._viewer.make_second_window()
        # The keys mean there what they mean here.
        self._second.addActions(self._window.actions())
        self._second.closed.connect(self._forget_second)
        self._second.appear(self._window)
        self.changed.emit()

    def close(self) -> None:
        """The window closes: it is kept as usual, and the second one goes with it."""
        self.show_all()
        if self._second is not None:
            self._second.close()

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

    def _forget_second(self) -> None:
        self._second = None
        self.changed.emit()

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
