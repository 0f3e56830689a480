"""Step 4: the new classifier's figures beside those in use now, and Install."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from bloodsmear.classifiers.figure_words import SENSITIVITY, figure_words, is_leading
from bloodsmear.count_words import count_words
from desktop.gui.placing import bring_into_sight
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import (
    NoticeBox,
    button,
    button_row,
    page_column,
    paragraph,
    scrolling,
)
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip
from desktop.gui.training.state import FigureColumn, MadeClassifier, TrainingState

ACCURACY, BASELINE = "accuracy", "accuracy_colour_only_baseline"
_ROWS = (
    (
        "benign_called_other",
        "Benign called another label",
        "Share of the Benign images that were called one of the other labels.",
    ),
    (
        "other_called_benign",
        "Another label called Benign",
        "Share of the images of all other labels that were called Benign.",
    ),
    (ACCURACY, "Accuracy", "Share of held-out images with the right label."),
    ("macro_f1", "Macro-F1", "As accuracy, but every label weighs the same."),
    (BASELINE, "Colour alone", "What a simple method reaches that sees only colours and no cell."),
    ("accuracy_grey", "In grey", "Accuracy with all colour taken away."),
)
_INTERVAL = "In brackets: 95 % interval."
_ALL_THE_SAME = (
    "All were measured on the same held-out images, each at its own input size; so colour alone may differ a little. "
    f"{_INTERVAL}"
)
_EACH_ITS_OWN = (
    "A classifier that saw some of these images in training is shown with the figures of its own held-out images, "
    f"which cannot be compared with the new ones. {_INTERVAL}"
)


class OutcomeStep(QWidget):
    """`install_wanted()`, `page_wanted(Path)`, `anew_wanted()`."""

    page_wanted = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: MadeClassifier | None = None
        # How wide the table is with its intervals beside the figures; where that is too wide they stand below.
        self._wide_px = 0
        self._is_narrow = False
        self._head = paragraph("", "title")
        self._head.setObjectName("outcome_head")
        self._table = QFrame()
        self._table.setProperty("look", "card")
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(4 * GRID_PX, 3 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        self._grid.setHorizontalSpacing(8 * GRID_PX)
        self._grid.setVerticalSpacing(2 * GRID_PX)
        # Many classifiers, or a small screen: the figures move sideways, the sentences stay.
        self._across = scrolling(self._table, across=True)
        self._across.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._compared = paragraph("", "small")
        self._compared.setObjectName("compared")
        self._judgement = NoticeBox("judgement", amber=True)
        self._problem = NoticeBox("outcome_problem", amber=True)
        self._installed = NoticeBox("installed", amber=False)
        self._open_page = button("open_page", "Evaluation page")
        self._anew = button("anew", "Train another")
        self._install = button("install", "Install", "primary")
        self._lay_out()
        self.install_wanted = self._install.clicked
        self._open_page.clicked.connect(lambda _checked=False: self._want_page())
        self.anew_wanted = self._anew.clicked

    def show_state(self, state: TrainingState) -> None:
        """Show the outcome, and how far its installation is."""
        if state.problem and not self._problem.text():
            bring_into_sight(self._problem)
        self._problem.say(state.problem)
        self._installed.say(_installed_words(state.outcome) if state.phase == "installed" else "")
        self._install.setVisible(state.phase != "installed")
        self._install.setEnabled(state.phase == "finished")
        self._install.setText("Installing…" if state.phase == "installing" else "Install")
        self._anew.setEnabled(state.phase != "installing")
        if state.outcome is not None and state.outcome != self._outcome:
            self._show_outcome(state.outcome)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """On a small screen the intervals stand below their figures."""
        super().resizeEvent(event)
        if self._outcome is not None and (self.width() < self._wide_px) != self._is_narrow:
            self._fill(self._outcome)

    def _show_outcome(self, outcome: MadeClassifier) -> None:
        self._outcome = outcome
        new = outcome.columns[0]
        self._head.setText(
            f"“{new.classifier}” is made, and measured on {count_words(new.images, 'held-out image')}."
        )
        self._judgement.say(_judgement(new))
        self._open_page.setVisible(outcome.page is not None)
        same = all(column.same_images for column in outcome.columns)
        self._compared.setText(
            " ".join(filter(None, (_ALL_THE_SAME if same else _EACH_ITS_OWN, _left_out_words(outcome))))
        )
        self._fill(outcome)

    def _fill(self, outcome: MadeClassifier) -> None:
        self._put(outcome, is_narrow=False)
        self._wide_px = self._grid.sizeHint().width()
        if self.width() < self._wide_px:
            self._put(outcome, is_narrow=True)

    def _put(self, outcome: MadeClassifier, is_narrow: bool) -> None:
        self._is_narrow = is_narrow
        self._grid.setHorizontalSpacing((3 if is_narrow else 8) * GRID_PX)
        between = "\n" if is_narrow else "  "
        columns = outcome.columns
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        right = Qt.AlignmentFlag.AlignRight
        for place, column in enumerate(columns, 1):
            name = ElidedLabel(cut=Qt.TextElideMode.ElideRight, widens=True)
            name.set_text(column.classifier)
            name.setToolTip(plain_tooltip(column.classifier))
            name.setProperty("look", "title")
            self._grid.addWidget(name, 0, place, right)
            where = _label(_where_words(column, place == 1, "\n" if is_narrow else " · "), "small")
            where.setAlignment(right)
            self._grid.addWidget(where, 1, place, right)
        for row, (figure_name, words, meaning) in enumerate(_rows_of(outcome), 2):
            caption = _label(words)
            caption.setToolTip(plain_tooltip(meaning))
            self._grid.addWidget(caption, row, 0)
            for place, column in enumerate(columns, 1):
                figure = _label(
                    _figure_words(column, figure_name, between), "title" if place == 1 else "plain"
                )
                figure.setAlignment(right)
                figure.setObjectName(f"{figure_name}_{place}")
                self._grid.addWidget(figure, row, place, right)
        for place in range(len(columns) + 1):
            self._grid.setColumnStretch(place, 1)
        for label in self._table.findChildren(QLabel):
            label.ensurePolished()
        bar_px = self._across.horizontalScrollBar().sizeHint().height()
        self._across.setFixedHeight(self._grid.sizeHint().height() + bar_px)

    def _lay_out(self) -> None:
        body = QWidget()
        column = page_column(body)
        column.addWidget(self._head)
        column.addWidget(self._across)
        column.addWidget(self._compared)
        for box in (self._judgement, self._problem, self._installed):
            column.addWidget(box)
        column.addStretch(1)
        whole = page_column(self)
        whole.addWidget(scrolling(body), 1)
        whole.addLayout(button_row([self._anew], [self._open_page, self._install]))

    def _want_page(self) -> None:
        if self._outcome is not None and self._outcome.page is not None:
            self.page_wanted.emit(self._outcome.page)


def _rows_of(outcome: MadeClassifier) -> Iterator[tuple[str, str, str]]:
    """The figures' names, words and meanings; of labels of one's own what the set leads with, and each one's share."""
    if not outcome.names:
        yield from _ROWS
        return
    names = dict(outcome.names)
    for figure in outcome.columns[0].figures:
        if is_leading(figure):
            words = figure_words(figure, lambda key: names.get(key, key))
            yield figure, f"{words[0].upper()}{words[1:]}", ""
    for key, name in outcome.names:
        meaning = f"Share of the images of {name} that were answered so."
        yield f"{SENSITIVITY}{key}", name, meaning
    yield from _ROWS[2:]


