"""A window of its own for the shown image, on another screen where there is one, under the same zoom."""

import math
from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bloodsmear import RESEARCH_USE
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import VIEW
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.viewer.mouse_tools import MouseTools
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.view_picture import ShownPicture, file_and_folder
from desktop.gui.viewer.view_range import LinkedRange, ViewRange

_SIZE_PX = (900, 700)
# What a system puts around a window, title bar included.
_FRAME_PX = QSize(16, 48)


class SecondWindow(QWidget):
    """Mirrors `original` as long as it is open; `closed()` when it is not any more. Its foot says what it is for.

    The picture and its name are taken in one piece (`picture`), and go at once with those of the original.
    """

    closed = Signal()

    def __init__(
        self,
        original: PicturePane,
        leader: ViewRange,
        tools: MouseTools,
        picture: Callable[[], ShownPicture | None],
        tokens: Tokens,
    ) -> None:
        super().__init__()
        # The program ends with its main window.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setStyleSheet(f"SecondWindow {{ background: {VIEW}; }}")
        self._original = original
        self._picture = picture
        self._range = LinkedRange(leader, self)
        self._pane = PicturePane("Original picture, second window", self._range, tokens, self)
        self._tools = tools
        tools.join(self._pane)
        words = PlainLabel(RESEARCH_USE, self)
        words.setProperty("look", "small")
        words.setStyleSheet(f"color: {tokens.view_text}; padding: 4px 8px;")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pane, 1)
        column.addWidget(words)
        self.resize(*_SIZE_PX)
        self._pane.resized.connect(self._measure)
        self._pane.hovered.connect(self._read)
        self._pane.left.connect(lambda: self._pane.set_readout(""))
        original.shown_otherwise.connect(self._mirror)
        self._mirror()

    def appear(self, beside: QWidget) -> None:
        """Take another screen than that of the main window, all of it; where there is one alone, a part of that."""
        others = [screen for screen in QGuiApplication.screens() if screen is not beside.screen()]
        if others:
            self.setGeometry(others[0].availableGeometry())
            self.showMaximized()
        else:
            # A screen of 1366 × 768 at 200 % is smaller than its usual size, and its foot would lie below the screen.
            room = beside.screen().availableGeometry()
            self.setGeometry(QRect(room.topLeft(), self.size().boundedTo(room.size() - _FRAME_PX)))
            self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Say so."""
        super().closeEvent(event)
        self._tools.leave(self._pane)
        self.closed.emit()

    def _mirror(self) -> None:
        shown = self._picture()
        self._pane.mirror(self._original)
        name = "" if shown is None else shown.image
        self._pane.set_caption(file_and_folder(name))
        self.setWindowTitle(f"{name or 'No image'} – Bloodsmear, second window")

    def _measure(self) -> None:
        size = self._pane.view.viewport().size()
        self._range.set_view_size(size.width(), size.height(), self.devicePixelRatioF())

    def _read(self, x: float, y: float) -> None:
        self._pane.set_readout(self._pane.pixel_words(math.floor(x), math.floor(y)))
