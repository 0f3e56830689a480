"""What stands in the middle while no folder is open: where to go on, and what to look at first."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.gui.placing import scrolled
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip

_SHOWN = 6
_WIDEST_PX, _ROW_PX = 520, 36


class FolderButton(QPushButton):
    """A folder that was opened before: its name, where it lies, and how far the reader is."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setProperty("look", "choice")
        # The look's own height is that of one line.
        self.setStyleSheet(f"QPushButton {{ min-height: {_ROW_PX}px; }}")
        self.setToolTip(plain_tooltip(str(folder)))
        self._name = ElidedLabel()
        self._name.set_text(folder.name or str(folder))
        place = ElidedLabel()
        place.set_text(str(folder.parent))
        place.setProperty("look", "small")
        self._progress = PlainLabel("")
        self._progress.setProperty("look", "small")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(place)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID_PX, GRID_PX, 3 * GRID_PX, GRID_PX)
        row.setSpacing(3 * GRID_PX)
        row.addLayout(words, 1)
        row.addWidget(self._progress)
        for label in (self._name, place, self._progress):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_progress("")

    def show_progress(self, words: str) -> None:
        """Say how far the reader is; empty while that is not known."""
        self._progress.setText(words)
        self.setAccessibleName(f"Open {self._name.text()}" + (f", {words}" if words else ""))


class StartPage(QWidget):
    """`folder_wanted(Path)`, `training_wanted()` for the one that waits."""

    folder_wanted = Signal(Path)

    def __init__(self, demo: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keys = QKeySequence(QKeySequence.StandardKey.Open).toString(QKeySequence.SequenceFormat.NativeText)
        title, self._go_on = PlainLabel("Open a folder of smear images"), PlainLabel("Go on with")
        for heading in (title, self._go_on):
            heading.setProperty("look", "title")
        self._buttons: dict[Path, FolderButton] = {}
        self._folders = QVBoxLayout()
        self._folders.setSpacing(GRID_PX)
        self._training = button("waiting_training", "")
        self._training.hide()
        self._demo = demo
        self._look = button("demo_images", "Look at the demo images", "link")
        self.training_wanted = self._training.clicked
        self._look.clicked.connect(lambda _checked=False: self.folder_wanted.emit(demo))
        for plain in (self._training, self._look):
            plain.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(inside)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addStretch(2)
        column.addWidget(title)
        column.addWidget(
            paragraph(
                f"Press Open folder… ({keys}), or drop a folder or an image anywhere on this window.", "muted"
            )
        )
        column.addSpacing(2 * GRID_PX)
        column.addWidget(self._go_on)
        column.addLayout(self._folders)
        column.addWidget(self._training)
        column.addSpacing(2 * GRID_PX)
        column.addWidget(self._look)
        column.addStretch(3)
        centred = QWidget()
        across = QHBoxLayout(centred)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(inside, 100)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(centred))
        self.show_folders(())

    def show_folders(self, folders: Sequence[Path]) -> None:
        """Offer these folders, the one opened last first."""
        for before in self._buttons.values():
            self._folders.removeWidget(before)
            before.deleteLater()
        self._buttons = {}
        for folder in folders[:_SHOWN]:
            made = self._buttons[folder] = FolderButton(folder)
            made.clicked.connect(lambda _checked=False, folder=folder: self.folder_wanted.emit(folder))
            self._folders.addWidget(made)
        self._look.setVisible(self._demo not in self._buttons)
        self._show_heading()

    def show_progress(self, progress: Mapping[Path, str]) -> None:
        """Say how far the reader is in the folders of which that is known: `16 of 35 decided`."""
        for folder, words in progress.items():
            if folder in self._buttons:
                self._buttons[folder].show_progress(words)

    def show_training(self, words: str) -> None:
        """Offer a training that waits or is under way; nothing where there is none."""
        # A single & would underline the letter behind it.
        self._training.setText(words.replace("&", "&&"))
        self._training.setVisible(bool(words))
        self._show_heading()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders on offer."""
        return tuple(self._buttons)

    def _show_heading(self) -> None:
        self._go_on.setVisible(bool(self._buttons) or not self._training.isHidden())
