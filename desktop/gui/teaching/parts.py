"""The two tables of the teaching page: what is decided of each label, and what the head is worth."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayoutItem, QWidget

from bloodsmear.count_words import count_words
from desktop.gui.teaching.state import FEWEST_OF_A_LABEL, FigureSeen, LabelSeen
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Table(QWidget):
    """Rows of texts under one another; the column `widest` takes the room that is left, and wraps."""

    def __init__(self, name: str, widest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(5 * GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX)
        self._grid.setColumnStretch(widest, 1)
        self._widest = widest

    def _show_rows(self, rows: Sequence[Sequence[tuple[str, str]]], right: frozenset[int]) -> None:
        """Each cell a text and its look; the columns `right` stand on the right, as numbers do."""
        while (item := self._grid.takeAt(0)) is not None:
            _forget(item)
        for line, row in enumerate(rows):
            for column, (text, look) in enumerate(row):
                label = PlainLabel(text)
                label.setProperty("look", look)
                label.setWordWrap(column == self._widest)
                self._grid.addWidget(
                    label, line, column, _RIGHT if column in right else Qt.AlignmentFlag.AlignVCenter
                )
        self.setAccessibleName("; ".join(" ".join(text for text, _ in row) for row in rows))


class LabelTable(_Table):
    """A row a label: how many images are decided, and how many are missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("taught_labels", 3, parent)

    def show_labels(self, labels: Sequence[LabelSeen]) -> None:
        """Show these."""
        self._show_rows([_label_row(label) for label in labels], frozenset((1,)))


class FigureTable(_Table):
    """A row a figure: share, interval, on how many images."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, 0, parent)
        # Two tables stand under one another, and their figures do.
        for column, width in ((1, 24), (2, 26), (3, 24)):
            self._grid.setColumnMinimumWidth(column, width * GRID_PX)

    def show_figures(self, figures: Sequence[FigureSeen]) -> None:
        """Show these."""
        self._show_rows([_figure_row(figure) for figure in figures], frozenset((1, 2, 3)))


def _label_row(label: LabelSeen) -> list[tuple[str, str]]:
    missing = FEWEST_OF_A_LABEL - label.decided
    more = f"{missing} more to teach it" if missing > 0 else "enough to teach it"
    return [(label.name, ""), (f"{label.decided:,}", ""), (more, "muted")]


def _figure_row(figure: FigureSeen) -> list[tuple[str, str]]:
    sign = "+" if figure.signed else ""
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f"{100 * figure.low:{sign}.1f} to {100 * figure.high:{sign}.1f}"
    unit = "points" if figure.signed else "%"
    return [
        (figure.words[:1].upper() + figure.words[1:], ""),
        (f"{100 * figure.value:{sign}.1f} {unit}", "title"),
        (interval, "muted"),
        (count_words(figure.images, "image"), "muted"),
    ]


def _forget(item: QLayoutItem) -> None:
    widget = item.widget()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
