"""The cases of a study as a Qt table model, which a header's click sorts. It can be tested without a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bloodsmear.classifiers.labels import NO_NAMES, Names, label_name
from bloodsmear.images.natural_order import natural_key
from bloodsmear.reports.case_summary import CaseSummary, highest_mean, mean_words
from bloodsmear.review.decisions import decision_name
from bloodsmear.review.sentences import percent
from bloodsmear.time_words import local_words
from desktop.gui.theme.plain_text import plain_tooltip

if TYPE_CHECKING:  # it reads the study's file: SQLite is not needed for the first picture
    from bloodsmear.workflows.cases import ReaderCase

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_NONE = "–"


@dataclass(frozen=True, slots=True)
class _Column:
    """`key` puts the cases in order; `of_classifiers`: not to be seen while images are to be decided blind. `whole` is
    what a cell has no room for, for its tooltip.
    """

    title: str
    meaning: str
    words: Callable[[CaseSummary, Names], str]
    key: Callable[[CaseSummary, Names], Any]
    is_figure: bool = True
    of_classifiers: bool = False
    whole: Callable[[CaseSummary, Names], str] | None = None


def decisions_words(summary: CaseSummary, names: Names) -> str:
    """`Pre-B 12, Unsure 1`, the most frequent first."""
    most = sorted(summary.decisions.items(), key=lambda item: -item[1])
    return ", ".join(f"{decision_name(value, names)} {count:,}" for value, count in most)


def signed_off_words(summary: CaseSummary) -> str:
    """When it was signed off, by the PC's clock; empty while it is not."""
    return "; ".join(local_words(event.at) for event in summary.sign_offs)


def _mean_words(summary: CaseSummary, names: Names) -> str:
    """Without the interval, which stands beside the table: all columns are to be seen at 1366 px."""
    highest = highest_mean(summary)
    return _NONE if highest is None else f"{label_name(highest[0], names)} {percent(highest[1].value)}\u00a0%"


def _mean_with_interval(summary: CaseSummary, names: Names) -> str:
    highest = highest_mean(summary)
    return _NONE if highest is None else f"{label_name(highest[0], names)} {mean_words(highest[1])}"


def _mean_key(summary: CaseSummary, names: Names) -> tuple[str, float]:
    highest = highest_mean(summary)
    return ("", 0.0) if highest is None else (label_name(highest[0], names), highest[1].value)


COLUMNS: tuple[_Column, ...] = (
    _Column(
        "Case", "The folder", lambda one, _: one.case, lambda one, _: natural_key(one.case), is_figure=False
    ),
    _Column(
        "To decide",
        "Images that you have neither decided nor acknowledged",
        lambda one, _: f"{one.undecided:,}",
        lambda one, _: one.undecided,
    ),
    _Column("Images", "", lambda one, _: f"{one.images:,}", lambda one, _: one.images),
    _Column(
        "Signed off",
        "When you signed the case off",
        lambda one, _: signed_off_words(one) or _NONE,
        lambda one, _: max((event.number for event in one.sign_offs), default=0),
        is_figure=False,
    ),
    _Column(
        "Your decisions",
        "",
        lambda one, names: decisions_words(one, names) or _NONE,
        lambda one, names: (sum(one.decisions.values()), decisions_words(one, names)),
        is_figure=False,
    ),
    _Column(
        "Disagree",
        "Images on which the classifiers disagree",
        lambda one, _: f"{one.disagree:,}",
        lambda one, _: one.disagree,
        of_classifiers=True,
    ),
    _Column(
        "Flagged",
        "Images with a reason to look",
        lambda one, _: f"{one.flagged:,}",
        lambda one, _: one.flagged,
        of_classifiers=True,
    ),
    _Column(
        "Highest mean",
        "The label with the highest mean probability over the case's images. Its 95 % interval stands beside the "
        "table: it tells how far other images of the case would have moved the mean, and not how often it is right.",
        _mean_words,
        _mean_key,
        is_figure=False,
        of_classifiers=True,
        whole=_mean_with_interval,
    ),
)


class CaseTable(QAbstractTableModel):
    """A row for each case. Another order is a layout change, so that the chosen case stays chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases: list[ReaderCase] = []
        self._names = NO_NAMES
        self._columns: tuple[_Column, ...] = COLUMNS
        self._order: tuple[int, Qt.SortOrder] = (0, Qt.SortOrder.AscendingOrder)

    def show_cases(self, cases: Sequence[ReaderCase], names: Names, hidden: bool) -> None:
        """These in place of those before, in the order that was asked for; `hidden`: nothing of a classifier.

        `names` are those of the study's labels.
        """
        self._names = names
        self.beginResetModel()
        self._columns = tuple(one for one in COLUMNS if not (hidden and one.of_classifiers))
        self._cases = list(cases)
        self._arrange()
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """How many cases there are."""
        return 0 if parent.isValid() else len(self._cases)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """How many columns are to be seen."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell; figures stand right."""
        if not index.isValid():
            return None
        column, summary = self._columns[index.column()], self._cases[index.row()].summary
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return column.words(summary, self._names)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip((column.whole or column.words)(summary, self._names))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names, and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.meaning
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the cases in the order of a column; equal ones stay as they are."""
        self.layoutAboutToBeChanged.emit()
        before = [one.summary.case for one in self._cases]
        self._order = (column, order)
        self._arrange()
        row_of = {one.summary.case: row for row, one in enumerate(self._cases)}
        for index in self.persistentIndexList():
            self.changePersistentIndex(index, self.index(row_of[before[index.row()]], index.column()))
        self.layoutChanged.emit()

    def case_at(self, row: int) -> ReaderCase:
        """The case of a row."""
        return self._cases[row]

    def row_of(self, case: str) -> int | None:
        """The row of a case, None where there is no such one."""
        rows = (row for row, one in enumerate(self._cases) if one.summary.case == case)
        return next(rows, None)

    def _arrange(self) -> None:
        column, order = self._order
        if 0 <= column < len(self._columns):
            key = self._columns[column].key
            falls = order == Qt.SortOrder.DescendingOrder
            self._cases.sort(key=lambda one: key(one.summary, self._names), reverse=falls)


def _alignment(column: _Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_figure else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
