"""The rows of the gallery of cells: which are shown, in which order, with the reader's names and the crops at hand."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from bloodsmear.cells.names import cell_name
from bloodsmear.cells.reader_cells import CellPlace, ReaderCell, cells_with
from bloodsmear.images.cell_look import by_similarity
from bloodsmear.images.region import Region
from desktop.gui.theme.plain_text import plain_tooltip

if TYPE_CHECKING:
    from bloodsmear.reports.cell_report import ImageCells
    from bloodsmear.workflows.cell_suggestions import Suggestion

Order = Literal["place", "size", "likeness", "said", "certainty"]
# What a classifier of cells says is seen in these alone (docs/adr/0047).
SAID_ORDERS: frozenset[Order] = frozenset({"said", "certainty"})
# 25,000 crops of JPEG; what is seen again after that is cut again.
_CROP_BYTES = 96 * 2**20
# Some screens full, as the screen paints them.
_PIXMAPS = 800
_NOTHING = QModelIndex()
# In the place of a name, none of which holds a line break.
NOTED = "\n"
_Key = tuple[str, Region]


class CellRole(IntEnum):
    """What the delegate asks a row for, beside Qt's own roles."""

    CELL = Qt.ItemDataRole.UserRole + 1
    CROP = Qt.ItemDataRole.UserRole + 2
    SUGGESTION = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the gallery. `red_cells` is its nucleus' area in red cells; 0 where that is not known.

    `sha256` is that of the bytes in which it was found.
    `look` is empty for one that the finder did not find (bloodsmear.images.cell_look); `said` is the reader's own.
    """

    image: str
    case: str
    said: ReaderCell
    sha256: str = ""
    red_cells: float = 0.0
    look: tuple[float, ...] = ()
    is_cut: bool = False

    @property
    def box(self) -> Region:
        """Around its nucleus, in px of the upright image."""
        return self.said.box

    @property
    def place(self) -> CellPlace:
        """Where it is, for what is said of it."""
        return CellPlace(self.image, self.box, self.sha256)

    @property
    def key(self) -> _Key:
        """Which cell it is."""
        return self.image, self.said.box

    @property
    def name(self) -> str:
        """The id of the name that the reader gave it; empty where it has none."""
        return self.said.name

    @property
    def note(self) -> str:
        """The reader's note on it; empty where there is none."""
        return self.said.note

    @property
    def words(self) -> str:
        """Its name and note in words."""
        name = cell_name(self.name).name if self.name else "Without a name"
        return f"{name}\nNote: {self.note}" if self.note else name


