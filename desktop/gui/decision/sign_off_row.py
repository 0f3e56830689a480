"""Signing off the case or the study, and opening them again with a reason."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from bloodsmear.review.sentences import case_words
from desktop.gui.review_state import ReviewState
from desktop.gui.theme.page_parts import button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip
from desktop.gui.theme.typing_line import TypingLine


class SignOffRow(QWidget):
    """`sign_off_wanted(whole study?)`; `reopen_wanted(whole study?, reason)`.

    The two buttons stay where they are whatever is signed off: a second click on the place of the first begins nothing.
    Opening again is a line of its own above them, and the field for its reason takes their place.
    """

    sign_off_wanted = Signal(bool)
    reopen_wanted = Signal(bool, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = False
        # The case that is shown.
        self._shown = ""
        self._case = button("sign_off_case", "Sign off case…")
        self._study = button("sign_off_study", "Sign off study…")
        self._reopen_case = button("reopen_case", "Reopen case…", "link")
        self._reopen_study = button("reopen_study", "Reopen study…", "link")
        self._reason = TypingLine("Why? Enter reopens")
        self._reason.setObjectName("reason")
        self._pages = QStackedWidget()
        for page in (_row(self._case, self._study), self._reason):
            self._pages.addWidget(page)
        self._pages.setFixedHeight(self._case.sizeHint().height())
        self._reopening = _row(self._reopen_case, self._reopen_study)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._reopening)
        column.addWidget(self._pages)
        # Enter in the note or on a choice must not press one of these.
        self._case.clicked.connect(lambda: self.sign_off_wanted.emit(False))
        self._study.clicked.connect(lambda: self.sign_off_wanted.emit(True))
        self._reopen_case.clicked.connect(lambda: self.ask_why(whole=False))
        self._reopen_study.clicked.connect(lambda: self.ask_why(whole=True))
        self._reason.taken.connect(lambda reason: self.reopen_wanted.emit(self._whole, reason))
        self._reason.left.connect(self._end_asking)

    def show_state(self, state: ReviewState) -> None:
        """Offer what can be done with the chosen image's case now."""
        locked = bool(state.locked)
        can = bool(state.image) and not state.waiting
        self._case.setEnabled(can and not locked)
        self._study.setEnabled(can and not state.whole_locked)
        self._case.setText("Case signed off" if locked else "Sign off case…")
        self._study.setText("Study signed off" if state.whole_locked else "Sign off study…")
        for each in (self._case, self._reopen_case):
            each.setToolTip(plain_tooltip(case_words(state.case) if state.case else ""))
        self._reopening.setVisible(locked)
        self._reopen_study.setVisible(state.whole_locked)
        other, self._shown = state.case != self._shown, state.case
        if self._reason.hasFocus() and other:
            # Enter would open that one again, for a reason that was typed for the case before.
            self._end_asking()
        elif not self._reason.hasFocus() or not locked:
            self._pages.setCurrentIndex(0)

    def ask_why(self, whole: bool) -> None:
        """Let the reader type why the case, or the whole study, is to be opened again; Enter asks for it."""
        self._whole = whole
        self._reason.clear()
        self._pages.setCurrentIndex(1)
        self._reason.setFocus()

    def _end_asking(self) -> None:
        self._pages.setCurrentIndex(0)
        self.left.emit()


def _row(first: QWidget, second: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID_PX)
    row.addWidget(first, 1)
    row.addWidget(second, 1)
    return page
