"""What the window says in words: the message bar, and the words for progress and time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from bloodsmear.count_words import count_words

MessageKind = Literal["info", "problem"]
# Long enough to read a sentence; a problem stays until it is closed or the next message comes.
_INFO_SHOWN_MS = 8000
# Of the bar and of its text: a label is a frame, too, so with the bar's look it would draw a second box.
_LOOKS = {"info": ("quiet", "plain"), "problem": ("notice", "notice_text")}
_WIDTH_PX = 640
_MARGIN_PX = 16
_MINUTE_S = 60
_HOUR_S = 3600
# So many unread images are named.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for the reader; a problem names the thing and what to do, or has a button that does it."""

    kind: MessageKind
    text: str
    way_out: "WayOut | None" = None


@dataclass(frozen=True, slots=True)
class WayOut:
    """A button behind a sentence: its words, and what it does."""

    words: str
    take: Callable[[], None]


class MessageBar(QFrame):
    """A line in place that says one sentence. It lies over the foot of another widget: nothing jumps for it."""

    def __init__(self, parent: QWidget, over: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._over = over
        over.installEventFilter(self)
        self.setObjectName("message_bar")
        self._label = QLabel()
        self._label.setObjectName("message_text")
        self._label.setWordWrap(True)
        # A file may be called <b>.jpg.
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QPushButton("Close")
        close.setProperty("look", "plain")
        close.setAccessibleName("Close this message")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        self._way_out = QPushButton()
        self._way_out.setObjectName("message_way_out")
        self._way_out.clicked.connect(self._take_way_out)
        self._message = Message("info", "")
        layout.addWidget(self._label, 1)
        layout.addWidget(close)
        layout.insertWidget(1, self._way_out)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown; empty when the bar is hidden."""
        return "" if self.isHidden() else self._label.text()

    def say(self, message: Message) -> None:
        """Show the message in place of the one before; an information goes away by itself."""
        self._message = message
        self._label.setText(message.text)
        self._way_out.setVisible(message.way_out is not None)
        self._way_out.setText(message.way_out.words if message.way_out is not None else "")
        for widget, look in zip((self, self._label), _LOOKS[message.kind], strict=True):
            widget.setProperty("look", look)
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._place()
        self.show()
        self.raise_()
        if message.kind == "info":
            self._timer.start(_INFO_SHOWN_MS)
        else:
            self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay over the foot of the widget when it moves or grows."""
        if watched is self._over and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _take_way_out(self) -> None:
        # It stays until the next sentence: what is refused is said elsewhere, and can be tried again.
        if self._message.way_out is not None:
            self._message.way_out.take()

    def _place(self) -> None:
        width_px = min(_WIDTH_PX, self._over.width() - 2 * _MARGIN_PX)
        height_px = self.heightForWidth(width_px)
        corner = self._over.mapTo(self._parent, QPoint(0, 0))
        left_px = corner.x() + (self._over.width() - width_px) // 2
        top_px = corner.y() + self._over.height() - height_px - _MARGIN_PX
        self.setGeometry(left_px, top_px, width_px, height_px)


def cleared_words(freed_bytes: int) -> str:
    """What clearing the cache did."""
    if freed_bytes == 0:
        return "There were no cached pictures on this PC."
    return f"Removed {max(1, round(freed_bytes / 1e6)):,} MB of cached pictures from this PC."


def camera_bits_words(bits: int | None) -> str:
    """What setting the camera's bits did."""
    how = f"for a camera of {bits} bits" if bits else "as each file says"
    return f"Files of 16 bits are read {how}, so every image is read anew. Images ▸ Bits of the camera changes it."


def time_left_words(seconds: float) -> str:
    """How long a job still takes, as coarse as it is known: `4 min left`, `2 h 5 min left`."""
    if seconds < _MINUTE_S:
        return "less than a minute left"
    minutes = round(seconds / _MINUTE_S)
    if seconds < _HOUR_S:
        return f"{minutes} min left"
    return f"{minutes // 60} h {minutes % 60} min left"


def progress_words(done: int, total: int | None, seconds_left: float | None) -> str:
    """`967 of 1,512 · 4 min left`; what is not known yet is left out."""
    words = f"{done:,} of {total:,}" if total is not None else f"{done:,}"
    return words if seconds_left is None else f"{words} · {time_left_words(seconds_left)}"


def waiting_words(images: Sequence[str]) -> str:
    """` · waits for smear 7.tif`, ` · waits for 3 files`: what a watch says of files that are not complete yet."""
    if not images:
        return ""
    return f" · waits for {count_words(len(images), 'file') if len(images) > 1 else images[0].rpartition('/')[2]}"


def new_reader_question(name: str) -> str:
    """What has to be answered before anything is kept for a new reader."""
    return f"Say first whether {name} is a new reader of this study."


def unread_sentence(unread: Sequence[str], chosen: int) -> str:
    """Why nothing was decided for so many chosen images: these of them have not been read yet."""
    named = ", ".join(unread[:_NAMED]) + (" …" if len(unread) > _NAMED else "")
    verb = "has" if len(unread) == 1 else "have"
    return (
        f"{len(unread):,} of {count_words(chosen, 'image')} {verb} not been read yet ({named}), so nothing was "
        "decided. Screen the folder first, or leave them out."
    )
