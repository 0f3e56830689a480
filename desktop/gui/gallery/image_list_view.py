"""The list itself: it says which image was chosen, and which painted rows want a thumbnail."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QDrag, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.gui.gallery.arranged_images import ArrangedImages
from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.gallery.list_shape import ListShape
from desktop.gui.gallery.row_delegate import RowDelegate

_Move = QAbstractItemView.CursorAction
# A drive that was pulled out is asked for the pictures of the rows to be seen, until they are there.
_AGAIN_MS = 5000


class ImageListView(QListView):
    """Keeps its own idea of the chosen image, so that a filter that hides it does not choose another one.

    `image_chosen(image)` is emitted once per change. `thumbnail_needed(image)` comes after painting, the
    topmost row last: who answers the latest request first fills the list from the top. `menu_wanted(place on the
    screen)`: a menu for the chosen image, or the marked ones. Rows can be dragged out, as copies of their files.
    """

    image_chosen = Signal(str)
    thumbnail_needed = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, shown: ArrangedImages, delegate: RowDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = shown
        self._delegate = delegate
        self._chosen: str | None = None
        self._filtering = False
        self._was_hidden = False
        # The row that stays where the reader sees it in another arrangement: its image, and its top in px.
        self._anchor: tuple[str, int] | None = None
        self._missing: dict[str, None] = {}
        self._asked: set[str] = set()
        self._ask_soon = QTimer(self)
        self._ask_soon.setSingleShot(True)
        self._ask_soon.setInterval(0)
        self._ask_soon.timeout.connect(self._ask_for_thumbnails)
        # Before setModel: a reset takes the view's current row, and the reader did not choose that.
        shown.modelAboutToBeReset.connect(self._begin_filtering)
        self.setModel(shown)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setAccessibleName("Images")
        shown.rowsInserted.connect(self._show_chosen)
        shown.modelReset.connect(self._end_filtering)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        delegate.thumbnail_missing.connect(self._note_missing)
        self._unreachable: set[str] = set()
        self._ask_again = QTimer(self)
        self._ask_again.setSingleShot(True)
        self._ask_again.setInterval(_AGAIN_MS)
        self._ask_again.timeout.connect(self._ask_for_unreachable)

    def set_shape(self, shape: ListShape) -> None:
        """Below each other, or as a grid; the row that the reader looks at stays in sight."""
        self._delegate.set_shape(shape)
        # Those of another size that were asked for do not come any more.
        self._asked.clear()
        self._missing.clear()
        self.setFlow(QListView.Flow.LeftToRight if shape.is_grid else QListView.Flow.TopToBottom)
        self.setWrapping(shape.is_grid)
        self.setResizeMode(QListView.ResizeMode.Adjust if shape.is_grid else QListView.ResizeMode.Fixed)
        self.scheduleDelayedItemsLayout()
        self.executeDelayedItemsLayout()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A heading in a grid is as wide as the list."""
        self._delegate.set_width(self.viewport().width())
        super().resizeEvent(event)

    def chosen(self) -> str | None:
        """The chosen image, also while a filter hides it."""
        return self._chosen

    def choose(self, image: str) -> None:
        """Choose an image and scroll to it."""
        index = self._shown.index_of(image)
        if index.isValid():
            self._go_to(index)
        elif self._shown.is_listed(image):
            self._set_chosen(image)
            # The row of the image before must not stay the current one: a click on it would choose nothing.
            self._show_chosen()

    def choose_shown(self) -> None:
        """Choose the first image that is shown where the reader's filter hides the chosen one: keys that decide must
        not decide what nobody sees in the list.
        """
        if self._chosen is not None and not self._shown.index_of(self._chosen).isValid():
            first = self._shown.image_from(0, 1)
            if first.isValid():
                self._go_to(first)

    def choose_beside(self, step: int) -> None:
        """Choose the shown image `step` rows below (negative: above); it stops at both ends."""
        index = self._shown.index_beside(self._chosen, step)
        if not index.isValid() and not self.currentIndex().isValid():
            # The chosen image is hidden, and so is everything behind it.
            last_row = self._shown.rowCount() - 1
            index = self._shown.image_from(last_row if step > 0 else 0, -step)
        if index.isValid():
            self._go_to(index)

    def index_of(self, image: str) -> QModelIndex:
        """Where an image is shown; invalid where it is not."""
        return self._shown.index_of(image)

    def dataChanged(  # noqa: N802 - Qt's name
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        _roles: Sequence[int] = (),
    ) -> None:
        """Paint again. No row changes its height: Qt would ask for those of all rows anew at each prediction."""
        if first.row() == last.row():
            self.update(first)
        else:
            self.viewport().update()

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where a key leads: never onto a heading."""
        index = super().moveCursor(action, modifiers)
        if not self._shown.is_heading(index.row()):
            return index
        is_up = action in (_Move.MoveUp, _Move.MovePageUp, _Move.MovePrevious)
        return self._shown.image_from(index.row(), -1 if is_up else 1)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Choose nothing by a letter that is no key: the next key would decide an image that nobody chose."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Choose nothing: where the chosen image is hidden, Qt makes the first row the current one."""
        self._filtering = True
        super().focusInEvent(event)
        self._filtering = False
        self._show_chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl with an arrow leads to a row without marking it."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        self.choose_highlighted(before)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Beside the rows it takes all marks away; the right button with Ctrl leads to a row without marking it."""
        before = self.currentIndex()
        super().mousePressEvent(event)
        self.choose_highlighted(before)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """With Ctrl it takes one of the marked rows out."""
        before = self.currentIndex()
        super().mouseReleaseEvent(event)
        self.choose_highlighted(before)

    def choose_highlighted(self, before: QModelIndex) -> None:
        """Where one row is highlighted or none, keys decide the chosen image: let that one be highlighted. `before` was
        the current row; where it still is, a row was taken out of two, and the other one is chosen.
        """
        rows = self.selectionModel().selectedRows()
        if len(rows) <= 1:
            _make_current(self, rows[0] if rows and self.currentIndex() == before else self.currentIndex())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """The right button, which has chosen its row by then, or the keyboard's menu key."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid() and not self._shown.is_heading(index.row()):
            middle = self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menu_wanted.emit(middle if by_key else event.globalPos())

    def startDrag(self, _actions: Qt.DropAction) -> None:  # noqa: N802 - Qt's name
        """Offer the files of the selected rows to another program: to be copied, never to be moved."""
        data = self.dragged()
        if data.hasUrls():
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)

    def dragged(self) -> QMimeData:
        """What a drag carries: the files of the selected rows, in the list's order; one with several images once."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        paths = dict.fromkeys(index.data(ImageRole.PATH) for index in rows)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths if path is not None])
        return data

    def forget(self) -> None:
        """Nothing is chosen and nothing asked for: the images are about to be others."""
        self._chosen = None
        self._shown.keep(None)
        self._missing.clear()
        self._asked.clear()
        self._unreachable.clear()
        self._ask_again.stop()

    def thumbnail_came(self, image: str, reachable: bool) -> None:
        """A request was answered; should the thumbnail be dropped later, it may be asked for again.

        Where the file could not be reached, it is asked for again after a while.
        """
        self._asked.discard(image)
        self._unreachable.discard(image)
        if not reachable:
            self._unreachable.add(image)
            if not self._ask_again.isActive():
                self._ask_again.start()

    def _go_to(self, index: QModelIndex) -> None:
        _make_current(self, index)
        if self._shown.is_heading(index.row() - 1):
            self.scrollTo(self._shown.index(index.row() - 1))
        self.scrollTo(index)

    def _begin_filtering(self) -> None:
        self._filtering = True
        self._anchor = self._row_to_hold()
        self._was_hidden = not self.currentIndex().isValid()

    def _end_filtering(self) -> None:
        self._filtering = False
        heading_rows = self._shown.heading_rows()
        self._delegate.set_heading_rows(heading_rows)
        self.setUniformItemSizes(not heading_rows)
        self._show_chosen()
        self._hold_row()
        if self._was_hidden and self.currentIndex().isValid():
            # As after undo: it comes back, perhaps above all that the reader sees.
            self.scrollTo(self.currentIndex())

    def _row_to_hold(self) -> tuple[str, int] | None:
        """The chosen image where it is to be seen, else the topmost one."""
        seen = self.viewport().rect()
        for index in (self.currentIndex(), self.indexAt(seen.topLeft())):
            place = self.visualRect(index)
            image = index.data(ImageRole.IMAGE) if index.isValid() and place.intersects(seen) else None
            if image is not None:
                return image, place.top()
        return None

    def _hold_row(self) -> None:
        """What the reader looks at does not jump when the list is arranged anew."""
        index = QModelIndex() if self._anchor is None else self._shown.index_of(self._anchor[0])
        if self._anchor is not None and index.isValid():
            bar, top_px = self.verticalScrollBar(), self._anchor[1]
            if self._shown.is_heading(index.row() - 1):
                # Who asks for headings wants to see the one of this row, too.
                top_px = max(top_px, self.visualRect(index.siblingAtRow(index.row() - 1)).height())
            bar.setValue(bar.value() + self.visualRect(index).top() - top_px)

    def _show_chosen(self) -> None:
        """Mark the row of the chosen image again, or none while it is hidden."""
        index = self._shown.index_of(self._chosen)
        if index != self.currentIndex():
            self._filtering = True
            _make_current(self, index)
            if not index.isValid():
                self.clearSelection()
            self._filtering = False

    def _on_current_changed(self, current: QModelIndex) -> None:
        if not self._filtering and current.isValid():
            self._set_chosen(current.data(ImageRole.IMAGE))

    def _set_chosen(self, image: str) -> None:
        if image != self._chosen:
            self._chosen = image
            self._shown.keep(image)
            self.image_chosen.emit(image)

    def _note_missing(self, image: str) -> None:
        # Not emitted from within paintEvent: who answers at once would change the model while it is painted.
        if image not in self._asked:
            self._missing[image] = None
            self._ask_soon.start()

    def _ask_for_unreachable(self) -> None:
        """Of the rows to be seen; what they show stays until the answer comes."""
        seen = self.viewport().rect()
        first, last = self.indexAt(seen.topLeft()).row(), self.indexAt(seen.bottomLeft()).row()
        rows = range(max(0, first), (last if last >= 0 else self._shown.rowCount() - 1) + 1)
        images = [self._shown.index(row).data(ImageRole.IMAGE) for row in rows]
        for image in images:
            if image in self._unreachable and image not in self._asked:
                self._missing[image] = None
        if self._missing:
            self._ask_soon.start()
        elif self._unreachable:
            # They are out of sight: they may come into it.
            self._ask_again.start()

    def _ask_for_thumbnails(self) -> None:
        missing, self._missing = list(self._missing), {}
        self._asked.update(missing)
        for image in reversed(missing):
            self.thumbnail_needed.emit(image)


def _make_current(view: QListView, index: QModelIndex) -> None:
    # setCurrentIndex asks the keyboard: with Ctrl of a Ctrl+Z still held, it would mark this row beside the one before.
    view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
