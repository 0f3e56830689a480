"""The classifiers page: a window of its own, so that images can be read beside it. It does nothing itself."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFrame, QStackedWidget, QVBoxLayout, QWidget

from desktop.gui.classifiers.network_form import NetworkForm
from desktop.gui.classifiers.offers_view import OffersView
from desktop.gui.classifiers.overview import ClassifierOverview
from desktop.gui.classifiers.state import ClassifiersState
from desktop.gui.theme.page_parts import button_row, close_button
from desktop.gui.theme.palette import GRID_PX

_SIZE_PX = (900, 640)
# A laptop of 1366 × 768 at 200 % leaves 657 beside a scroll bar.
_SMALLEST_PX = (650, 460)
_FRAME_PX = (16, 48)


class ClassifiersPage(QDialog):
    """The list and the selected one; a network file that was dropped is asked about in a form in its place.

    What the reader asks for the views and their parts say; here is `add_wanted(Path)` of what was dropped.
    """

    add_wanted = Signal(Path)

    def __init__(self, state: ClassifiersState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Classifiers – Bloodsmear")
        self.setAcceptDrops(True)
        self.setMinimumSize(*_SMALLEST_PX)
        # A screen of 1920 × 1080 at 200 % leaves 540.
        self.resize(QSize(*_SIZE_PX).boundedTo(self.screen().availableSize() - QSize(*_FRAME_PX)))
        self.overview = ClassifierOverview()
        self.form = NetworkForm()
        self.offers = OffersView()
        self._offers_open = False
        # What had the focus when something began, and where Qt led it, as what cannot be pressed meanwhile loses it.
        self._pressed: QWidget | None = None
        self._led_to: QWidget | None = None
        self._views = QStackedWidget()
        self._state = state
        self._lay_out()
        self.overview.offers_wanted.connect(lambda: self._open_offers(True))
        self.offers.back_wanted.connect(lambda: self._open_offers(False))
        self.show_state(state)

    def show_state(self, state: ClassifiersState) -> None:
        """Show this state; the view follows from it, but for the offers, which the reader opens."""
        if state.said or not state.offers or state.to_describe is not None:
            self._offers_open = False
        view = self._view_of(state)
        if view is not self.form and state.to_describe is None:
            self.form.forget()
        before, self._state = self._state, state
        stood = self.focusWidget()
        # All of them: what is under way may end while another view is shown.
        for each in (self.overview, self.form, self.offers):
            each.show_state(state)
        self._views.setCurrentWidget(view)
        if state.work is not None and before.work is None:
            self._pressed, self._led_to = stood, self.focusWidget()
        elif state.work is None and before.work is not None and stood is self._led_to:
            self._lead_back()

    def _lead_back(self) -> None:
        # Else the next key would press Close. What was added stands in the list.
        pressed = self._pressed
        usable = pressed is not None and pressed.isVisible() and pressed.isEnabled()
        (pressed if pressed is not None and usable else self.overview.list).setFocus()

    def view(self) -> QWidget:
        """Which of `overview`, `form` and `offers` is shown."""
        return self._view_of(self._state)

    def _view_of(self, state: ClassifiersState) -> QWidget:
        if state.to_describe is not None:
            return self.form
        return self.offers if self._offers_open else self.overview

    def _open_offers(self, on: bool) -> None:
        self._offers_open = on
        self._views.setCurrentWidget(self._view_of(self._state))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept one thing that lies on this PC."""
        if len(_local(event)) == 1:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Add what was dropped, one thing. It is copied: after a move the other program would delete its file."""
        dropped = _local(event)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if len(dropped) == 1:
            self.add_wanted.emit(dropped[0])

    def _lay_out(self) -> None:
        panel = QFrame()
        panel.setProperty("look", "card")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(4 * GRID_PX, 5 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX)
        for view in (self.overview, self.form, self.offers):
            self._views.addWidget(view)
        inside.addWidget(self._views)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        column.addWidget(panel)
        column.addLayout(button_row([], [close_button(self)]))


def _local(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
