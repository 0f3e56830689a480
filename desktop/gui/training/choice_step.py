"""Step 2: what to start from, how thoroughly, what the new classifier is called, and how long that may take."""

import os

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from bloodsmear.adding.typed_words import free_id
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
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice
from desktop.gui.training.start_rows import FIELD_PX, KeepRow, StartRow, explained, field_row
from desktop.gui.training.state import Preset, TrainingState, TrainingWish, next_name

_OWN_PROGRAM = "Bloodsmear's own training program"
_LONGEST_NAME = 40
_KEEPS = (
    "The folder of images that the classifier learned from. They stay in the training, so that it does not unlearn "
    "them; near duplicates of yours are left out."
)
# Seconds of one core for fitting one image of 150 × 150 px. Measured: 840 core seconds for an epoch of the U-Net with
# 1,652 images of 96 × 96 px. VGG16 by its share in the answering times of design.md section 3 (66 to 91 ms).
_CORE_SECONDS = {"unet": 1.25, "vgg16": 0.9}
_MEASURED_PX = 150 * 150
# Of each label's images; the rest is validation, held out, and the gaps between.
_TRAINED_SHARE = 0.65
# More cores than these share the memory's speed and bring little.
_USEFUL_CORES = 8
_DAY_S = 86_400


class ChoiceStep(QWidget):
    """`start_wanted(TrainingWish)`, `back_wanted()`, `file_wanted()`, `python_wanted()`, `own_program_wanted()`.

    For images that are kept in `keep_wanted()` and `keep_nothing_wanted()`.
    """

    start_wanted = Signal(TrainingWish)

    def __init__(self, presets: tuple[Preset, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = {preset.key: preset for preset in presets}
        self._state = TrainingState()
        # Whether the name is that of a training that has ended.
        self._name_is_used = False
        self._start_from = StartRow()
        self._keep = KeepRow()
        self._keep_caption = PlainLabel("Also keep")
        self._keep_box = explained(self._keep, paragraph(_KEEPS, "muted"))
        self._preset = SegmentedChoice(
            "How thoroughly", [Segment(preset.key, preset.name, preset.explanation) for preset in presets]
        )
        self._explanation = paragraph("", "muted")
        self._name = QLineEdit()
        self._name.setObjectName("classifier_name")
        self._name.setMaxLength(_LONGEST_NAME)
        self._name.setPlaceholderText("for example: Our lab 2026")
        self._kept_as = paragraph("", "muted")
        self._kept_as.setObjectName("kept_as")
        self._python = ElidedLabel(widens=True)
        self._python.setObjectName("python")
        self._other_python = button("other_python", "Another Python…")
        self._own_program = button("own_program", "Use our own")
        self._estimate = NoticeBox("estimate", amber=False)
        self._problem = NoticeBox("choice_problem", amber=True)
        self._back = button("back", "Back")
        self._start = button("start", "Start training", "primary")
        self._lay_out()
        self._connect()

    def show_state(self, state: TrainingState) -> None:
        """Show what can be chosen from; what was chosen stays."""
        self._state = state
        self._start_from.show_state(state)
        self._keep.show_folder(state.keep)
        self._python.set_text(state.python or _OWN_PROGRAM)
        self._own_program.setVisible(bool(state.python))
        self._problem.say(state.problem)
        if self._name_is_used and state.phase == "ready":
            self._name_is_used = False
            self._name.setText(next_name(self._name.text(), state.taken_ids, _LONGEST_NAME))
            self._name.selectAll()
        self._show_choice()

    def begin_anew(self) -> None:
        """Another training begins: when it can be named, a name that nobody has is offered."""
        self._name_is_used = True

    def focus_name(self) -> None:
        """Let the next keys go into the name: without one nothing starts."""
        self._name.setFocus()

    def wish(self) -> TrainingWish:
        """What is chosen now."""
        start = self._start_from.current()
        return TrainingWish(start.key if start is not None else "", self._preset.current(), self._name.text())

    def _show_choice(self) -> None:
        wish = self.wish()
        preset = self._presets[wish.preset]
        self._explanation.setText(preset.explanation)
        named = bool(wish.name.strip())
        kept_as = (
            f"Kept as {free_id(wish.name, self._state.taken_ids)}."
            if named
            else "Give it a name of your own."
        )
        self._kept_as.setText(kept_as)
        self._start.setEnabled(named and bool(wish.start) and self._state.phase == "ready")
        start = self._start_from.current()
        for part in (self._keep_caption, self._keep_box):
            part.setVisible(start is not None and start.is_classifier)
        architecture = start.architecture if start is not None else ""
        cores = os.cpu_count() or 1
        images = self._state.data.images if self._state.data is not None else 0
        time = rough_time_words(estimate_seconds(images, architecture, preset, cores))
        # Whoever chose a training environment wants its GPU; without one nobody asks why a PC has none.
        why = self._state.why_no_gpu if self._state.python else ""
        self._estimate.say(_device_and_time(self._state.gpu, why, cores, time))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6 * GRID_PX)
        grid.setVerticalSpacing(4 * GRID_PX)
        grid.setColumnStretch(1, 1)
        python = QWidget()
        field_row(python, [self._python, self._own_program, self._other_python])
        self._name.setFixedWidth(FIELD_PX)
        rows: tuple[tuple[QLabel, QWidget, QWidget], ...] = (
            (PlainLabel("Start from"), self._start_from, self._start_from),
            (self._keep_caption, self._keep, self._keep_box),
            (PlainLabel("How thoroughly"), self._preset, explained(self._preset, self._explanation)),
            (PlainLabel("Name"), self._name, explained(self._name, self._kept_as)),
            (PlainLabel("Trained by"), python, python),
        )
        for row, (caption, field, whole_field) in enumerate(rows):
            caption.setBuddy(field)
            # Beside the field, not beside what is said below it.
            caption.setMinimumHeight(field.sizeHint().height())
            field.setAccessibleName(caption.text())
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(whole_field, row, 1)
        body = QWidget()
        column = page_column(body)
        column.addLayout(grid)
        column.addSpacing(GRID_PX)
        column.addWidget(self._problem)
        column.addWidget(self._estimate)
        column.addStretch(1)
        whole = page_column(self)
        whole.addWidget(scrolling(body, across=True), 1)
        whole.addLayout(button_row([self._back], [self._start]))

    def _connect(self) -> None:
        self._start_from.chosen.connect(self._show_choice)
        self.file_wanted = self._start_from.file_wanted
        self.keep_wanted = self._keep.folder_wanted
        self.keep_nothing_wanted = self._keep.nothing_wanted
        self._preset.chosen.connect(lambda _key: self._show_choice())
        self._name.textChanged.connect(lambda _text: self._show_choice())
        # While there is no name, or nothing to start from, the button is off, and so is the key.
        self._name.returnPressed.connect(self._start.click)
        self.back_wanted = self._back.clicked
        self._start.clicked.connect(lambda _checked=False: self.start_wanted.emit(self.wish()))
        self.python_wanted = self._other_python.clicked
        self.own_program_wanted = self._own_program.clicked


def _device_and_time(gpu: str | None, why: str, cores: int, time: str) -> str:
    """What it will run on and how long, as far as either is known before anything runs."""
    stops_earlier = "it stops earlier when nothing improves any more."
    if gpu:
        return (
            f"{gpu} will do the work. The processor alone would take {time}; a GPU is many times faster, and the page "
            f"shows the time left once the first batches are done. Either way {stops_earlier}"
        )
    found = "Looking for a GPU…" if gpu is None else f"No GPU was found. {why}".rstrip()
    return f"{found} The processor ({cores} cores) takes {time} for all epochs, roughly; {stops_earlier}"


def estimate_seconds(images: int, architecture: str, preset: Preset, cores: int) -> float:
    """Roughly how long all epochs take on the processor. An early stop makes it shorter, a GPU ten times and more."""
    share = preset.side_px**2 / _MEASURED_PX
    an_image = _CORE_SECONDS.get(architecture, max(_CORE_SECONDS.values())) * share
    return images * _TRAINED_SHARE * preset.epochs * an_image / min(max(cores, 1), _USEFUL_CORES)


def rough_time_words(seconds: float) -> str:
    """A time as coarse as an estimate is: `about 20 minutes`, `about 3 hours`."""
    if seconds < 120:
        return "a few minutes at most"
    if seconds < 5400:
        minutes = round(seconds / 600) * 10 if seconds >= 900 else round(seconds / 60)
        return f"about {minutes} minutes"
    if seconds < 2 * _DAY_S:
        return f"about {round(seconds / 3600)} hours"
    return f"about {round(seconds / _DAY_S)} days"
