"""The rows that are marked in the list, to decide for all of their images at once."""

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal
from PySide6.QtWidgets import QAbstractItemView

from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.gallery.image_list_view import ImageListView


class MarkedRows(QObject):
    """The images that the reader marked to decide for all of them at once. `changed(tuple of images)`.

    They are more than one selected row, by Shift or Ctrl with a click or an arrow. One selected row is the chosen
    image, not a mark. Only what the filter shows can be marked, and stays marked in another order.
    """

    changed = Signal(tuple)

    def __init__(self, view: ImageListView) -> None:
        super().__init__(view)
        self._view = view
        self._told: tuple[str, ...] = ()
        self._is_rearranged = False
        # Those to mark again in the study that is opened next, and in the one that is being opened.
        self._held: tuple[str, ...] = ()
        self._awaited: tuple[str, ...] = ()
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        view.model().modelAboutToBeReset.connect(self._begin_rearranging)
        view.model().modelReset.connect(self._mark_again)

    def images(self) -> tuple[str, ...]:
        """The marked images in the order of the list; none where only one row is selected."""
        rows = sorted(self._view.selectionModel().selectedRows(), key=lambda index: index.row())
        named = [index.data(ImageRole.IMAGE) for index in rows]
        images = tuple(image for image in named if image is not None)
        return images if len(images) > 1 else ()

    def mark_all(self) -> None:
        """Mark every image that the filter shows."""
        before = self._view.currentIndex()
        self._view.selectAll()
        self._view.choose_highlighted(before)

    def unmark(self) -> None:
        """Leave only the chosen image selected."""
        self._view.selectionModel().setCurrentIndex(
            self._view.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def hold(self) -> None:
        """The same study is opened again: what is marked stays marked where it is listed again."""
        self._held = self.images()

    def begin_loading(self) -> None:
        """A study is being opened."""
        self._awaited, self._held = self._held, ()

    def loading_finished(self) -> None:
        """All images are listed."""
        awaited, self._awaited = self._awaited, ()
        if not self.images():
            self._mark(awaited)

    def _begin_rearranging(self) -> None:
        self._is_rearranged = True

    def _mark_again(self) -> None:
        """Rows have other places, and a reset forgets which were selected."""
        self._mark(self._told)
        self._is_rearranged = False
        self._tell()

    def _mark(self, images: Iterable[str]) -> None:
        indexes = [self._view.index_of(image) for image in images]
        rows = [index.row() for index in indexes if index.isValid()]
        if len(rows) > 1:
            marks = _of_rows(self._view, rows)
            self._view.selectionModel().select(marks, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _tell(self) -> None:
        if self._is_rearranged:
            return
        images = self.images()
        if images != self._told:
            self._told = images
            self.changed.emit(images)


def _of_rows(view: QAbstractItemView, rows: Iterable[int]) -> QItemSelection:
    """These rows, in as few ranges as there are gaps between them."""
    selection, model = QItemSelection(), view.model()
    first = last = -1
    for row in sorted(rows):
        if row != last + 1 and last >= 0:
            selection.select(model.index(first, 0), model.index(last, 0))
        if row != last + 1 or last < 0:
            first = row
        last = row
    if last >= 0:
        selection.select(model.index(first, 0), model.index(last, 0))
    return selection
