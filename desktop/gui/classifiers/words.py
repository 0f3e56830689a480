"""What the page says: classifiers in words, and the rows for what is under way, what was done and what went wrong."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from bloodsmear.review.sentences import percent
from desktop.gui.classifiers.state import (
    MOST_COMPARED,
    ClassifiersState,
    ClassifierWork,
    ListedClassifier,
    MeasuredFigure,
)
from desktop.gui.messages import progress_words
from desktop.gui.placing import bring_into_sight
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, page_column
from desktop.gui.theme.palette import GRID_PX

_ORIGINS = {"shipped": "ships with Bloodsmear", "own": "added by you", "missing": "not on this PC"}
_KB, _MB = 1000, 1_000_000


def origin_words(one: ListedClassifier) -> str:
    """Where it comes from: `added by you, in the place of the one that ships`."""
    return _ORIGINS[one.origin] + (", in the place of the one that ships" if one.in_place_of_shipped else "")


def size_words(size_bytes: int) -> str:
    """`7.7 MB`, `54 kB`."""
    return f"{size_bytes / _MB:.1f} MB" if size_bytes >= _MB else f"{max(1, size_bytes // _KB)} kB"


def list_line(one: ListedClassifier, in_use: Sequence[str]) -> str:
    """The small line under its name in the list."""
    if one.refused:
        return f"refused · {_ORIGINS[one.origin]}"
    if one.for_cells:
        return f"{_ORIGINS[one.origin]} · for cells"
    return f"{_ORIGINS[one.origin]} · in use" if one.id in in_use else _ORIGINS[one.origin]


def share_words(figure: MeasuredFigure) -> str:
    """A share with its interval: `98.1 %  (96.9–99.2)`."""
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f"  ({percent(figure.low)}–{percent(figure.high)})"
    return f"{percent(figure.value)}\u00a0%{interval}"


def names_of(listed: Sequence[ListedClassifier], ids: Sequence[str]) -> str:
    """`VGG16 and U-Net`, `VGG16, U-Net and Ours`."""
    by_id = {one.id: one.name for one in listed}
    *first, last = [by_id.get(one, one) for one in ids] or ["none"]
    return f"{', '.join(first)} and {last}" if first else last


def choice_words(listed: Sequence[ListedClassifier], in_use: Sequence[str], ticked: Sequence[str]) -> str:
    """What follows from what is ticked: whether it can be used, and what happens then."""
    if not ticked:
        return "Tick one at least: without a classifier no image is read."
    if len(ticked) > MOST_COMPARED:
        return f"{len(ticked)} are ticked; at most {MOST_COMPARED} can be compared. Untick some."
    if set(ticked) == set(in_use):
        return f"In use: {names_of(listed, in_use)}."
    labels = {frozenset(one.labels) for one in listed if one.id in ticked and one.labels}
    differ = (
        " Their labels differ, so they stand side by side and no consensus is formed."
        if len(labels) > 1
        else ""
    )
    return (
        f"With {names_of(listed, ticked)} the open folder is read anew, and what was decided stays.{differ} "
        "A screening under way stops; what is finished is kept."
    )


def can_use(in_use: Sequence[str], ticked: Sequence[str]) -> bool:
    """Whether what is ticked can take the place of what is in use."""
    return 0 < len(ticked) <= MOST_COMPARED and set(ticked) != set(in_use)


_PROGRESS_PX = 160


class MessageRows(QWidget):
    """Hidden while there is nothing to say.

    `stop_wanted()`, and where an id is taken `replace_wanted()` or `keep_wanted()`.
    """

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
        self.stop_wanted = self._stop.clicked
        self.replace_wanted = self._replace.clicked
        self.keep_wanted = self._keep.clicked
        self.show_state(ClassifiersState())

    def show_state(self, state: ClassifiersState) -> None:
        """Show what there is to say."""
        work = state.work
        asks = state.taken.sentence if state.taken is not None else ""
        texts = (_work_words(work), state.said, state.problem, asks)
        for box, text in zip((self._working, self._said, self._problem, self._taken), texts, strict=True):
            if text and not box.text():
                bring_into_sight(self)
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


def _work_words(work: ClassifierWork | None) -> str:
    if work is None:
        return ""
    # Bytes of a download are many; a handful of steps need no figures.
    counted = f" {progress_words(work.done, work.total, None)}" if work.total and work.total > 9 else ""
    return f"{work.text}{counted}"
