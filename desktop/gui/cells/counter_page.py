"""The counter: keys count cells, like the counter on the bench. It needs no cell to be found in an image."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from bloodsmear.cells.differential import TARGETS
from bloodsmear.cells.names import NameSet, cell_name
from desktop.gui.cells.names_table import NamesTable
from desktop.gui.cells.own_names import SetChoice
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, close_button, paragraph, set_look
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice

_WIDTH_PX = 460
_FLASH_MS = 700
_WHITE = "Neither erythroblasts, smudges nor artefacts count as white cells; the first two are told for 100 of them."


@dataclass(frozen=True, slots=True)
class Counted:
    """What a reader has counted of a case: cells by the id of their name, and the last one's, empty where none is.

    `hindrance` says why nothing can be counted; empty where it can.
    """

    case: str
    counts: Mapping[str, int]
    last: str = ""
    hindrance: str = ""


class CounterPage(QDialog):
    """`counted(case, id)`, `taken_back(case)`, `all_taken_back(case)`; `case_chosen(case)` and
    `target_chosen(number)` for what is chosen on the page; `names` chooses the set. What it shows is kept already.
    """

    counted = Signal(str, str)
    taken_back = Signal(str)
    all_taken_back = Signal(str)
    case_chosen = Signal(str)
    target_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Counter")
        self._shown = Counted("", {})
        self._white: int | None = None
        self._case, self.names = DropDown(), SetChoice()
        self._case.setObjectName("counter_case")
        self._case.setAccessibleName("Case")
        self._target = SegmentedChoice("Count to", [Segment(str(number), str(number)) for number in TARGETS])
        self._total = paragraph("", "count")
        self._total.setObjectName("counter_total")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setProperty("look", "thin")
        self._frame = QFrame()
        self._frame.setObjectName("counter_frame")
        self._frame.setProperty("look", "quiet")
        self._flash = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self.table = NamesTable()
        self._last = paragraph("", "muted")
        self._last.setObjectName("counter_last")
        self._undo, self._anew = button("counter_undo", "Take back"), button("counter_anew", "Begin anew…")
        self._problem = NoticeBox("counter_problem", amber=True)
        self._undo.setToolTip("The last cell counted (Backspace, Ctrl+Z)")
        self._frame.setToolTip(plain_tooltip(_WHITE))
        self._lay_out()
        self._wire()
        # The keys count wherever the focus is, but a list that has it would look for a letter.
        self.setFocus()

    def show_sets(self, sets: Sequence[NameSet], chosen: str) -> None:
        """Offer these sets of names, with one chosen."""
        self.names.show_sets(sets, chosen)
        self.table.set_names(self.names.current())

    def set_target(self, target: int) -> None:
        """Count to so many white cells, as it was left."""
        self._target.choose(str(target if target in TARGETS else TARGETS[0]))
        self._show_total()

    def show_cases(self, cases: Sequence[str]) -> None:
        """Offer these cases to count for."""
        with QSignalBlocker(self._case):
            self._case.clear()
            for case in cases:
                self._case.addItem(case, case)
            self._case.setCurrentIndex(self._case.findData(self._shown.case))

    def show_counted(self, shown: Counted) -> None:
        """What is kept by now. Where it reaches the target by a cell that was counted here, that is to be seen."""
        same = shown.case == self._shown.case
        before, self._shown = (self._white if same else None), shown
        with QSignalBlocker(self._case):
            self._case.setCurrentIndex(self._case.findData(shown.case))
        self._white = self.table.show_counts(shown.counts).white
        self._show_total()
        self._last.setText(f"Last: {cell_name(shown.last).name}" if shown.last else "")
        self._undo.setEnabled(bool(shown.last) and not shown.hindrance)
        self._keep_counts()
        self._anew.setEnabled(bool(shown.last) and not shown.hindrance)
        self.table.set_can_choose(not shown.hindrance)
        self._problem.say(shown.hindrance)
        target = int(self._target.current())
        if before is not None and before < target <= self._white:
            set_look(self._frame, "reached")
            set_look(self._total, "count_reached")
            self._flash.start()
            QApplication.beep()

    def say_problem(self, sentence: str) -> None:
        """Why the last cell was not counted."""
        self._problem.say(sentence)

    def _show_total(self) -> None:
        white, target = self._white or 0, int(self._target.current())
        self._total.setText(f"{white:,} of {target}")
        self._total.setAccessibleName(f"{white:,} of {target} white cells")
        self._bar.setRange(0, target)
        self._bar.setValue(min(white, target))

    def _end_flash(self) -> None:
        set_look(self._frame, "quiet")
        set_look(self._total, "count")

    def _count(self, id_: str) -> None:
        self._problem.say("")
        self.counted.emit(self._shown.case, id_)

    def _choose_names(self) -> None:
        self.table.set_names(self.names.current())
        self.setFocus()

    def _choose_target(self, key: str) -> None:
        self._show_total()
        self.target_chosen.emit(int(key))
        self.setFocus()

    def _choose_case(self) -> None:
        self.case_chosen.emit(self._case.currentData())
        self.setFocus()

    def _ask_anew(self) -> None:
        if self._anew.property("look") == "primary":
            self._keep_counts()
            self.all_taken_back.emit(self._shown.case)
        else:
            cells = sum(self._shown.counts.values())
            self._anew.setText(f"Take all {cells:,} back" if cells > 1 else "Take it back")
            set_look(self._anew, "primary")

    def _keep_counts(self) -> None:
        if self._anew.property("look") == "primary":
            set_look(self._anew, "")
        self._anew.setText("Begin anew…")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*[5 * GRID_PX] * 4)
        column.setSpacing(3 * GRID_PX)
        column.addWidget(self._case)
        choices = QHBoxLayout()
        choices.setSpacing(2 * GRID_PX)
        choices.addWidget(self.names, 1)
        choices.addWidget(self._target)
        column.addLayout(choices)
        # Above the names: below them it is out of sight on a small screen.
        column.addWidget(self._problem)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(*[2 * GRID_PX] * 4)
        line = QHBoxLayout()
        line.addWidget(self._total)
        what = paragraph("white cells", "muted")
        what.setWordWrap(False)
        line.addWidget(what, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        line.addWidget(self._last, 0, Qt.AlignmentFlag.AlignBottom)
        for label in (self._total, self._last):
            label.setWordWrap(False)
        inside.addLayout(line)
        inside.addWidget(self._bar)
        column.addWidget(self._frame)
        column.addWidget(self.table)
        column.addStretch(1)
        column.addLayout(button_row([self._undo, self._anew], [close_button(self)]))
        self.setMinimumWidth(_WIDTH_PX)

    def _wire(self) -> None:
        self.table.chosen.connect(self._count)
        self.names.chosen.connect(lambda _id: self._choose_names())
        self._target.chosen.connect(self._choose_target)
        self._case.activated.connect(self._choose_case)
        self._anew.clicked.connect(self._ask_anew)
        self._undo.clicked.connect(lambda: self.taken_back.emit(self._shown.case))
        self._flash.timeout.connect(self._end_flash)
        for key in ("Backspace", "Ctrl+Z"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self._undo.click)
