"""How original and denoised are compared: which way is chosen, and the keys that switch between two."""

from typing import cast

from PySide6.QtCore import QObject, Signal

from desktop.gui.theme.segmented_choice import SegmentedChoice
from desktop.gui.viewer.denoised_pane import DenoisedPane
from desktop.gui.viewer.pane_area import Arrangement, PaneArea, Way


class Comparing(QObject):
    """`way_chosen(way)` and `arrangement_chosen(arrangement)` are emitted when a person chose.

    `looked_at_otherwise()`: whether the denoised picture is wanted may have changed.
    """

    way_chosen = Signal(str)
    arrangement_chosen = Signal(str)
    looked_at_otherwise = Signal()

    def __init__(
        self, choice: SegmentedChoice, area: PaneArea, denoised: DenoisedPane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._choice = choice
        self._area = area
        self._denoised = denoised
        self._arrangement: Arrangement = "auto"
        self._other_shown = False
        choice.choose("compare")
        choice.chosen.connect(lambda key: self._follow(cast("Way", key), emit=True))

    @property
    def way(self) -> Way:
        """The chosen way."""
        return cast("Way", self._choice.current())

    @property
    def denoised_wanted(self) -> bool:
        """Whether the denoised picture is looked at: always but for the original alone, or beside a pinned image."""
        if self._area.has_pinned:
            return False
        return self.way != "original" or self._other_shown

    @property
    def covers_original(self) -> bool:
        """Whether the difference stands in the original's place."""
        return self.way == "difference" and not self._other_shown and not self._area.has_pinned

    def set_way(self, way: Way) -> None:
        """Compare in this way without emitting `way_chosen`."""
        self._choice.choose(way)
        self._follow(way, emit=False)

    def set_arrangement(self, arrangement: Arrangement) -> None:
        """How the two lie beside or above each other, without emitting `arrangement_chosen`."""
        self._arrangement = arrangement
        self._area.set_arrangement(arrangement)

    def ask_for(self, way: Way) -> None:
        """Compare in this way. Asked for again, blink shows the other picture, compare lays the two out otherwise, and
        wipe and difference give way to the two."""
        if self.way != way:
            self._choice.choose(way)
            self._follow(way, emit=True)
        elif way == "blink":
            self._area.blink()
        elif way == "compare":
            self._turn()
        elif way != "original":
            self.ask_for("compare")

    def show_other(self, on: bool) -> None:
        """While it is on, each picture shows in the other's place."""
        self._other_shown = on
        self._area.swap(on)
        self.looked_at_otherwise.emit()

    def _turn(self) -> None:
        """From what shows more to the other arrangement, and back."""
        other: Arrangement = (
            "stacked" if self._area.actual_arrangement() == "side_by_side" else "side_by_side"
        )
        self.set_arrangement(other if self._arrangement == "auto" else "auto")
        self.arrangement_chosen.emit(self._arrangement)

    def _follow(self, way: Way, *, emit: bool) -> None:
        self._other_shown = False
        self._denoised.set_difference(way == "difference")
        self._area.set_way(way)
        self.looked_at_otherwise.emit()
        if emit:
            self.way_chosen.emit(way)
