"""A row of buttons of which exactly one is chosen: layouts, denoisers, which picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.gui.theme.plain_text import plain_tooltip


@dataclass(frozen=True, slots=True)
class Segment:
    """A choice: `key` for the program, `text` for people, `tooltip` where the text does not say enough."""

    key: str
    text: str
    tooltip: str = ""


class SegmentedChoice(QWidget):
    """Exclusive buttons that touch. Tab reaches the chosen one, the arrow keys move the choice.

    `chosen(key)` is emitted when a person chose, not when `choose` was called.
    """

    chosen = Signal(str)

    def __init__(self, name: str, segments: Sequence[Segment], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for segment, look in zip(segments, _looks(len(segments)), strict=True):
            button = QPushButton(segment.text, self)
            button.setCheckable(True)
            # Else it were the default button of a dialog while it has the focus, and Enter did nothing there.
            button.setAutoDefault(False)
            button.setProperty("look", look)
            button.setAccessibleName(f"{name}: {segment.tooltip or segment.text}")
            button.setToolTip(plain_tooltip(segment.tooltip))
            self._group.addButton(button)
            self._buttons[segment.key] = button
            row.addWidget(button)
        self._current = segments[0].key
        self.choose(self._current)
        # `buttonToggled`, because the arrow keys check a button of the group without clicking it.
        self._group.buttonToggled.connect(self._on_toggled)

    def current(self) -> str:
        """The key of the chosen segment."""
        return self._current

    def choose(self, key: str) -> None:
        """Show `key` as chosen without emitting `chosen`."""
        self._current = key
        self._buttons[key].setChecked(True)
        # Qt does so for a choice that a person makes, and leaves Tab at the first button for one that is set.
        for each, button in self._buttons.items():
            reach = Qt.FocusPolicy.StrongFocus if each == key else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(reach)

    def button(self, key: str) -> QPushButton:
        """The button of a segment."""
        return self._buttons[key]

    def _on_toggled(self, button: QPushButton, checked: bool) -> None:
        if not checked:
            return
        key = next(key for key, candidate in self._buttons.items() if candidate is button)
        if key != self._current:
            self._current = key
            self.chosen.emit(key)


def _looks(count: int) -> list[str]:
    if count == 1:
        return ["segment_only"]
    return ["segment_first", *["segment_middle"] * (count - 2), "segment_last"]
