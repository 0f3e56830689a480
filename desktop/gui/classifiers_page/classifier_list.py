"""The list at the left: every classifier, ticked where it is to be compared."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.gui.classifiers_page.classifier_words import list_line
from desktop.gui.classifiers_state import ListedClassifier
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
    ticked_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Classifiers on this PC; Space ticks the one that is compared")
        self.setSpacing(GRID_PX // 2)
        self.setItemDelegate(TickDelegate(self))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(lambda now, _before: self.selected.emit(_id_of(now)))
        self.itemChanged.connect(lambda _item: self.ticked_changed.emit())

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
    if one.refused and not ticked:
        # It can be looked at; ticked it would only be refused again.
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
    return item


def _id_of(item: QListWidgetItem | None) -> str:
    return "" if item is None else str(item.data(_ID))
