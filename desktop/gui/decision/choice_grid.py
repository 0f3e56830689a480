"""The choices of a study, each with its key; chosen is only what the reader decided."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from bloodsmear.classifiers.labels import NO_NAMES
from bloodsmear.review.decisions import NOT_EVALUABLE, decision_name
from desktop.gui.decision.decision_words import action_of
from desktop.gui.review_state import ReviewState
from desktop.gui.theme.labels import label_meaning
from desktop.gui.theme.page_parts import tab_through
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip

_COLUMNS = 2
# The paddings and borders of a button, and the air between its words and its key.
_EDGES_PX, _BEFORE_KEY_PX = 20, 2


class KeyButton(QPushButton):
    """A button with its key at the right end."""

    def __init__(self, text: str, key: str, look: str = "choice", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = text
        self._meaning = ""
        self.setObjectName(f"key_button_{text}")
        self.setProperty("look", look)
        # A label of a lab's own may be long: it is cut, and widens no column.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        # Enter confirms and Space does nothing by chance: the focus stays where the reader has put it.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._key = PlainLabel(key, self)
        self._key.setProperty("look", "key")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_key(key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2 * GRID_PX, 0)
        row.addStretch(1)
        row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        self.toggled.connect(self._fit)

    def set_key(self, key: str) -> None:
        """Another key at the right end, or none."""
        self._key.setText(key)
        self.set_words(self._words)

    def set_words(self, text: str) -> None:
        """Say something else; a screen reader hears the key, too."""
        self._words = text
        self.setAccessibleName(f"{text} ({self._key.text()})" if self._key.text() else text)
        self._fit()

    def set_meaning(self, meaning: str) -> None:
        """What the tooltip says beside words that are cut."""
        self._meaning = meaning
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words before key: where there is room for the words alone the key goes; else the words are cut."""
        shown, key = self._words, self._key.text()
        has_key = bool(key)
        # Before the layout gave it a place there is no room to go by.
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            # Bold where it is chosen, which is wider: the key of what is chosen may go, all others are to be seen.
            font = QFont(self.font())
            font.setBold(self.isChecked())
            metrics = QFontMetrics(font)
            beside_key_px = self.width() - _EDGES_PX - _BEFORE_KEY_PX - self._key.sizeHint().width()
            has_key = has_key and metrics.horizontalAdvance(self._words) <= beside_key_px
            if not has_key:
                whole_px = self.width() - _EDGES_PX
                # What is cut in any case leaves its key in sight. In the middle: labels may begin alike.
                has_key = bool(key) and metrics.horizontalAdvance(self._words) > whole_px
                room_px = beside_key_px if has_key else whole_px
                shown = metrics.elidedText(self._words, Qt.TextElideMode.ElideMiddle, room_px)
        self._key.setVisible(has_key)
        self.setText(shown)
        unseen = self.accessibleName() if shown != self._words or has_key != bool(key) else ""
        self.setToolTip(plain_tooltip("\n".join(part for part in (unseen, self._meaning) if part)))


class ChoiceGrid(QWidget):
    """`chosen(choice)` when the reader pressed one; `acknowledged()` for an image that cannot be read."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, KeyButton] = {}
        self._keys: Mapping[str, str] = {}
        self._names = NO_NAMES
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID_PX)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._acknowledge = KeyButton("Acknowledge", "", parent=self)
        self.acknowledged = self._acknowledge.clicked

    def show_state(self, state: ReviewState) -> None:
        """Show the study's choices, which of them can be made, and the one that was made."""
        if (tuple(self._buttons), self._names) != (state.choices, state.names):
            self._names = state.names
            self._put_buttons(state.choices)
        for choice, button in self._buttons.items():
            button.setEnabled(state.can_decide and (not state.unreadable or choice == NOT_EVALUABLE))
            button.setChecked(choice == state.decision)
        self._acknowledge.setVisible(state.unreadable)
        self._acknowledge.setEnabled(state.can_decide and not state.is_done)
        if self._buttons:
            # The last choice leaves half of its line to the acknowledgement where there is one to be made.
            row, column = divmod(len(self._buttons) - 1, _COLUMNS)
            width = 1 if state.unreadable or column else _COLUMNS
            self._grid.addWidget(self._buttons[state.choices[-1]], row, column, 1, width)
            place = (row, 1) if not column else (row + 1, 0)
            self._grid.addWidget(self._acknowledge, *place)

    @property
    def rows(self) -> int:
        """How many lines of choices there are."""
        return -(-len(self._buttons) // _COLUMNS)

    def set_gap(self, gap_px: int) -> None:
        """How far apart the choices stand."""
        self._grid.setSpacing(gap_px)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys (by the action's name, as this system writes them)."""
        self._keys = keys
        self._acknowledge.set_key(keys.get("acknowledge", ""))
        choices = tuple(self._buttons)
        for choice, button in self._buttons.items():
            button.set_key(keys.get(action_of(choice, choices), ""))

    def _put_buttons(self, choices: Sequence[str]) -> None:
        for button in self._buttons.values():
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for place, choice in enumerate(choices):
            button = KeyButton(
                decision_name(choice, self._names), self._keys.get(action_of(choice, choices), "")
            )
            button.setCheckable(True)
            button.set_meaning(label_meaning(choice))
            button.clicked.connect(self._telling(choice))
            self._buttons[choice] = button
            self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        tab_through(self._acknowledge, *self._buttons.values(), self._acknowledge)

    def _telling(self, choice: str) -> Callable[[], None]:
        def tell() -> None:
            # It is checked when the decision is kept, not when the button is pressed.
            self._buttons[choice].setChecked(False)
            self.chosen.emit(choice)

        return tell
