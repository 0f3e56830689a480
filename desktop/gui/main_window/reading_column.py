"""The window's right column: the reading above, the reader's own decision below it."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from desktop.gui.decision import DecisionPanel, TypingLine
from desktop.gui.reading import ReadingPanel
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.room import room_of


class ReadingColumn(QScrollArea):
    """Tells both panels how much room there is whenever that changes. Where even that is too little it scrolls."""

    def __init__(self, reading: ReadingPanel, panel: DecisionPanel) -> None:
        super().__init__()
        self._reading = reading
        self._panel = panel
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parts, line = QFrame(), QFrame()
        parts.setProperty("look", "panel")
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = QVBoxLayout(parts)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(reading, 1)
        layout.addWidget(line)
        layout.addWidget(panel)
        self._parts = parts
        self.setWidget(parts)
        self._typed_in: TypingLine | None = None
        # After the layout: a sentence may have come above the line in the same moment.
        self._show_soon = QTimer(self, singleShot=True, interval=0)
        self._show_soon.timeout.connect(self._show_typed_in)
        for field in panel.findChildren(TypingLine):
            field.entered.connect(lambda field=field: self._follow(field))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as its parts have to be: it scrolls up and down alone."""
        return QSize(self._parts.minimumSizeHint().width(), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A part needs another width."""
        if watched is self._parts and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Closer together where it gets low."""
        super().resizeEvent(event)
        room = room_of(self.height())
        self._reading.set_room(room)
        self._panel.set_room(room)

    def _follow(self, field: TypingLine) -> None:
        """A key led into this line: Qt scrolls to it for Tab alone."""
        self._typed_in = field
        self._show_soon.start()

    def _show_typed_in(self) -> None:
        if self._typed_in is not None and self._typed_in.hasFocus():
            self.ensureWidgetVisible(self._typed_in, 0, GRID_PX)
