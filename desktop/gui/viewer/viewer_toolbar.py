"""The row above the views: how to compare, denoiser, zoom."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.theme.flow_row import FlowRow
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice
from desktop.gui.viewer.denoiser_choice import DenoiserChoice

_WAYS = (
    Segment("original", "Original", "The original alone, as large as it can be"),
    Segment(
        "compare", "Compare", "Original and denoised beside or above each other; again: the other arrangement"
    ),
    Segment("wipe", "Wipe", "One over the other, with a line to move"),
    Segment("blink", "Blink", "One at a time, in the same place; again: the other one"),
    Segment("difference", "Difference", "What denoising changes"),
)


class ViewerToolbar(FlowRow):
    """`ways` and `denoiser` say what is chosen; a signal for each zoom button."""

    fit_clicked = Signal()
    one_to_one_clicked = Signal()
    zoom_out_clicked = Signal()
    zoom_in_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(2 * GRID_PX, parent, last_at_end=True)
        self.ways = SegmentedChoice("Original and denoised", _WAYS, self)
        self.denoiser = DenoiserChoice(self)
        self._percent = PlainLabel(parent=self)
        self._percent.setProperty("look", "muted")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Room for the longest text, so that the buttons stay where they are while the zoom changes.
        self._percent.setFixedWidth(self._percent.fontMetrics().horizontalAdvance("3,200 %"))
        self._percent.setAccessibleName("Zoom")
        self._percent.setToolTip("Screen pixels per image pixel")
        self._zoom = self._zoom_group()
        for control in (self.ways, self.denoiser, self._zoom):
            self.add(control)

    def set_percent(self, percent: float | None) -> None:
        """Screen pixels per image pixel in percent; None while there is no picture."""
        self._percent.setText("" if percent is None else f"{percent:,.0f} %")
        self._zoom.setEnabled(percent is not None)

    def _zoom_group(self) -> QWidget:
        group = QWidget(self)
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._percent)
        row.addSpacing(GRID_PX)
        buttons = (
            ("Fit", "Show the whole picture", "segment_first", self.fit_clicked),
            ("1:1", "One image pixel on one screen pixel", "segment_middle", self.one_to_one_clicked),
            ("–", "Zoom out", "segment_middle", self.zoom_out_clicked),
            ("+", "Zoom in", "segment_last", self.zoom_in_clicked),
        )
        for text, tooltip, look, signal in buttons:
            button = QPushButton(text, group)
            button.setProperty("look", look)
            button.setToolTip(plain_tooltip(tooltip))
            button.setAccessibleName(tooltip)
            button.clicked.connect(signal)
            row.addWidget(button)
        return group
