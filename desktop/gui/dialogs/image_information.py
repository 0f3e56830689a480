"""What the chosen image's file says of itself: one line each, to be read and copied."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.gui.dialogs.study_page import GridPage
from desktop.gui.theme.page_parts import paragraph
from desktop.gui.theme.wrapped_text import WrappedText

_SIZE_PX = (620, 480)


class InformationDialog(GridPage):
    """It opens waiting, until `show_lines` or `say`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Reading the file…", parent)
        self.setWindowTitle("Image information")
        self.begin_with(*_SIZE_PX)
        self.remark.setObjectName("information_remark")
        self.lay_out()

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Name and value, one below the other."""
        self.say("")
        self.show_grid([(_name(name), _value(value)) for name, value in lines], widest=1)


def _name(words: str) -> QWidget:
    label = paragraph(words, "muted")
    label.setWordWrap(False)
    return label


def _value(words: str) -> QWidget:
    text = WrappedText()
    text.say(words)
    return text
