"""The named cells of studies that can be taught or exported: named alike by all who signed; and the audit set's."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bloodsmear.cells.names import UNIDENTIFIED, cell_name
from bloodsmear.cells.reader_cells import is_same_cell, reader_cells
from bloodsmear.classifiers.labels import DECIDED_BESIDE_LABELS, label_key, label_name
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.images.image_names import file_and_page
from bloodsmear.images.region import Region
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.audit import Drawn
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.export import changed_sentence

# Why a cell is not taught, in words that follow "N cells were left out: ".
APART = "they belong to the audit set, or to its cases"
NO_RED_CELLS = "no red cells were seen around them, so their scale is not known"
# What a reader says of a cell who took it out; no key of a label.
_NO_CELL = "/"
_Place = tuple[Path, int, str]


@dataclass(frozen=True, slots=True)
class SignedCell:
    """A cell of `found`, whose bytes have this sha256. `said` are the keys of the names that `readers` gave it.

    `apart`: its image belongs to an audit set, or to a case of one.
    """

    found: FoundImage
    sha256: str
    box: Region
    said: frozenset[str]
    readers: frozenset[str]
    is_signed: bool
    apart: bool = False

    @property
    def label(self) -> str:
        """The key of the name that all gave it."""
        (label,) = self.said
        return label

    @property
    def is_none(self) -> bool:
        """Whether all who said anything took it out."""
        return self.said == {_NO_CELL}

    @property
    def why_left_out(self) -> str:
        """Words why it is not taught; empty where it is."""
        if self.apart:
            return APART
        if len(self.said) > 1:
            return "their names are not the same"
        if self.label == UNIDENTIFIED.id:
            return "nobody could name them"
        return "" if _can_be_label(self.label) else "their name cannot be a label"


@dataclass(frozen=True, slots=True)
class DrawnFrame:
    """An image of an audit set. `named` are its cells that were named since the draw, `removed` those that a reader
    took out at any time, `added` those that the finder had missed.
    """

    found: FoundImage
    drawn: Drawn
    is_there: bool
    named: tuple[SignedCell, ...]
    removed: tuple[Region, ...]
    added: tuple[Region, ...]

    def to_name(self, boxes: Iterable[Region]) -> list[Region]:
        """Which of the found `boxes` and of those added have still to be named."""
        done = [*(one.box for one in self.named), *self.removed]
        return [box for box in (*boxes, *self.added) if not any(is_same_cell(box, one) for one in done)]


@dataclass(slots=True)
class SignedCells:
    """What studies hold, each cell once, by image.

    `names` are those of the labels by key, `chains` the last hash of each study;
    `drawn` is what is in audit sets, `looks` how many heads were measured on the most used of them.
    """

    cells: list[SignedCell] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    chains: list[str] = field(default_factory=list)
    drawn: list[DrawnFrame] = field(default_factory=list)
    looks: int = 0


def read_signed_cells(studies: Sequence[Path], signed_only: bool = True) -> SignedCells:
    """The cells that somebody named in cases that they signed off; without `signed_only` in all cases.

    UsageError for a study that was changed outside of Bloodsmear, DataSetError for two names that would be one label,
    StudyError.
    """
    read = SignedCells()
    cells: dict[_Place, list[SignedCell]] = {}
    for study in studies:
        with StudyStore.open_existing(study) as store:
            _take(read, cells, (study, store), signed_only)
    sums = {one.drawn.sha256 for one in read.drawn}
    cases = {one.drawn.case for one in read.drawn if not one.drawn.first}
    # The same bytes may lie in another study, where nobody drew them, and so may other images of a drawn case.
    read.cells = [
        replace(one, apart=one.apart or one.sha256 in sums or one.found.case in cases)
        for of_image in cells.values()
        for one in of_image
        if not one.is_none
    ]
    return read


def _take(
    read: SignedCells,
    cells: dict[_Place, list[SignedCell]],
    source: tuple[Path, StudyStore],
    signed_only: bool,
) -> None:
    study, store = source
    check = store.events.check()
    if complaint := changed_sentence(check):
        raise UsageError(f"{study}: {complaint} Nothing was taken from it.")
    read.chains.append(check.hashes[-1] if check.hashes else "none")
    replay, listed, bits = Replay(store.events.readable()), store.listed_images(), store.camera_bits_now()
    apart = frozenset[str]() if replay.audit is None else replay.audit.kept_apart(listed)
    for one in listed:
        if one.status == "ok":
            found = _found(store, one, bits)
            readers = [
                reader
                for reader in replay.readers
                if not signed_only or replay.case_sign_off(reader, one.case) is not None
            ]
            here = _cells_of(replay, readers, (one, found), read.names)
            # Of a file that is in several studies, what all of them say.
            there = cells.setdefault((found.path, found.page, one.sha256), [])
            for cell in here:
                _merge(there, replace(cell, apart=one.image in apart))
    if replay.audit is not None:
        read.looks = max(read.looks, replay.audit.looks)
        read.drawn += _drawn_frames(store, replay, bits, read.names)


def _drawn_frames(
    store: StudyStore, replay: Replay, bits: int | None, names: dict[str, str]
) -> Iterator[DrawnFrame]:
    draw = replay.audit
    assert draw is not None
    there = {one.image: one for one in store.listed_images()}
    for drawn in draw.images:
        listed = there.get(drawn.image)
        is_there = listed is not None and listed.sha256 in ("", drawn.sha256)
        one = ListedImage(drawn.image, drawn.case, "ok", drawn.sha256)
        found = _found(store, one, bits)
        said = [cell for reader in replay.readers for cell in reader_cells(replay, reader, one)]
        # In a drawn image no suggestion is ever in sight from the draw on; before, one may have been.
        since = _cells_of(replay, replay.readers, (one, found), names, draw.act)
        named = [cell for cell in since if not cell.is_none]
        yield DrawnFrame(
            found,
            drawn,
            is_there,
            tuple(named),
            tuple(cell.box for cell in said if cell.is_removed),
            tuple(cell.box for cell in said if cell.is_added),
        )


def _cells_of(
    replay: Replay,
    readers: Iterable[str],
    image: tuple[ListedImage, FoundImage],
    names: dict[str, str],
    named_since: int = 0,
) -> list[SignedCell]:
    """What these readers said of the cells of an image, each cell once; see `reader_cells`."""
    listed, found = image
    cells: list[SignedCell] = []
    for reader in readers:
        is_signed = replay.case_sign_off(reader, listed.case) is not None
        for said in reader_cells(replay, reader, listed, named_since):
            if said.name or said.is_removed:
                key = _NO_CELL if said.is_removed else label_key(said.name)
                names.setdefault(key, _name_of(key, said.name))
                if said.name and _can_be_label(key):
                    _refuse_two_names(names[key], cell_name(said.name).name)
                who = frozenset((reader,))
                _merge(cells, SignedCell(found, listed.sha256, said.box, frozenset((key,)), who, is_signed))
    return cells


def _merge(cells: list[SignedCell], cell: SignedCell) -> None:
    """Let what was said of a cell of an image stand with what was said of it before."""
    for place, other in enumerate(cells):
        if is_same_cell(other.box, cell.box):
            cells[place] = replace(
                other,
                said=other.said | cell.said,
                readers=other.readers | cell.readers,
                is_signed=other.is_signed and cell.is_signed,
                apart=other.apart or cell.apart,
            )
            return
    cells.append(cell)


def _name_of(key: str, said: str) -> str:
    usual = label_name(key)
    return cell_name(said).name if usual == key else usual


def _refuse_two_names(one: str, other: str) -> None:
    """DataSetError for CD5+ and CD5-: a label's key has neither sign. `T cell` and `T-cell` are one name."""
    if _letters_of(one) != _letters_of(other):
        raise DataSetError(
            f"Cells are named {one} and {other}, which would be one label: only the letters a to z and digits tell "
            "labels apart. Give one of them another name in the gallery of cells."
        )


def _letters_of(name: str) -> str:
    """Small letters, with a blank for each of the signs that part words."""
    return re.sub(r"(?<=\w)[\s_-]+(?=\w)", " ", unicodedata.normalize("NFKC", name).casefold())


def _can_be_label(key: str) -> bool:
    return 0 < len(key) <= 64 and key not in DECIDED_BESIDE_LABELS


def _found(store: StudyStore, listed: ListedImage, camera_bits: int | None) -> FoundImage:
    file, page = file_and_page(store.head.root, listed.image)
    return FoundImage(file, listed.image, listed.case, page, camera_bits)
