"""Marks on the image: drawn, chosen and moved with the mouse on any view, and seen on all."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QPainter

from bloodsmear.review.marks import DrawnMark, DrawnShape, MarkShape
from desktop.gui.theme.palette import MARK, OTHERS_MARK
from desktop.gui.viewer.mark_shapes import OnView, hits, moved, paint_shape, place_at

# A drag that moved less than this (screen px) drew nothing, and moved nothing.
_LEAST_PX = 3.0


@dataclass(slots=True)
class _Drag:
    """The mouse is down: what is drawn or moved (`number`, 0 for a new one), as it is now, and where it began.

    `place` is the one that is held, None for the whole mark.
    """

    begun: DrawnShape
    now: DrawnShape
    at: QPointF
    screen_px: float
    number: int = 0
    place: int | None = None


class Marks(QObject):
    """Places are in image px. `changed()`: something is to be painted anew. `tool_chosen()`: the mouse draws now.
    `chosen()`: another tool, or none, or another mark is chosen.

    `drawn(image, DrawnShape, number)`: a new mark (0), or another one in the place of the reader's own with this
    number. `erased(image, number)`; `words_wanted(DrawnShape, typed)`: words are to be typed at its place, which begin
    with what is typed already, or are those that it has.
    """

    changed = Signal()
    chosen = Signal()
    tool_chosen = Signal()
    drawn = Signal(str, DrawnShape, int)
    erased = Signal(str, int)
    words_wanted = Signal(DrawnShape, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tool: MarkShape | None = None
        self._marks: tuple[DrawnMark, ...] = ()
        self._reader = ""
        self._image = ""
        self._size_px: tuple[int, int] | None = None
        self._um_per_px: float | None = None
        self._number = 0
        self._hidden = False
        self._drag: _Drag | None = None
        # Whose words are being typed, and what is being kept; each with the number of the mark in whose place, or 0.
        self._typed: tuple[DrawnShape, int] | None = None
        self._kept: tuple[DrawnShape, int] | None = None
        # The mark that was just drawn, until its words were typed or given up, and what was typed before it was kept.
        self._new_number = 0
        self._early = ""

    # ---- what is shown

    @property
    def shown(self) -> tuple[DrawnMark, ...]:
        """The marks on the shown image; none while they are hidden."""
        return () if self._hidden else self._marks

    @property
    def tool(self) -> MarkShape | None:
        """What the mouse draws; None while it moves the picture."""
        return self._tool

    @property
    def hidden(self) -> bool:
        """Whether they are hidden by a key."""
        return self._hidden

    @property
    def chosen_mark(self) -> DrawnMark | None:
        """The reader's own mark that is chosen."""
        return next((mark for mark in self.shown if mark.number == self._number), None)

    @property
    def draws(self) -> bool:
        """Whether a press draws."""
        return self._tool is not None

    @property
    def is_active(self) -> bool:
        """Whether there is something that Escape leaves."""
        return self._tool is not None or self.chosen_mark is not None

    @property
    def awaits_words(self) -> bool:
        """Whether a letter begins the words of the mark that was drawn last: who draws goes on typing."""
        if self._tool is None or self._typed is not None:
            return False
        if self._kept is not None:
            return not self._kept[0].words
        return self.chosen_mark is not None and self._number == self._new_number

    def show(self, marks: Sequence[DrawnMark], reader: str) -> None:
        """The marks that stand on the image; those of `reader` can be moved and erased, and a new one is chosen."""
        fitting = tuple(mark for mark in marks if mark.drawn.size_px == self._size_px)
        if (fitting, reader) == (self._marks, self._reader) and self._kept is None:
            return
        if self._kept is not None:
            known = {mark.number for mark in self._marks}
            new = (mark.number for mark in fitting if mark.reader == reader and mark.number not in known)
            self._number = max(new, default=self._number)
            self._new_number = 0 if self._number in known or self._kept[0].words else self._number
        self._marks, self._reader, self._kept = fitting, reader, None
        self.changed.emit()
        self.chosen.emit()
        early, self._early = self._early, ""
        if early and self.awaits_words:
            self.begin_words(early)

    def set_picture(self, image: str, size_px: tuple[int, int] | None) -> None:
        """Another picture comes, of this width and height (None: there is none); nothing of the one before stays."""
        self._image, self._size_px, self._um_per_px = image, size_px, None
        self._marks, self._number, self._drag, self._typed, self._kept = (), 0, None, None, None
        self._early = ""
        self.changed.emit()
        self.chosen.emit()

    def set_um_per_px(self, um_per_px: float | None) -> None:
        """The scale of the shown image, by which lengths are told; None where they are told in px."""
        self._um_per_px = um_per_px
        self.changed.emit()

    def toggle_hidden(self) -> None:
        """Hide them all, or show them again."""
        self._hidden = not self._hidden
        self._number, self._tool, self._drag = 0, None, None
        self.changed.emit()
        self.chosen.emit()

    # ---- what the reader does

    def toggle(self, tool: MarkShape) -> None:
        """Draw this from now on; asked for again, leave."""
        self._tool = None if self._tool == tool else tool
        self._number, self._hidden, self._drag = 0, False, None
        self.changed.emit()
        self.chosen.emit()
        if self._tool is not None:
            self.tool_chosen.emit()

    def leave(self) -> None:
        """The mouse moves the picture again; asked for again, no mark is chosen any more."""
        if self._tool is None:
            self._number = 0
        self._tool = self._drag = None
        self.changed.emit()
        self.chosen.emit()

    def erase(self) -> None:
        """Take the chosen mark away."""
        if (mark := self.chosen_mark) is not None:
            self._number = 0
            self.erased.emit(self._image, mark.number)
            self.chosen.emit()

    def ask_for_words(self) -> None:
        """Type the words of the chosen mark."""
        if (mark := self.chosen_mark) is not None:
            self._wait_for_words(mark.drawn, mark.number)

    def begin_words(self, typed: str) -> None:
        """Begin the words of the mark that was drawn last with this letter."""
        if self._kept is not None:
            self._early += typed
        elif (mark := self.chosen_mark) is not None:
            self._wait_for_words(mark.drawn, mark.number, typed)

    def keep(self, drawn: DrawnShape) -> None:
        """Keep what another tool drew on the shown image."""
        self._number, self._hidden = 0, False
        self._hand_over(drawn, 0)

    def take_words(self, words: str) -> None:
        """The words were typed; a text without any is not drawn, and is erased where it stood."""
        if self._typed is None:
            return
        (drawn, number), self._typed = self._typed, None
        self._new_number = 0
        if words.strip() or drawn.shape != "text":
            if words.strip() != drawn.words:
                self._hand_over(replace(drawn, words=words.strip()), number)
        elif number:
            self._number = 0
            self.erased.emit(self._image, number)
        self.changed.emit()

    def drop_words(self) -> None:
        """No words were typed after all."""
        self._typed, self._new_number = None, 0
        self.changed.emit()

    # ---- what the mouse does on a view

    def begin(self, at: QPointF, screen_px: float = 1.0) -> bool:
        """A press at a place of the image, where an image px is so many screen px; whether it was for the marks."""
        if self._size_px is None:
            return False
        if self._tool is not None:
            begun = DrawnShape(self._tool, self._places(at, at), self._size_px)
            self._drag = _Drag(begun, begun, at, screen_px)
            self.changed.emit()
            return True
        mark = self._mark_at(at, screen_px)
        self._choose(mark)
        if mark is None:
            return False
        self._drag = _Drag(
            mark.drawn, mark.drawn, at, screen_px, mark.number, place_at(mark.drawn, at, screen_px)
        )
        return True

    def press_twice(self, at: QPointF, screen_px: float) -> bool:
        """A double press: on a mark of the reader's own its words are typed. Whether it was for the marks."""
        if self._tool is not None:
            return True
        mark = self._mark_at(at, screen_px)
        self._choose(mark)
        self.ask_for_words()
        return mark is not None

    def move(self, at: QPointF) -> None:
        """The cursor moves while it is down."""
        drag = self._drag
        if drag is None:
            return
        if drag.number:
            drag.now = moved(drag.begun, at - drag.at, drag.place)
        elif drag.begun.shape in ("point", "text"):
            drag.now = replace(drag.begun, places=self._places(at))
        else:
            drag.now = replace(drag.begun, places=self._places(drag.at, at))
        self.changed.emit()

    def end(self) -> None:
        """The cursor lets go: what was drawn or moved is handed over."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        (x0, y0), (x1, y1) = drag.now.places[0], drag.now.places[-1]
        if drag.number:
            went = max(
                math.hypot(x - bx, y - by)
                for (x, y), (bx, by) in zip(drag.now.places, drag.begun.places, strict=True)
            )
            if went * drag.screen_px >= _LEAST_PX:
                self._hand_over(drag.now, drag.number)
        elif drag.now.shape == "text":
            self._wait_for_words(drag.now, 0)
        elif drag.now.shape == "point" or math.hypot(x1 - x0, y1 - y0) * drag.screen_px >= _LEAST_PX:
            self._hand_over(drag.now, 0)
        self.changed.emit()

    def paint(self, painter: QPainter, to_view: Callable[[QPointF], QPointF], area: QRectF) -> None:
        """Draw all of them on a view; `to_view` says where a place of the image lies there, words stay in `area`."""
        view = OnView(painter, to_view, area)
        changing = None if self._drag is None else (self._drag.now, self._drag.number)
        changing = changing or self._typed or self._kept
        for mark in self.shown:
            if changing is None or mark.number != changing[1]:
                own = mark.reader == self._reader
                drawn = self._told(mark.drawn, "" if own else mark.reader)
                paint_shape(view, drawn, MARK if own else OTHERS_MARK, chosen=mark.number == self._number)
        if changing is not None and not (changing[0].shape == "text" and not changing[0].words):
            paint_shape(view, self._told(changing[0]), MARK, chosen=changing[1] == self._number != 0)

    def _places(self, *at: QPointF) -> tuple[tuple[float, float], ...]:
        """The places on the picture, as many as the tool has."""
        width, height = self._size_px or (0, 0)
        on_picture = tuple((min(max(one.x(), 0.0), width), min(max(one.y(), 0.0), height)) for one in at)
        return on_picture[-1:] if self._tool in ("point", "text") else on_picture

    def _mark_at(self, at: QPointF, screen_px: float) -> DrawnMark | None:
        """The reader's own mark under the cursor, the last drawn first; the chosen one by its handles, too."""
        own = [mark for mark in self.shown if mark.reader == self._reader]
        chosen = self.chosen_mark
        if chosen is not None and place_at(chosen.drawn, at, screen_px) is not None:
            return chosen
        return next((mark for mark in reversed(own) if hits(mark.drawn, at, screen_px)), None)

    def _choose(self, mark: DrawnMark | None) -> None:
        number = 0 if mark is None else mark.number
        if number != self._number:
            self._number = number
            self.changed.emit()
            self.chosen.emit()

    def _wait_for_words(self, drawn: DrawnShape, number: int, typed: str = "") -> None:
        self._typed = drawn, number
        self.changed.emit()
        self.words_wanted.emit(drawn, typed)

    def _hand_over(self, drawn: DrawnShape, number: int) -> None:
        # Seen until it is kept, or refused: the marks are shown anew then.
        self._kept = drawn, number
        self.drawn.emit(self._image, drawn, number)
        self.changed.emit()

    def _told(self, drawn: DrawnShape, reader: str = "") -> DrawnShape:
        """The shape with what stands beside it: a length says how long it is, another reader's mark whose it is."""
        words = drawn.label(self._um_per_px)
        if reader:
            words = f"{words} ({reader})" if words else reader
        return replace(drawn, words=words)
