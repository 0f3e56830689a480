"""Who agrees with whom: readers with each other and with the classifiers, beyond what chance gives."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from bloodsmear.review.agreement_words import AGREEMENT_HEADER, agreement_row
from bloodsmear.review.reader_agreement import Comparison
from desktop.gui.dialogs.study_page import StudyPage
from desktop.gui.theme.page_parts import button_row, close_button, paragraph, scrolling

# The column of kappa holds a sentence where there is no interval.
_REMARKS = 4
_LONGEST_LINE = 32
_SIZE_PX = (940, 480)
_MEANING = (
    "Kappa is 1 where two agree on every image, 0 where they agree as often as chance would have it. With a classifier "
    "only images count that the reader gave a label. Who sees the answers agrees with them more easily: read blind for "
    "figures that mean something. Agreement does not show that either is right."
)
_NOBODY = "Nobody has decided anything yet, so there is nothing to compare."
_HIDDEN = (
    "Agreement with the classifiers is hidden while you read blind: it shows when every image of the study is "
    "decided."
)


class AgreementDialog(StudyPage):
    """A row for each pair. It opens at once and says that it compares until `show_comparisons` or `say`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Comparing…", parent)
        self.setWindowTitle("Agreement")
        self.begin_with(*_SIZE_PX)
        self.remark.setObjectName("agreement_remark")
        self._area = scrolling(QWidget())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(self.remark)
        layout.addWidget(self._area, 1)
        layout.addWidget(paragraph(_MEANING, "muted"))
        layout.addLayout(button_row([], [close_button(self)]))

    def show_comparisons(self, comparisons: Sequence[Comparison], hidden: bool) -> None:
        """One row each; those with a classifier are left out where they are `hidden`."""
        shown = [one for one in comparisons if one.kind == "reader" or not hidden]
        self.say(_HIDDEN if hidden else "" if shown else _NOBODY)
        self._put(_table(shown) if shown else QWidget())

    def clear(self) -> None:
        """Take away the figures."""
        self._put(QWidget())

    def _put(self, inside: QWidget) -> None:
        # The area deletes what it held before: no label of it is left to be found.
        self._area.setWidget(inside)
        # Qt fills it otherwise, over the page's own colour.
        inside.setAutoFillBackground(False)


def _table(comparisons: Sequence[Comparison]) -> QWidget:
    inside = QWidget()
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    for column, words in enumerate(AGREEMENT_HEADER):
        grid.addWidget(_cell(words, "muted"), 0, column)
    for line, one in enumerate(comparisons, start=1):
        for column, words in enumerate(agreement_row(one)):
            grid.addWidget(_cell(words, "plain"), line, column, Qt.AlignmentFlag.AlignTop)
    grid.setColumnStretch(_REMARKS, 1)
    held = QVBoxLayout(inside)
    held.setContentsMargins(0, 0, 0, 0)
    held.addLayout(grid)
    held.addStretch(1)
    return inside


def _cell(words: str, look: str) -> QLabel:
    """In one line where it is a figure: a broken interval is hard to read. Names and remarks may be of any length."""
    label = paragraph(words, look)
    label.setWordWrap(len(words) > _LONGEST_LINE)
    return label
