"""A classifier's measured figures: what may hurt a patient first, accuracy never without what colour alone reaches."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from bloodsmear.classifiers.figure_words import (
    CALLED_OTHER,
    PRECISION,
    SENSITIVITY,
    WRONGLY_CALLED,
    figure_words,
)
from bloodsmear.classifiers.labels import Names, label_name
from bloodsmear.count_words import count_words
from desktop.gui.classifiers.state import ListedClassifier, MeasuredFigures
from desktop.gui.classifiers.words import share_words
from desktop.gui.theme.page_parts import paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip

# Name in the card, words, meaning.
_LEADING_ROWS = (
    (
        "benign_called_other",
        "Benign called another label",
        "Share of the Benign images that were called one of the other labels.",
    ),
    (
        "other_called_benign",
        "Another label called Benign",
        "Share of the images of all other labels that were called Benign.",
    ),
)
# The expected calibration error is shown as a share, too.
_ROWS = (
    ("accuracy", "Accuracy", "Share of held-out images with the right label."),
    (
        "accuracy_colour_only_baseline",
        "Colour alone",
        "What a method reaches that sees only colours, no cell.",
    ),
    ("macro_f1", "Macro-F1", "As accuracy, but every label weighs the same."),
    ("accuracy_grey", "In grey", "Accuracy with all colour taken away."),
    ("expected_calibration_error", "Calibration error", "How far confidence and accuracy lie apart (ECE)."),
    (
        "share_answerable_at_1_percent_error",
        "Answerable at 1 % error",
        "Share of images that can be answered when one in a hundred answers may be wrong.",
    ),
)
_EACH_LABEL = (
    (CALLED_OTHER, "Share of the label's images that were called another one."),
    (WRONGLY_CALLED, "Share of the images of all other labels that were called so."),
    (SENSITIVITY, "Share of the label's images that were called so."),
    (PRECISION, "Share of right ones among the images that were called so."),
)
_MOST_NAMED_COLUMNS = 5
_NONE = "No figures: how well it answers is not known here. Try it on images whose labels you know."


class FiguresBox(QFrame):
    """A table of figures, below it the confusion matrix; or the sentence that there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._head = paragraph("", "title")
        self._head.setObjectName("figures_head")
        self._grid = _grid()
        self._confusion_head = paragraph("Held-out images, true label (rows) by answer (columns):", "muted")
        self._confusion = _grid()
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 3 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self._head)
        column.addLayout(self._grid)
        column.addWidget(self._confusion_head)
        column.addLayout(self._confusion)

    def show_figures(self, one: ListedClassifier) -> None:
        """Show what was measured of this classifier."""
        evaluation = one.evaluation
        known = bool(evaluation.figures)
        self._head.setText(
            f"Measured on {count_words(evaluation.images, 'held-out image')} (95 % interval in brackets)"
            if known
            else _NONE
        )
        _empty(self._grid)
        _empty(self._confusion)
        self._fill_figures(evaluation, one.label_names)
        self._confusion_head.setVisible(bool(evaluation.confusion))
        if evaluation.confusion:
            self._fill_confusion(one.labels, evaluation.confusion)

    def _fill_figures(self, evaluation: MeasuredFigures, names: Names) -> None:
        each = []
        for name in evaluation.figures:
            for kind, meaning in _EACH_LABEL:
                if name.startswith(kind):
                    # No line ends at a hyphen; it may at a blank, for names of many words are wider than the page.
                    words = figure_words(name, lambda key: label_name(key, names)).replace("-", "\u2011")
                    each.append((name, f"{words[0].upper()}{words[1:]}", meaning))
        rows = [row for row in (*_LEADING_ROWS, *each, *_ROWS) if row[0] in evaluation.figures]
        for place, (name, words, meaning) in enumerate(rows):
            caption = paragraph(words)
            caption.setToolTip(plain_tooltip(meaning))
            figure = _label(share_words(evaluation.figures[name]))
            figure.setObjectName(name)
            self._grid.addWidget(caption, place, 0)
            self._grid.addWidget(figure, place, 1, Qt.AlignmentFlag.AlignRight)

    def _fill_confusion(self, labels: tuple[str, ...], confusion: tuple[tuple[int, ...], ...]) -> None:
        right = Qt.AlignmentFlag.AlignRight
        # More names than that have no room beside each other.
        numbered = len(labels) > _MOST_NAMED_COLUMNS
        for place, label in enumerate(labels, 1):
            self._confusion.addWidget(_label(str(place) if numbered else label, "small"), 0, place, right)
            self._confusion.addWidget(_label(f"{place}  {label}" if numbered else label), place, 0)
        for row, counts in enumerate(confusion, 1):
            for column, count in enumerate(counts, 1):
                # The right answers stand out from the wrong ones.
                self._confusion.addWidget(
                    _label(f"{count:,}", "title" if row == column else "plain"), row, column, right
                )


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(4 * GRID_PX)
    grid.setVerticalSpacing(GRID_PX)
    grid.setColumnStretch(0, 1)
    return grid


def _empty(grid: QGridLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _label(text: str, look: str = "plain") -> QLabel:
    label = PlainLabel(text)
    label.setProperty("look", look)
    return label
