"""The bar over the columns: the menus, open, screen with its progress, and export."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenuBar,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from bloodsmear.count_words import count_words
from desktop.gui.messages import progress_words, waiting_words
from desktop.gui.study import ScreeningState
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.plain_text import plain_tooltip
from desktop.gui.theme.room import is_narrow

# Wide where there is room; in a narrow window the buttons need it more.
_PROGRESS_WIDEST_PX, _PROGRESS_NARROWEST_PX = 190, 48
# Room is kept for so many images until they are counted.
_LIKELY_COUNT = 9_999
_HEIGHT_PX = 44


class TopBar(QFrame):
    """Buttons for actions of the table; what screening shows keeps its place while it is hidden."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setFixedHeight(_HEIGHT_PX)
        # In one line with the buttons: on a low screen every line counts. macOS shows it at the top of the screen.
        self.menu_bar = QMenuBar()
        self.menu_bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        # Qt's own sign for the menus that have no room is dark grey, also in the dark theme.
        if (further := self.menu_bar.findChild(QToolButton, "qt_menubar_ext_button")) is not None:
            further.setIcon(QIcon())
            further.setText("»")
            further.setAccessibleName("Further menus")
        self._progress = QProgressBar()
        self._progress.setMinimumWidth(_PROGRESS_NARROWEST_PX)
        self._progress.setMaximumWidth(_PROGRESS_WIDEST_PX)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Screening")
        self._words = ElidedLabel(cut=Qt.TextElideMode.ElideRight, widens=True)
        self._words.setProperty("look", "small")
        self._stop = _button(actions["stop"], "Stop", "plain")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.menu_bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(4)
        # The File menu has both: in a narrow window they leave their room to the menus while there is a screening.
        self._spared = (
            _button(actions["open_folder"], "Open folder…"),
            _button(actions["reports"], "Export…"),
        )
        row.addWidget(self._spared[0])
        row.addWidget(_button(actions["screen"], "Screen folder", "primary"))
        row.addWidget(self._progress, 4)
        row.addWidget(self._words)
        row.addWidget(self._stop)
        row.addStretch(1)
        row.addWidget(self._spared[1])
        self._running = False
        self.show_screening(ScreeningState(running=False))

    def show_screening(self, state: ScreeningState) -> None:
        """Show how far the screening is; nothing when none is under way."""
        self._running = state.running
        for part in (self._words, self._stop):
            part.setVisible(state.running)
        self._share_room()
        # A watch has no end to show the way to.
        self._progress.setVisible(state.running and not state.watching)
        # A range of 0 to 0 is Qt's busy bar; before the images are counted an empty bar is calmer.
        self._progress.setRange(0, state.total or 1)
        self._progress.setValue(state.done if state.total else 0)
        count = state.total or _LIKELY_COUNT
        self._words.reserve(progress_words(count, count, 0) if state.running else "")
        if state.stopping:
            self._words.set_text("Stopping…")
        elif state.watching:
            self._words.set_text(
                f"Watching · {count_words(state.done, 'image')} screened{waiting_words(state.waiting)}"
            )
        elif state.total is None:
            self._words.set_text("Counting the images…")
        else:
            self._words.set_text(progress_words(state.done, state.total, state.seconds_left))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Spare what the File menu has, too, where that is needed."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        for part in self._spared:
            part.setVisible(not (self._running and is_narrow(self.width())))


def _button(action: QAction, text: str, look: str = "") -> QPushButton:
    """A button that does what the action does, and can be pressed when the action can be asked for."""
    button = QPushButton(text)
    button.setProperty("look", look)

    def name_key() -> None:
        shortcut = action.shortcut().toString()
        button.setToolTip(
            plain_tooltip(f"{action.text().rstrip('…')} ({shortcut})" if shortcut else action.text())
        )

    name_key()
    action.changed.connect(name_key)
    button.clicked.connect(lambda _checked=False: action.trigger())
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)
    return button
