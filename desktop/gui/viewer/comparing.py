"""How original and denoised are compared: which layout is chosen, and the keys that switch between two."""

from PySide6.QtCore import QObject, Signal

from desktop.gui.theme.segmented_choice import SegmentedChoice
from desktop.gui.viewer.denoised_pane import DenoisedPane
from desktop.gui.viewer.pane_area import OVERLAYS, LayoutName, PaneArea


class Comparing(QObject):
    """`layout_chosen(name)`: auto, side_by_side or stacked; the overlays hold only until another is chosen."""

    layout_chosen = Signal(str)

    def __init__(
        self, choice: SegmentedChoice, area: PaneArea, denoised: DenoisedPane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._choice = choice
        self._area = area
        self._denoised = denoised
        self._arrangement: LayoutName = "auto"
        choice.chosen.connect(self._take)

    def set_layout(self, name: LayoutName) -> None:
        """Choose a layout without emitting `layout_chosen`."""
        self._choice.choose(name)
        self._follow(name)

    def toggle(self, name: LayoutName) -> None:
        """Compare in this way; asked for again, blink shows the other picture, the others give way to the two."""
        if self._choice.current() != name:
            self.set_layout(name)
        elif name == "blink":
            self._area.blink()
        else:
            self.show_both()

    def show_both(self) -> None:
        """Original and denoised beside or above each other, as they were last."""
        self.set_layout(self._arrangement)

    def _take(self, name: LayoutName) -> None:
        self._follow(name)
        if name not in OVERLAYS:
            self.layout_chosen.emit(name)

    def _follow(self, name: LayoutName) -> None:
        if name not in OVERLAYS:
            self._arrangement = name
        self._denoised.set_difference(name == "difference")
        self._area.set_layout_name(name)
