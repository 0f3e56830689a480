"""Where a classifier looked: the map over the original, and the line below that says what it tells and what not."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.gui.theme.map_colours import map_colours
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip
from desktop.gui.viewer.picture_view import PictureView

_LEGEND_PX = (64, 12)
_COVERED = (
    "The difference covers the original, and the map on it: hold Space, or choose another way to compare."
)
_NO_SHARE = "How much lies on stained nuclei is told only of a map of 16 × 16 parts or more."


class MapLine(QWidget):
    """A scale from weak to strong, and the caption; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend = QWidget(self)
        scale = PlainLabel(parent=self._legend)
        scale.setPixmap(_scale())
        row = QHBoxLayout(self._legend)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        for part in (_small("weak", self._legend), scale, _small("strong", self._legend)):
            row.addWidget(part)
        self._words = _small("", self)
        self._words.setObjectName("map_words")
        self._words.setWordWrap(True)
        # It takes two lines for one classifier's map and one for the other's: the pictures must not jump between them.
        self._words.setMinimumHeight(2 * self._words.fontMetrics().height())
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(3 * GRID_PX)
        line.addWidget(self._legend, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._words, 1)
        self.hide()

    def say(self, sentence: str, *, with_scale: bool) -> None:
        """Show the sentence, beside the scale where a map is shown; an empty one hides the line."""
        self._words.setText(sentence)
        self._words.setToolTip(plain_tooltip(_NO_SHARE if with_scale and "nuclei" not in sentence else ""))
        self._legend.setVisible(with_scale)
        self.setVisible(bool(sentence))

    def sentence(self) -> str:
        """What the line says."""
        return self._words.text()


class MapOverlay:
    """The map, which moves with the picture and goes with it; the line says what there is to say of it."""

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


def _small(text: str, parent: QWidget) -> QLabel:
    label = PlainLabel(text, parent)
    label.setProperty("look", "small")
    return label


def _scale() -> QPixmap:
    width, height = _LEGEND_PX
    colours = map_colours(np.tile(np.linspace(0, 1, width, dtype=np.float32), (height, 1)))
    # The opacity stands for strength over a picture; on a panel it would only look washed out.
    colours[..., 3] = 255
    return QPixmap.fromImage(QImage(colours.data, width, height, QImage.Format.Format_RGBA8888).copy())
