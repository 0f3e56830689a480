"""The images as the list shows them: filtered, in order, under headings. Built anew at once when the reader asks for
it, and a moment later for what comes by itself, however much comes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QElapsedTimer, QModelIndex, QObject, Qt, QTimer

from desktop.gui.gallery.image_list_model import ImageListModel, ImageRole, Index
from desktop.gui.gallery.known_image import KnownImage
from desktop.gui.gallery.list_arrangement import ArrangedRows, Heading, Key, ListArrangement
from desktop.gui.gallery.list_filter import ListFilter

# A screening brings ten predictions a second, and 10,000 images take a tenth of one to arrange. On a slow PC it is done
# less often, so that it takes a twentieth of the window's time at most.
_SOON_MS = 1000
_PAUSE_FACTOR = 20
_NO_PARENT = QModelIndex()


class ArrangedImages(QAbstractListModel):
    """Rows of images with the roles of `ImageListModel`, and headings, which have no image and cannot be selected.

    Another arrangement is a model reset; images found later are inserted rows where the arrangement allows it. What
    comes by itself moves nothing that the reader has come past (`ArrangedRows.held_up_to`); who asks for an order or
    a filter gets it as of now.
    """

    def __init__(self, images: ImageListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._filter = ListFilter()
        self._arrangement = ListArrangement()
        self._kept: str | None = None
        self._rows = ArrangedRows((), self._arrangement, self._filter.fits)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._rearrange_by_itself)
        images.rowsInserted.connect(lambda _parent, first, last: self._take_found(first, last))
        images.modelReset.connect(self._rearrange)
        images.dataChanged.connect(self._pass_on)
        self._rearrange()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """How many rows there are, headings among them."""
        return 0 if parent.isValid() else len(self._rows.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What `role` means for the row; a heading knows its words and `ImageRole.HEADING`."""
        if not index.isValid() or index.row() >= len(self._rows.rows):
            return None
        row = self._rows.rows[index.row()]
        if not isinstance(row, Heading):
            return self._images.data(self._images.index(row), role)
        match role:
            case ImageRole.HEADING:
                return row
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.words}, {row.count:,} {'image' if row.count == 1 else 'images'}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Keys, clicks and Ctrl+A pass a heading over."""
        if self.is_heading(index.row()):
            return Qt.ItemFlag.ItemNeverHasChildren
        # Only a row of the list is dragged.
        dragged = Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | dragged

    @property
    def image_count(self) -> int:
        """How many images are shown."""
        return self._rows.image_count

    def heading_rows(self) -> frozenset[int]:
        """The rows that are headings."""
        return frozenset(row for row in range(self.rowCount()) if self.is_heading(row))

    def is_heading(self, row: int) -> bool:
        """Whether the row is a heading."""
        return 0 <= row < len(self._rows.rows) and isinstance(self._rows.rows[row], Heading)

    def is_listed(self, image: str) -> bool:
        """Whether the study has the image, shown or not."""
        return self._images.row_of(image) is not None

    def index_of(self, image: str | None) -> QModelIndex:
        """Where an image is shown; invalid where it is not."""
        number = None if image is None else self._images.row_of(image)
        row = None if number is None else self._rows.row_of(number)
        return QModelIndex() if row is None else self.index(row)

    def place_of(self, image: str | None) -> int:
        """Which of the shown images it is, from 1; 0 where it is not shown."""
        number = None if image is None else self._images.row_of(image)
        return 0 if number is None else self._rows.place_of(number) or 0

    def index_beside(self, image: str | None, step: int) -> QModelIndex:
        """The image shown next below (1) or above (-1) one that need not be shown; without one the first. Invalid at
        both ends.
        """
        number = None if image is None else self._images.row_of(image)
        if number is None:
            return self.image_from(0, 1)
        row = self._rows.row_beside(self._images.known_at(number), step)
        return QModelIndex() if row is None else self.index(row)

    def next_where(self, image: str | None, holds: Callable[[KnownImage], bool]) -> QModelIndex:
        """The next image for which it `holds`: below this one, else from the top, itself last. Invalid without any."""
        beside = self.index_beside(image, 1)
        below = beside.row() if beside.isValid() else self.rowCount()
        for row in (*range(below, self.rowCount()), *range(below)):
            number = self._rows.rows[row]
            if not isinstance(number, Heading) and holds(self._images.known_at(number)):
                return self.index(row)
        return QModelIndex()

    def image_from(self, row: int, step: int) -> QModelIndex:
        """The first row with an image, from this one on down (1) or up (-1)."""
        rows = range(row, self.rowCount()) if step > 0 else range(row, -1, -1)
        return next((self.index(each) for each in rows if not self.is_heading(each)), QModelIndex())

    def show_only(
        self, list_filter: ListFilter, arrangement: ListArrangement, keeps_chosen: bool = False
    ) -> None:
        """Show what fits, arranged like this, at once and with every image in its own place. `keeps_chosen`: the reader
        did not ask for it, and what is chosen and shown stays.
        """
        kept = self._kept if keeps_chosen and self.index_of(self._kept).isValid() else None
        self._filter, self._arrangement = list_filter, arrangement
        self._soon.stop()
        self._build(kept, held={})

    def follow(self, list_filter: ListFilter) -> None:
        """Show what fits a filter that the reader did not choose anew: a moment later, and what is chosen stays."""
        self._filter = list_filter
        self._rearrange_soon()

    def keep(self, image: str | None) -> None:
        """Leave the chosen image where the reader sees it, though a decision or an answer would take it out."""
        if image != self._kept:
            self._kept = image
            # Under headings by label the one before takes its place now.
            by_label = self._arrangement.grouping == "label"
            if self._filter.needs_marks or self._filter.needs_records or by_label:
                self._rearrange_soon()

    def _rearrange(self) -> None:
        self._soon.stop()
        self._build(kept=None, held={})

    def _rearrange_by_itself(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        number = None if self._kept is None else self._images.row_of(self._kept)
        if number is not None and self._rows.row_of(number) is not None:
            self._build(self._kept, self._rows.held_up_to(number))
        else:
            self._build(kept=None, held={})
        self._soon.setInterval(max(_SOON_MS, _PAUSE_FACTOR * clock.elapsed()))

    def _build(self, kept: str | None, held: Mapping[int, Key]) -> None:
        known = [self._images.known_at(row) for row in range(self._images.rowCount())]

        def fits(each: KnownImage) -> bool:
            return each.image == kept or self._filter.fits(each)

        rows = ArrangedRows(known, self._arrangement, fits, held)
        if rows.rows == self._rows.rows:
            self._rows = rows
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _rearrange_soon(self) -> None:
        # Not begun anew by each prediction: then nothing would move until the screening ends.
        if not self._soon.isActive():
            self._soon.start()

    def _take_found(self, first: int, last: int) -> None:
        if not self._arrangement.is_plain:
            if self._rows.rows:
                self._rearrange_soon()
            else:
                self._rearrange()
            return
        fresh = [self._images.known_at(row) for row in range(first, last + 1)]
        fitting = [each for each in fresh if self._filter.fits(each)]
        if fitting:
            end = len(self._rows.rows)
            self.beginInsertRows(_NO_PARENT, end, end + len(fitting) - 1)
            self._rows.append(fitting)
            self.endInsertRows()

    def _pass_on(self, first: QModelIndex, last: QModelIndex, roles: Sequence[int]) -> None:
        if first.row() != last.row():
            if self._rows.rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows.rows) - 1), roles)
        elif (row := self._rows.row_of(first.row())) is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, roles)
        by_record = self._filter.needs_records or self._arrangement.needs_records
        if (ImageRole.RECORD in roles and by_record) or (
            ImageRole.DECISION in roles and self._filter.needs_marks
        ):
            self._rearrange_soon()
