"""Controls in a row that goes on below when it is full: toolbars and chips in a narrow window. In a low window the row
is one line, and a button shows the rest.

A widget and no QLayout: a layout written in Python hands its items' ownership and a None past the end to Qt,
which PySide6 6.12 answers with a crash ("deallocating None").
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget


class FlowRow(QWidget):
    """Its widgets from left to right in rows, `spacing_px` apart; its height depends on its width.

    A widget that was hidden keeps its room on the first line, so that nothing moves, and on no other.
    """

    def __init__(self, spacing_px: int, parent: QWidget | None = None, last_at_end: bool = False) -> None:
        super().__init__(parent)
        self._widgets: list[QWidget] = []
        self._spacing_px = spacing_px
        self._last_at_end = last_at_end
        self._folded = False
        self._more = QPushButton("More", self)
        self._more.setCheckable(True)
        self._more.setProperty("look", "link")
        self._more.setAccessibleName("More of these")
        self._more.toggled.connect(self._lay_out_anew)
        self._more.hide()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusObjectChanged.connect(self._unfold_for_focus)
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

    def fold(self, on: bool) -> None:
        """One line, with a button at its end that shows the rest where there is any; else as many as are needed."""
        if on != self._folded:
            self._folded = on
            self._more.setChecked(False)
            self._lay_out_anew()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """True: a narrower row needs more lines."""
        return True

    def heightForWidth(self, width_px: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines that are seen at this width."""
        places, has_more = self._all_places(width_px)
        seen = [place for place in places if not place.isEmpty()]
        if has_more and not self._more.isChecked():
            seen = [place for place in seen if place.top() == 0]
        least_px = self._more.sizeHint().height() if has_more else 0
        return max((place.bottom() + 1 for place in seen), default=least_px)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All in one line."""
        sizes = [widget.sizeHint() for widget in self._widgets]
        width_px = sum(size.width() for size in sizes) + self._spacing_px * max(0, len(sizes) - 1)
        return QSize(width_px, self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest widget alone, of those that are in sight in a narrow row."""
        folded = self._folded and not self._more.isChecked()
        widths_px = [] if folded else [widget.sizeHint().width() for widget in self._widgets]
        return QSize(max(widths_px, default=0), self.heightForWidth(max(self.width(), 1)))

    def event(self, event: QEvent) -> bool:
        """A child wants another size: lay out again."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._lay_out_anew()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out again."""
        super().resizeEvent(event)
        self._place()

    def _lay_out_anew(self) -> None:
        self._place()
        self.updateGeometry()

    def _unfold_for_focus(self, focus: QObject | None) -> None:
        """What Tab reaches is seen."""
        if self._folded and isinstance(focus, QWidget) and self.isAncestorOf(focus):
            self._more.setChecked(self._more.isChecked() or focus.mapTo(self, QPoint()).y() >= self.height())

    def _place(self) -> None:
        places, has_more = self._all_places(self.width())
        for widget, place in zip(self._widgets, places, strict=True):
            widget.setGeometry(place)
        size = self._more.sizeHint()
        line_px = max((place.height() for place in places if place.top() == 0), default=size.height())
        self._more.setGeometry(
            QRect(QPoint(self.width() - size.width(), max(0, line_px - size.height()) // 2), size)
        )
        self._more.setVisible(has_more)
        self._more.raise_()

    def _all_places(self, width_px: int) -> tuple[list[QRect], bool]:
        """Where each widget lies in a row of this width, an empty place where it has none; whether a button is needed
        that shows those below the first line.
        """
        places = self._places(width_px)
        if not self._folded or all(place.isEmpty() or not place.top() for place in places):
            return places, False
        beside_px = width_px - self._more.sizeHint().width() - self._spacing_px
        places = self._places(beside_px)
        if places[0].width() > beside_px:
            # Not even the first has room beside the button.
            below_px = self._more.sizeHint().height() + self._spacing_px
            places = [place.translated(0, below_px) for place in self._places(width_px)]
        return places, True

    def _places(self, width_px: int) -> list[QRect]:
        widgets = self._widgets[:-1] if self._last_at_end else self._widgets
        places = self._in_lines(widgets, width_px)
        if self._last_at_end and self._widgets:
            places.append(self._at_the_end(places, self._size_of(self._widgets[-1]), width_px))
        return places

    def _in_lines(self, widgets: list[QWidget], width_px: int) -> list[QRect]:
        places: list[QRect] = []
        left_px, top_px, line_px = 0, 0, 0
        for widget in widgets:
            size = self._size_of(widget)
            is_below = top_px > 0 or (line_px > 0 and left_px + size.width() > width_px)
            if is_below and _was_hidden(widget):
                places.append(QRect())
                continue
            if line_px and left_px + size.width() > width_px:
                left_px, top_px, line_px = 0, top_px + line_px + self._spacing_px, 0
            places.append(QRect(QPoint(left_px, top_px), size))
            left_px += size.width() + self._spacing_px
            line_px = max(line_px, size.height())
        return places

    def _at_the_end(self, places: list[QRect], size: QSize, width_px: int) -> QRect:
        """The right end of the first line with room for it, so that it costs no line of its own."""
        taken = [place for place in places if not place.isEmpty()]
        left_px = max(0, width_px - size.width())
        for top_px in sorted({place.top() for place in taken}):
            taken_px = max(place.right() + 1 for place in taken if place.top() == top_px)
            if taken_px + self._spacing_px <= left_px:
                return QRect(QPoint(left_px, top_px), size)
        below_px = max((place.bottom() + 1 + self._spacing_px for place in taken), default=0)
        return QRect(QPoint(left_px, below_px), size)

    @staticmethod
    def _size_of(widget: QWidget) -> QSize:
        return widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())


def _was_hidden(widget: QWidget) -> bool:
    """By somebody, and not only because the window is not shown yet."""
    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
