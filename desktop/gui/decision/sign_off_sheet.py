"""The sheet that a sign-off is confirmed on: what is decided, what is open, and in whose name it is closed."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from bloodsmear.classifiers.labels import unbroken
from bloodsmear.review.decisions import decision_name
from desktop.gui.review_state import SignOffCounts
from desktop.gui.theme.elided_label import keep_from_widening
from desktop.gui.theme.page_parts import button, button_row, paragraph
from desktop.gui.theme.plain_text import PlainLabel

_WIDTH_PX = 400
_LOCKS = "Then nothing in it can be changed. Reopening asks for a reason, which is kept."
_FIRST = "Nothing can be signed off before that."


class SignOffSheet(QDialog):
    """`confirmed()` once, by its own button; `image_wanted(image)` where the reader goes to what is still open."""

    confirmed = Signal()
    image_wanted = Signal(str)

    def __init__(self, counts: SignOffCounts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Sign off {counts.what}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH_PX)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._show_counts(counts)
        reader = paragraph(f"Signed off by {counts.reader}", "title")
        reader.setObjectName("sign_off_reader")
        what_follows = paragraph(_LOCKS if counts.complete else _FIRST, "muted")
        hash_line = paragraph(f"Hash of the last event, to be noted: {counts.last_hash}", "small")
        hash_line.setVisible(bool(counts.last_hash) and counts.complete)
        for part in (reader, what_follows, hash_line):
            keep_from_widening(part)
        cancel = button("cancel_sign_off", "Cancel")
        self._confirm = button("confirm_sign_off", "Sign off", "primary")
        self._confirm.setEnabled(counts.complete)
        first = self._confirm if counts.complete else cancel
        first.setDefault(True)
        first.setFocus()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        heading = paragraph(
            f"{counts.images:,} {'image' if counts.images == 1 else 'images'} of {counts.what}"
        )
        keep_from_widening(heading)
        column.addWidget(heading)
        column.addLayout(self._grid)
        for part in (reader, what_follows, hash_line):
            column.addWidget(part)
        column.addLayout(button_row([], [cancel, self._confirm]))
        cancel.clicked.connect(self.reject)
        self._confirm.clicked.connect(self._confirm_once)

    def _show_counts(self, counts: SignOffCounts) -> None:
        for value, number in counts.decided:
            self._add_line(unbroken(decision_name(value)), number)
        self._add_line("Acknowledged as unreadable", counts.acknowledged)
        self._add_line("Undecided", len(counts.undecided), next(iter(counts.undecided), ""))
        to_acknowledge = counts.to_acknowledge
        self._add_line("Unreadable, not acknowledged", len(to_acknowledge), next(iter(to_acknowledge), ""))

    def _add_line(self, words: str, number: int, image: str = "") -> None:
        """A line of the table; with `image` it is in the way, and its first image can be gone to."""
        row = self._grid.rowCount()
        look = "warning" if image else ("plain" if number else "muted")
        name, figure = PlainLabel(words), PlainLabel(f"{number:,}")
        figure.setAccessibleName(f"{words}: {number}")
        for part in (name, figure):
            part.setProperty("look", look)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignRight)
        if image:
            go = button("go_to_first", "Go to the first one", "link")
            go.clicked.connect(self._going_to(image))
            self._grid.addWidget(go, row, 2)

    def _going_to(self, image: str) -> Callable[[], None]:
        def go() -> None:
            self.reject()
            self.image_wanted.emit(image)

        return go

    def _confirm_once(self) -> None:
        self._confirm.setEnabled(False)
        self.accept()
        self.confirmed.emit()
