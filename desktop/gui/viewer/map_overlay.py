"""Where a classifier looked, laid over the original: the overlay and the line below belong together."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from desktop.gui.viewer.map_line import MapLine
from desktop.gui.viewer.picture_view import PictureView

_COVERED = (
    "The difference covers the original, and the map on it: hold Space, or choose another way to compare."
)


class MapOverlay:
    """The overlay moves with the picture and goes with it."""

    def __init__(self, line: MapLine, view: PictureView, shows: Callable[[str], bool]) -> None:
        self._line = line
        self._view = view
        self._shows = shows
        # The caption of the map that is laid over the picture.
        self._caption = ""
        self._covered = False

    def show(self, image: str, colours: npt.NDArray[np.uint8], sentence: str) -> None:
        """Lay uint8 h×w×4 over the whole picture; that of another image than the shown one is dropped."""
        if self._shows(image):
            self._view.set_overlay(colours)
            self._caption = sentence
            self._tell()

    def say(self, sentence: str) -> None:
        """There is no map, or not yet, and why."""
        self._view.set_overlay(None)
        self._caption = ""
        self._line.say(sentence, with_scale=False)

    def clear(self) -> None:
        """Nothing is to be shown."""
        self.say("")

    def set_covered(self, on: bool) -> None:
        """Whether another picture lies over the original: then nothing of the map is to be seen, which is said."""
        self._covered = on
        if self._caption:
            self._tell()

    def _tell(self) -> None:
        self._line.say(_COVERED if self._covered else self._caption, with_scale=not self._covered)
