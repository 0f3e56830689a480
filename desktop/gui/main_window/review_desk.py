"""The reader's decisions in the window: the panel below the reading, its keys, and the marks in the list."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from bloodsmear.review.decisions import BESIDE_LABELS
from desktop.gui.decision import DecisionPanel, SignOffSheet
from desktop.gui.gallery import GalleryPanel
from desktop.gui.preferences import Preferences
from desktop.gui.reading import ReadingPanel
from desktop.gui.review_state import Marked, ReviewState
from desktop.gui.study import StudyController
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.room import Room, room_of
from desktop.gui.theme.typing_line import TypingLine

# Rooms are measured by two classifiers of four labels: what further labels take, closest together.
_USUAL_LINES, _USUAL_ROWS = 8, 4
_LINE_PX, _ROW_PX = 15, 30


class ReviewDesk(QObject):
    """Wires the decision's panel to the review of the open study. `column` is the window's right column."""

    def __init__(
        self,
        controller: StudyController,
        gallery: GalleryPanel,
        reading: ReadingPanel,
        preferences: Preferences,
        tokens: Tokens,
    ) -> None:
        super().__init__()
        self.panel = DecisionPanel(tokens)
        self._review = controller.review
        self._consensus = controller.consensus
        self._gallery = gallery
        self._reading = reading
        self._preferences = preferences
        self.column = ReadingColumn(reading, self.panel)
        self._wire()
        # By a menu, or by what another window did, the fields are not left before the study is.
        controller.leaving.connect(self.panel.take_typed)
        controller.returning.connect(self.panel.hold_note)
        controller.returning.connect(gallery.marked.hold)
        self._review.set_blind(preferences.settings.blind)
        if preferences.settings.reader:
            self._review.name_reader(preferences.settings.reader)

    def choose_label(self, number: int) -> None:
        """Choose the study's first, second… label; nothing happens where it has fewer."""
        labels = [choice for choice in self._review.state.choices if choice not in BESIDE_LABELS]
        if number <= len(labels):
            self.panel.choose(labels[number - 1])

    def toggle_blind(self) -> None:
        """Hide what the classifiers say of undecided images, or show it again."""
        self._set_blind(not self._review.state.blind)

    def confirm(self) -> None:
        """Keep the decision and go on."""
        # Enter in a field to type into, as the list's filter, decides nothing about the image.
        if not isinstance(QApplication.focusWidget(), QLineEdit):
            self.panel.confirm()

    def sign_off(self, whole_study: bool, case: str = "", over: QWidget | None = None) -> None:
        """Close the review of a case (without a name that of the chosen image), or of the whole study, once it is
        confirmed on a sheet `over` the window, or over a page beside it.
        """
        # A name that was just typed is the reader's.
        self.panel.take_typed()
        counts = self._review.sign_off_counts(whole_study, case)
        if counts is None:
            self._review.sign_off(whole_study, case)
            return
        sheet = SignOffSheet(counts, over or self.column.window())

        def sign_off_as_shown() -> None:
            # Another window, or another folder, may have changed it: it is shown anew.
            if self._review.sign_off_counts(whole_study, case) == counts:
                self._review.sign_off(whole_study, case)
            else:
                self.sign_off(whole_study, case, over)

        sheet.confirmed.connect(sign_off_as_shown)
        sheet.image_wanted.connect(self._gallery.select)
        # Not on the button that takes the place of the one that was pressed.
        sheet.finished.connect(lambda _code: self._gallery.focus_list())
        # Nothing else can be clicked meanwhile.
        sheet.open()

    def _wire(self) -> None:
        review, panel, gallery = self._review, self.panel, self._gallery
        review.changed.connect(self._show)
        review.refused.connect(panel.complain)
        review.marks_changed.connect(gallery.set_marks)
        review.mark_changed.connect(gallery.set_mark)
        self._consensus.disputes_changed.connect(gallery.set_disputed)
        review.confirmed.connect(gallery.go_on)
        review.image_wanted.connect(gallery.select)
        review.reader_changed.connect(lambda name: self._preferences.change("reader", name))
        panel.chosen.connect(review.decide)
        panel.confirmed.connect(review.confirm)
        panel.acknowledged.connect(review.acknowledge)
        panel.noted.connect(review.note)
        panel.reader_named.connect(review.propose_reader)
        panel.new_reader_named.connect(review.name_reader)
        panel.reader_kept.connect(review.keep_reader)
        panel.blind_changed.connect(self._set_blind)
        panel.sign_off_wanted.connect(self.sign_off)
        panel.reopen_wanted.connect(review.reopen)
        panel.image_wanted.connect(gallery.select)
        panel.left.connect(gallery.focus_list)
        # Before anybody else hears of it: by a page, or by an undo, the cursor does not leave the note first.
        gallery.image_selected.connect(lambda _image: panel.take_note())
        gallery.marked.changed.connect(self._show_marked)
        panel.many_chosen.connect(lambda choice: review.decide_many(gallery.marked.images(), choice))
        panel.unmark_wanted.connect(gallery.marked.unmark)
        review.many_decided.connect(lambda _sentence: gallery.marked.unmark())

    def _show(self, state: ReviewState) -> None:
        # The reading first: nothing of a classifier may be seen of an image that is to be decided blind.
        self._reading.set_hidden(state.answers_hidden, state.image)
        self._reading.show_signed_with(state.signed_with)
        self._gallery.set_blind(state.blind)
        self._gallery.choices.offer(state.choices, state.names)
        self.panel.show_state(state)

    def _show_marked(self, images: Sequence[str]) -> None:
        decided = sum(self._review.reviewed.decision(image) is not None for image in images)
        self.panel.show_marked(Marked(len(images), decided))

    def _set_blind(self, on: bool) -> None:
        self._preferences.change("blind", on)
        self._review.set_blind(on)


