"""The sheet that a sign-off is confirmed on: what is decided, what is open, and in whose name it is closed."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from bloodsmear.classifiers.labels import unbroken
from bloodsmear.review.decisions import decision_name
from desktop.gui.review_state import SignOffCounts
from desktop.gui.theme.elided_label import keep_from_widening
from desktop.gui.theme.page_parts import button, button_row, paragraph, scrolling
from desktop.gui.theme.plain_text import PlainLabel

_WIDTH_PX = 420
_SIDE_PX = 24
# What a text may be wider than the sum of its letters.
_ROUNDED_PX = 8
_SCROLL_BAR_PX = 10
# What a window manager puts above a sheet.
_TITLE_PX = 40
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
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._show_counts(counts)
        cancel = button("cancel_sign_off", "Cancel")
        self._confirm = button("confirm_sign_off", "Sign off", "primary")
        self._confirm.setEnabled(counts.complete)
        first = self._confirm if counts.complete else cancel
        first.setDefault(True)
        cancel.clicked.connect(self.reject)
        self._confirm.clicked.connect(self._confirm_once)
        self._lay_out(counts, button_row([], [cancel, self._confirm]))
        first.setFocus()

    def _lay_out(self, counts: SignOffCounts, foot: QHBoxLayout) -> None:
        width_px = _WIDTH_PX
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(_SIDE_PX, 24, _SIDE_PX, 0)
        inside.setSpacing(12)
        inside.addWidget(_line(f"{counts.what[0].upper()}{counts.what[1:]}: {counts.progress.words}"))
        inside.addLayout(self._grid)
        inside.addWidget(_line(f"Reader: {counts.reader}", "title"))
        inside.addWidget(_line(_LOCKS if counts.complete else _FIRST, "muted"))
        if counts.complete and counts.last_hash:
            noted = _line(f"Hash of the last event, to be noted: {counts.last_hash}", "small")
            inside.addWidget(noted)
            # A hash has no place to wrap at, and one that is cut off cannot be noted.
            noted.ensurePolished()
            hash_px = noted.fontMetrics().horizontalAdvance(counts.last_hash)
            width_px = max(width_px, hash_px + 2 * _SIDE_PX + _ROUNDED_PX)
        inside.addStretch(1)
        foot.setContentsMargins(_SIDE_PX, 8, _SIDE_PX, 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # At 200 % on a laptop there is no room for all lines: the button stays in sight.
        column.addWidget(scrolling(body), 1)
        column.addLayout(foot)
        room = self.screen().availableSize() - QSize(0, _TITLE_PX)
        # The ways to images stand beside the scroll bar, not below it.
        width_px = max(width_px, inside.minimumSize().width() + _SCROLL_BAR_PX)
        wanted = QSize(width_px, inside.heightForWidth(width_px) + foot.sizeHint().height() + 2)
        self.resize(wanted.boundedTo(room))

    def _show_counts(self, counts: SignOffCounts) -> None:
        for value, number in counts.decided:
            self._add_line(unbroken(decision_name(value, counts.names)), number)
        self._add_line("Acknowledged as unreadable", counts.acknowledged)
        to_acknowledge, lacking = counts.to_acknowledge, counts.undecided + counts.to_acknowledge
        self._add_line("Undecided", len(lacking), next(iter(lacking), ""))
        self._add_line(
            "of them unreadable, to acknowledge", len(to_acknowledge), next(iter(to_acknowledge), "")
        )

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


def _line(text: str, look: str = "plain") -> QWidget:
    line = paragraph(text, look)
    keep_from_widening(line)
    return line
