"""About: what the program is, what it is not for, and whose work it stands on."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from bloodsmear import RESEARCH_USE, __version__
from desktop.gui.theme.page_parts import button_row, close_button
from desktop.gui.theme.plain_text import PlainLabel

_LICENCES = (
    "Bloodsmear is open source under the Apache License 2.0. It uses Qt and PySide6 under the GNU Lesser "
    "General Public License 3 (LGPL), as separate libraries beside the program that you may replace by your own; "
    "the licence texts lie in the program's folder, and the source of the libraries is offered with every release. "
    "OpenVINO and OpenCV are under the Apache License 2.0, pyqtgraph and NumPy under MIT and BSD licences."
)
_LABELS = (
    "Early Pre-B, Pre-B and Pro-B are the labels of the data set on which the classifiers were trained; a smear "
    "alone does not establish them. Benign means hematogones, no blasts; it does not mean healthy."
)
_WIDTH_PX = 480


class AboutDialog(QDialog):
    """The program's name and version, the Research-Use sentence, licences, and where the log lies."""

    def __init__(self, log_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Bloodsmear")
        self.setMinimumWidth(_WIDTH_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(_paragraph(f"Bloodsmear {__version__}", "title"))
        layout.addWidget(_paragraph(RESEARCH_USE, ""))
        layout.addWidget(_paragraph(_LABELS, "muted"))
        layout.addWidget(_paragraph("This PC only: no image and no answer leaves it.", "muted"))
        layout.addWidget(_paragraph(_LICENCES, "muted"))
        layout.addWidget(_paragraph(f"Log files: {log_folder}", "muted"))
        layout.addLayout(button_row([], [close_button(self)]))


def _paragraph(text: str, look: str) -> QLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setProperty("look", look)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
