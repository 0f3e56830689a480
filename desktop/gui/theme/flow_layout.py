"""A layout that goes on in the next row when the row is full: toolbars and chips in a narrow window."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items from left to right in rows, `spacing_px` apart. Its height depends on its width."""

    def __init__(self, spacing_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._last_at_end = False
        self.setSpacing(spacing_px)
        self.setContentsMargins(0, 0, 0, 0)

    def set_last_at_end(self, at_end: bool) -> None:
        """Push the last item to the right edge of its row."""
        self._last_at_end = at_end

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """Put an item behind the others."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt asks past the end
        """The item at `index`, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt asks past the end
        """Take the item at `index` out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """It never asks for more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """True: fewer columns need more rows."""
        return True

    def heightForWidth(self, width_px: int) -> int:  # noqa: N802 - Qt's name
        """The height of all rows at this width."""
        return self._place(QRect(0, 0, width_px, 0), move=False)

    def setGeometry(self, area: QRect) -> None:  # noqa: N802 - Qt's name
        """Put every item into its place."""
        super().setGeometry(area)
        self._place(area, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All items in one row."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width_px = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width_px, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest item."""
        smallest = QSize()
        for item in self._items:
            smallest = smallest.expandedTo(item.minimumSize())
        return smallest

    def _place(self, area: QRect, move: bool) -> int:
        """Lay the rows out in `area` (px); the height that they take."""
        left_px, top_px, row_px = area.x(), area.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if row_px and left_px + size.width() > area.x() + area.width():
                left_px, top_px, row_px = area.x(), top_px + row_px + self.spacing(), 0
            if self._last_at_end and item is self._items[-1]:
                left_px = max(left_px, area.x() + area.width() - size.width())
            if move:
                item.setGeometry(QRect(QPoint(left_px, top_px), size))
            left_px += size.width() + self.spacing()
            row_px = max(row_px, size.height())
        return top_px + row_px - area.y()
