"""What stands above the list: how far the reader is, the field, the chips, how many images are shown, other ways."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bloodsmear.review.sign_off import ReviewProgress
from desktop.gui.gallery.list_filter import (
    DONE_NAMES,
    KIND_NAMES,
    KINDS,
    KINDS_OF_CLASSIFIERS,
    Kind,
    ListFilter,
)
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.flow_row import FlowRow
from desktop.gui.theme.page_parts import tab_through
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip
from desktop.gui.theme.room import Room

# While a word is being typed the list is filtered once, not per key.
_TYPING_MS = 120
_THIN_PX = 3
_WHOSE = "These are your own decisions; a report counts those of any reader."


class FilterBar(QWidget):
    """`filter_chosen(ListFilter)` when the reader types, or presses a chip; `clear_wanted()` for everything again.

    The chips that always stand there show a count each; a chip stands behind them for each thing that was chosen in
    the menu, and goes when it is pressed. `filter_menu` and `order_menu` are filled by others when they open.
    """

    filter_chosen = Signal(ListFilter)
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blind = False
        self._now = ListFilter()
        self.filter_menu, self.order_menu = QMenu(self), QMenu(self)
        self._progress_words = ElidedLabel(self, cut=Qt.TextElideMode.ElideRight)
        self._progress_words.setObjectName("decided_words")
        self._progress_words.setProperty("look", "small")
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(_THIN_PX)
        self._progress.setProperty("look", "thin")
        self._progress.setAccessibleName("Decided and acknowledged images")
        self._field = QLineEdit(self)
        self._field.setPlaceholderText("Name or case")
        self._field.setAccessibleName("Filter by name or case")
        self._field.setClearButtonEnabled(True)
        self._filter = _menu_button("Filter", self.filter_menu, self)
        self._order = _menu_button("Order", self.order_menu, self)
        self._order.setAccessibleName("Order and headings of the list")
        self._order.setProperty("look", "link")
        self._clear = QPushButton("Clear all", self)
        self._clear.setProperty("look", "link")
        self._clear.setAccessibleName("Clear all filters")
        self._clear.clicked.connect(lambda: self._press("all"))
        self._shown = PlainLabel(parent=self)
        self._shown.setProperty("look", "small")
        self._kind_chips = {kind: _chip(self) for kind in KINDS}
        self._to_decide = _chip(self)
        self._chips, self._chosen_chips = FlowRow(GRID_PX, self), FlowRow(GRID_PX, self)
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(
            lambda: self._choose(replace(self._now, text=self._field.text().strip()))
        )
        self._field.textChanged.connect(lambda _text: self._typing.start())
        self._to_decide.clicked.connect(lambda: self._choose(_with_to_decide(self._now)))
        for kind, chip in self._kind_chips.items():
            chip.clicked.connect(lambda _checked=False, kind=kind: self._press(kind))
        self.set_counts(dict.fromkeys(KINDS, 0), ReviewProgress(0))
        self._put_chips(self._now)
        self.show_filter(self._now)

    def set_counts(self, counts: Mapping[Kind, int], progress: ReviewProgress) -> None:
        """Write the number of images of each kind onto its chip, and how far the reader is with all of them."""
        for kind, chip in self._kind_chips.items():
            hidden = self._blind and kind in KINDS_OF_CLASSIFIERS
            chip.setEnabled(not hidden)
            _count(chip, KIND_NAMES[kind], None if hidden else counts[kind])
        _count(self._to_decide, DONE_NAMES[False], progress.images - progress.done)
        # A blank keeps the line as high as it is with a text.
        self._progress_words.set_text(progress.words if progress.images else " ")
        whose = f"{progress.words}\n{_WHOSE}" if progress.images else ""
        self._progress_words.setToolTip(plain_tooltip(whose))
        self._progress.setRange(0, max(1, progress.images))
        self._progress.setValue(progress.done)

    def set_shown(self, shown: int, listed: int) -> None:
        """Say how many of the listed images are shown."""
        self._shown.setText(f"{shown:,} shown" if shown == listed else f"{shown:,} of {listed:,} shown")

    def show_filter(self, list_filter: ListFilter) -> None:
        """Say what is asked for, and offer to clear it."""
        # Only then: a chip that has the focus keeps it while the list changes by itself.
        chips_stand = list_filter == self._now
        self._now = list_filter
        for kind, chip in self._kind_chips.items():
            chip.setChecked(kind == list_filter.kind if kind != "all" else not list_filter.is_active)
        self._to_decide.setChecked(list_filter.done is False)
        self._clear.setEnabled(list_filter.is_active)
        told = ", ".join(list_filter.words)
        for clears in (self._clear, self._kind_chips["all"]):
            clears.setToolTip(plain_tooltip(f"Show all images again, not only: {told}" if told else ""))
        if not chips_stand:
            self._put_chips(list_filter)

    def set_blind(self, on: bool) -> None:
        """Blind reading: no filter by what classifiers say, and no count of it until the counts are set anew."""
        self._blind = on

    def set_room(self, room: Room) -> None:
        """Whether all chips are seen, or one line of them and a button that shows the rest."""
        self._chips.fold(room == "low")

    def empty_field(self) -> None:
        """Ask for no text."""
        self._field.clear()
        self._typing.stop()

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        # The key may have been pressed in the second window, where the letters of a name would decide.
        self.activateWindow()
        self._field.setFocus()

    def _press(self, kind: Kind) -> None:
        if kind == "all":
            self.clear_wanted.emit()
        else:
            self._choose(replace(self._now, kind="all" if self._now.kind == kind else kind))

    def _choose(self, list_filter: ListFilter) -> None:
        self.filter_chosen.emit(list_filter)

    def _put_chips(self, list_filter: ListFilter) -> None:
        """A chip for each thing that has none above."""
        focus = self.focusWidget()
        pressed = focus is not None and self._chosen_chips.isAncestorOf(focus)
        self._chosen_chips.clear()
        before: QWidget = self._kind_chips[KINDS[-1]]
        for part in list_filter.menu_parts:
            chip = _chip(self)
            chip.setText(f"{part.words}  ×")
            chip.setChecked(True)
            chip.setAccessibleName(f"Filter: {part.words}. Press to remove it")
            chip.setToolTip(plain_tooltip(f"Show not only: {part.words}"))
            chip.clicked.connect(lambda _checked=False, rest=part.rest: self._choose(rest))
            self._chosen_chips.add(chip)
            chip.show()
            tab_through(before, chip)
            before = chip
        self._chosen_chips.setVisible(bool(list_filter.menu_parts))
        if pressed:
            # The chip that was pressed is gone: the keys stay where filters are.
            (before if list_filter.menu_parts else self._filter).setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self._progress_words)
        column.addWidget(self._progress)
        first = QHBoxLayout()
        first.setSpacing(GRID_PX)
        first.addWidget(self._field, 1)
        first.addWidget(self._filter)
        column.addLayout(first)
        everything, *kinds = self._kind_chips.values()
        for chip in (everything, self._to_decide, *kinds):
            self._chips.add(chip)
        column.addWidget(self._chips)
        column.addWidget(self._chosen_chips)
        buttons = QWidget(self)
        beside = QHBoxLayout(buttons)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self._clear)
        beside.addWidget(self._order)
        # In a narrow list in two lines: neither the number nor what can be pressed is cut.
        last = FlowRow(0, self, last_at_end=True)
        self._shown.setMinimumHeight(buttons.sizeHint().height())
        for part in (self._shown, buttons):
            last.add(part)
        column.addWidget(last)
        tab_through(self._field, self._filter, everything, self._to_decide, *kinds, self._clear, self._order)


def _with_to_decide(now: ListFilter) -> ListFilter:
    """Ask for what is to be decided, or no more; what is decided as something cannot be asked for beside it."""
    return replace(now, done=None if now.done is False else False, decided_as="")


def _chip(parent: QWidget) -> QPushButton:
    chip = QPushButton(parent)
    chip.setCheckable(True)
    chip.setProperty("look", "chip")
    return chip


def _count(chip: QPushButton, name: str, count: int | None) -> None:
    """Name the chip with its count; None where that may not be told."""
    text = name if count is None else f"{name} {count:,}"
    if text != chip.text():
        chip.setText(text)
        shown = "off in blind reading" if count is None else f"{count:,} images"
        chip.setAccessibleName(f"Show {name.lower()}: {shown}")


def _menu_button(words: str, menu: QMenu, parent: QWidget) -> QPushButton:
    button = QPushButton(words, parent)
    button.setMenu(menu)
    return button
