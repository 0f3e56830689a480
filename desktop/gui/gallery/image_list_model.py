"""The images of a study as a Qt list model with named roles. It can be tested without a view."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QImage

from bloodsmear.count_words import count_words
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ImageRecord
from bloodsmear.review.sentences import case_words
from bloodsmear.review.sign_off import ReviewProgress
from desktop.gui.gallery.known_image import KnownImage, RowWords, brief_decision, decision_words, row_words
from desktop.gui.gallery.list_shape import ListShape
from desktop.gui.review_state import ImageMark
from desktop.gui.theme.labels import label_meaning
from desktop.gui.theme.plain_text import plain_tooltip

# About 62 KB for each small one, so 62 MB at most; an evicted one is asked for again when its row is painted.
_KEPT_THUMBNAILS = 1000

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class ImageRole(IntEnum):
    """What the delegate and the filter ask for."""

    IMAGE = Qt.ItemDataRole.UserRole + 1  # str, relative to the root
    NAME = IMAGE + 1  # str, the file's name
    CASE = IMAGE + 2  # str
    RECORD = IMAGE + 3  # ImageRecord or None
    THUMBNAIL = IMAGE + 4  # QImage of twice the size that the list shows, or None
    THUMBNAIL_FAILED = IMAGE + 5  # bool, True where there will be none
    DECISION = IMAGE + 6  # str, the reader's decision in brief, or that there is none yet
    IS_DECIDED = IMAGE + 7  # bool
    WORDS = IMAGE + 8  # RowWords, what the classifiers say as far as it is to be seen
    HEADING = IMAGE + 9  # Heading of a group, None for an image
    PATH = IMAGE + 10  # Path of the image's file
    DRAWN = IMAGE + 11  # int, how many marks are to be seen on it


class ImageListModel(QAbstractListModel):
    """Found images in the order in which they came, with the record and the thumbnail of each once known."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[FoundImage] = []
        self._row_of: dict[str, int] = {}
        self._records: dict[str, ImageRecord] = {}
        self._marks: dict[str, ImageMark] = {}
        # Counted along: a study of ten thousand asks for it at each of its records.
        self._decided = self._acknowledged = 0
        self._drawn: dict[str, int] = {}
        self._blind = False
        self._disputed: frozenset[str] = frozenset()
        self._shape = ListShape()
        self._thumbnails: OrderedDict[str, QImage] = OrderedDict()
        self._failed: set[str] = set()
        self._unreachable: set[str] = set()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """How many images there are."""
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What `role` means for the image at `index`; None for other roles."""
        if not index.isValid() or index.row() >= len(self._found):
            return None
        found = self._found[index.row()]
        match role:
            case ImageRole.IMAGE:
                return found.image
            case ImageRole.NAME | Qt.ItemDataRole.DisplayRole:
                return _name(found)
            case ImageRole.CASE:
                return found.case
            case ImageRole.PATH:
                return found.path
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(found)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(self._tooltip(found))
        return self._known(found, role)

    def clear(self) -> None:
        """Forget everything: another folder is being opened."""
        self.beginResetModel()
        self._found, self._row_of, self._records, self._marks = [], {}, {}, {}
        self._disputed = frozenset()
        self._decided = self._acknowledged = 0
        self._thumbnails, self._failed, self._unreachable = OrderedDict(), set(), set()
        self.endResetModel()

    def add_images(self, found: Sequence[FoundImage]) -> None:
        """Append images; those already listed are left out."""
        fresh = list({each.image: each for each in found if each.image not in self._row_of}.values())
        if not fresh:
            return
        first = len(self._found)
        self.beginInsertRows(_NO_PARENT, first, first + len(fresh) - 1)
        for row, each in enumerate(fresh, start=first):
            self._row_of[each.image] = row
        self._found.extend(fresh)
        for each in fresh:
            self._count(self._marks.get(each.image), 1)
        self.endInsertRows()

    def set_records(self, records: Sequence[ImageRecord]) -> None:
        """Keep what is known of images and repaint their rows; the record of an image not listed is kept, too."""
        self._records.update((record.image, record) for record in records)
        rows = [row for record in records if (row := self._row_of.get(record.image)) is not None]
        if rows:
            # Told once: a study of ten thousand brings five hundred at a time.
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)), [ImageRole.RECORD])

    def set_mark(self, image: str, mark: ImageMark | None) -> None:
        """Keep what the reader did about an image (None: it is to be decided), and repaint its row."""
        before = self._marks.pop(image, None)
        if mark is not None:
            self._marks[image] = mark
        if image in self._row_of:
            self._count(before, -1)
            self._count(mark, 1)
        self._row_changed(image, [ImageRole.DECISION])

    def set_marks(self, marks: Mapping[str, ImageMark]) -> None:
        """Keep the marks of all images in place of those before."""
        self._marks = dict(marks)
        self._decided = self._acknowledged = 0
        for image in self._marks:
            if image in self._row_of:
                self._count(self._marks[image], 1)
        self._all_rows_changed()

    def set_disputed(self, images: frozenset[str]) -> None:
        """Which images are disputed, as far as the reader may know."""
        self._disputed = images
        self._all_rows_changed()

    def set_drawn(self, counts: Mapping[str, int]) -> None:
        """Keep how many marks each image has, and repaint the rows of which that is something new."""
        before, self._drawn = self._drawn, dict(counts)
        for image in before.keys() | counts.keys():
            if before.get(image) != counts.get(image):
                self._row_changed(image, [ImageRole.DRAWN])

    def set_blind(self, on: bool) -> None:
        """Whether the rows say nothing of a classifier about an undecided image."""
        if on != self._blind:
            self._blind = on
            self._all_rows_changed()

    def set_thumbnail(self, image: str, pixels: RgbImage | None, reachable: bool = True) -> None:
        """Keep an image's thumbnail and repaint its row; None: it has none and is not asked for again.

        `reachable`: whether the file is there.
        """
        if image not in self._row_of:
            return
        self._unreachable.discard(image)
        if not reachable:
            self._unreachable.add(image)
        self._thumbnails.pop(image, None)
        self._failed.discard(image)
        if pixels is None:
            self._failed.add(image)
        else:
            self._thumbnails[image] = _cropped(pixels, self._shape)
            # As much memory for large ones as for small ones.
            if (
                len(self._thumbnails)
                > _KEPT_THUMBNAILS * ListShape().width_px ** 2 // self._shape.width_px**2
            ):
                self._thumbnails.popitem(last=False)
        self._row_changed(image, [ImageRole.THUMBNAIL, ImageRole.THUMBNAIL_FAILED, ImageRole.WORDS])

    def set_shape(self, shape: ListShape) -> None:
        """Keep pictures of this size from now on; those of another one are forgotten, and asked for when painted."""
        if shape.size != self._shape.size:
            self._thumbnails.clear()
        self._shape = shape

    def drop_thumbnail(self, image: str) -> None:
        """Forget an image's thumbnail, or that it has none; it is asked for again when its row is painted."""
        self._thumbnails.pop(image, None)
        self._failed.discard(image)
        self._row_changed(image, [ImageRole.THUMBNAIL, ImageRole.THUMBNAIL_FAILED])

    def row_of(self, image: str) -> int | None:
        """The row of an image, None where it is not listed."""
        return self._row_of.get(image)

    def known_at(self, row: int) -> KnownImage:
        """What is known of the image of a row."""
        # Past `data`: four times faster, which 100,000 rows notice.
        found = self._found[row]
        image = found.image
        record, mark = self._records.get(image), self._marks.get(image)
        return KnownImage(row, image, found.case, record, mark, image in self._disputed)

    @property
    def progress(self) -> ReviewProgress:
        """How far the reader is with all images."""
        return ReviewProgress(len(self._found), self._decided, self._acknowledged)

    def record_of(self, image: str) -> ImageRecord | None:
        """What is known of an image."""
        return self._records.get(image)

    def _count(self, mark: ImageMark | None, by: int) -> None:
        """Count a mark of a listed image in (1) or out (-1)."""
        if mark is not None:
            self._decided += by * bool(mark.decision)
            self._acknowledged += by * (not mark.decision)

    def _row_changed(self, image: str, roles: list[int]) -> None:
        row = self._row_of.get(image)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, roles)

    def _all_rows_changed(self) -> None:
        if self._found:
            self.dataChanged.emit(
                self.index(0), self.index(len(self._found) - 1), [ImageRole.DECISION, ImageRole.WORDS]
            )

    def _known(self, found: FoundImage, role: int) -> Any:
        """What came to be known of an image after it was found."""
        match role:
            case ImageRole.RECORD:
                return self._records.get(found.image)
            case ImageRole.DECISION:
                disputed = found.image in self._disputed
                return brief_decision(self._marks.get(found.image), self._records.get(found.image), disputed)
            case ImageRole.IS_DECIDED:
                return found.image in self._marks
            case ImageRole.DRAWN:
                return self._drawn.get(found.image, 0)
            case ImageRole.WORDS:
                return self._words(found)
            case ImageRole.THUMBNAIL:
                return self._thumbnails.get(found.image)
            case ImageRole.THUMBNAIL_FAILED:
                return found.image in self._failed
        return None

    def _decision_words(self, found: FoundImage) -> str:
        disputed = found.image in self._disputed
        return decision_words(self._marks.get(found.image), self._records.get(found.image), disputed)

    def _sentence(self, found: FoundImage) -> str:
        decision = self._decision_words(found)
        parts = (
            _name(found),
            case_words(found.case),
            decision,
            self._drawn_words(found),
            self._words(found).sentence,
        )
        return ", ".join(part for part in parts if part)

    def _words(self, found: FoundImage) -> RowWords:
        hidden = self._blind and found.image not in self._marks
        return row_words(self._records.get(found.image), hidden, found.image not in self._unreachable)

    def _tooltip(self, found: FoundImage) -> str:
        words = self._words(found)
        meaning = label_meaning(words.label_key or "")
        decision = self._decision_words(found)
        drawn = self._drawn_words(found)
        return "\n".join(line for line in (found.image, decision, drawn, words.sentence, meaning) if line)

    def _drawn_words(self, found: FoundImage) -> str:
        count = self._drawn.get(found.image, 0)
        return count_words(count, "mark") if count else ""


def _name(found: FoundImage) -> str:
    return found.image.rpartition("/")[2]


def _cropped(pixels: RgbImage, shape: ListShape) -> QImage:
    """The middle of the picture in 4:3, scaled once here so that painting is a plain copy."""
    height_px, width_px, _ = pixels.shape
    picture = QImage(pixels.tobytes(), width_px, height_px, 3 * width_px, QImage.Format.Format_RGB888)
    wanted_px = (shape.side_px, 2 * shape.height_px)
    scaled = picture.scaled(
        *wanted_px,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    area = QRect(0, 0, *wanted_px)
    area.moveCenter(scaled.rect().center())
    return scaled.copy(area).convertToFormat(QImage.Format.Format_RGB32)
