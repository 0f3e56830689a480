"""Signing off the case or the study, and opening them again with a reason."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.gui.decision.typing_line import TypingLine
from desktop.gui.review_state import ReviewState
from desktop.gui.theme.page_parts import button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip


class SignOffRow(QStackedWidget):
    """`sign_off_wanted(whole study?)`; `reopen_wanted(whole study?, reason)`.

    Its pages: sign off, open again, and the field for the reason.
    """

    sign_off_wanted = Signal(bool)
    reopen_wanted = Signal(bool, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = False
        self._case = button("sign_off_case", "Sign off case")
        self._study = button("sign_off_study", "Sign off study")
        self._reopen_case = button("reopen_case", "Reopen case…")
        self._reopen_study = button("reopen_study", "Reopen study…")
        self._reason = TypingLine("Why? Enter reopens")
        self._reason.setObjectName("reason")
        for page in (
            _pair(self._case, self._study),
            _pair(self._reopen_case, self._reopen_study),
            self._reason,
        ):
            self.addWidget(page)
        # Enter in the note or on a choice must not press one of these.
        self._case.clicked.connect(lambda: self.sign_off_wanted.emit(False))
        self._study.clicked.connect(lambda: self.sign_off_wanted.emit(True))
        self._reopen_case.clicked.connect(lambda: self._ask(whole=False))
        self._reopen_study.clicked.connect(lambda: self._ask(whole=True))
        self._reason.taken.connect(lambda reason: self.reopen_wanted.emit(self._whole, reason))
        self._reason.left.connect(self._end_asking)
        self._locked = False
        self.setFixedHeight(self._case.sizeHint().height())

    def show_state(self, state: ReviewState) -> None:
        """Offer what can be done with the chosen image's case now."""
        self._locked = bool(state.locked)
        for each in (self._case, self._study):
            each.setEnabled(bool(state.image) and not state.waiting)
        for each in (self._case, self._reopen_case):
            each.setToolTip(plain_tooltip(f"The case {state.case}" if state.case else ""))
        self._reopen_study.setVisible(state.whole_locked)
        if not self._reason.hasFocus() or not self._locked:
            self.setCurrentIndex(1 if self._locked else 0)

    def _ask(self, whole: bool) -> None:
        self._whole = whole
        self._reason.clear()
        self.setCurrentIndex(2)
        self._reason.setFocus()

    def _end_asking(self) -> None:
        self.setCurrentIndex(1 if self._locked else 0)
        self.left.emit()


def _pair(first: QWidget, second: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID_PX)
    row.addWidget(first, 1)
    row.addWidget(second, 1)
    return page
