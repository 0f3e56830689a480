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
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice

_SIZE_PX = (860, 480)
# A sha256 would push everything else out of sight.
_WIDEST_COLUMN_PX = 220
_KINDS = (
    Segment("images", "CSV, a row an image", "For a spreadsheet or statistics"),
    Segment("cases", "CSV, a row a case", "Counts by label and decision, and who signed off"),
    Segment("html", "HTML report", "One page with pictures, to read, print or save as PDF"),
)


class ExportDialog(StudyPage):
    """`kind_chosen(kind)` asks for a preview, `save_wanted(kind)` for the report itself; kinds as of `ReportKind`.

    Nothing can be saved while no study is open.
    """

    kind_chosen = Signal(str)
    save_wanted = Signal(str)

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__("Reading the study…", parent)
        self.setWindowTitle("Export a report")
        self.resize(*_SIZE_PX)
        self._kinds = SegmentedChoice("Report", _KINDS, self)
        self._kinds.choose(kind)
        self.remark.setObjectName("export_sentences")
        self._table = QTableWidget()
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.verticalHeader().hide()
        header = self._table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMaximumSectionSize(_WIDEST_COLUMN_PX)
        self._table.setAccessibleName("The first rows")
        self._save = QPushButton("Save as…")
        self._save.setObjectName("save_report")
        self._save.setProperty("look", "primary")
        close = QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._kinds)
        layout.addWidget(self.remark)
        layout.addWidget(self._table, 1)
        layout.addLayout(foot)
        self._kinds.chosen.connect(self._choose)
        self._save.clicked.connect(lambda: self.save_wanted.emit(self.kind))

    @property
    def kind(self) -> str:
        """The chosen kind."""
        return self._kinds.current()

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
        """The first rows as they will be written, and what there is to say about all of it."""
        self._save.setEnabled(True)
        self._table.setColumnCount(len(header))
        self._table.setRowCount(len(rows))
        self._table.setHorizontalHeaderLabels(list(header))
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                self._table.setItem(line, column, QTableWidgetItem(cell))
        self._table.resizeColumnsToContents()
        self.say("\n".join(sentences))

    def _choose(self, kind: str) -> None:
        self.show_waiting()
        self.kind_chosen.emit(kind)
