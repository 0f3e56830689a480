"""Who agrees with whom: readers with each other and with the classifiers, beyond what chance gives."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from bloodsmear.review.agreement_words import AGREEMENT_HEADER, agreement_row
from bloodsmear.review.reader_agreement import Comparison
from desktop.gui.theme.page_parts import paragraph, scrolling

# The column of kappa holds a sentence where there is no interval.
_REMARKS = 4
_LONGEST_LINE = 32
_SIZE_PX = (940, 480)
_MEANING = (
    "Kappa is 1 where two agree on every image, 0 where they agree as often as chance would have it. With a classifier "
    "only images count that the reader gave a label. Who sees the answers agrees with them more easily: read blind for "
    "figures that mean something. Agreement is no proof that either is right."
)
_NOBODY = "Nobody has decided anything yet, so there is nothing to compare."
_HIDDEN = (
    "Agreement with the classifiers is hidden while you read blind: it shows when every image of the study is "
    "decided."
)


class AgreementDialog(QDialog):
    """A row for each pair. It opens at once and says that it compares until `show_comparisons` or `show_failure`."""

    def __init__(self, hides_classifiers: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hides_classifiers = hides_classifiers
        self.setWindowTitle("Agreement")
        self.resize(*_SIZE_PX)
        self._remark = paragraph("Comparing…")
        self._remark.setObjectName("agreement_remark")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        inside = QWidget()
        held = QVBoxLayout(inside)
        held.setContentsMargins(0, 0, 0, 0)
        held.addLayout(self._grid)
        held.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(self._remark)
        layout.addWidget(scrolling(inside), 1)
        layout.addWidget(paragraph(_MEANING, "muted"))
        layout.addWidget(buttons)

    def show_comparisons(self, comparisons: Sequence[Comparison]) -> None:
        """One row each; those with a classifier are left out while `hides_classifiers()`."""
        hidden = self._hides_classifiers()
        shown = [one for one in comparisons if one.kind == "reader" or not hidden]
        self._remark.setText(_HIDDEN if hidden else "" if shown else _NOBODY)
        self._remark.setVisible(bool(self._remark.text()))
        if shown:
            for column, words in enumerate(AGREEMENT_HEADER):
                self._grid.addWidget(_cell(words, "muted"), 0, column)
        for line, one in enumerate(shown, start=1):
            for column, words in enumerate(agreement_row(one)):
                self._grid.addWidget(_cell(words, "plain"), line, column, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(_REMARKS, 1)

    def show_failure(self, sentence: str) -> None:
        """It could not be compared, and why."""
        self._remark.setText(sentence)


def _cell(words: str, look: str) -> QLabel:
    """In one line where it is a figure: a broken interval is hard to read. Names and remarks may be of any length."""
    label = paragraph(words, look)
    label.setWordWrap(len(words) > _LONGEST_LINE)
    return label
