"""An action that holds while its key is down: QAction knows only that a key was pressed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

# X11 says that a repeated key was let go and pressed anew, and Qt does not always see that the two belong together.
_REPEATED_WITHIN_MS = 40


class HeldKey(QObject):
    """Calls `show(True)` when the action's key goes down and `show(False)` when it is let go.

    A button or a list to choose from that has the focus keeps the Space key, which presses it.
    """

    def __init__(self, action: QAction, show: Callable[[bool], object], window: QWidget) -> None:
        super().__init__(window)
        self._action = action
        self._show = show
        self._window = window
        self._held = False
        self._let_go = QTimer(self, singleShot=True, interval=_REPEATED_WITHIN_MS)
        self._let_go.timeout.connect(self._end)
        action.setAutoRepeat(False)
        action.triggered.connect(lambda _checked=False: self._begin())
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """On the window: leave the key to a button. While it is held, on everything: see it go."""
        if event.type() == QEvent.Type.ShortcutOverride and self._belongs_to_the_focus(event):
            event.accept()
            return True
        if not self._held:
            return False
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if not event.isAutoRepeat():
                self._let_go.start()
        elif event.type() == QEvent.Type.WindowDeactivate and watched is self._window:
            self._end()
        return False

    def _begin(self) -> None:
        self._let_go.stop()
        if not self._held:
            self._held = True
            if (application := QApplication.instance()) is not None:
                application.installEventFilter(self)
            self._show(True)

    def _end(self) -> None:
        self._let_go.stop()
        self._held = False
        if (application := QApplication.instance()) is not None:
            application.removeEventFilter(self)
        self._show(False)

    def _belongs_to_the_focus(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(
            QApplication.focusWidget(), QAbstractButton | QComboBox
        ):
            return False
        return QKeySequence(event.keyCombination()) in self._action.shortcuts()
