"""What the pages about the open study have in common: they say in place how it stands, and can be emptied."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from desktop.gui.theme.page_parts import paragraph

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
