"""The live curves. pyqtgraph comes in here and nowhere else, when the page is first opened (docs/adr/0004)."""

from collections.abc import Sequence
from typing import Any

import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX, SMALL_TEXT_PX
from desktop.gui.theme.plain_text import PlainLabel

# Room for the axis' figures, so that two charts side by side have the same width.
_AXIS_PX = 44
_LEAST_EPOCHS = 5
_POINT_PX = 5
# Of 255.
_GRID_ALPHA = 110
# How far up an empty chart reaches, in nats, for four labels.
_LOSS_BY_CHANCE = 1.4


class Curves(QWidget):
    """One figure over the epochs, for training (dashed, grey) and validation (solid, accent)."""

    def __init__(self, title: str, percent: bool, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._percent = percent
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        head = QHBoxLayout()
        name = PlainLabel(title)
        name.setProperty("look", "title")
        head.addWidget(name)
        head.addStretch(1)
        head.addWidget(self._legend)
        self._view: Any = pyqtgraph.ViewBox(enableMouse=False, enableMenu=False)
        self._axes: dict[str, Any] = {side: pyqtgraph.AxisItem(side) for side in ("left", "bottom")}
        self._training: Any = pyqtgraph.PlotDataItem(antialias=True)
        self._validation: Any = pyqtgraph.PlotDataItem(antialias=True)
        self._plot: Any = self._make_plot(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self._plot, 1)
        self.set_tokens(tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._plot.setBackground(tokens.surface)
        for axis in self._axes.values():
            axis.setPen(tokens.control_border)
            axis.setTextPen(tokens.text_muted)
        grey, accent = tokens.text_muted, tokens.accent_text
        self._training.setPen(pyqtgraph.mkPen(grey, width=1.5, style=Qt.PenStyle.DashLine))
        self._validation.setPen(pyqtgraph.mkPen(accent, width=2))
        for curve, colour in ((self._training, grey), (self._validation, accent)):
            curve.setSymbol("o")
            curve.setSymbolSize(_POINT_PX)
            curve.setSymbolPen(None)
            curve.setSymbolBrush(colour)
        self._legend.setText(
            f"<span style='color:{grey}'>╌╌ training</span>&nbsp;&nbsp;&nbsp;"
            f"<span style='color:{accent}'>── validation</span>"
        )

    def set_most_epochs(self, epochs: int) -> None:
        """Let the axis go to the last epoch that there can be, from the first one on: how far it is stands in it."""
        self._view.setXRange(1, max(_LEAST_EPOCHS, epochs), padding=0.03)

    def set_values(
        self, epochs: Sequence[int], training: Sequence[float], validation: Sequence[float]
    ) -> None:
        """Show these values; accuracy as a share from 0 to 1."""
        factor = 100 if self._percent else 1
        self._training.setData(list(epochs), [value * factor for value in training])
        self._validation.setData(list(epochs), [value * factor for value in validation])
        if not self._percent:
            self._view.setYRange(0, max((*training, *validation), default=_LOSS_BY_CHANCE), padding=0.06)

    def last_epoch(self) -> int:
        """Up to which epoch the axis goes."""
        return int(self._view.viewRange()[0][1])

    def values(self) -> tuple[list[float], list[float]]:
        """What is shown: training and validation."""
        return tuple(
            [float(value) for value in (curve.yData if curve.yData is not None else ())]
            for curve in (self._training, self._validation)
        )  # type: ignore[return-value]

    def _make_plot(self, title: str) -> Any:
        # Of a view box and axes: pyqtgraph's plot item makes seven menus that belong to nobody and outlive the page.
        plot = pyqtgraph.GraphicsLayoutWidget(parent=self)
        plot.setAccessibleName(title)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.ci.layout.setContentsMargins(0, 0, 0, 0)
        plot.ci.layout.setSpacing(0)
        plot.addItem(self._axes["left"], 0, 0)
        plot.addItem(self._view, 0, 1)
        plot.addItem(self._axes["bottom"], 1, 1)
        font = self.font()
        font.setPixelSize(SMALL_TEXT_PX)
        for axis in self._axes.values():
            axis.linkToView(self._view)
            axis.setStyle(tickFont=font)
        self._axes["left"].setWidth(_AXIS_PX)
        self._axes["left"].setGrid(_GRID_ALPHA)
        # Its own choice writes a figure at every line, 15 px apart.
        self._axes["left"].setStyle(maxTextLevel=0)
        self._axes["bottom"].setTickSpacing(5, 1)
        for curve in (self._training, self._validation):
            self._view.addItem(curve)
        if self._percent:
            self._view.setYRange(0, 100, padding=0.03)
        return plot
