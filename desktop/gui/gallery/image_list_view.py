"""The list itself: it says which image was chosen, and which painted rows still want a thumbnail."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.gui.gallery.image_filter import ImageFilter
from desktop.gui.gallery.image_list_model import ImageListModel, Role
from desktop.gui.gallery.row_delegate import RowDelegate


class ImageListView(QListView):
    """Keeps its own idea of the chosen image, so that a filter that hides it does not choose another one.

    `image_chosen(image)` is emitted once per change. `thumbnail_needed(image)` comes after painting, the
    topmost row last: who answers the latest request first fills the list from the top.
    """

    image_chosen = Signal(str)
    thumbnail_needed = Signal(str)

    def __init__(
        self, images: ImageListModel, shown: ImageFilter, delegate: RowDelegate, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._shown = shown
        self._chosen: str | None = None
        self._filtering = False
        self._missing: dict[str, None] = {}
        self._asked: set[str] = set()
        self._ask_soon = QTimer(self)
        self._ask_soon.setSingleShot(True)
        self._ask_soon.setInterval(0)
        self._ask_soon.timeout.connect(self._ask_for_thumbnails)
        # Before setModel: rows that vanish move the view's current row, and that is no choice of the reader's.
        shown.rowsAboutToBeRemoved.connect(self._begin_filtering)
        shown.modelAboutToBeReset.connect(self._begin_filtering)
        self.setModel(shown)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setAccessibleName("Images")
        shown.rowsRemoved.connect(self._end_filtering)
        shown.rowsInserted.connect(self._show_chosen)
        shown.modelReset.connect(self._end_filtering)
        shown.layoutChanged.connect(self._end_filtering)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        delegate.thumbnail_missing.connect(self._note_missing)

    def chosen(self) -> str | None:
        """The chosen image, also while a filter hides it."""
        return self._chosen

    def choose(self, image: str) -> None:
        """Choose an image and scroll to it."""
        row = self._images.row_of(image)
        if row is None:
            return
        index = self._shown.mapFromSource(self._images.index(row))
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        else:
            self._set_chosen(image)

    def choose_beside(self, step: int) -> None:
        """Choose the shown image `step` rows below (negative: above); it stops at both ends."""
        count = self._shown.rowCount()
        if count == 0:
            return
        current = self.currentIndex()
        row = current.row() + step if current.isValid() else self._row_beside_hidden(step)
        index = self._shown.index(min(max(row, 0), count - 1), 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def forget(self) -> None:
        """Nothing is chosen and nothing asked for: the images are about to be others."""
        self._chosen = None
        self._missing.clear()
        self._asked.clear()

    def thumbnail_came(self, image: str) -> None:
        """A request was answered; should the thumbnail be dropped later, it may be asked for again."""
        self._asked.discard(image)

    def _row_beside_hidden(self, step: int) -> int:
        """The row to go to where the chosen image is hidden: the next shown one in that direction."""
        source_row = self._images.row_of(self._chosen) if self._chosen is not None else None
        if source_row is None:
            return 0
        rows = range(self._shown.rowCount())
        above = sum(self._shown.mapToSource(self._shown.index(row, 0)).row() < source_row for row in rows)
        return above + step - 1 if step > 0 else above + step

    def _begin_filtering(self) -> None:
        self._filtering = True

    def _end_filtering(self) -> None:
        self._filtering = False
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Mark the row of the chosen image again, or none while it is hidden."""
        row = self._images.row_of(self._chosen) if self._chosen is not None else None
        index = self._shown.mapFromSource(self._images.index(row)) if row is not None else QModelIndex()
        if index != self.currentIndex():
            self._filtering = True
            self.setCurrentIndex(index)
            if not index.isValid():
                self.clearSelection()
            self._filtering = False

    def _on_current_changed(self, current: QModelIndex) -> None:
        if not self._filtering and current.isValid():
            self._set_chosen(current.data(Role.IMAGE))

    def _set_chosen(self, image: str) -> None:
        if image != self._chosen:
            self._chosen = image
            self.image_chosen.emit(image)

    def _note_missing(self, image: str) -> None:
        # Not emitted from within paintEvent: who answers at once would change the model while it is painted.
        if image not in self._asked:
            self._missing[image] = None
            self._ask_soon.start()

    def _ask_for_thumbnails(self) -> None:
        missing, self._missing = list(self._missing), {}
        self._asked.update(missing)
        for image in reversed(missing):
            self.thumbnail_needed.emit(image)
