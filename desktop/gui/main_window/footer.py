"""The line under the columns: what the program is not for, and who reads."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from bloodsmear import RESEARCH_USE
from bloodsmear.review.records import ClassifierMark
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.plain_text import PlainLabel

_HEIGHT_PX = 26
_PLACE = "this PC only, no network"


class Footer(QFrame):
    """The Research-Use sentence on the left, the classifiers with their versions on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setFixedHeight(_HEIGHT_PX)
        sentence = PlainLabel(RESEARCH_USE)
        sentence.setObjectName("research_use")
        # Three long names must not set how narrow the window can be.
        self._classifiers = ElidedLabel(cut=Qt.TextElideMode.ElideRight, widens=True)
        self._classifiers.set_text(f"loading the classifiers · {_PLACE}")
        self._classifiers.setObjectName("classifiers")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        for label in (sentence, self._classifiers):
            label.setProperty("look", "small")
        row.addWidget(sentence)
        row.addStretch(1)
        row.addWidget(self._classifiers)

    def show_classifiers(self, marks: Sequence[ClassifierMark]) -> None:
        """Name the classifiers that answer: `VGG16 1.0 · U-Net 1.0 · this PC only, no network`."""
        names = [f"{mark.name} {mark.version_mark.partition('+')[0]}" for mark in marks]
        self._classifiers.set_text(" · ".join([*(names or ["no classifier"]), _PLACE]))
