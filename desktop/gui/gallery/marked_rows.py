"""The images that the reader marked in the list to decide for all of them at once."""

from PySide6.QtCore import QItemSelectionModel, QObject, Signal
from PySide6.QtWidgets import QAbstractItemView

from desktop.gui.gallery.image_list_model import Role
from desktop.gui.gallery.image_list_view import ImageListView


class MarkedRows(QObject):
    """More than one selected row, by Shift or Ctrl with a click or an arrow. `changed(tuple of images)`.

    One selected row is the chosen image and no mark. Only what the filter shows can be marked.
    """

    changed = Signal(tuple)

    def __init__(self, view: ImageListView) -> None:
        super().__init__(view)
        self._view = view
        self._told: tuple[str, ...] = ()
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.selectionModel().selectionChanged.connect(lambda *_: self._tell())

    def images(self) -> tuple[str, ...]:
        """The marked images in the order of the list; none where only one row is selected."""
        indexes = sorted(self._view.selectionModel().selectedRows(), key=lambda index: index.row())
        return tuple(index.data(Role.IMAGE) for index in indexes) if len(indexes) > 1 else ()

    def mark_all(self) -> None:
        """Mark every image that the filter shows."""
        self._view.selectAll()

    def unmark(self) -> None:
        """Leave only the chosen image selected."""
        self._view.selectionModel().setCurrentIndex(
            self._view.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def _tell(self) -> None:
        images = self.images()
        if images != self._told:
            self._told = images
            self.changed.emit(images)
