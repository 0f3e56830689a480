"""The page of reports: which kind, what it will hold, and where to save it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.dialogs.study_page import StudyPage
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, close_button
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice

_SIZE_PX = (860, 480)
# The kinds that have a form.
_TABLES = ("images", "cases")
# A sha256 would push everything else out of sight.
_WIDEST_COLUMN_PX = 220
_LOWEST_TABLE_PX = 40
_KINDS = (
    Segment("images", "CSV, a row an image", "For a spreadsheet or statistics"),
    Segment("cases", "CSV, a row a case", "Counts by label and decision, and who signed off"),
    Segment("html", "HTML report", "One page with pictures, to read, print or save as PDF"),
    Segment(
        "folders",
        "Images by decision",
        "Copies of the images in a folder for each label: to train or teach on",
    ),
)
_SCOPES = (
    Segment("all", "All images", "Every image of the study"),
    Segment("shown", "Shown in the list", "The images that the list's filter shows"),
    Segment("marked", "Marked", "The images that are marked in the list"),
    Segment("case", "This case", "The images of the chosen image's case"),
)
_FORMS = (
    Segment(
        "comma",
        "Comma · 0.5",
        "Commas and decimal points: for programs, and for a spreadsheet set to English",
    ),
    Segment(
        "semicolon",
        "Semicolon · 0,5",
        "Semicolons and decimal commas: for a spreadsheet where decimals have a comma",
    ),
)


class ExportDialog(StudyPage):
    """`kind_chosen(kind)` asks for a preview, `save_wanted(kind)` for the report itself; kinds as of `ReportKind`.

    `scope_chosen("all", "shown", "marked" or "case")`: of which images. `form_chosen("comma" or "semicolon")`: another
    form of the CSV is wanted from now on. `open_wanted()` and `folder_wanted()`: to see the report that was saved last.
    Nothing can be saved while no study is open.
    """

    kind_chosen = Signal(str)
    form_chosen = Signal(str)
    scope_chosen = Signal(str)
    save_wanted = Signal(str)

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__("Reading the study…", parent)
        self.setWindowTitle("Export a report")
        self.begin_with(*_SIZE_PX)
        self._kinds = SegmentedChoice("Report", _KINDS, self)
        self._kinds.choose(kind)
        self._forms = SegmentedChoice("Cells and decimals", _FORMS, self)
        self._forms.setVisible(kind in _TABLES)
        self._scopes = SegmentedChoice("Images", _SCOPES, self)
        self.remark.setObjectName("export_sentences")
        self._table = QTableWidget()
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.verticalHeader().hide()
        # Of images of one case the ends tell more.
        self._table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._table.setWordWrap(False)
        # Tab leads on: from cell to cell it would never leave the table. The arrows go through it.
        self._table.setTabKeyNavigation(False)
        header = self._table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMaximumSectionSize(_WIDEST_COLUMN_PX)
        self._table.setAccessibleName("The first rows")
        # On a low screen the sentences above come first: they say what is left out.
        self._table.setMinimumHeight(_LOWEST_TABLE_PX)
        self._saved = NoticeBox("export_saved", amber=False)
        self._problem = NoticeBox("export_problem", amber=True)
        self._open, self._folder = button("open_report", "Open"), button("show_report", "Show in folder")
        self._save = QPushButton("Save as…")
        self._save.setObjectName("save_report")
        self._save.setProperty("look", "primary")
        close = close_button(self)
        self._lay_out(close)
        self._forget_saved()
        # Enter saves, wherever the focus is; not the first of the kinds.
        self._save.setDefault(True)
        self._save.setFocus()
        self._kinds.chosen.connect(self._choose)
        self._scopes.chosen.connect(self._choose_scope)
        self._forms.chosen.connect(self._choose_form)
        self.open_wanted = self._open.clicked
        self.folder_wanted = self._folder.clicked
        self._save.clicked.connect(lambda: self.save_wanted.emit(self.kind))

    @property
    def kind(self) -> str:
        """The chosen kind."""
        return self._kinds.current()

    @property
    def scope(self) -> str:
        """Of which images the report is to be."""
        return self._scopes.current()

    def show_form(self, form: str) -> None:
        """Show which form of the CSV is chosen, without emitting it."""
        self._forms.choose(form)

    def show_waiting(self) -> None:
        """The study is being read; its report can be saved already."""
        super().show_waiting()
        self._save.setEnabled(True)

    def show_nothing(self, sentence: str) -> None:
        """No study is open, and why: nothing can be saved."""
        super().show_nothing(sentence)
        self._save.setEnabled(False)

    def clear(self) -> None:
        """Take away the rows."""
        self._table.clear()
        self._table.setRowCount(0)
        self._table.setColumnCount(0)

    def show_preview(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], sentences: Sequence[str]
    ) -> None:
        """The first rows, and what there is to say about all of it."""
        self._save.setEnabled(True)
        self._table.setColumnCount(len(header))
        self._table.setRowCount(len(rows))
        self._table.setHorizontalHeaderLabels(list(header))
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                self._table.setItem(line, column, QTableWidgetItem(cell))
        self._table.resizeColumnsToContents()
        self.say("\n".join(sentences))

    def show_saved(self, sentence: str) -> None:
        """The report is written, and what was written; it can be looked at."""
        self._problem.say("")
        self._saved.say(sentence)
        for part in (self._open, self._folder):
            part.show()
        self._open.setFocus()

    def show_problem(self, sentence: str) -> None:
        """The report was not written, and why."""
        self._forget_saved()
        self._problem.say(sentence)
        self._save.setFocus()

    def say_problem(self, sentence: str) -> None:
        """Why what was saved cannot be looked at from here; it stays saved."""
        self._problem.say(sentence)

    def take_focus(self) -> None:
        """The reader has chosen where to save: the keys are this page's again, and not the window's behind it."""
        self.raise_()
        self.activateWindow()
        self._save.setFocus()

    def _lay_out(self, close: QWidget) -> None:
        head, below = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._kinds)
        head.addStretch(1)
        below.addWidget(self._scopes)
        below.addStretch(1)
        below.addWidget(self._forms)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addLayout(below)
        layout.addWidget(self.remark)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._saved)
        layout.addWidget(self._problem)
        layout.addLayout(button_row([self._open, self._folder], [close, self._save]))

    def _forget_saved(self) -> None:
        self._saved.say("")
        self._problem.say("")
        for part in (self._open, self._folder):
            part.hide()

    def _choose(self, kind: str) -> None:
        self._forms.setVisible(kind in _TABLES)
        self._forget_saved()
        self.show_waiting()
        self.kind_chosen.emit(kind)

    def _choose_scope(self, scope: str) -> None:
        self._forget_saved()
        self.show_waiting()
        self.scope_chosen.emit(scope)

    def _choose_form(self, form: str) -> None:
        self._forget_saved()
        self.show_waiting()
        self.form_chosen.emit(form)
