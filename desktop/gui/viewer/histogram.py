"""How the colours of the shown picture are spread. pyqtgraph comes in with it, when the page of colours is opened
(docs/adr/0041).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bloodsmear.images.shown_colours import ShownColours, tables
from desktop.gui.theme.palette import VIEW

# At least 4.5 : 1 on the views' ground.
_CHANNELS = ("#FF7B73", "#6FD787", "#7FB4FF")
_LINE = "#E8EBF0"
_HEIGHT_PX, _LEAST_PX = 132, 56
_LEVELS = np.arange(256)


class Histogram(QWidget):
    """A line for red, green and blue over the values of the file; the dashed one is what each is shown as."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: Any = pyqtgraph.ViewBox(enableMouse=False, enableMenu=False)
        self._curves: list[Any] = [
            pyqtgraph.PlotDataItem(pen=pyqtgraph.mkPen(colour, width=1.5)) for colour in _CHANNELS
        ]
        self._shown_as: Any = pyqtgraph.PlotDataItem(
            pen=pyqtgraph.mkPen(_LINE, width=1.5, style=Qt.PenStyle.DashLine)
        )
        plot: Any = pyqtgraph.GraphicsLayoutWidget(parent=self)
        plot.setBackground(VIEW)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setAccessibleName("How often each value of red, green and blue is in the picture")
        plot.addItem(self._view, 0, 0)
        for curve in (*self._curves, self._shown_as):
            self._view.addItem(curve)
        self._view.setXRange(0, 255, padding=0.01)
        self._view.setYRange(0, 1, padding=0.03)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(plot)
        # On a low screen the sliders need the room more.
        plot.setMinimumHeight(_LEAST_PX)
        self.setMaximumHeight(_HEIGHT_PX)

    def show_counts(self, counts: npt.NDArray[np.int64] | None) -> None:
        """How many pixels have each value (3×256), by the square root of their share: glass would hide the cells."""
        heights = np.zeros((3, 256)) if counts is None else np.sqrt(counts / max(1, counts.max()))
        for curve, height in zip(self._curves, heights, strict=True):
            curve.setData(_LEVELS, height)

    def show_colours(self, colours: ShownColours) -> None:
        """What each value of the file is shown as."""
        self._shown_as.setData(_LEVELS, tables(colours).mean(axis=0) / 255)

    def heights(self) -> list[list[float]]:
        """What the lines of red, green and blue show."""
        return [[float(value) for value in curve.yData] for curve in self._curves]
