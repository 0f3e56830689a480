"""The panel of the image list: filter, list, and the line below it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from bloodsmear.count_words import count_words
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ImageRecord
from desktop.gui.gallery.arranged_images import ArrangedImages
from desktop.gui.gallery.filter_bar import FilterBar
from desktop.gui.gallery.image_list_model import ImageListModel, ImageRole
from desktop.gui.gallery.image_list_view import ImageListView
from desktop.gui.gallery.list_choices import ListChoices
from desktop.gui.gallery.list_filter import KINDS, Kind, kinds_of
from desktop.gui.gallery.list_shape import ListShape
from desktop.gui.gallery.marked_rows import MarkedRows
from desktop.gui.gallery.message_page import MessagePage
from desktop.gui.gallery.row_delegate import RowDelegate
from desktop.gui.messages import Message
from desktop.gui.review_state import ImageMark
from desktop.gui.theme import Tokens
from desktop.gui.theme.page_parts import line_across
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.theme.room import room_of

_NOT_DISPUTED = (
    "No image that the list shows is disputed: no reader differs from you, and each of your labels is one that a "
    "classifier names."
)
# At 200 % on 1366 × 768 the three columns have 683 px.
_NARROWEST_PX = 160


class GalleryPanel(QFrame):
    """Lists images. `image_selected(image)`; `thumbnail_needed(image)`, answered by `set_thumbnail`.

    `place_changed(number, shown)`: which of the images shown the chosen one is, from 1; 0 where a filter hides it
    or none is chosen. `order_changed()`: other images may lie beside the chosen one now. `shape_changed(ListShape)`: a
    grid or a list now, or pictures of another size are asked for.

    `menu_wanted(place on the screen)`, for the images that are meant.

    `said(Message)` where a key does nothing, and why. `marked` are the images that are to be decided together,
    `choices` holds filter and arrangement.
    """

    place_changed = Signal(int, int)
    order_changed = Signal()
    shape_changed = Signal(ListShape)
    said = Signal(Message)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setMinimumWidth(_NARROWEST_PX)
        self._counts: Counter[Kind] = Counter()
        self._loading = False
        self._told_place = (0, 0)
        self.shape = ListShape()
        self._images = ImageListModel(self)
        self._shown = ArrangedImages(self._images, self)
        self._delegate = RowDelegate(tokens, self)
        self._bar = FilterBar(self)
        self._view = ImageListView(self._shown, self._delegate, self)
        self.choices = ListChoices(self._bar, self._shown)
        self.marked = MarkedRows(self._view)
        self._message = MessagePage(tokens, self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._message)
        self._pages.addWidget(self._view)
        self._foot = PlainLabel(parent=self)
        self._foot.setProperty("look", "small")
        self._foot.setWordWrap(True)
        self._foot.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._bar, line_across(), self._pages, line_across(), self._foot):
            column.addWidget(part, 1 if part is self._pages else 0)
        for changed in (self._shown.rowsInserted, self._shown.modelReset, self.choices.changed):
            changed.connect(self._show_right_page)
        self.choices.asked.connect(self._view.choose_shown)
        for moved in (self._shown.rowsInserted, self._shown.modelReset, self._view.image_chosen):
            moved.connect(self._tell_place)
        for rearranged in (self._shown.rowsInserted, self._shown.modelReset):
            rearranged.connect(self.order_changed)
        self.image_selected = self._view.image_chosen
        self.thumbnail_needed = self._view.thumbnail_needed
        self.menu_wanted = self._view.menu_wanted
        self.show_empty()

    def show_empty(self) -> None:
        """No folder is open."""
        self._clear()
        keys = QKeySequence(QKeySequence.StandardKey.Open).toString(QKeySequence.SequenceFormat.NativeText)
        self._message.show_message(
            "folder", "No folder is open", f"Open a folder of smear images ({keys}), or drop one here."
        )

    def begin_loading(self, root_name: str) -> None:
        """A folder is being searched: forget the images of the one before."""
        self._clear()
        self.marked.begin_loading()
        self._loading = True
        self._message.show_message("folder", "Looking for images…", f"in {root_name}")
        self._foot.setText("Looking for images…")

    def add_images(self, found: Sequence[FoundImage]) -> None:
        """Append images in the order in which they are to be listed."""
        self._images.add_images(found)
        self._counts["all"] = self._images.rowCount()
        self._show_counts()
        if self._loading:
            self._foot.setText(f"Looking for images… {self.count():,} so far")
        self._show_right_page()

    def loading_finished(self, other_files: int) -> None:
        """The search is over; `other_files` were not images."""
        self._loading = False
        others = f" · {other_files:,} other {_plural('file', other_files)}" if other_files else ""
        self._foot.setText(f"{self.count():,} {_plural('image', self.count())}{others}")
        self.marked.loading_finished()
        self._show_right_page()

    def show_error(self, sentence: str, title: str = "This could not be opened") -> None:
        """There is nothing (more) to list, and why: on the page, or below the images that were found."""
        self._loading = False
        if self.count():
            self._foot.setText(sentence)
        else:
            self._foot.setText(" ")
            self._message.show_message("folder", title, sentence)
        self._show_right_page()

    def set_records(self, records: Sequence[ImageRecord]) -> None:
        """Show what is known of images now, each of them once."""
        for record in records:
            self._counts.subtract(kinds_of(self._images.record_of(record.image)))
            self._counts.update(kinds_of(record))
        self._images.set_records(records)
        self._show_counts()
        self._show_right_page()

    def set_mark(self, image: str, mark: ImageMark | None) -> None:
        """Show what the reader did about an image; None: it is to be decided."""
        self._images.set_mark(image, mark)
        self._show_counts()

    def set_marks(self, marks: Mapping[str, ImageMark]) -> None:
        """Show what the reader did, by image; those that are left out are to be decided."""
        self._images.set_marks(marks)
        self._show_counts()

    def set_drawn(self, counts: Mapping[str, int]) -> None:
        """Show how many marks are to be seen on each image; those that are left out have none."""
        self._images.set_drawn(counts)

    def set_disputed(self, images: frozenset[str]) -> None:
        """Which images are disputed, as far as the reader may know."""
        self._images.set_disputed(images)

    def set_blind(self, on: bool) -> None:
        """Blind reading: the list says nothing of a classifier about an undecided image, and filters by none."""
        self._images.set_blind(on)
        self.choices.set_blind(on)
        self._show_counts()

    def set_shape(self, shape: ListShape) -> None:
        """List the images like this."""
        if shape != self.shape:
            self.shape = shape
            self._images.set_shape(shape)
            self._view.set_shape(shape)
            self.shape_changed.emit(shape)

    def toggle_grid(self) -> None:
        """From the list to a grid, and back."""
        self.set_shape(replace(self.shape, is_grid=not self.shape.is_grid))

    def resize_thumbnails(self, step: int) -> None:
        """One size larger (1) or smaller (-1)."""
        self.set_shape(self.shape.resized(step))

    def set_thumbnail(self, image: str, pixels: RgbImage | None, reachable: bool = True) -> None:
        """The answer to `thumbnail_needed`; None where no thumbnail can be made. What could not be reached is asked for
        again while its row is to be seen.
        """
        self._images.set_thumbnail(image, pixels, reachable)
        self._view.thumbnail_came(image, reachable)

    def drop_thumbnail(self, image: str) -> None:
        """The file holds another picture now: show none until the new one is made."""
        self._images.drop_thumbnail(image)

    def select(self, image: str) -> None:
        """Choose an image and scroll to it; nothing happens for one that is not listed."""
        self._view.choose(image)

    def select_next(self) -> None:
        """Choose the shown image below."""
        self._view.choose_beside(1)

    def go_on(self) -> None:
        """Choose the shown image below; where there is none, and none of the shown is to be decided, say so."""
        before = self.selected()
        self.select_next()
        if self.selected() == before and not self._next_to_decide().isValid():
            left = self.count() - self._images.progress.done
            self.said.emit(Message("info", _nothing_left_words(this_one=False, hidden=left)))

    def select_previous(self) -> None:
        """Choose the shown image above."""
        self._view.choose_beside(-1)

    def select_next_to_decide(self) -> None:
        """Choose the next shown image that is to be decided, from the top again where none is below."""
        index = self._next_to_decide()
        if index.isValid() and index.data(ImageRole.IMAGE) != self.selected():
            self.select(index.data(ImageRole.IMAGE))
        elif self.count():
            elsewhere = self.count() - self._images.progress.done - index.isValid()
            self.said.emit(Message("info", _nothing_left_words(index.isValid(), elsewhere)))

    def select_next_disputed(self) -> None:
        """Choose the next shown disputed image, from the top again where none is below."""
        index = self._shown.next_where(self.selected(), lambda known: known.disputed)
        if not index.isValid():
            self.said.emit(Message("info", _NOT_DISPUTED))
        elif index.data(ImageRole.IMAGE) == self.selected():
            self.said.emit(Message("info", "This is the only disputed image that the list shows."))
        else:
            self.select(index.data(ImageRole.IMAGE))

    def count(self) -> int:
        """How many images are listed, whatever the filter shows."""
        return self._images.rowCount()

    def shown_images(self) -> tuple[str, ...]:
        """The images that the filter shows, in the list's order."""
        indexes = (self._shown.index(row, 0) for row in range(self._shown.rowCount()))
        images = (index.data(ImageRole.IMAGE) for index in indexes)
        return tuple(image for image in images if image is not None)

    def selected(self) -> str | None:
        """The chosen image, also while a filter hides it."""
        return self._view.chosen()

    def focus_list(self) -> None:
        """Give the keys to the list, or to the page that says why it has no row; while it is folded away they are for
        the column that it stands in.
        """
        # No focus proxy: past a panel that has one Tab goes straight to it, and leaves out what stands above the list.
        # What is hidden takes no keys, so they would stay in the field that was left.
        shown = self.parentWidget() if self.isHidden() else self._pages.currentWidget()
        (shown or self._view).setFocus()

    def focus_filter(self) -> None:
        """Put the cursor into the filter field."""
        self._bar.focus_field()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._delegate.set_tokens(tokens)
        self._message.set_tokens(tokens)
        self._view.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where it is low the list needs the filter's lines."""
        super().resizeEvent(event)
        self._bar.set_room(room_of(self.height()))

    def _clear(self) -> None:
        self._view.forget()
        self._images.clear()
        self._counts.clear()
        self.choices.clear()
        self._show_counts()
        self._foot.setText(" ")
        self._show_right_page()

    def _next_to_decide(self) -> QModelIndex:
        return self._shown.next_where(self.selected(), lambda known: known.mark is None)

    def _tell_place(self) -> None:
        place = (self._shown.place_of(self._view.chosen()), self._shown.image_count)
        if place != self._told_place:
            self._told_place = place
            self.place_changed.emit(*place)

    def _show_counts(self) -> None:
        self._bar.set_counts({kind: self._counts[kind] for kind in KINDS}, self._images.progress)

    def _show_right_page(self) -> None:
        """The list where it has rows, else the page that says why it has none."""
        count = self.count()
        self._bar.set_shown(self._shown.image_count, count)
        if count and not self._shown.rowCount():
            hidden = f"All {count:,} images are hidden" if count > 1 else "The one image is hidden"
            by = ", ".join(self.choices.filter.words)
            sentence = f"{hidden} by the filter: {by}. Clear all shows everything again."
            self._message.show_message("picture", "No image fits", sentence)
        page = self._view if self._shown.rowCount() else self._message
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)


def _nothing_left_words(this_one: bool, hidden: int) -> str:
    """Why the key for the next image to decide goes nowhere; `hidden` ones the filter does not show."""
    if hidden:
        shown = "No other image that the list shows" if this_one else "No image that the list shows"
        others = f"The filter hides {count_words(hidden, 'image')} to decide"
        return f"{shown} is to be decided. {others}: Clear all shows everything."
    return "This is the last image to decide." if this_one else "No image is left to decide."


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
