"""The page of cases: all of them in a table, and beside it the chosen one with its figures and images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bloodsmear.classifiers.labels import NO_NAMES, unbroken
from bloodsmear.count_words import count_words
from bloodsmear.reports.case_summary import CaseSummary, mean_words, progress_of
from bloodsmear.review.decisions import BESIDE_LABELS, decision_name
from bloodsmear.review.sentences import case_words
from desktop.gui.cases.case_table import CaseTable, signed_off_words
from desktop.gui.cases.image_grid import ImageGrid
from desktop.gui.dialogs.study_page import StudyPage
from desktop.gui.placing import scrolled
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button, button_row, close_button, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel

if TYPE_CHECKING:
    from bloodsmear.images.rgb_image import RgbImage
    from bloodsmear.workflows.cases import ReaderCase, ReaderCases

_SIZE_PX = (1330, 640)
_COLUMNS_PX = (880, 394)
_WIDEST_COLUMN_PX = 280
# What gives way where there is no room for all: the decisions, then the case. Both stand whole beside the table.
_GIVE_WAY = (4, 0)
# Beside a title: the padding, and the arrow of the order.
_AROUND_TITLE_PX = 28
_HIDDEN = "You read blind: what the classifiers say shows here when every image of the study is decided."
_NO_CASE = "There is no case."
_FOR_CONSENSUS = "You read for consensus: here are the images on which readers differ."
_ALL_ALIKE = "You read for consensus, and readers differ on no image."
_NONE = "–"


class CasesPage(StudyPage):
    """`image_wanted(image)` to show in the window, `sign_off_wanted(case)`, `thumbnail_needed(image)`."""

    image_wanted = Signal(str)
    sign_off_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Reading the study…", parent)
        self.setWindowTitle("Cases")
        self.begin_with(*_SIZE_PX)
        self.remark.setObjectName("cases_remark")
        self._read: ReaderCases | None = None
        self._hidden = False
        self._shown_case = ""
        self.table = CaseTable(self)
        self._view = _TableView(self.table)
        self._title = ElidedLabel()
        self._title.setProperty("look", "title")
        self._progress = paragraph("", "muted")
        self._progress.setObjectName("case_progress")
        self._figures = QWidget()
        self._figures_column = QVBoxLayout()
        self._figures_column.setContentsMargins(0, 0, 0, 0)
        self.grid = ImageGrid()
        self._next = button("first_to_decide", "Go to the first one to decide")
        self._sign_off = button("sign_off_this_case", "Sign off case…", "primary")
        self._lay_out()
        self.thumbnail_needed = self.grid.images.thumbnail_needed
        self.grid.image_wanted.connect(self.image_wanted)
        self._view.selectionModel().currentRowChanged.connect(self._choose)
        self._view.activated.connect(lambda _index: self._go_to_first())
        self._next.clicked.connect(self._go_to_first)
        self._sign_off.clicked.connect(lambda: self.sign_off_wanted.emit(self._shown_case))
        self.clear()

    def show_cases(self, read: ReaderCases, hidden: bool) -> None:
        """All cases as they are now; the one that was chosen stays chosen. `hidden`: nothing of a classifier."""
        self._read, self._hidden = read, hidden
        self.table.show_cases(read.cases, read.names, hidden)
        self._view.fit_columns()
        words = [_HIDDEN] if hidden else []
        if read.for_consensus:
            words.append(_FOR_CONSENSUS if read.cases else _ALL_ALIKE)
        elif not read.cases:
            words.append(_NO_CASE)
        else:
            words.insert(
                0,
                f"{count_words(len(read.cases), 'case')}: {progress_of(one.summary for one in read.cases).words}.",
            )
        self.say(" ".join(words))
        if read.cases:
            row = self.table.row_of(self._shown_case) or 0
            # Not only the current row: a reset has forgotten which one was selected.
            self._view.selectionModel().setCurrentIndex(
                self.table.index(row, 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )
            self._show_case(self.table.case_at(row))
        else:
            self._show_nothing_chosen()

    def choose_case(self, case: str) -> None:
        """Begin with this case, once the study is read."""
        self._shown_case = case

    def set_thumbnail(self, image: str, pixels: RgbImage | None, _reachable: bool = True) -> None:
        """The answer to `thumbnail_needed`."""
        self.grid.images.set_thumbnail(image, pixels)

    def clear(self) -> None:
        """Take away what was read of the study."""
        self._read = None
        self.table.show_cases((), NO_NAMES, hidden=True)
        self.grid.images.forget_pictures()
        self._show_nothing_chosen()

    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self._show_case(self.table.case_at(now.row()))

    def _show_nothing_chosen(self) -> None:
        self._title.set_text("")
        self._progress.setText("")
        self._put_figures(QWidget())
        self.grid.images.show_rows(())
        self._next.setEnabled(False)
        self._sign_off.setEnabled(False)

    def _show_case(self, case: ReaderCase) -> None:
        summary = case.summary
        changed = summary.case != self._shown_case
        self._shown_case = summary.case
        words = case_words(summary.case)
        self._title.set_text(f"{words[0].upper()}{words[1:]}")
        signed = signed_off_words(summary)
        told = progress_of([summary]).words
        self._progress.setText(f"{told}. Signed off {signed}." if signed else f"{told}.")
        assert self._read is not None
        self._put_figures(_figures(summary, self._read, self._hidden))
        at = self.grid.verticalScrollBar().value()
        self.grid.images.show_rows(case.rows)
        if changed:
            self.grid.scrollToTop()
        else:
            self.grid.verticalScrollBar().setValue(at)
        self._next.setEnabled(summary.undecided > 0)
        self._sign_off.setEnabled(not signed)

    def _go_to_first(self) -> None:
        row = self.table.row_of(self._shown_case)
        rows = () if row is None else self.table.case_at(row).rows
        for one in rows:
            acknowledged = one.record.status == "unreadable" and one.decision.acknowledged_by
            if one.decision.decision is None and not acknowledged:
                self.image_wanted.emit(one.record.image)
                return
        if rows:
            self.image_wanted.emit(rows[0].record.image)

    def _put_figures(self, figures: QWidget) -> None:
        self._figures_column.removeWidget(self._figures)
        self._figures.deleteLater()
        self._figures = figures
        self._figures_column.addWidget(figures)
        # It scrolls up and down alone. Qt counts a part once it is shown.
        figures.show()
        bar_px = self._detail.verticalScrollBar().sizeHint().width()
        self._detail.setMinimumWidth(self._parts.minimumSizeHint().width() + bar_px)

    def _lay_out(self) -> None:
        detail = self._parts = QFrame()
        detail.setProperty("look", "panel")
        column = QVBoxLayout(detail)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self._title)
        column.addWidget(self._progress)
        column.addLayout(self._figures_column)
        column.addWidget(self.grid, 1)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        both.addWidget(self._view)
        # On a low screen the figures come after the page was fitted to it, and would push its buttons off.
        self._detail = scrolled(detail)
        both.addWidget(self._detail)
        both.setSizes(list(_COLUMNS_PX))
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self.remark)
        layout.addWidget(both, 1)
        layout.addLayout(button_row([], [self._next, close_button(self), self._sign_off]))


class _CutAtTheEnd(QStyledItemDelegate):
    """Of decisions the end goes: in the middle `Early` went, and `Pre-B 1` was left of `Early Pre-B 1`."""

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's own, but for where a text is cut."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideRight


class _TableView(QTableView):
    """The table of cases, whose columns are as wide as what stands in them."""

    def __init__(self, table: CaseTable) -> None:
        super().__init__()
        self.setModel(table)
        self.setObjectName("cases_table")
        self.setAccessibleName("Cases; Enter goes to the first image to decide")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setItemDelegateForColumn(_GIVE_WAY[0], _CutAtTheEnd(self))
        # Tab leads on to the images; the arrows go through the table.
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMaximumSectionSize(_WIDEST_COLUMN_PX)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def selectionCommand(  # noqa: N802 - Qt's name
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """With Ctrl, too, the case is highlighted that is chosen: Enter and the sign-off are for it."""
        if not index.isValid():
            return super().selectionCommand(index, event)
        return QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows

    def fit_columns(self) -> None:
        """For the arrow of the order Qt keeps more room than there is at 1366 px."""
        header = self.horizontalHeader()
        titles_px = [self._title_px(column) for column in range(header.count())]
        widths_px = [
            min(max(self.sizeHintForColumn(column), title_px), _WIDEST_COLUMN_PX)
            for column, title_px in enumerate(titles_px)
        ]
        over_px = max(0, sum(widths_px) - self.viewport().width())
        spare_px = {column: max(0, widths_px[column] - titles_px[column]) for column in _GIVE_WAY}
        # Where that is not enough the table is scrolled in any case, and nothing is cut.
        for column in _GIVE_WAY if over_px <= sum(spare_px.values()) else ():
            given_px = min(over_px, spare_px[column])
            widths_px[column] -= given_px
            over_px -= given_px
        for column, width_px in enumerate(widths_px):
            self.setColumnWidth(column, width_px)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the columns to the new room."""
        super().resizeEvent(event)
        self.fit_columns()

    def _title_px(self, column: int) -> int:
        title = self.model().headerData(column, Qt.Orientation.Horizontal)
        return self.horizontalHeader().fontMetrics().horizontalAdvance(title) + _AROUND_TITLE_PX