class ReadingColumn(QScrollArea):
    """The window's right column: the reading above, the reader's own decision below it.

    Tells both panels how much room there is whenever that changes. Where even that is too little it scrolls.
    """

    def __init__(self, reading: ReadingPanel, panel: DecisionPanel) -> None:
        super().__init__()
        self._reading = reading
        self._panel = panel
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parts, line = QFrame(), QFrame()
        parts.setProperty("look", "panel")
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = QVBoxLayout(parts)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(reading, 1)
        layout.addWidget(line)
        layout.addWidget(panel)
        self._parts = parts
        self._room: Room | None = None
        self.setWidget(parts)
        self._typed_in: TypingLine | None = None
        # After the layout: a sentence may have come above the line in the same moment.
        self._show_soon = QTimer(self, singleShot=True, interval=0)
        self._show_soon.timeout.connect(self._show_typed_in)
        for field in panel.findChildren(TypingLine):
            field.entered.connect(lambda field=field: self._follow(field))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as its parts have to be: it scrolls up and down alone."""
        return QSize(self._parts.minimumSizeHint().width(), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A part needs another width."""
        if watched is self._parts and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            # Other classifiers may have more labels.
            self._fit_room()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Closer together where it gets low."""
        super().resizeEvent(event)
        self._fit_room()

    def _fit_room(self) -> None:
        lines = max(0, self._reading.label_lines - _USUAL_LINES)
        rows = max(0, self._panel.choice_rows - _USUAL_ROWS)
        room = room_of(self.height() - lines * _LINE_PX - rows * _ROW_PX)
        if room != self._room:
            self._room = room
            self._reading.set_room(room)
            self._panel.set_room(room)

    def _follow(self, field: TypingLine) -> None:
        """A key led into this line: Qt scrolls to it for Tab alone."""
        self._typed_in = field
        self._show_soon.start()

    def _show_typed_in(self) -> None:
        if self._typed_in is not None and self._typed_in.hasFocus():
            # Room to spare: the parts above may still grow by some pixels, and on Windows they did.
            self.ensureWidgetVisible(self._typed_in, 0, 2 * GRID_PX)
