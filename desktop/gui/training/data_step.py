"""Step 1: which images. Empty, checking, what each folder stands for, what is wrong, ready."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from bloodsmear.count_words import count_words
from desktop.gui.messages import progress_words
from desktop.gui.theme import Tokens
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.icons import icon_pixmap
from desktop.gui.theme.page_parts import (
    NoticeBox,
    button,
    button_row,
    page_column,
    paragraph,
    scrolling,
    set_look,
)
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.training.count_bars import CountBars
from desktop.gui.training.label_boxes import FolderLabelsBox
from desktop.gui.training.state import DataSeen, TrainingState, Unfinished

_ICON_PX = 40
_SENTENCES_SHOWN = 6
_INTRODUCTION = (
    "Choose the folder with your images. It holds one folder for each label, and in each the images of that label: "
    "Benign, Early Pre-B, Pre-B and Pro-B, or 2 to 40 labels of your own. Or choose a study whose decisions are signed "
    "off. The images are only read, and nothing leaves this PC."
)


class DataStep(QWidget):
    """`folder_wanted()`, `study_wanted()`, `next_wanted()`, and `labels_wanted` as `FolderLabelsBox` says it.

    For an unfinished training `go_on_wanted()` and `put_away_wanted()`.
    """

    folder_wanted = Signal()
    study_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = QWidget()
        self._column = page_column(self._body)
        self._above = QWidget()
        self._unfinished_box = QWidget()
        self._unfinished = NoticeBox("unfinished", amber=False)
        self._go_on = button("go_on", "Go on", "primary")
        self._put_away = button("put_away", "Not any more", "plain")
        self._icon = PlainLabel()
        self._introduction = paragraph(_INTRODUCTION, "muted")
        self._folder = ElidedLabel()
        self._folder.setObjectName("folder")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Looking at the images")
        self._words = paragraph("", "muted")
        self._words.setObjectName("data_words")
        self._counts = CountBars(tokens)
        self._errors = NoticeBox("errors", amber=True)
        self._warnings = NoticeBox("warnings", amber=False)
        self._labels = FolderLabelsBox()
        self._choose = button("choose_folder", "Choose folder…", "primary")
        self._other = button("other_folder", "Another folder…")
        self._study = button("choose_study", "Choose study…")
        self._other_study = button("other_study", "Another study…")
        self._next = button("next", "Next", "primary")
        # With the focus, Enter presses it.
        self._next.setAutoDefault(True)
        self._lay_out()
        self._connect()
        self.set_tokens(tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._counts.set_tokens(tokens)
        self._icon.setPixmap(icon_pixmap("folder", tokens.text_disabled, _ICON_PX))

    def show_state(self, state: TrainingState) -> None:
        """Show what is known of the folder."""
        data, phase = state.data, state.phase
        empty = data is None
        self._show_unfinished(state.unfinished if empty else None)
        self._icon.setVisible(empty)
        for chooser in (self._choose, self._study):
            chooser.setVisible(empty)
        for part in (self._folder, self._words, self._other, self._other_study):
            part.setVisible(not empty)
        self._introduction.setVisible(empty or phase == "unusable")
        # In the middle while there is nothing else, at the head as soon as there is.
        middle, left = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft
        self._introduction.setAlignment(middle if empty else left)
        self._column.setStretchFactor(self._above, 2 if empty else 0)
        self._above.setVisible(empty)
        self._progress.setVisible(phase == "checking")
        self._next.setVisible(not empty)
        self._next.setEnabled(phase == "ready")
        self._counts.setVisible(data is not None and bool(data.counts))
        self._errors.say(_sentences((state.problem, *(data.errors if data is not None else ()))))
        self._warnings.say(_sentences(data.warnings if data is not None else ()))
        shown = data is not None and phase in ("unusable", "ready")
        self._labels.show_data(data if shown else None)
        if data is not None:
            self._show_data(data, checking=phase == "checking")

    def focus_next(self) -> None:
        """Let the next key lead on."""
        self._next.setFocus()

    def _show_data(self, data: DataSeen, checking: bool) -> None:
        self._folder.set_text(str(data.folder))
        self._counts.set_counts(data.counts, dict(data.names))
        self._progress.setRange(0, data.total or 1)
        self._progress.setValue(data.done if data.total else 0)
        if checking:
            how_far = progress_words(data.done, data.total, None) if data.total else ""
            self._words.setText("  ".join(part for part in ("Looking at the images…", how_far) if part))
        elif data.counts:
            self._words.setText(
                f"{count_words(data.images, 'image')} of {count_words(len(data.counts), 'label')}."
            )
        else:
            self._words.hide()

    def _show_unfinished(self, unfinished: Unfinished | None) -> None:
        self._unfinished_box.setVisible(unfinished is not None)
        # One button leads on.
        set_look(self._choose, "primary" if unfinished is None else "")
        if unfinished is None:
            self._unfinished.say("")
            return
        words, go_on = _unfinished_words(unfinished)
        self._unfinished.say(words)
        self._go_on.setText(go_on)

    def _lay_out(self) -> None:
        column = self._column
        unfinished = page_column(self._unfinished_box)
        unfinished.addWidget(self._unfinished)
        unfinished.addLayout(button_row([], [self._put_away, self._go_on]))
        column.addWidget(self._unfinished_box)
        column.addWidget(self._above)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._icon)
        column.addWidget(self._folder)
        for part in (
            self._words,
            self._progress,
            self._counts,
            self._errors,
            self._warnings,
            self._labels,
            self._introduction,
        ):
            column.addWidget(part)
        choices = QHBoxLayout()
        choices.setSpacing(2 * GRID_PX)
        choices.addStretch(1)
        for chooser in (self._choose, self._study):
            choices.addWidget(chooser)
        choices.addStretch(1)
        column.addLayout(choices)
        column.addStretch(3)
        whole = page_column(self)
        whole.addWidget(scrolling(self._body), 1)
        whole.addLayout(button_row([self._other, self._other_study], [self._next]))

    def _connect(self) -> None:
        for chooser in (self._choose, self._other):
            chooser.clicked.connect(lambda _checked=False: self.folder_wanted.emit())
        for chooser in (self._study, self._other_study):
            chooser.clicked.connect(lambda _checked=False: self.study_wanted.emit())
        self.labels_wanted = self._labels.labels_wanted
        self._next.clicked.connect(lambda _checked=False: self._go_on_with_labels())
        self.go_on_wanted = self._go_on.clicked
        self.put_away_wanted = self._put_away.clicked

    def _go_on_with_labels(self) -> None:
        """Next; but what was written beside the folders is looked at first, or it would be lost."""
        if not self._labels.hand_in():
            self.next_wanted.emit()


def _unfinished_words(unfinished: Unfinished) -> tuple[str, str]:
    """Where it was left, and the words of the button that goes on from there."""
    match unfinished.stage:
        case "images":
            return (
                f"You had chosen the images in {unfinished.folder}. No training was started.",
                "Look at them",
            )
        case "fitted":
            words = (
                f"The training of “{unfinished.name}” is done: {count_words(unfinished.finished_epochs, 'epoch')}. "
                "The classifier is missing: it is made from the best epoch, and measured."
            )
            return words, "Make the classifier"
        case "made":
            return f"“{unfinished.name}” is made and measured, but not installed.", "Show its figures"
        case "fit" if unfinished.finished_epochs == 0:
            words = f"The training of “{unfinished.name}” was left before its first epoch was finished."
            return words, "Begin it again"
        case "fit":
            words = (
                f"The training of “{unfinished.name}” is not finished: {unfinished.finished_epochs} of at most "
                f"{unfinished.epochs} epochs are kept. It can go on from there."
            )
            return words, "Go on"


def _sentences(sentences: tuple[str, ...]) -> str:
    """A sentence a line, marked where there are several; of very many the first ones, and how many more there are."""
    there = [sentence for sentence in sentences if sentence]
    if len(there) < 2:
        return "".join(there)
    more = len(there) - _SENTENCES_SHOWN
    shown = [f"•  {sentence}" for sentence in there[:_SENTENCES_SHOWN]]
    return "\n".join([*shown, f"And {more:,} more."] if more > 0 else shown)
