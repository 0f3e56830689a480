"""Controls in a row that goes on below when it is full: toolbars and chips in a narrow window.

A widget and no QLayout: a layout written in Python hands its items' ownership and a None past the end to Qt,
which PySide6 6.12 answers with a crash ("deallocating None").
"""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FlowRow(QWidget):
    """Its widgets from left to right in rows, `spacing_px` apart; its height depends on its width."""

    def __init__(self, spacing_px: int, parent: QWidget | None = None, last_at_end: bool = False) -> None:
        super().__init__(parent)
        self._widgets: list[QWidget] = []
        self._spacing_px = spacing_px
        self._last_at_end = last_at_end
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Put a widget behind the others; with `last_at_end` the last one stands at the right edge of a line."""
        widget.setParent(self)
        self._widgets.append(widget)
        self.updateGeometry()

    def clear(self) -> None:
        """Take all widgets out, for good."""
        for widget in self._widgets:
            widget.hide()
            widget.deleteLater()
        self._widgets.clear()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """True: a narrower row needs more lines."""
        return True

    def heightForWidth(self, width_px: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines at this width."""
        places = self._places(width_px)
        return max((place.bottom() + 1 for place in places), default=0)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All in one line."""
        sizes = [widget.sizeHint() for widget in self._widgets]
        width_px = sum(size.width() for size in sizes) + self._spacing_px * max(0, len(sizes) - 1)
        return QSize(width_px, self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest widget alone."""
        widest_px = max((widget.sizeHint().width() for widget in self._widgets), default=0)
        return QSize(widest_px, self.heightForWidth(max(self.width(), 1)))

    def event(self, event: QEvent) -> bool:
        """A child wants another size: lay out again."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out again."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        for widget, place in zip(self._widgets, self._places(self.width()), strict=True):
            widget.setGeometry(place)

    def _places(self, width_px: int) -> list[QRect]:
        """Where each widget lies in a row of this width."""
        sizes = [self._size_of(widget) for widget in self._widgets]
        places = self._in_lines(sizes[:-1] if self._last_at_end else sizes, width_px)
        if self._last_at_end and sizes:
            places.append(self._at_the_end(places, sizes[-1], width_px))
        return places

    def _in_lines(self, sizes: list[QSize], width_px: int) -> list[QRect]:
        places: list[QRect] = []
        left_px, top_px, line_px = 0, 0, 0
        for size in sizes:
            if line_px and left_px + size.width() > width_px:
                left_px, top_px, line_px = 0, top_px + line_px + self._spacing_px, 0
            places.append(QRect(QPoint(left_px, top_px), size))
            left_px += size.width() + self._spacing_px
            line_px = max(line_px, size.height())
        return places

    def _at_the_end(self, places: list[QRect], size: QSize, width_px: int) -> QRect:
        """The right end of the first line with room for it, so that it costs no line of its own."""
        left_px = max(0, width_px - size.width())
        for top_px in sorted({place.top() for place in places}):
            taken_px = max(place.right() + 1 for place in places if place.top() == top_px)
            if taken_px + self._spacing_px <= left_px:
                return QRect(QPoint(left_px, top_px), size)
        below_px = max((place.bottom() + 1 + self._spacing_px for place in places), default=0)
        return QRect(QPoint(left_px, below_px), size)

    @staticmethod
    def _size_of(widget: QWidget) -> QSize:
        return widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())
