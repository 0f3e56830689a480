"""The reference images of the laboratory: examples of each label, one of which is pinned beside the shown image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QDialog, QListView, QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from bloodsmear.classifiers.labels import Names
from desktop.gui.theme.icons import picture_icon
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, close_button, paragraph
from desktop.gui.theme.plain_text import plain_tooltip

if TYPE_CHECKING:
    from bloodsmear.images.rgb_image import RgbImage
    from bloodsmear.workflows.reference_images import Reference

_SIZE_PX = (620, 460)
_PICTURE_PX = QSize(128, 96)
_CELL_PX = QSize(150, 148)
THUMBNAIL_SIDE_PX = 2 * _PICTURE_PX.width()
_PATH = Qt.ItemDataRole.UserRole
_LABEL = Qt.ItemDataRole.UserRole + 1
_EMPTY = (
    "There is no reference image yet. Go to an image that shows a label as it should be, and add it here. The folder "
    "goes by stick to another PC: press Folder… there."
)
_HOW = "A click pins an image beside the shown one, under the same zoom; P takes it away."


class ReferencesPage(QDialog):
    """`pin_wanted(path, label's words)`, `add_wanted(label)` for the shown image, `folder_wanted()` for another one."""

    pin_wanted = Signal(Path, str)
    add_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Reference images")
        self.resize(*_SIZE_PX)
        self._remark = paragraph("Reading the folder…")
        self._remark.setObjectName("references_remark")
        self._where = paragraph("", "muted")
        self._problem = NoticeBox("references_problem", amber=True)
        self._list = QListWidget()
        self._list.setAccessibleName("Reference images; Enter pins one beside the shown image")
        self._list.setViewMode(QListView.ViewMode.IconMode)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setMovement(QListView.Movement.Static)
        self._list.setIconSize(_PICTURE_PX)
        self._list.setGridSize(_CELL_PX)
        self._list.setWordWrap(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        # Made once while the page is open: with each image that is added the folder is looked at again.
        self._pictures: dict[Path, QIcon] = {}
        self._labels = QMenu(self)
        self._offered: Names | None = None
        self._add = button("add_reference", "Add the shown image as", "primary")
        self._add.setMenu(self._labels)
        folder = button("reference_folder", "Folder…")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._remark)
        column.addWidget(self._list, 1)
        column.addWidget(self._problem)
        column.addWidget(self._where)
        column.addLayout(button_row([folder], [close_button(self), self._add]))
        self.folder_wanted = folder.clicked
        for chosen in (self._list.itemClicked, self._list.itemActivated):
            chosen.connect(lambda item: self.pin_wanted.emit(item.data(_PATH), item.data(_LABEL)))

    def offer_labels(self, labels: Names) -> None:
        """The labels (their names by their keys) that the shown image can be added as."""
        if labels == self._offered:
            # The menu may be open.
            return
        self._offered = labels
        self._labels.clear()
        for label, name in labels.items():
            action = self._labels.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, label=label: self.add_wanted.emit(label))
        self._add.setEnabled(bool(labels))

    def show_references(self, folder: Path, references: Sequence[Reference]) -> list[Path]:
        """These; returns those whose pictures are not there yet."""
        self._where.setText(f"In {folder}")
        self._remark.setText(_HOW if references else _EMPTY)
        self._list.clear()
        for one in references:
            item = QListWidgetItem(f"{one.label}\n{one.path.name}")
            item.setData(_PATH, one.path)
            item.setData(_LABEL, one.label)
            item.setToolTip(plain_tooltip(f"{one.label}\n{one.path}"))
            # Else each is as wide as its words, and the pictures stand in no columns.
            item.setSizeHint(_CELL_PX)
            if one.path in self._pictures:
                item.setIcon(self._pictures[one.path])
            self._list.addItem(item)
        return [one.path for one in references if one.path not in self._pictures]

    def forget_pictures(self) -> None:
        """Another folder, or the same one after something was changed in it."""
        self._pictures.clear()

    def set_thumbnail(self, path: Path, pixels: RgbImage) -> None:
        """The small picture of one of them."""
        height_px, width_px = pixels.shape[:2]
        picture = QImage(pixels.tobytes(), width_px, height_px, 3 * width_px, QImage.Format.Format_RGB888)
        icon = self._pictures[path] = picture_icon(QPixmap.fromImage(picture))
        for row in range(self._list.count()):
            if (item := self._list.item(row)).data(_PATH) == path:
                item.setIcon(icon)

    def say_problem(self, sentence: str) -> None:
        """What went wrong, and what to do; empty where the next thing was asked for."""
        self._problem.say(sentence)
