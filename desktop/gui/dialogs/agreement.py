"""Who agrees with whom: readers with each other and with the classifiers, beyond what chance gives."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QWidget

from bloodsmear.review.agreement_words import AGREEMENT_HEADER, agreement_row
from bloodsmear.review.reader_agreement import Comparison
from desktop.gui.dialogs.study_page import GridPage
from desktop.gui.theme.page_parts import paragraph

# The column of kappa holds a sentence where there is no interval.
_REMARKS = 4
_LONGEST_LINE = 32
_SIZE_PX = (940, 480)
_MEANING = (
    "Kappa is 1 where two agree on every image, 0 where they agree as often as chance would have it. With a classifier "
    "only images count that the reader gave a label. Who sees the answers agrees with them more easily: read blind for "
    "figures that mean something. Cells of one case are alike for other reasons than their names: their interval is "
    "too narrow. Agreement does not show that either is right."
)
_NOBODY = "Nobody has decided anything yet, so there is nothing to compare."
_ALONE = "You read for consensus: how others agree shows when every image on which they differ is settled."
_ALONE_BLIND = "Agreement is hidden while you read blind: it shows when every image of the study is decided."
_HIDDEN = (
    "Agreement with the classifiers is hidden while you read blind: it shows when every image of the study is "
    "decided."
)


class AgreementDialog(GridPage):
    """A row for each pair. It opens at once and says that it compares until `show_comparisons` or `say`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Comparing…", parent)
        self.setWindowTitle("Agreement")
        self.begin_with(*_SIZE_PX)
        self.remark.setObjectName("agreement_remark")
        self.lay_out(paragraph(_MEANING, "muted"))

    def show_comparisons(
        self, comparisons: Sequence[Comparison], hidden: bool, alone: str | None = None
    ) -> None:
        """One row each; those with a classifier are left out where they are `hidden`, and all of other readers than
        `alone`: from two rows with one classifier it can be told what the other one decided.
        """
        shown = [
            one
            for one in comparisons
            if (not hidden if one.kind in ("classifier", "consensus") else alone is None)
            and alone in (None, one.reader)
        ]
        self.say(_why_hidden(hidden, alone) or ("" if shown else _NOBODY))
        if not shown:
            self.clear()
            return
        rows = [[_cell(words, "plain") for words in agreement_row(one)] for one in shown]
        self.show_grid([[_cell(words, "muted") for words in AGREEMENT_HEADER], *rows], widest=_REMARKS)


def _why_hidden(hidden: bool, alone: str | None) -> str:
    if alone is None:
        return _HIDDEN if hidden else ""
    return _ALONE_BLIND if hidden else _ALONE


def _cell(words: str, look: str) -> QLabel:
    """In one line where it is a figure: a broken interval is hard to read. Names and remarks may be of any length."""
    label = paragraph(words, look)
    label.setWordWrap(len(words) > _LONGEST_LINE)
    return label
