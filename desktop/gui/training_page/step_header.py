"""The line over the page that says which of its steps this is."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel


class StepHeader(QWidget):
    """`1 Images › 2 Start from › …`; the step at hand is bold. It is no button: the steps lead on by themselves."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = [PlainLabel(f"{number}  {name}") for number, name in enumerate(names, 1)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        for place, label in enumerate(self._labels):
            if place:
                arrow = PlainLabel("›")
                arrow.setProperty("look", "muted")
                row.addWidget(arrow)
            row.addWidget(label)
        row.addStretch(1)
        self._current = -1

    def show_step(self, step: int) -> None:
        """Mark this step, counted from 0."""
        if step == self._current:
            return
        self._current = step
        for place, label in enumerate(self._labels):
            label.setProperty("look", "title" if place == step else "muted")
            label.style().unpolish(label)
            label.style().polish(label)
        self.setAccessibleName(f"Step {step + 1} of {len(self._labels)}: {self._labels[step].text()}")

    def current(self) -> int:
        """The step that is marked."""
        return self._current
