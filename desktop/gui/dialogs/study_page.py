"""What the pages about the open study have in common: they say in place how it stands, and can be emptied."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from desktop.gui.theme.page_parts import button_row, close_button, paragraph, scrolling

# What a window manager puts above a page.
_TITLE_PX = 40


class StudyPage(QDialog):
    """A page that shows what was read of the open study; `remark` stands above it. It opens waiting."""

    def __init__(self, waiting: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting = waiting
        self.remark = paragraph(waiting)

    def begin_with(self, width_px: int, height_px: int) -> None:
        """Begin in this size, or in what the screen has room for below the window's own title."""
        room = self.screen().availableSize() - QSize(0, _TITLE_PX)
        self.resize(QSize(width_px, height_px).boundedTo(room))

    def show_waiting(self) -> None:
        """The study is being read: nothing of it stands here yet."""
        self.clear()
        self.say(self._waiting)

    def show_nothing(self, sentence: str) -> None:
        """No study is open, and why."""
        self.clear()
        self.say(sentence)

    def say(self, sentence: str) -> None:
        """Say in place how it stands; without a sentence there is nothing to say."""
        self.remark.setText(sentence)
        self.remark.setVisible(bool(sentence))

    def clear(self) -> None:
        """Take away what was read of the study."""
        raise NotImplementedError


class GridPage(StudyPage):
    """A page whose body is a grid of texts: it scrolls where there is no room for all of it."""

    def __init__(self, waiting: str, parent: QWidget | None = None) -> None:
        super().__init__(waiting, parent)
        self._area = scrolling(QWidget(), across=True)

    def lay_out(self, *below: QWidget) -> None:
        """The remark, the grid, what stands `below` it, and Close."""
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.remark)
        column.addWidget(self._area, 1)
        for widget in below:
            column.addWidget(widget)
        column.addLayout(button_row([], [close_button(self)]))

    def show_grid(self, lines: Sequence[Sequence[QWidget]], widest: int) -> None:
        """Put these in place of those before; the column `widest` takes the room that is left."""
        inside = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for line, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                grid.addWidget(cell, line, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(widest, 1)
        held = QVBoxLayout(inside)
        held.setContentsMargins(0, 0, 0, 0)
        held.addLayout(grid)
        held.addStretch(1)
        self._put(inside)

    def clear(self) -> None:
        """Take the grid away."""
        self._put(QWidget())

    def _put(self, inside: QWidget) -> None:
        # The area deletes what it held before: no label of it is left to be found.
        self._area.setWidget(inside)
        # Qt fills it otherwise, over the page's own colour.
        inside.setAutoFillBackground(False)
