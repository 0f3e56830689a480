"""The page of an image's scale: typed, of an objective, from the file, by the burnt-in bar, or along a drawn line."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from bloodsmear.images.scale import (
    LEAST_UM,
    MOST_UM,
    Objective,
    Scale,
    ScaleSource,
    StatedScale,
    is_scale,
    typed_number,
    um_words,
)
from desktop.gui.dialogs.study_page import StudyPage
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, close_button, paragraph

_SIZE_PX = (620, 440)
_FIELD_PX = 96
_MEASURING = "Looking for a burnt-in bar…"
_NO_BAR = "None was found, or the picture's edge cuts it."
_NO_LINE = "Draw a line along something whose length you know."
_NOT_A_SCALE = f"Type the micrometres of one pixel, from {LEAST_UM:g} to {MOST_UM:g}, as 0.1625."


@dataclass(frozen=True, slots=True)
class ScaleShown:
    """What the page shows of the image in the window. `folder` is its own, empty where it lies in the root.

    `hindrance`: why nothing can be set, empty where it can.
    """

    image: str
    size_px: tuple[int, int] | None
    scale: Scale | None
    stated: StatedScale
    folder: str
    hindrance: str


class ScaleDialog(StudyPage):
    """`set_wanted(µm per pixel, how the reader came to it, whether for the folder alone)`, `objective_named(name, µm)`.

    `objective_forgotten(name)`, `remove_wanted()`, `line_wanted()`.
    """

    set_wanted = Signal(float, str, bool)
    objective_named = Signal(str, float)
    objective_forgotten = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setWindowTitle("Scale")
        self.begin_with(*_SIZE_PX)
        self.remark.setObjectName("scale_remark")
        self._source: ScaleSource = "typed"
        self._shown: ScaleShown | None = None
        self._bar_px: float | None = None
        self._line_px: float | None = None
        self._um = _field("um_per_px", "Micrometres per pixel")
        self._objectives = DropDown()
        self._objectives.setObjectName("objectives")
        self._objectives.setAccessibleName("Objective")
        self._stated, self._take = paragraph(""), button("take_stated", "Take it")
        self._bar, self._bar_um = paragraph(""), _field("bar_um", "What the bar stands for, in micrometres")
        self._line, self._line_um = paragraph(""), _field("line_um", "How long the line is, in micrometres")
        self._bar_unit, self._line_unit = paragraph("µm"), paragraph("µm")
        self._draw = button("draw_line", "Draw")
        self._where = DropDown()
        self._where.setObjectName("scale_holds_for")
        self._where.setAccessibleName("Holds for")
        self._name = QLineEdit()
        self._name.setObjectName("objective_name")
        self._name.setPlaceholderText("Name of an objective")
        self._name.setAccessibleName("Name of an objective")
        self._keep, self._forget = button("keep_objective", "Keep"), button("forget_objective", "Forget")
        self._problem = NoticeBox("scale_problem", amber=True)
        self._remove, self._set = button("remove_scale", "Remove"), button("set_scale", "Set", "primary")
        self._set.setDefault(True)
        self.remove_wanted, self.line_wanted = self._remove.clicked, self._draw.clicked
        for choice in (self._objectives, self._where):
            choice.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToContents)
        self._lay_out()
        self._um.setFocus()
        self._wire()

    def show_objectives(self, objectives: Sequence[Objective]) -> None:
        """Offer these to choose from."""
        self._objectives.clear()
        self._objectives.addItem("Objective…", None)
        for one in objectives:
            self._objectives.addItem(f"{one.name} ({um_words(one.um_per_px)})", one)
        self._objectives.setEnabled(bool(objectives))
        self._forget.setEnabled(False)

    def show_image(self, shown: ScaleShown) -> None:
        """The image in the window: of another one than before, nothing that was typed stays."""
        other = self._shown is None or (self._shown.image, self._shown.size_px) != (
            shown.image,
            shown.size_px,
        )
        self._shown = shown
        if other:
            self.clear()
        self.say(_standing(shown))
        self._stated.setText("" if shown.size_px is None else shown.stated.words)
        offered = shown.stated.um_per_px is not None and not shown.stated.counts
        self._take.setVisible(offered)
        self._remove.setVisible(shown.scale is not None and shown.scale.set_for is not None)
        self._problem.say(shown.hindrance)
        for part in (self._set, self._remove, self._where, self._um, self._bar_um, self._line_um):
            part.setEnabled(not shown.hindrance)
        self._draw.setEnabled(shown.size_px is not None)
        if not other:
            return
        self._where.clear()
        if shown.size_px is None:
            self._bar.setText("")
        else:
            self._where.addItem(f"all images of {_size(shown)} in the study", False)
            if shown.folder:
                self._where.addItem(f"those of {_size(shown)} in the folder {shown.folder}", True)
            # The folder's counts before the study's, which would change nothing here.
            self._where.setCurrentIndex(1 if shown.folder and shown.scale and shown.scale.set_for else 0)

    def show_bar(self, length_px: float | None, measuring: bool = False) -> None:
        """How long the burnt-in bar is; None where there is none, or it is still being looked for."""
        self._bar_px = length_px
        words = _MEASURING if measuring else _NO_BAR
        self._bar.setText(words if length_px is None else f"It is {length_px:.1f} px long and stands for")
        for part in (self._bar_um, self._bar_unit):
            part.setVisible(length_px is not None)

    def show_line(self, length_px: float | None) -> None:
        """How long the line is that the reader drew; None while none is drawn."""
        self._line_px = length_px
        self._line.setText(_NO_LINE if length_px is None else f"It is {length_px:.1f} px long and stands for")
        for part in (self._line_um, self._line_unit):
            part.setVisible(length_px is not None)
        self._follow(self._line_um, length_px, "drawn")

    def come_back(self) -> None:
        """After a line was drawn, or the ruler left: ask how long it is."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._line_um.setFocus()

    def say_problem(self, sentence: str) -> None:
        """Why the scale was not set."""
        self._problem.say(sentence)

    def clear(self) -> None:
        """Nothing of the image before stays."""
        for field in (self._um, self._bar_um, self._line_um):
            field.clear()
        self._problem.say("")
        self.show_bar(None, measuring=True)
        self.show_line(None)

    def _wire(self) -> None:
        self._um.textEdited.connect(lambda _text: self._note("typed"))
        self._bar_um.textEdited.connect(lambda _text: self._follow(self._bar_um, self._bar_px, "bar"))
        self._line_um.textEdited.connect(lambda _text: self._follow(self._line_um, self._line_px, "drawn"))
        self._objectives.activated.connect(self._choose_objective)
        self._name.textEdited.connect(lambda _text: self._forget.setEnabled(False))
        self._forget.clicked.connect(self._ask_to_forget)
        self._take.clicked.connect(self._take_stated)
        self._set.clicked.connect(self._ask)
        self._keep.clicked.connect(self._ask_to_keep)

    def _choose_objective(self) -> None:
        chosen = self._objectives.currentData()
        self._forget.setEnabled(chosen is not None)
        self._name.setText("" if chosen is None else chosen.name)
        if chosen is not None:
            self._put(chosen.um_per_px, "objective")

    def _ask_to_forget(self) -> None:
        self.objective_forgotten.emit(self._name.text())
        self._name.clear()

    def _take_stated(self) -> None:
        if self._shown is not None:
            self._put(self._shown.stated.um_per_px, "file")

    def _note(self, source: ScaleSource) -> None:
        self._source = source
        self._problem.say("")

    def _put(self, um_per_px: float | None, source: ScaleSource) -> None:
        if um_per_px is not None:
            self._um.setText(f"{um_per_px:.6g}")
            self._note(source)

    def _follow(self, field: QLineEdit, length_px: float | None, source: ScaleSource) -> None:
        """A length (px) stands for what was typed beside it: that is the scale."""
        um = typed_number(field.text())
        if um is not None and length_px:
            self._put(um / length_px, source)

    def _typed(self) -> float | None:
        um_per_px = typed_number(self._um.text())
        if um_per_px is not None and is_scale(um_per_px):
            return um_per_px
        self._problem.say(_NOT_A_SCALE)
        self._um.setFocus()
        return None

    def _ask(self) -> None:
        if (um_per_px := self._typed()) is not None:
            self._problem.say("")
            self.set_wanted.emit(um_per_px, self._source, bool(self._where.currentData()))

    def _ask_to_keep(self) -> None:
        name = " ".join(self._name.text().split())
        if name and (um_per_px := self._typed()) is not None:
            self.objective_named.emit(name, um_per_px)
            self._name.clear()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        rows: tuple[tuple[str, Sequence[QWidget]], ...] = (
            ("One pixel is", (self._um, paragraph("µm wide"), self._objectives)),
            ("The file", (self._stated, self._take)),
            ("Burnt-in bar", (self._bar, self._bar_um, self._bar_unit)),
            ("A drawn line", (self._line, self._line_um, self._line_unit, self._draw)),
            ("Holds for", (self._where,)),
            ("Objective", (self._name, self._keep, self._forget)),
        )
        for line, (title, parts) in enumerate(rows):
            label = paragraph(title, "muted")
            label.setWordWrap(False)
            grid.addWidget(label, line, 0)
            row = QHBoxLayout()
            row.setSpacing(8)
            for part in parts:
                # The file's sentence wraps and takes the room, a unit does not.
                row.addWidget(part, 1 if part in (self._stated, self._name) else 0)
                if isinstance(part, QLabel) and part is not self._stated:
                    part.setWordWrap(False)
            if not any(row.stretch(place) for place in range(row.count())):
                row.addStretch(1)
            grid.addLayout(row, line, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(self.remark)
        layout.addLayout(grid)
        layout.addWidget(self._problem)
        layout.addStretch(1)
        layout.addLayout(button_row([self._remove], [close_button(self), self._set]))


def _field(name: str, words: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(words)
    field.setFixedWidth(_FIELD_PX)
    field.setMaxLength(20)
    return field


def _size(shown: ScaleShown) -> str:
    width_px, height_px = shown.size_px or (0, 0)
    return f"{width_px} × {height_px} px"


def _standing(shown: ScaleShown) -> str:
    if shown.size_px is None:
        return ""
    name = shown.image.rpartition("/")[2]
    if shown.scale is None:
        return f"{name} has no scale yet."
    return f"{name}: {um_words(shown.scale.um_per_px)} a pixel, {shown.scale.origin}."