def _figures(summary: CaseSummary, study: ReaderCases, hidden: bool) -> QWidget:
    """A line for each label, and for what was decided beside the labels: counts, and the mean probability."""
    figures = QWidget()
    grid = QGridLayout(figures)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(4 * GRID_PX)
    grid.setVerticalSpacing(GRID_PX)
    heads = ["", "You", *(() if hidden else ("Classifiers", "Mean probability (95 %)"))]
    for place, head in enumerate(heads):
        grid.addWidget(_cell(head, "muted", place), 0, place)
    values = dict.fromkeys([*study.choices, *summary.decisions])
    for line, value in enumerate(values, start=1):
        count = summary.decisions.get(value, 0)
        cells = [unbroken(decision_name(value, study.names)), f"{count:,}"]
        if not hidden and value not in BESIDE_LABELS:
            mean = summary.means.get(value)
            cells += [f"{summary.consensus.get(value, 0):,}", _NONE if mean is None else mean_words(mean)]
        for place, words in enumerate(cells):
            grid.addWidget(_cell(words, "plain" if count or place > 1 else "muted", place), line, place)
    grid.setColumnStretch(len(heads), 1)
    return figures


def _cell(words: str, look: str, place: int) -> PlainLabel:
    cell = PlainLabel(words)
    cell.setProperty("look", look)
    if place:
        cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return cell
