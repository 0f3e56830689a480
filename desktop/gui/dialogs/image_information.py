"""What the chosen image's file says of itself: one line each, to be read and copied."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.gui.dialogs.study_page import StudyPage
from desktop.gui.theme.page_parts import button_row, close_button, paragraph, scrolling
from desktop.gui.theme.wrapped_text import WrappedText

_SIZE_PX = (620, 480)


class InformationDialog(StudyPage):
    """It opens waiting, until `show_lines` or `say`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Reading the file…", parent)
        self.setWindowTitle("Image information")
        self.begin_with(*_SIZE_PX)
        self.remark.setObjectName("information_remark")
        self._area = scrolling(QWidget())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(self.remark)
        layout.addWidget(self._area, 1)
        layout.addLayout(button_row([], [close_button(self)]))

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Name and value, one below the other."""
        self.say("")
        inside = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for line, (name, value) in enumerate(lines):
            label = paragraph(name, "muted")
            label.setWordWrap(False)
            grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            text = WrappedText()
            text.say(value)
            grid.addWidget(text, line, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addStretch(1)
        self._put(inside)

    def clear(self) -> None:
        """Take away what was read of another image."""
        self._put(QWidget())

    def _put(self, inside: QWidget) -> None:
        self._area.setWidget(inside)
        inside.setAutoFillBackground(False)
