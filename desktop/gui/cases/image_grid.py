"""All images of a case side by side: a small picture, its name and what was decided below it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListView, QWidget

from bloodsmear.review.decisions import decision_name, names_of
from desktop.gui.theme.icons import picture_icon
from desktop.gui.theme.plain_text import plain_tooltip

if TYPE_CHECKING:
    from bloodsmear.images.rgb_image import RgbImage
    from bloodsmear.reports.report_rows import ReportRow

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_PICTURE_PX = QSize(96, 72)
# As the list's thumbnails come: sharp at 150 %, and nearly so at 200 %.
_KEPT_PX = QSize(144, 108)
_CELL_PX = QSize(116, 120)
# About 62 KB each.
_KEPT = 1000


class CaseImages(QAbstractListModel):
    """`thumbnail_needed(image)` for one that is painted without its picture; `set_thumbnail` answers."""

    thumbnail_needed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[ReportRow, ...] = ()
        self._row_of: dict[str, int] = {}
        self._pictures: OrderedDict[str, QIcon | None] = OrderedDict()
        self._asked: set[str] = set()

    def show_rows(self, rows: Sequence[ReportRow]) -> None:
        """These images in place of those before; pictures that are there already stay."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self._row_of = {row.record.image: place for place, row in enumerate(rows)}
        self.endResetModel()

    def forget_pictures(self) -> None:
        """Another study: its images may have the same names."""
        self._pictures.clear()
        self._asked.clear()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """How many images the case has."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Picture, and the two lines below it."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.record.image.rpartition('/')[2]}\n{decided_words(row)}"
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(f"{row.record.image}\n{decided_words(row)}")
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(row.record.image)
            case Qt.ItemDataRole.UserRole:
                return row.record.image
        return None

    def set_thumbnail(self, image: str, pixels: RgbImage | None) -> None:
        """An image's small picture; None where there will be none."""
        place = self._row_of.get(image)
        # Others ask for pictures, too. One that was asked for here is kept, whichever case is shown by now.
        if place is None and image not in self._asked:
            return
        self._pictures[image] = None if pixels is None else _framed(pixels)
        if len(self._pictures) > _KEPT:
            gone, _ = self._pictures.popitem(last=False)
            self._asked.discard(gone)
        self._paint_anew(image)

    def drop_thumbnail(self, image: str) -> None:
        """The picture is of other bytes than the file has now: it is asked for again."""
        self._asked.discard(image)
        self._pictures.pop(image, None)
        self._paint_anew(image)

    def _paint_anew(self, image: str) -> None:
        if (place := self._row_of.get(image)) is not None:
            index = self.index(place)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _picture(self, image: str) -> QIcon:
        if image not in self._pictures and image not in self._asked:
            self._asked.add(image)
            # Later: the view is being painted.
            QTimer.singleShot(0, self, lambda: self.thumbnail_needed.emit(image))
        return self._pictures.get(image) or _blank()


class ImageGrid(QListView):
    """`image_wanted(image)` for one that is clicked, or on which Enter is pressed."""

    image_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images = CaseImages(self)
        self.setModel(self.images)
        self.setAccessibleName("Images of the case; Enter shows one in the window")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setIconSize(_PICTURE_PX)
        self.setGridSize(_CELL_PX)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)
        self.setMinimumHeight(_CELL_PX.height())
        for chosen in (self.clicked, self.activated):
            chosen.connect(lambda index: self.image_wanted.emit(index.data(Qt.ItemDataRole.UserRole)))


def decided_words(row: ReportRow) -> str:
    """What the reader did about an image: `Pre-B`, `to decide`, `acknowledged`."""
    if row.decision.decision is not None:
        names = names_of(answer.classifier for answer in row.record.answers)
        return decision_name(row.decision.decision.value, names)
    if row.record.status == "unreadable":
        return "acknowledged" if row.decision.acknowledged_by else "cannot be read"
    return "to decide"


def _framed(pixels: RgbImage) -> QIcon:
    """The middle of the small picture in 4:3."""
    height_px, width_px = pixels.shape[:2]
    picture = QImage(pixels.tobytes(), width_px, height_px, 3 * width_px, QImage.Format.Format_RGB888)
    scaled = picture.scaled(
        _KEPT_PX,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left = (scaled.width() - _KEPT_PX.width()) // 2
    top = (scaled.height() - _KEPT_PX.height()) // 2
    framed = QPixmap.fromImage(scaled.copy(left, top, _KEPT_PX.width(), _KEPT_PX.height()))
    framed.setDevicePixelRatio(_KEPT_PX.width() / _PICTURE_PX.width())
    return picture_icon(framed)


def _blank() -> QIcon:
    blank = QPixmap(_PICTURE_PX)
    blank.fill(Qt.GlobalColor.transparent)
    return QIcon(blank)
