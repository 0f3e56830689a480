"""The gallery of cells: crops at one scale, named by keys, many at once; beside them the differential."""

from collections.abc import Sequence
from typing import Literal, get_args

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bloodsmear.cells.names import NameSet, cell_name
from bloodsmear.cells.reader_cells import CellPlace
from bloodsmear.count_words import count_words
from bloodsmear.jobs import Progress
from desktop.gui.cells.cell_delegate import CellDelegate
from desktop.gui.cells.cell_list import CellList
from desktop.gui.cells.cell_model import NOTED, CellModel, ShownCell
from desktop.gui.cells.names_table import NamesTable
from desktop.gui.cells.order_choice import OrderChoice
from desktop.gui.cells.own_names import SetChoice
from desktop.gui.theme import Tokens
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.flow_row import FlowRow
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, close_button, paragraph, scrolling
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice
from desktop.gui.theme.typing_line import TypingLine

Scope = Literal["image", "case", "study", "audit"]
# Six cells are side by side.
_SIZE_PX = (1092, 640)
# So wide that two cells are side by side on a screen of 1366 px at 200 %.
_SIDE_PX = 376
# A reader's own name may be long; the list that opens shows the whole of it.
_LIST_PX = 192
_ALL, _WITHOUT, _NOTED = "All cells", "Without a name", "With a note"
_NOTHING_FOUND = (
    "No nucleated cell was found here. Shift+E in the window lets a click on the picture add one."
)
_NONE_SHOWN = "No cell here is one of those. Choose “All cells” in the list above to see them all."
_FINDING = "Looking for cells…"
_CHOOSE = "Choose cells first: click one, or draw a frame around several."
_AUDIT = "The audit set: the cells by which a classifier of cells is measured (bloodsmear audit --draw)"