class CellModel(QAbstractListModel):
    """`crops_wanted(image)` when a painted row has no crop; `counted()` when cells came, went or were named."""

    crops_wanted = Signal(str)
    counted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images: dict[str, ImageCells] = {}
        self._of_image: dict[str, list[ShownCell]] = {}
        self._rows: list[ShownCell] = []
        self._order: Order = "place"
        self._like: ShownCell | None = None
        # The id of a name, empty for cells without one, NOTED for those with a note; None shows all.
        self._only: str | None = None
        self._crops: OrderedDict[str, Mapping[Region, bytes]] = OrderedDict()
        self._crop_bytes = 0
        self._pixmaps: OrderedDict[_Key, QPixmap] = OrderedDict()
        # Where each of `_rows` stands; None until it is asked for.
        self._places: dict[_Key, int] | None = None
        self._cells, self._named = 0, Counter[str]()
        # By image: what a classifier of cells says.
        self._suggestions: dict[str, Mapping[Region, Suggestion]] = {}

    # ---- what is known

    @property
    def cells(self) -> int:
        """How many there are, shown or not."""
        return self._cells

    def image_names(self) -> tuple[str, ...]:
        """The images that were looked at."""
        return tuple(self._images)

    def counts(self) -> Counter[str]:
        """How many cells have each name, shown or not; those without one are left out."""
        return +self._named

    def cells_of(self, image: str) -> ImageCells | None:
        """What was found in an image, before the reader said anything."""
        return self._images.get(image)

    def boxes_of(self, image: str) -> list[Region]:
        """The boxes of all its cells."""
        return [one.box for one in self._of_image.get(image, ())]

    def cell_at(self, row: int) -> ShownCell:
        """The cell of a row."""
        return self._rows[row]

    @property
    def order(self) -> Order:
        """In which order they stand."""
        return self._order

    def suggestion_of(self, cell: ShownCell) -> Suggestion | None:
        """What a classifier of cells says of a cell without a name, in an order that goes by it; else None."""
        if cell.name or self._order not in SAID_ORDERS:
            return None
        return self._said_of(cell)

    # ---- what comes

    def begin(self) -> None:
        """Nothing is known yet."""
        self.beginResetModel()
        for each in (
            self._images,
            self._of_image,
            self._rows,
            self._crops,
            self._pixmaps,
            self._named,
            self._suggestions,
        ):
            each.clear()
        self._crop_bytes, self._cells, self._like, self._places = 0, 0, None, None
        self.endResetModel()
        self.counted.emit()

    def put(self, cells: ImageCells, said: Iterable[ReaderCell]) -> None:
        """The cells of one more image, with what the reader said of them; they stand behind the others."""
        self._images[cells.image] = cells
        rows = self._of_image[cells.image] = _rows_of(cells, said)
        self._count(rows, 1)
        self._append([one for one in rows if self._is_shown(one)])
        self.counted.emit()

    def say(self, said: Mapping[str, Iterable[ReaderCell]]) -> None:
        """What the reader says of the cells of some images by now. A row that has another name stays where it is."""
        changed = [image for image, of_image in said.items() if self._say(image, of_image)]
        if changed:
            self.counted.emit()

    def _say(self, image: str, said: Iterable[ReaderCell]) -> bool:
        cells = self._images.get(image)
        before, rows = self._of_image.get(image), [] if cells is None else _rows_of(cells, said)
        if before is None or rows == before:
            return False
        self._of_image[image] = rows
        self._count(before, -1)
        self._count(rows, 1)
        now = {one.box: one for one in rows}
        gone = []
        for place in self.rows_of(before):
            changed = now.pop(self._rows[place].box, None)
            if changed is None:
                gone.append(place)
            elif changed != self._rows[place]:
                self._rows[place] = changed
                self.dataChanged.emit(self.index(place), self.index(place))
        for place in reversed(gone):
            self.beginRemoveRows(_NOTHING, place, place)
            del self._rows[place]
            self._places = None
            self.endRemoveRows()
        self._append([one for one in now.values() if self._is_shown(one)])
        return True

    def put_crops(self, image: str, crops: Mapping[Region, bytes]) -> None:
        """Crops of an image's cells, JPEG by box. Those that were not seen for longest make room."""
        self._crop_bytes -= _bytes_of(self._crops.pop(image, {}))
        # Of an image that cannot be read any more there is none, and it is not asked for again.
        self._crops[image] = crops
        self._crop_bytes += _bytes_of(crops)
        while self._crop_bytes > _CROP_BYTES and len(self._crops) > 1:
            self._crop_bytes -= _bytes_of(self._crops.popitem(last=False)[1])
        # Each row that is told is laid out anew by the view: no more than have come.
        for place in self.rows_of(self._of_image.get(image, ())):
            self.dataChanged.emit(self.index(place), self.index(place), [CellRole.CROP])

    def _append(self, rows: Sequence[ShownCell]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_NOTHING, first, first + len(rows) - 1)
            self._rows += rows
            if self._places is not None:
                self._places |= {one.key: first + after for after, one in enumerate(rows)}
            self.endInsertRows()

    def rows_of(self, cells: Iterable[ShownCell]) -> list[int]:
        """The rows of those of the cells that are shown, from the top."""
        if self._places is None:
            self._places = {one.key: place for place, one in enumerate(self._rows)}
        return sorted(self._places[one.key] for one in cells if one.key in self._places)

    def _count(self, rows: Iterable[ShownCell], times: int) -> None:
        for one in rows:
            self._cells += times
            if one.name:
                self._named[one.name] += times

    def put_suggestions(self, image: str, said: Mapping[Region, Suggestion]) -> None:
        """What a classifier of cells says of an image's cells. They are seen once the order goes by it."""
        self._suggestions[image] = said

    def forget_suggestions(self) -> None:
        """Nothing that a classifier says may be seen from now on: they stand as they stood at the beginning."""
        self._suggestions.clear()
        if self._order in SAID_ORDERS:
            self.arrange("place")

    def images_to_ask(self) -> list[str]:
        """The images whose cells no classifier was asked about, those with added cells among them."""
        return [
            image
            for image, rows in self._of_image.items()
            if rows and not {one.box for one in rows} <= set(self._suggestions.get(image, {}))
        ]

    # ---- what is asked for

    def arrange(self, order: Order, like: ShownCell | None = None) -> None:
        """Put the cells in another order: by likeness to one of them, else along what differs most."""
        self._order, self._like = order, like
        self._show()

    def show_only(self, name: str | None) -> None:
        """Show the cells of this name alone (its id; empty: without a name; NOTED: with a note); None: all."""
        self._only = name
        self._show()

    def _show(self) -> None:
        self.beginResetModel()
        rows = [one for rows in self._of_image.values() for one in rows if self._is_shown(one)]
        if self._order == "size":
            rows.sort(key=lambda one: -one.red_cells)
        elif self._order == "likeness":
            looked_at = [one for one in rows if one.look]
            like = self._like.look if self._like is not None and self._like.look else None
            order = by_similarity([one.look for one in looked_at], like)
            rows = [looked_at[place] for place in order] + [one for one in rows if not one.look]
        elif self._order in SAID_ORDERS:
            rows.sort(key=self._place_by_said)
        self._rows, self._places = rows, None
        self.endResetModel()

    def _place_by_said(self, cell: ShownCell) -> tuple[float, ...]:
        """By label, the surest first; or the least sure of all first. Of which nothing is said comes last.

        One that is unlike those that were taught is less sure than all others, whatever its probability.
        """
        said = self._said_of(cell)
        if said is None:
            return (math.inf,)
        if self._order == "said":
            return said.place, said.is_unlike, -said.confidence
        return not said.is_unlike, said.confidence

    def _said_of(self, cell: ShownCell) -> Suggestion | None:
        return self._suggestions.get(cell.image, {}).get(cell.box)

    def _is_shown(self, cell: ShownCell) -> bool:
        if self._only == NOTED:
            return bool(cell.note)
        return self._only is None or cell.name == self._only

    # ---- what Qt asks

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:  # noqa: N802 - Qt's name
        """How many cells are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """A row's cell, crop, and what a screen reader says of it."""
        cell = self._rows[index.row()]
        if role == CellRole.CELL:
            return cell
        if role == CellRole.CROP:
            return self._crop(cell)
        if role == CellRole.SUGGESTION:
            return self.suggestion_of(cell)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return cell.words
        # A long name is cut below its crop.
        if role == Qt.ItemDataRole.ToolTipRole and (cell.name or cell.note):
            return plain_tooltip(cell.words)
        return None

    def _crop(self, cell: ShownCell) -> QPixmap | None:
        key = cell.key
        if (known := self._pixmaps.get(key)) is not None:
            self._pixmaps.move_to_end(key)
            return known
        of_image = self._crops.get(cell.image)
        jpeg = None if of_image is None else of_image.get(cell.box)
        if jpeg is None:
            # One that was added after the crops of its image were cut is cut with them once more.
            if of_image is None or of_image:
                self.crops_wanted.emit(cell.image)
            return None
        self._crops.move_to_end(cell.image)
        made = QPixmap.fromImage(QImage.fromData(jpeg))
        self._pixmaps[key] = made
        if len(self._pixmaps) > _PIXMAPS:
            self._pixmaps.popitem(last=False)
        return made


def _rows_of(cells: ImageCells, said: Iterable[ReaderCell]) -> list[ShownCell]:
    found = dict(
        zip((one.box for one in cells.cells), zip(cells.cells, cells.looks, strict=True), strict=True)
    )
    red_cell_area = math.pi / 4 * cells.red_cell_px**2
    rows = []
    for one in cells_with(list(found), said):
        cell, look = found.get(one.box, (None, ()))
        area_px = cell.area_px if cell is not None else 0.0
        rows.append(
            ShownCell(
                cells.image,
                cells.case,
                one,
                cells.sha256,
                red_cells=area_px / red_cell_area if red_cell_area else 0.0,
                look=look,
                is_cut=cell is not None and cell.is_cut,
            )
        )
    return rows


def _bytes_of(crops: Mapping[Region, bytes]) -> int:
    return sum(map(len, crops.values()))