def _left_out_words(outcome: MadeClassifier) -> str:
    if not outcome.left_out:
        return ""
    have = "has" if len(outcome.left_out) == 1 else "have"
    return f"{' and '.join(outcome.left_out)} {have} other labels and cannot be compared."


def _judgement(new: FigureColumn) -> str:
    """What a reader must know before installing: whether it is better than colours alone."""
    accuracy, baseline = new.figures.get(ACCURACY), new.figures.get(BASELINE)
    if accuracy is None or baseline is None:
        return ""
    least = accuracy[1] if accuracy[1] is not None else accuracy[0]
    # As the page and the written card judge it: the intervals must not overlap.
    if least > (baseline[2] if baseline[2] is not None else baseline[0]):
        return ""
    compared = (
        "answers fewer images right than colour alone does"
        if accuracy[0] < baseline[0]
        else "is not shown to be better than colour alone"
    )
    return f"It {compared}. Train more thoroughly, or with more images, before you rely on what it says."


def _where_words(column: FigureColumn, is_new: bool, between: str) -> str:
    own = "" if is_new or column.same_images else "its own "
    return f"{'new' if is_new else 'in use'}{between}{own}{count_words(column.images, 'image')}"


def _figure_words(column: FigureColumn, name: str, between: str) -> str:
    if name not in column.figures:
        return "–"
    value, low, high = column.figures[name]
    interval = f"{between}({low * 100:.1f}–{high * 100:.1f})" if low is not None and high is not None else ""
    return f"{value * 100:.1f}\u00a0%{interval}"


def _installed_words(outcome: MadeClassifier | None) -> str:
    name = f" Its id is {outcome.classifier_id}." if outcome is not None else ""
    return (
        f"Installed among the classifiers of this PC.{name} To read images with it, tick it under File ▸ Classifiers…, "
        "then press “Use these”."
    )


def _label(text: str, look: str = "plain") -> QLabel:
    label = PlainLabel(text)
    label.setProperty("look", look)
    return label