class CellGalleryPage(QDialog):
    """`names_wanted(tuple of CellPlace, id)`, `note_wanted(tuple of CellPlace, text)`, `removal_wanted(tuple of
    CellPlace)`, `cell_wanted(CellPlace)` to see it in its image, `undo_wanted()`, `scope_chosen(scope)`,
    `suggestions_wanted()`: the chosen order goes by what a classifier says; `names` is the choice of the set of names.
    """

    names_wanted = Signal(tuple, str)
    note_wanted = Signal(tuple, str)
    removal_wanted = Signal(tuple)
    cell_wanted = Signal(CellPlace)
    suggestions_wanted = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Cells")
        # As large as the screen for those who name hundreds.
        self.setWindowFlags(Qt.WindowType.Window)
        self._hindrance = ""
        self._is_finding = False
        self.model = CellModel(self)
        self.view = CellList(self.model)
        self._delegate = CellDelegate(tokens, self.view)
        self._scope = SegmentedChoice(
            "Cells of",
            [
                Segment("image", "Image"),
                Segment("case", "Case"),
                Segment("study", "Study"),
                Segment("audit", "Audit", _AUDIT),
            ],
        )
        self._order, self._only = OrderChoice(), DropDown()
        self._only.setObjectName("cell_filter")
        self._only.setAccessibleName("Shown")
        self.names = SetChoice()
        self._head, self._bar = paragraph("", "title"), QProgressBar()
        self._head.setObjectName("cells_head")
        self._empty = paragraph(_FINDING, "muted")
        self._empty.setObjectName("cells_empty")
        self._middle = QStackedWidget()
        self.table = NamesTable()
        self._problem = NoticeBox("cells_problem", amber=True)
        self._chosen = paragraph("", "muted")
        self._chosen.setObjectName("cells_chosen")
        self._note = TypingLine("Note (F2)", takes_when_left=True)
        self._note.setObjectName("cell_note")
        # Of which cells the note is that is being typed.
        self._noted: tuple[ShownCell, ...] = ()
        # All cells are found, and the study was not read that knows their names: a key must find one without.
        self.lacks_names = False
        # Which were chosen before cells are looked for anew, and as an order was asked for.
        self._before: tuple[ShownCell, ...] = ()
        self._left_at: tuple[ShownCell, ...] | None = None
        self._show_in_image = button("cell_in_image", "Show in its image")
        self._remove = button("remove_cells", "No cell")
        self._undo = button("undo_cells", "Undo")
        self.undo_wanted = self._undo.clicked
        self._remove.setToolTip("What is chosen was found wrongly (Delete)")
        self._fill()
        self._lay_out()
        self._wire()

    # ---- what it shows

    def show_sets(self, sets: Sequence[NameSet], chosen: str) -> None:
        """Offer these sets of names, with one chosen."""
        self.names.show_sets(sets, chosen)
        self._take_names()

    def choose_scope(self, scope: Scope) -> None:
        """Begin with the cells of this."""
        self._scope.choose(scope)

    def begin(self) -> None:
        """Other images: their cells are being looked for."""
        self._before = self.selected() or self._before
        self.lacks_names = False
        self.model.begin()
        self._problem.say(self._hindrance)
        self._is_finding = True
        self._empty.setText(_FINDING)
        self._bar.setRange(0, 0)
        self._bar.show()
        self._show_counts()

    def show_progress(self, progress: Progress) -> None:
        """So many images were looked at."""
        self._bar.setRange(0, progress.total or 0)
        self._bar.setValue(progress.done)

    def end(self, unreadable: int, names_read: bool = True) -> None:
        """All were looked at: what is sorted is sorted now. Without `names_read` call it again once they are."""
        self._bar.hide()
        self._is_finding = False
        self._empty.setText(_NOTHING_FOUND)
        if unreadable:
            self._problem.say(
                f"{count_words(unreadable, 'image')} could not be read, so no cell of theirs is shown."
            )
        lacked, self.lacks_names = self.lacks_names, not names_read
        chosen = self.selected() or self._before
        if lacked or (self._order.current() != "place" and not self._order.is_by_said):
            self.model.arrange(self._order.current())
        self._show_counts()
        self.view.choose_again(chosen)
        stays = bool(self.selected())
        if names_read:
            self._before = ()
            self._choose_one()
        if self._order.is_by_said:
            self._ask(stays)

    def offer_suggestions(self, by: str) -> None:
        """Offer to sort by what a classifier of this name says; empty: nothing of one may be seen."""
        self._order.offer_said(by)
        if not by:
            chosen = self.selected()
            self.model.forget_suggestions()
            self.view.choose_again(chosen)
            self._show_chosen()

    def show_suggestions(self) -> None:
        """All that was asked is answered."""
        self._bar.hide()
        if self._order.is_by_said:
            chosen = self.selected()
            self.model.arrange(self._order.current())
            self.view.scrollToTop()
            if chosen != self._left_at:
                # The reader has gone on meanwhile: the next key is for what is chosen.
                self.view.choose_again(chosen)
            self._choose_one()

    def show_nothing(self, sentence: str) -> None:
        """There are no cells to show, and why."""
        self.begin()
        self._is_finding = False
        self._bar.hide()
        self._empty.setText(sentence)

    def say_problem(self, sentence: str) -> None:
        """Why something was not kept; empty where all is well."""
        self._problem.say(sentence)

    def set_hindrance(self, sentence: str) -> None:
        """Why nothing can be named now; empty where it can."""
        if sentence != self._hindrance:
            self._hindrance = sentence
            self._problem.say(sentence)
            self.table.set_can_choose(not sentence)
            self._show_chosen()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._delegate.set_tokens(tokens)
        self.view.viewport().update()

    # ---- what the reader does

    def selected(self) -> tuple[ShownCell, ...]:
        """The chosen cells, in the order in which they are shown."""
        return self.view.chosen()

    def _name(self, id_: str) -> None:
        """Name what is chosen, and go on behind the last of them; at the end none is chosen for the next key."""
        if not (rows := self.view.chosen_rows()):
            self._problem.say(_CHOOSE if self.model.rowCount() else "")
            return
        self._problem.say("")
        self.names_wanted.emit(_places(self.selected()), id_)
        self.view.go_to(rows[-1] + 1)

    def _choose_one(self) -> None:
        """A key shall find a cell to name: the first that has no name, unless the reader has chosen some."""
        rows = range(self.model.rowCount())
        if rows and not self.view.selectedIndexes():
            self.view.go_to(next((row for row in rows if not self.model.cell_at(row).name), 0))

    def _begin_note(self) -> None:
        """What is typed now is of these cells, whichever are chosen by the time that it is taken over."""
        self._noted = self.selected()

    def _take_note(self, text: str) -> None:
        if any(one.note != text.strip() for one in self._noted):
            self._problem.say("")
            self.note_wanted.emit(_places(self._noted), text)

    def _ask_removal(self) -> None:
        if rows := self.view.chosen_rows():
            chosen = self.selected()
            # At once: a key that comes before they are gone would bring them back with a name.
            self.view.go_to(rows[-1] + 1)
            self.removal_wanted.emit(_places(chosen))

    def _show_one(self) -> None:
        if chosen := self.selected():
            self.cell_wanted.emit(_places(chosen[:1])[0])

    def _arrange(self) -> None:
        if self._order.is_by_said:
            self.view.setFocus()
            if not self._is_finding:
                self._ask()
            return
        chosen = self.selected()
        self.model.arrange(self._order.current(), chosen[0] if len(chosen) == 1 else None)
        self.view.scrollToTop()
        self.view.setFocus()
        self._choose_one()

    def _ask(self, stays: bool = False) -> None:
        """Have the cells asked about that no classifier was asked about yet; then they are put in order."""
        self._left_at = None if stays else self.selected()
        self.show_progress(Progress(0, 0))
        self._bar.show()
        self.suggestions_wanted.emit()

    def _filter(self) -> None:
        self.model.show_only(self._only.currentData())
        self._show_counts()
        self.view.setFocus()
        self._choose_one()

    def _take_names(self) -> None:
        names = self.names.current()
        self.table.set_names(names)
        with QSignalBlocker(self._only):
            self._only.clear()
            self._only.addItem(_ALL, None)
            self._only.addItem(_WITHOUT, "")
            self._only.addItem(_NOTED, NOTED)
            for one in names.names:
                self._only.addItem(one.name, one.id)
        shown = self._only.view()
        shown.setMinimumWidth(shown.sizeHintForColumn(0) + 4 * GRID_PX)
        self.model.show_only(None)

    def _show_counts(self) -> None:
        counts, cells, images = self.model.counts(), self.model.cells, len(self.model.image_names())
        self.table.show_counts(counts)
        shown = self.model.rowCount()
        of_them = f", {shown:,} of them shown" if shown != cells else ""
        told = f"{count_words(cells, 'cell')} of {count_words(images, 'image')}"
        self._head.setText(f"{told}, {counts.total():,} named{of_them}")
        self._middle.setCurrentIndex(0 if shown else 1)
        if not self._is_finding:
            self._empty.setText(_NONE_SHOWN if cells else _NOTHING_FOUND)

    def _show_chosen(self) -> None:
        chosen = self.selected()
        if chosen and self._problem.text() == _CHOOSE:
            self._problem.say("")
        for each in (self._show_in_image, self._remove):
            each.setEnabled(bool(chosen))
        notes = {one.note for one in chosen}
        self._note.setEnabled(bool(chosen) and not self._hindrance)
        self._note.set_kept(notes.pop() if len(notes) == 1 else "")
        if len(chosen) == 1:
            (one,) = chosen
            name = f"{cell_name(one.name).name} · " if one.name else ""
            size = f" · nucleus of {one.red_cells:.1f} red cells" if one.red_cells else ""
            said = self.model.suggestion_of(one)
            told = f" · no name; {self._order.said_by} says {said.words}" if said else ""
            self._chosen.setText(f"{name}{one.image}{size}{told}")
        else:
            self._chosen.setText(f"{len(chosen):,} cells chosen" if chosen else "No cell is chosen.")

    # ---- how it is put together

    def _fill(self) -> None:
        self.view.setItemDelegate(self._delegate)
        self.view.setGridSize(self._delegate.tile + QSize(GRID_PX, GRID_PX))
        self._bar.setTextVisible(False)
        self._bar.setProperty("look", "thin")

    def _lay_out(self) -> None:
        # Beside the names a screen of 200 % has no room for them in one line.
        bar = FlowRow(2 * GRID_PX)
        for widget in (self._scope, self._order, self._only):
            bar.add(widget)
        self._scope.setMinimumHeight(self._order.sizeHint().height())
        self._only.setMaximumWidth(_LIST_PX)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (self.view, self._empty):
            self._middle.addWidget(page)
        left = QVBoxLayout()
        left.setSpacing(2 * GRID_PX)
        left.addWidget(bar)
        left.addWidget(self._head)
        left.addWidget(self._bar)
        left.addWidget(self._middle, 1)
        left.addWidget(self._chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(*[4 * GRID_PX] * 4)
        row.setSpacing(4 * GRID_PX)
        row.addLayout(left, 1)
        row.addWidget(self._side())
        self.resize(*_SIZE_PX)
        self.view.setFocus()

    def _side(self) -> QWidget:
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(3 * GRID_PX)
        right.addWidget(self.names)
        names = QWidget()
        held = QVBoxLayout(names)
        held.setContentsMargins(0, 0, 2 * GRID_PX, 0)
        held.addWidget(self.table)
        held.addStretch(1)
        area = scrolling(names)
        area.setFrameShape(QListView.Shape.NoFrame)
        right.addWidget(area, 1)
        right.addWidget(self._problem)
        right.addWidget(self._note)
        right.addWidget(self._show_in_image)
        right.addLayout(button_row([self._remove, self._undo], [close_button(self)]))
        side.setFixedWidth(_SIDE_PX)
        return side

    def _wire(self) -> None:
        self.table.chosen.connect(self._name)
        for show in (self._show_counts, self._show_chosen):
            self.model.counted.connect(show)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self.model.modelReset.connect(self._show_chosen)
        self.view.doubleClicked.connect(lambda _index: self._show_one())
        self._note.entered.connect(self._begin_note)
        self._note.taken.connect(self._take_note)
        self._note.left.connect(self.view.setFocus)
        self._show_in_image.clicked.connect(self._show_one)
        self._remove.clicked.connect(self._ask_removal)
        self.scope_chosen = self._scope.chosen
        for scope in get_args(Scope):
            self._scope.button(scope).clicked.connect(self.view.setFocus)
        self._order.activated.connect(self._arrange)
        self._only.activated.connect(self._filter)
        self.names.chosen.connect(lambda _id: self._take_names())
        self.names.chosen.connect(lambda _id: self.view.setFocus())
        keys = {"Delete": self._remove, "Ctrl+Z": self._undo, "Return": self._show_in_image}
        for key, pressed in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(pressed.click)
        QShortcut(QKeySequence("F2"), self).activated.connect(self._note.setFocus)


def _places(cells: Sequence[ShownCell]) -> tuple[CellPlace, ...]:
    return tuple(one.place for one in cells)
