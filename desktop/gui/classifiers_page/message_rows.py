"""What the page says in place: what is under way, what was done, what went wrong, and what must be decided first."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from desktop.gui.classifiers_state import ClassifiersState, Work
from desktop.gui.messages import progress_words
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, page_column
from desktop.gui.theme.palette import GRID_PX

_PROGRESS_PX = 160


class MessageRows(QWidget):
    """Hidden while there is nothing to say.

    `stop_wanted()`, and where an id is taken `replace_wanted()` or `keep_wanted()`.
    """

    stop_wanted = Signal()
    replace_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._working = NoticeBox("working", amber=False)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(_PROGRESS_PX)
        self._progress.setAccessibleName("What is under way")
        self._stop = button("stop", "Stop", "plain")
        self._said = NoticeBox("said", amber=False)
        self._problem = NoticeBox("problem", amber=True)
        self._taken = NoticeBox("taken", amber=True)
        self._replace = button("replace", "Put it in its place")
        self._keep = button("keep_present", "Leave it as it is")
        self._lay_out()
        self._stop.clicked.connect(lambda _checked=False: self.stop_wanted.emit())
        self._replace.clicked.connect(lambda _checked=False: self.replace_wanted.emit())
        self._keep.clicked.connect(lambda _checked=False: self.keep_wanted.emit())
        self.show_state(ClassifiersState())

    def show_state(self, state: ClassifiersState) -> None:
        """Show what there is to say."""
        work = state.work
        asks = state.taken.sentence if state.taken is not None else ""
        texts = (_work_words(work), state.said, state.problem, asks)
        for box, text in zip((self._working, self._said, self._problem, self._taken), texts, strict=True):
            box.say(text)
        self._progress.setVisible(work is not None and work.total is not None)
        if work is not None and work.total is not None:
            self._progress.setRange(0, max(1, work.total))
            self._progress.setValue(work.done)
        self._stop.setVisible(work is not None and work.can_stop)
        for answer in (self._replace, self._keep):
            answer.setVisible(bool(asks))
        self.setVisible(any(texts))

    def _lay_out(self) -> None:
        column = page_column(self)
        column.setSpacing(GRID_PX)
        work = QHBoxLayout()
        work.setSpacing(2 * GRID_PX)
        work.addWidget(self._working, 1)
        work.addWidget(self._progress)
        work.addWidget(self._stop)
        column.addLayout(work)
        for box in (self._said, self._problem, self._taken):
            column.addWidget(box)
        column.addLayout(button_row([self._replace, self._keep], []))


def _work_words(work: Work | None) -> str:
    if work is None:
        return ""
    # Bytes of a download are many; a handful of steps need no figures.
    counted = f" {progress_words(work.done, work.total, None)}" if work.total and work.total > 9 else ""
    return f"{work.text}{counted}"
