"""The live curves. pyqtgraph comes in here and nowhere else, when the page is first opened (docs/adr/0004)."""

from collections.abc import Sequence
from typing import Any

import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX, SMALL_TEXT_PX

# Room for the axis' figures, so that two charts side by side have the same width.
_AXIS_PX = 44
_LEAST_EPOCHS = 5
_POINT_PX = 5
# Of four labels, in nats: how far up an empty chart reaches.
_LOSS_BY_CHANCE = 1.4


class Curves(QWidget):
    """One figure over the epochs, for training (dashed, grey) and validation (solid, accent)."""

    def __init__(self, title: str, percent: bool, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._percent = percent
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        head = QHBoxLayout()
        name = QLabel(title)
        name.setProperty("look", "title")
        head.addWidget(name)
        head.addStretch(1)
        head.addWidget(self._legend)
        self._plot: Any = pyqtgraph.PlotWidget(parent=self)
        self._plot.setAccessibleName(title)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._training: Any = self._plot.plot([], [])
        self._validation: Any = self._plot.plot([], [])
        self._prepare()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self._plot, 1)
        self.set_tokens(tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._plot.setBackground(tokens.surface)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
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

    def set_values(
        self, epochs: Sequence[int], training: Sequence[float], validation: Sequence[float]
    ) -> None:
        """Show these values; accuracy as a share from 0 to 1."""
        factor = 100 if self._percent else 1
        self._training.setData(list(epochs), [value * factor for value in training])
        self._validation.setData(list(epochs), [value * factor for value in validation])
        self._plot.setXRange(1, max(_LEAST_EPOCHS, *epochs) if epochs else _LEAST_EPOCHS, padding=0.03)
        if not self._percent:
            self._plot.setYRange(0, max((*training, *validation), default=_LOSS_BY_CHANCE), padding=0.06)

    def values(self) -> tuple[list[float], list[float]]:
        """What is shown: training and validation."""
        return tuple(
            [float(value) for value in (curve.yData if curve.yData is not None else ())]
            for curve in (self._training, self._validation)
        )  # type: ignore[return-value]

    def _prepare(self) -> None:
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setAntialiasing(True)
        self._plot.showGrid(x=False, y=True, alpha=0.15)
        font = self.font()
        font.setPixelSize(SMALL_TEXT_PX)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setStyle(tickFont=font)
        self._plot.getAxis("left").setWidth(_AXIS_PX)
        self._plot.getAxis("bottom").setTickSpacing(5, 1)
        if self._percent:
            self._plot.setYRange(0, 100, padding=0.03)
