"""The first line of the reading: which image it is; where there is little room, what asks for a look."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bloodsmear.review.sentences import case_words
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip
from desktop.gui.theme.room import Room


class ReadingHead(QWidget):
    """The image's name and its place among those that the list shows.

    In a short column the sentence of the flags lies out of sight: then their names stand beside the folder. In a low
    one they take its place, and a link shows all labels of the classifiers: `all_labels_wanted(on)`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room: Room = "full"
        self._name = ElidedLabel(self)
        self._flags = ElidedLabel(self, cut=Qt.TextElideMode.ElideRight, widens=True)
        self._flags.setObjectName("flags_in_short")
        self._flags.setProperty("look", "warning")
        self._place = PlainLabel(" ", self)
        self._place.setObjectName("place_in_list")
        self._place.setProperty("look", "muted")
        # Every case may have an image of this name. Cases of one ward begin alike: the end tells them apart.
        self._folder = ElidedLabel(self, cut=Qt.TextElideMode.ElideLeft)
        self._folder.setObjectName("folder_of_image")
        self._folder.setProperty("look", "small")
        self._cells = PlainLabel(parent=self)
        self._cells.setObjectName("cell_count")
        self._cells.setProperty("look", "small")
        self._cells.hide()
        self._all_labels = button("all_labels", "All labels", "link")
        self._all_labels.setCheckable(True)
        self._all_labels.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.all_labels_wanted = self._all_labels.toggled
        row, below = QHBoxLayout(), QHBoxLayout()
        for line, parts in (
            (row, (self._name, self._place)),
            (below, (self._folder, self._flags)),
        ):
            line.setSpacing(2 * GRID_PX)
            for part in parts:
                line.addWidget(part, 1 if part in (self._name, self._folder) else 0)
        below.addStretch(0)
        below.addWidget(self._cells)
        below.addWidget(self._all_labels)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addLayout(below)
        self._show()

    def show_image(self, image: str) -> None:
        """Name the image."""
        folder, _, name = image.rpartition("/")
        self._name.set_text(name or "No image chosen")
        self._folder.set_text(case_words(folder) if folder else "")
        self._name.setToolTip(plain_tooltip(image))
        self._show()

    def show_place(self, number: int, shown: int) -> None:
        """Which of the images shown in the list it is, as `5 of 12`; 0 where it is not among them."""
        hidden = bool(shown) and not number
        # A blank keeps the line as high as it is with a text.
        place = f"{number:,} of {shown:,}" if number else f"not among {shown:,}"
        self._place.setText(place if shown else " ")
        self._place.setToolTip("The list's filter hides this image." if hidden else "")

    def show_cells(self, words: str, more: str) -> None:
        """How many cells were found; empty while nobody asks. `more` is told where the mouse rests."""
        self._cells.setText(words)
        self._cells.setToolTip(plain_tooltip(more))
        self._cells.setVisible(bool(words))

    def show_flags(self, words: str) -> None:
        """What asks for a look; empty for nothing."""
        self._flags.set_text(words)
        self._flags.setToolTip(plain_tooltip(words))
        self._show()

    def set_room(self, room: Room) -> None:
        """Whether the flags' own sentence can be seen, and all labels."""
        self._room = room
        self._show()

    def _show(self) -> None:
        short, low = self._room in ("short", "low"), self._room == "low"
        flagged = short and bool(self._flags.text())
        self._flags.setVisible(flagged)
        # Where flags may come the line is kept free for them: nothing moves below.
        self._folder.setVisible(not (flagged and low) and (short or bool(self._folder.text())))
        self._all_labels.setVisible(low)
