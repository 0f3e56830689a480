"""The teaching page: a window of its own, so that images can be decided beside it. It does nothing itself."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QProgressBar, QSpinBox, QVBoxLayout, QWidget

from bloodsmear.review.audit_draw import FEWEST_IMAGES, MOST_IMAGES, USUAL_IMAGES
from bloodsmear.teaching.intervals import expected_reach
from desktop.gui.placing import bring_into_sight
from desktop.gui.teaching.parts import FigureTable, LabelTable
from desktop.gui.teaching.state import USUAL_NAME, AuditSeen, HeadSeen, TeachingState
from desktop.gui.theme.page_parts import (
    NoticeBox,
    button,
    button_row,
    close_button,
    page_column,
    paragraph,
    scrolling,
)
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel

_SIZE_PX = (720, 640)
_SMALLEST_PX = (520, 360)
_FRAME_PX = (16, 48)
# By then a new sentence has its place.
_WHAT = (
    "It learns your labels from your decisions in this study, on this PC, in seconds. Nothing is sent anywhere, and "
    "the classifiers that you have stay as they are."
)
_NO_STUDY = "No study is open, or it is still being opened. Open a folder, screen it, and decide some images."
_NOT_YET = "Nothing is decided yet. Decide at least 10 images of each of two labels."
_NO_AUDIT = (
    "Draw images at random before you teach. They are never taught, so they show how a head does on patients that it "
    "has not seen: without them no head is offered. The classifiers' answers stay hidden until all of them are decided."
)
_ALONE = (
    "Others have decided here, and you read without seeing what: your own decisions alone are counted. What is taught "
    "of all of them, and what it is worth, waits until you have decided every image, or read openly (Ctrl+B)."
)
_READ_FIRST = "A head is measured once all images of the audit set are decided."
_OTHER_LABELS = (
    "Its labels are not those of the classifiers that you have: beside them it answers alone, and nothing is said of "
    "all together. Teach it all of their labels if it is to be compared with them."
)
_OFFERED = "On the audit set it is better than what is in use: the 95 % interval of its gain excludes a loss."


class TeachingPage(QDialog):
    """`draw_wanted(images)`, `teach_wanted(name)`; what other buttons ask for their own signals say."""

    draw_wanted = Signal(int)
    teach_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Teach a classifier – Bloodsmear")
        # As the training page: a screen of 1366 × 768 at 200 % leaves 683 × 384.
        room = self.screen().availableSize() - QSize(*_FRAME_PX)
        self.setMinimumSize(QSize(*_SMALLEST_PX).boundedTo(room))
        self.resize(QSize(*_SIZE_PX).boundedTo(room))
        self._make_decisions()
        self._make_audit()
        self._make_teaching()
        self._make_worth()
        self._lay_out()
        self.audit_wanted, self.give_up_wanted = self._read_audit.clicked, self._surely.clicked
        self.following_wanted, self.stop_wanted = self._following.clicked, self._stop.clicked
        self.install_wanted = self._install.clicked
        # All that was read would be lost by one press.
        self._give_up.clicked.connect(lambda _checked=False: self._surely.show())
        self._draw.clicked.connect(lambda _checked=False: self.draw_wanted.emit(self._images.value()))
        self._teach.clicked.connect(lambda _checked=False: self.teach_wanted.emit(self._name.text()))
        self._images.valueChanged.connect(self._say_reach)
        self._say_reach(USUAL_IMAGES)
        self.show_state(TeachingState())

    def show_state(self, state: TeachingState) -> None:
        """Show this state."""
        stood = self.focusWidget()
        self._show_parts(state)
        if stood is not None and not (stood.isVisible() and stood.isEnabled()):
            # The button that was pressed is away or off now: Qt leads its focus on, and the next key would close.
            self._body.setFocus()

    def _show_parts(self, state: TeachingState) -> None:
        study = state.study
        labels = study.labels if study is not None else ()
        self._labels.show_labels(labels)
        self._labels.setVisible(bool(labels))
        empty = {"empty": _NO_STUDY, "looking": "Looking at the decisions…"}.get(state.phase, _NOT_YET)
        self._nothing.setText("" if labels else empty)
        self._nothing.setVisible(not labels)
        self._left_out.setText(" ".join(study.left_out) if study is not None else "")
        self._left_out.setVisible(study is not None and bool(study.left_out))
        self._alone.say(_ALONE if state.alone else "")
        self._live.setText(state.live)
        self._live.setVisible(bool(state.live))
        enough = study is not None and study.enough > 1 and not state.alone
        self._following.setEnabled(enough and state.work is None)
        self._show_audit(study.audit if study is not None else None, study is not None)
        self._teach.setEnabled(enough and state.work is None)
        self._show_work(state)
        if state.problem and state.problem != self._problem.text():
            bring_into_sight(self._problem)
        self._problem.say(state.problem)
        self._said.say(state.said)
        self._show_head(None if state.alone else state.head, state.promise, state.phase)

    def _show_audit(self, audit: AuditSeen | None, is_open: bool) -> None:
        drawn = audit is not None
        self._audit_words.setText(audit.words if audit is not None else _NO_AUDIT)
        for widget in (self._images, self._reach, self._draw):
            widget.setVisible(not drawn)
        self._draw.setEnabled(is_open)
        self._read_audit.setVisible(audit is not None and bool(audit.to_read))
        self._give_up.setVisible(drawn)
        self._surely.setVisible(drawn and self._surely.isVisible())
        self._read_first.setVisible(audit is not None and not audit.is_whole)

    def _show_work(self, state: TeachingState) -> None:
        work = state.work
        self._work.setText(work.text if work is not None else "")
        for widget in (self._work, self._progress):
            widget.setVisible(work is not None)
        self._stop.setVisible(state.phase == "teaching")
        if work is not None:
            self._progress.setRange(0, work.total or 0)
            self._progress.setValue(work.done)

    def _show_head(self, head: HeadSeen | None, promise: str, phase: str) -> None:
        self._worth.setVisible(head is not None)
        if head is None:
            return
        self._head.setText(f"{head.name}: {', '.join(head.labels)}, from {head.images:,} images")
        audit = [figure for figure in head.figures if figure.of_audit]
        self._of_audit.show_figures(audit)
        self._audit_head.setVisible(bool(audit))
        self._of_audit.setVisible(bool(audit))
        self._crossed.show_figures([figure for figure in head.figures if not figure.of_audit])
        self._judgement.say(head.why_not)
        self._disagrees.say(head.disagrees)
        self._offered.say("" if head.why_not else _OFFERED)
        self._beside.setVisible(head.has_other_labels)
        self._promise.setText(promise)
        self._promise.setVisible(bool(promise))
        self._install.setEnabled(phase == "taught" and not head.why_not)
        self._install.setText("Installed" if phase == "installed" else "Install")

    def _say_reach(self, images: int) -> None:
        self._reach.setText(
            f"images: an interval of about ±{100 * expected_reach(images):.0f} points, wider where patients differ"
        )

    # ---- how it is put together

    def _make_decisions(self) -> None:
        self._labels = LabelTable()
        self._nothing = paragraph("", "muted")
        self._nothing.setObjectName("nothing_decided")
        self._left_out = paragraph("", "small")
        self._alone = NoticeBox("reads_alone", amber=False)
        self._live = paragraph("", "small")
        self._live.setObjectName("live")
        self._following = button("teach_next", "Go through the images that would teach most")

    def _make_audit(self) -> None:
        self._audit_words = paragraph("")
        self._audit_words.setObjectName("audit_words")
        self._images = QSpinBox()
        self._images.setObjectName("audit_images")
        self._images.setAccessibleName("How many images to draw")
        # Without buttons by the style sheet: by NoButtons Qt 6.11 leaves the number one pixel of room.
        self._images.lineEdit().setTextMargins(2 * GRID_PX, 0, 2 * GRID_PX, 0)
        self._images.setFixedWidth(16 * GRID_PX)
        self._images.setRange(FEWEST_IMAGES, MOST_IMAGES)
        self._images.setValue(USUAL_IMAGES)
        self._reach = paragraph("", "muted")
        self._draw = button("draw_audit", "Draw")
        self._read_audit = button("read_audit", "Go through those to decide")
        self._give_up = button("give_up_audit", "Do without…", "plain")
        self._surely = button("surely", "Give it up: its images may be taught then")
        self._surely.hide()
        self._read_first = paragraph(_READ_FIRST, "muted")

    def _make_teaching(self) -> None:
        self._name = QLineEdit(USUAL_NAME)
        self._name.setObjectName("taught_name")
        self._name.setAccessibleName("Name of the classifier")
        self._name.setMaxLength(100)
        self._teach = button("teach", "Teach", "primary")
        self._stop = button("stop_teaching", "Stop")
        self._work = paragraph("", "muted")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._problem = NoticeBox("teaching_problem", amber=True)
        self._said = NoticeBox("teaching_said", amber=False)

    def _make_worth(self) -> None:
        self._head = paragraph("", "title")
        self._head.setObjectName("head")
        self._audit_head = paragraph(
            "On the audit set, which it was never taught; beside each share its 95 % interval:", "muted"
        )
        self._of_audit = FigureTable("audit_figures")
        self._crossed = FigureTable("crossed_figures")
        self._judgement = NoticeBox("not_offered", amber=True)
        self._disagrees = NoticeBox("disagrees", amber=True)
        self._offered = NoticeBox("offered", amber=False)
        self._beside = paragraph(_OTHER_LABELS, "small")
        self._beside.setObjectName("other_labels")
        self._promise = paragraph("", "small")
        self._install = button("install_taught", "Install", "primary")

    def _lay_out(self) -> None:
        body = self._body = QWidget()
        # To no button or field: on a small screen the page would open scrolled down to it.
        body.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        inside = page_column(body)
        what = paragraph(_WHAT, "muted")
        inside.addWidget(what)
        decisions = _Card(
            "1  Your decisions", self._alone, self._nothing, self._labels, self._left_out, self._live
        )
        decisions.column.addLayout(button_row([self._following], []))
        audit = _Card("2  The audit set", self._audit_words)
        draw_row = button_row([self._images], [self._draw])
        draw_row.insertWidget(1, self._reach, 1)
        audit.column.addLayout(draw_row)
        audit.column.addLayout(button_row([self._read_audit], [self._give_up]))
        audit.column.addLayout(button_row([], [self._surely]))
        audit.column.addWidget(self._read_first)
        teaching = _Card("3  Teach")
        name = PlainLabel("Name")
        name.setBuddy(self._name)
        row = button_row([name], [self._stop, self._teach])
        row.insertWidget(1, self._name, 1)
        teaching.column.addLayout(row)
        for widget in (self._work, self._progress, self._problem, self._said):
            teaching.column.addWidget(widget)
        worth = _Card(
            "4  What it is worth",
            self._head,
            self._judgement,
            self._offered,
            self._disagrees,
            self._audit_head,
            self._of_audit,
            paragraph(
                "Cross-validated, each image answered by a head that saw none of its patient:", "muted"
            ),
            self._crossed,
            self._promise,
            self._beside,
        )
        worth.column.addLayout(button_row([], [self._install]))
        for card in (decisions, audit, teaching, worth):
            inside.addWidget(card)
        self._worth = worth
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        column.addWidget(scrolling(body, across=True), 1)
        column.addLayout(button_row([], [close_button(self)]))
        body.setFocus()


class _Card(QFrame):
    """A framed part of the page, which begins with its title."""

    def __init__(self, title: str, *parts: QWidget) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(4 * GRID_PX, 3 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        self.column.setSpacing(2 * GRID_PX)
        for part in (paragraph(title, "title"), *parts):
            self.column.addWidget(part)
