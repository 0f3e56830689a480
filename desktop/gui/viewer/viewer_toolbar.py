"""The row above the views: layout, denoiser, zoom."""

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from bloodsmear.images.denoise_settings import DEFAULTS, DenoiserName, DenoiseSettings
from desktop.gui.theme import Tokens
from desktop.gui.theme.flow_row import FlowRow
from desktop.gui.theme.icons import IconName, icon
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice
from desktop.gui.viewer.strength_slider import StrengthSlider

OFF = "off"
_LAYOUTS = (
    Segment("auto", "Auto", "Beside or above each other, whichever shows more"),
    Segment("side_by_side", "", "Beside each other"),
    Segment("stacked", "", "Above each other"),
    Segment("wipe", "", "One over the other, with a divider to move"),
    Segment("blink", "", "One at a time, in the same place"),
    Segment("difference", "", "What denoising changes"),
)
_LAYOUT_ICONS: tuple[IconName, ...] = ("side_by_side", "stacked", "wipe", "blink", "difference")
_DENOISERS = (
    Segment(OFF, "Off", "The original alone"),
    Segment("gaussian", "Gaussian", "Denoise with a Gaussian filter"),
    Segment("median", "Median", "Denoise with a median filter"),
    Segment("non_local_means", "Non-local", "Denoise with non-local means (slower)"),
)


class ViewerToolbar(FlowRow):
    """`layouts` says what is chosen, and `settings_chosen(DenoiseSettings or None)`; a signal for each zoom button."""

    settings_chosen = Signal(object)
    fit_clicked = Signal()
    one_to_one_clicked = Signal()
    zoom_out_clicked = Signal()
    zoom_in_clicked = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(2 * GRID_PX, parent, last_at_end=True)
        self.layouts = SegmentedChoice("Layout", _LAYOUTS, self)
        self.denoisers = SegmentedChoice("Denoiser", _DENOISERS, self)
        self.strength = StrengthSlider(self)
        # As high as its neighbours, so that its middle is theirs.
        self.strength.setFixedHeight(self.denoisers.sizeHint().height())
        self._percent = PlainLabel(parent=self)
        self._percent.setProperty("look", "muted")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Room for the longest text, so that the buttons stay where they are while the zoom changes.
        self._percent.setFixedWidth(self._percent.fontMetrics().horizontalAdvance("3,200 %"))
        self._percent.setAccessibleName("Zoom")
        self._percent.setToolTip("Screen pixels per image pixel")
        self._zoom = self._zoom_group()
        for control in (self.layouts, self.denoisers, self.strength, self._zoom):
            self.add(control)
        self.denoisers.chosen.connect(self._choose_denoiser)
        self.strength.chosen.connect(self.settings_chosen)
        self.set_settings(DEFAULTS["non_local_means"])
        self.set_tokens(tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Draw the icons in another palette."""
        for name in _LAYOUT_ICONS:
            self.layouts.set_icon(name, icon(name, tokens.text))

    def settings(self) -> DenoiseSettings | None:
        """The chosen denoiser with its strength; None for off."""
        return None if self.denoisers.current() == OFF else self.strength.settings()

    def set_settings(self, settings: DenoiseSettings | None) -> None:
        """Show these without emitting."""
        self.denoisers.choose(OFF if settings is None else settings.name)
        if settings is not None:
            self.strength.set_settings(settings)
        self.strength.setEnabled(settings is not None)

    def set_percent(self, percent: float | None) -> None:
        """Screen pixels per image pixel in percent; None while there is no picture."""
        self._percent.setText("" if percent is None else f"{percent:,.0f} %")
        self._zoom.setEnabled(percent is not None)

    def percent_text(self) -> str:
        """What the zoom label says."""
        return self._percent.text()

    def _choose_denoiser(self, key: str) -> None:
        self.strength.setEnabled(key != OFF)
        if key != OFF:
            self.strength.show_denoiser(cast("DenoiserName", key))
        self.settings_chosen.emit(self.settings())

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
