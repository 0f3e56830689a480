"""The first view of the page: the list with its ticks, what is known of the selected one, and what was said last."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.classifiers.details import ClassifierDetails
from desktop.gui.classifiers.state import ClassifiersState, ListedClassifier
from desktop.gui.classifiers.words import MessageRows, can_use, choice_words, list_line
from desktop.gui.theme.page_parts import button, button_row, page_column, paragraph
from desktop.gui.theme.palette import GRID_PX

_ID = Qt.ItemDataRole.UserRole


class TickDelegate(QStyledItemDelegate):
    """Draws the tick into the box: a style sheet can only give it a picture, and the system's is unseen in the dark."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row, then the tick of one that has it."""
        super().paint(painter, option, index)
        if index.data(Qt.ItemDataRole.CheckStateRole) != Qt.CheckState.Checked.value:
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        view = self.parent()
        assert isinstance(view, QWidget)
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = view.style().subElementRect(part, shown, view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = view.palette().color(QPalette.ColorRole.BrightText)
        painter.setPen(
            QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        corners = ((0.25, 0.52), (0.42, 0.7), (0.75, 0.32))
        painter.drawPolyline(
            [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in corners]
        )
        painter.restore()


class ClassifierList(QListWidget):
    """`selected(id)` when another one is looked at, `ticked_changed()` when a person ticked or unticked one."""

    selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Classifiers on this PC; Space ticks the one that is compared")
        self.setSpacing(GRID_PX // 2)
        self.setItemDelegate(TickDelegate(self))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(lambda now, _before: self.selected.emit(_id_of(now)))
        self.ticked_changed = self.itemChanged

    def show_classifiers(
        self, listed: Sequence[ListedClassifier], in_use: Sequence[str], ticked: Sequence[str]
    ) -> None:
        """Show these; the one that was looked at stays selected where it is still there."""
        before = self.selected_id()
        with QSignalBlocker(self):
            self.clear()
            for one in listed:
                self.addItem(_item(one, in_use, one.id in ticked))
            self.select(before)
        if self.selected_id() != before:
            self.selected.emit(self.selected_id())

    def select(self, classifier_id: str) -> None:
        """Select this one, or the first where there is no such one."""
        rows = [row for row in range(self.count()) if _id_of(self.item(row)) == classifier_id]
        self.setCurrentRow(rows[0] if rows else 0)

    def selected_id(self) -> str:
        """The one that is looked at; empty in an empty list."""
        return _id_of(self.currentItem())

    def ticked(self) -> tuple[str, ...]:
        """The ids that are ticked, in the list's order: that of a report's columns."""
        items = [self.item(row) for row in range(self.count())]
        return tuple(_id_of(item) for item in items if item.checkState() == Qt.CheckState.Checked)


def _item(one: ListedClassifier, in_use: Sequence[str], ticked: bool) -> QListWidgetItem:
    version = f" {one.version}" if one.version else ""
    line = list_line(one, in_use)
    item = QListWidgetItem(f"{one.name}{version}\n{line}")
    item.setData(_ID, one.id)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.name}{version}, {line}")
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    if (one.refused or one.for_cells) and not ticked:
        # It can be looked at; ticked it would only be refused again, and one of cells answers no image.
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
    return item


def _id_of(item: QListWidgetItem | None) -> str:
    return "" if item is None else str(item.data(_ID))


_LIST_PX, _NARROW_LIST_PX = 260, 190
_INTRODUCTION = "Ticked classifiers answer for every image, side by side: two, or one, or three."
_DROP_HINT = "Or drop a zip, a folder, or an .h5 or .keras file here."


class ClassifierOverview(QWidget):
    """`use_wanted(tuple of ids)`, `add_file_wanted()`, `add_folder_wanted()`, `offers_wanted()`.

    The details and the messages have signals of their own.
    """

    use_wanted = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ClassifiersState | None = None
        self.list = ClassifierList()
        self.details = ClassifierDetails()
        self.messages = MessageRows()
        self._choice = paragraph("", "muted")
        self._choice.setObjectName("choice")
        self._use = button("use", "Use these", "primary")
        self._add_file = button("add_file", "Add a file…")
        self._add_folder = button("add_folder", "Add a folder…")
        self._offers = button("offers", "Download published ones…", "plain")
        self._lay_out()
        self.list.selected.connect(lambda _id: self._show_details())
        self.list.ticked_changed.connect(self._show_choice)
        self._use.clicked.connect(lambda _checked=False: self.use_wanted.emit(self.list.ticked()))
        self.add_file_wanted = self._add_file.clicked
        self.add_folder_wanted = self._add_folder.clicked
        self.offers_wanted = self._offers.clicked

    def show_state(self, state: ClassifiersState) -> None:
        """Show this state; what is ticked and not used yet stays ticked."""
        before, self._state = self._state, state
        anew = before is None or before.listed is None or state.in_use != before.in_use
        ticked = state.in_use if anew else self.list.ticked()
        if before is None or (state.listed, state.in_use) != (before.listed, before.in_use):
            self.list.show_classifiers(state.listed or (), state.in_use, ticked)
        if before is not None and state.selected != before.selected:
            self.list.select(state.selected)
        self.messages.show_state(state)
        for part in (self._add_file, self._add_folder, self._offers):
            part.setEnabled(state.work is None)
        self._offers.setVisible(bool(state.offers))
        self._show_details()
        self._show_choice()

    def _show_details(self) -> None:
        if self._state is not None:
            chosen = self.list.selected_id()
            one = next((one for one in self._state.listed or () if one.id == chosen), None)
            self.details.show_classifier(one, busy=self._state.work is not None)

    def _show_choice(self) -> None:
        state = self._state
        if state is None or state.listed is None:
            self._choice.setText("Reading the classifiers of this PC…")
            self._use.setEnabled(False)
            return
        ticked = self.list.ticked()
        self._choice.setText(choice_words(state.listed, state.in_use, ticked))
        self._use.setEnabled(can_use(state.in_use, ticked) and state.work is None)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(2 * GRID_PX)
        left.addWidget(paragraph(_INTRODUCTION, "muted"))
        left.addWidget(self.list, 1)
        left.addWidget(self._choice)
        left.addLayout(button_row([self._use], []))
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedWidth(1)
        columns = QHBoxLayout()
        columns.setSpacing(4 * GRID_PX)
        held = QWidget()
        held.setMinimumWidth(_NARROW_LIST_PX)
        held.setMaximumWidth(_LIST_PX)
        left.setContentsMargins(0, 0, 0, 0)
        held.setLayout(left)
        for part in (held, line, self.details):
            columns.addWidget(part, 1 if part is self.details else 0)
        whole = page_column(self)
        whole.addLayout(columns, 1)
        whole.addWidget(self.messages)
        whole.addLayout(button_row([self._add_file, self._add_folder], [self._offers]))
        whole.addWidget(paragraph(_DROP_HINT, "small"))
