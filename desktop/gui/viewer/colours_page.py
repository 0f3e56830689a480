"""The page of the colours for the eye: how they are spread, three sliders, one channel alone, inverted, white glass."""

import math
from dataclasses import replace
from typing import cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from bloodsmear.images.shown_colours import FILES_COLOURS, MOST_GAMMA, Channel, ShownColours
from desktop.gui.theme.page_parts import button, button_row, close_button, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice
from desktop.gui.viewer.histogram import Histogram

_SIZE_PX = (380, 436)
_FOR_THE_EYE = (
    "For your eye alone: the classifiers, the values under the cursor and every report have the file's colours. "
    "Kept for this study on this PC."
)
_CHANNELS = (
    Segment("all", "All", "All channels"),
    Segment("red", "Red", "The red channel alone, as grey"),
    Segment("green", "Green", "The green channel alone, as grey"),
    Segment("blue", "Blue", "The blue channel alone, as grey"),
)
# Both ends of the slider are five times as much, or a fifth.
_GAMMA_PER_STEP = (MOST_GAMMA / 100) ** (1 / 100)


class ColoursPage(QDialog):
    """`chosen(ShownColours)` when the reader changed something; `glass_wanted()`: the next click on glass, or not."""

    chosen = Signal(ShownColours)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Colours for the eye")
        self.setMinimumWidth(_SIZE_PX[0])
        self.resize(*_SIZE_PX)
        self._now = FILES_COLOURS
        self._histogram = Histogram()
        self._brightness, self._contrast, self._gamma = (
            _slider(name) for name in ("Brightness", "Contrast", "Gamma")
        )
        self._figures = {slider: PlainLabel() for slider in (self._brightness, self._contrast, self._gamma)}
        self._channel = SegmentedChoice("Channel", _CHANNELS)
        self._inverted = button("inverted", "Invert", "choice")
        self._inverted.setCheckable(True)
        # Pressed it is bold and has a wider ring, for which Qt reserves no room.
        bold = QFont(self._inverted.font())
        bold.setBold(True)
        widest_px = QFontMetrics(bold).horizontalAdvance(self._inverted.text())
        self._inverted.setMinimumWidth(widest_px + 6 * GRID_PX)
        self._glass = button("pick_glass", "Click on glass", "choice")
        self._glass.setCheckable(True)
        self._no_glass = button("no_glass", "None")
        self._files = button("files_colours", "Colours of the file")
        self.glass_wanted = self._glass.clicked
        self._lay_out()
        self._wire()
        self.show_colours(FILES_COLOURS)

    def show_colours(self, colours: ShownColours) -> None:
        """These are shown now."""
        self._now = colours
        for slider, value in (
            (self._brightness, colours.brightness),
            (self._contrast, colours.contrast),
            (self._gamma, round(math.log(colours.gamma_percent / 100, _GAMMA_PER_STEP))),
        ):
            with QSignalBlocker(slider):
                slider.setValue(value)
        for slider, percent in ((self._brightness, colours.brightness), (self._contrast, colours.contrast)):
            self._figures[slider].setText(f"{percent:+d}".replace("-", "−") if percent else "0")
        self._figures[self._gamma].setText(f"{colours.gamma_percent / 100:.2f}")
        self._channel.choose(colours.channel)
        with QSignalBlocker(self._inverted):
            self._inverted.setChecked(colours.inverted)
        self._no_glass.setEnabled(colours.glass is not None)
        self._files.setEnabled(not colours.are_the_files)
        self._histogram.show_colours(colours)

    def show_picking(self, on: bool) -> None:
        """Whether the next click on the picture is on glass."""
        self._glass.setChecked(on)

    def show_counts(self, counts: npt.NDArray[np.int64] | None) -> None:
        """How many pixels of the shown image have each value (3×256); None while none is shown."""
        self._histogram.show_counts(counts)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * GRID_PX)
        grid.setVerticalSpacing(2 * GRID_PX)
        widest_px = self.fontMetrics().horizontalAdvance("−100")
        for row, slider in enumerate(self._figures):
            grid.addWidget(_label(slider.accessibleName()), row, 0)
            grid.addWidget(slider, row, 1)
            figure = self._figures[slider]
            figure.setFixedWidth(widest_px)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(figure, row, 2)
        lines: dict[str, list[QWidget]] = {
            "Channel": [self._channel, self._inverted],
            "White balance": [self._glass, self._no_glass],
        }
        for row, (words, parts) in enumerate(lines.items(), 3):
            grid.addWidget(_label(words), row, 0)
            beside = QHBoxLayout()
            beside.setSpacing(3 * GRID_PX)
            for part in parts:
                beside.addWidget(part)
            beside.addStretch(1)
            grid.addLayout(beside, row, 1, 1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(3 * GRID_PX)
        column.addWidget(paragraph(_FOR_THE_EYE, "muted"))
        column.addWidget(self._histogram, 1)
        column.addLayout(grid)
        column.addLayout(button_row([self._files], [close_button(self)]))

    def _wire(self) -> None:
        self._brightness.valueChanged.connect(
            lambda value: self._choose(replace(self._now, brightness=value))
        )
        self._contrast.valueChanged.connect(lambda value: self._choose(replace(self._now, contrast=value)))
        self._gamma.valueChanged.connect(
            lambda value: self._choose(replace(self._now, gamma_percent=round(100 * _GAMMA_PER_STEP**value)))
        )
        self._channel.chosen.connect(
            lambda key: self._choose(replace(self._now, channel=cast("Channel", key)))
        )
        self._inverted.toggled.connect(lambda on: self._choose(replace(self._now, inverted=on)))
        self._no_glass.clicked.connect(lambda: self._choose(replace(self._now, glass=None)))
        self._files.clicked.connect(lambda: self._choose(FILES_COLOURS))

    def _choose(self, colours: ShownColours) -> None:
        self.show_colours(colours)
        self.chosen.emit(colours)


def _slider(name: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setObjectName(name.lower())
    slider.setAccessibleName(name)
    slider.setRange(-100, 100)
    slider.setPageStep(10)
    return slider


def _label(words: str) -> QLabel:
    return PlainLabel(words)
