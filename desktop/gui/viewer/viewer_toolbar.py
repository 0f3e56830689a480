"""The row above the views: how to compare, denoiser, zoom."""

from PySide6.QtCore import Qt
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
        fit = _zoom_button("Fit", "Show the whole picture", "segment_first")
        one_to_one = _zoom_button("1:1", "One image pixel on one screen pixel", "segment_middle")
        zoom_out = _zoom_button("–", "Zoom out", "segment_middle")
        zoom_in = _zoom_button("+", "Zoom in", "segment_last")
        for button in (fit, one_to_one, zoom_out, zoom_in):
            row.addWidget(button)
        self.fit_clicked, self.one_to_one_clicked = fit.clicked, one_to_one.clicked
        self.zoom_out_clicked, self.zoom_in_clicked = zoom_out.clicked, zoom_in.clicked
        return group


def _zoom_button(text: str, what: str, look: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("look", look)
    button.setToolTip(plain_tooltip(what))
    button.setAccessibleName(what)
    return button
