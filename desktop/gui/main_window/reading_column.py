"""The window's right column: the reading above, the reader's own decision below it."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop.gui.decision import DecisionPanel
from desktop.gui.reading import ReadingPanel
from desktop.gui.theme.room import room_of


class ReadingColumn(QFrame):
    """Tells both panels how much room there is whenever that changes."""

    def __init__(self, reading: ReadingPanel, panel: DecisionPanel) -> None:
        super().__init__()
        self._reading = reading
        self._panel = panel
        self.setProperty("look", "panel")
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(reading, 1)
        layout.addWidget(line)
        layout.addWidget(panel)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Closer together where it gets low."""
        super().resizeEvent(event)
        room = room_of(self.height())
        self._reading.set_room(room)
        self._panel.set_room(room)
