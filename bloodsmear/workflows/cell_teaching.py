"""Teaching a classifier of cells from the cells that readers named: each image is read once, each cell a crop of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bloodsmear.cells.names import UNIDENTIFIED
from bloodsmear.classifiers.card import CardLabel
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.folder import open_cell_classifier
from bloodsmear.classifiers.label_set import FEWEST_LABELS, MOST_LABELS
from bloodsmear.count_words import count_words
from bloodsmear.errors import DataSetError, ImageError
from bloodsmear.images.cell_look import crop_of
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decoding
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.teaching.audit import AuditImages, InUse
from bloodsmear.teaching.example_row import ExampleRow
from bloodsmear.teaching.examples import RowReader
from bloodsmear.teaching.labelled_folder import FEWEST_IMAGES, LabelledImages
from bloodsmear.teaching.teach import Base, Lesson, Material, row_reader, teach
from bloodsmear.workflows.cell_crops import left_out_sentences
from bloodsmear.workflows.cell_suggestions import suggesters
from bloodsmear.workflows.signed_cells import (
    NO_RED_CELLS,
    DrawnFrame,
    SignedCell,
    SignedCells,
    read_signed_cells,
)

_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class CellLesson:
    """A lesson from named cells, sentences on what was left out, and how far the audit set is read (`told`)."""

    lesson: Lesson
    left_out: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    """What was seen in the images: the row of each cell, what classifiers in use said of it, and the cells found in
    drawn images. In images of `no_scale` no red cell was seen.
    """

    rows: dict[str, ExampleRow] = field(default_factory=dict)
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)
    boxes: dict[FoundImage, list[Region]] = field(default_factory=dict)
    no_scale: set[FoundImage] = field(default_factory=set)

    def get(self, _found: FoundImage, sha256: str) -> ExampleRow | None:
        """The row of a cell by its mark, as teaching asks for it."""
        return self.rows[sha256]

    def keep(self, _found: FoundImage, _sha256: str, _row: ExampleRow) -> None:
        """All of them are here."""


def teach_cells(
    studies: Sequence[Path], base: Base, signed_only: bool, report: Report, cancel: Cancel
) -> CellLesson:
    """Teach from the named cells of these studies and write nothing.

    UsageError for a study that was changed outside of Bloodsmear; DataSetError for too few cells, for images that
    cannot be read any more; StudyError, ClassifierError, JobCancelled.
    """
    signed = read_signed_cells(studies, signed_only)
    left_out = Counter(one.why_left_out for one in signed.cells if one.why_left_out)
    cells = [one for one in signed.cells if not one.why_left_out]
    done = "signed" if signed_only else "named"
    _labels_of(cells, done)
    in_use = _in_use()
    seen = _see(cells, signed.drawn, (row_reader(base), in_use), report, cancel)
    left_out[NO_RED_CELLS] += sum(one.found in seen.no_scale for one in cells)
    cells = [one for one in cells if one.found not in seen.no_scale]
    keys, few = _labels_of(cells, done)
    left = [
        *left_out_sentences(+left_out),
        *(
            f"{signed.names[key]} was left out: {count_words(count, f'{done} cell')}, at least {FEWEST_IMAGES} are "
            "needed."
            for key, count in few.items()
        ),
    ]
    to_name = cells_to_name(signed.drawn, seen.boxes)
    audit = _audit_of(signed, seen, in_use) if _is_read(signed, to_name) else None
    images = _labelled(signed, [one for one in cells if one.label in keys], keys, (studies, signed_only))
    lesson = teach(Material(images, audit, seen), base, report, cancel)
    return CellLesson(lesson, tuple(left), _audit_told(signed, to_name))


def mark_of(one: SignedCell) -> str:
    """What a cell's row is known by: 64 hex digits of its file's bytes, which of its pictures it is in, and its box."""
    box = one.box
    told = f"{one.sha256} {one.found.page} {box.left_px} {box.top_px} {box.width_px} {box.height_px}"
    return hashlib.sha256(told.encode()).hexdigest()


def unnamed_cells(study: Path, report: Report, cancel: Cancel) -> tuple[tuple[str, ...], dict[str, int]]:
    """How far the cells of a study's audit set are named, in sentences, and the images with cells still to be named.

    Raises as `teach_cells`.
    """
    signed = read_signed_cells([study], signed_only=False)
    seen = _see([], signed.drawn, None, report, cancel)
    to_name = cells_to_name(signed.drawn, seen.boxes)
    return _audit_told(signed, to_name), dict(to_name)


def cells_to_name(
    drawn: Iterable[DrawnFrame], boxes: Mapping[FoundImage, Sequence[Region]]
) -> list[tuple[str, int]]:
    """The drawn images in which cells have no name yet, with how many; `boxes` are those found in each.

    Two studies may have images of one name. What is not there any more cannot be named.
    """
    return [
        (one.drawn.image, len(open_))
        for one in drawn
        if one.is_there and (open_ := one.to_name(boxes.get(one.found, ())))
    ]


def _labels_of(cells: Iterable[SignedCell], done: str) -> tuple[list[str], dict[str, int]]:
    """The keys of labels with enough cells, and the counts of those with too few. DataSetError."""
    counts = Counter(one.label for one in cells)
    few = {key: count for key, count in sorted(counts.items()) if count < FEWEST_IMAGES}
    keys = sorted(set(counts) - set(few), key=natural_key)
    if not FEWEST_LABELS <= len(keys) <= MOST_LABELS:
        raise DataSetError(
            f"{count_words(len(keys), 'name was', 'names were')} given to {FEWEST_IMAGES} {done} cells or more; "
            f"{FEWEST_LABELS} to {MOST_LABELS} are needed. Name more cells"
            f"{' and sign their cases off' if done == 'signed' else ''}."
        )
    return keys, few


def _labelled(
    signed: SignedCells, cells: list[SignedCell], keys: list[str], asked: tuple[Sequence[Path], bool]
) -> LabelledImages:
    studies, signed_only = asked
    cells.sort(
        key=lambda one: (keys.index(one.label), natural_key(one.found.image), one.box.top_px, one.box.left_px)
    )
    is_one_case = len({one.found.case for one in cells}) == 1
    readers = {reader for one in cells for reader in one.readers}
    done = "signed" if signed_only else "given"
    return LabelledImages(
        origin=", ".join(map(str, studies)),
        in_card=f"the {done} names of {len(readers)} readers (chains {', '.join(signed.chains)})",
        command="STUDY --cells" if signed_only else "STUDY --cells --unsigned",
        labels=tuple(CardLabel(key=key, name=signed.names[key]) for key in keys),
        images=tuple(_as_found(one) for one in cells),
        targets=np.array([keys.index(one.label) for one in cells], np.int64),
        cases=tuple(one.found.image if is_one_case else one.found.case for one in cells),
        sha256s=tuple(mark_of(one) for one in cells),
        answers_for="cell",
        case_is_image=is_one_case,
    )


def _as_found(one: SignedCell) -> FoundImage:
    """The cell as teaching names it where two of them cannot stand beside each other."""
    return replace(one.found, image=f"{one.found.image}, the cell at {one.box.left_px}, {one.box.top_px} px")


# ---- what is seen in the images

_Readers = tuple[RowReader, Sequence[Classifier]]


@dataclass(slots=True)
class _Wanted:
    """What is wanted of an image: the rows of some cells, and all the boxes of one that is drawn."""

    sha256: str
    cells: list[SignedCell] = field(default_factory=list)
    is_drawn: bool = False


def _see(
    cells: Sequence[SignedCell],
    drawn: Sequence[DrawnFrame],
    readers: _Readers | None,
    report: Report,
    cancel: Cancel,
) -> _Seen:
    """Read each image once: the rows of its cells, and in drawn ones all cells there are. DataSetError."""
    wanted: dict[FoundImage, _Wanted] = {}
    for one in cells:
        wanted.setdefault(one.found, _Wanted(one.sha256)).cells.append(one)
    for frame in drawn:
        if frame.is_there:
            wanted[frame.found] = _Wanted(frame.drawn.sha256, list(frame.named), is_drawn=True)
    seen = _Seen()

    def look(found: FoundImage) -> str:
        cancel.checkpoint()
        try:
            with decoding(found.path, asked=found.asked) as decoded:
                if wanted[found].sha256 not in ("", decoded.sha256):
                    return f"{found.path} is not the file any more whose cells were named."
                _look_closer(seen, (found, decoded.pixels), wanted[found], readers)
        except ImageError as error:
            return str(error)
        return ""

    faults: list[str] = []
    with one_thread_a_call(), ThreadPoolExecutor() as pool:
        for done, fault in enumerate(pool.map(look, wanted), 1):
            report(Progress(done, len(wanted), "reading cells"))
            faults += [fault] if fault else []
    if faults:
        named = " ".join([*faults[:_MOST_NAMED], *(["…"] if len(faults) > _MOST_NAMED else [])])
        raise DataSetError(
            f"{count_words(len(faults), 'image')} cannot be read. Repair or remove each: {named}"
        )
    return seen


def _look_closer(
    seen: _Seen, image: tuple[FoundImage, RgbImage], wanted: _Wanted, readers: _Readers | None
) -> None:
    found, pixels = image
    there = find_cells(pixels)
    if wanted.is_drawn:
        seen.boxes[found] = [one.box for one in there.cells]
    if not there.red_cell_px:
        seen.no_scale.add(found)
    elif readers is not None:
        rows, classifiers = readers
        for one in wanted.cells:
            crop, mark = crop_of(pixels, one.box, there.red_cell_px), mark_of(one)
            seen.rows[mark] = rows.row_of(crop)
            answers = [(each.card, each.predict(crop).probabilities) for each in classifiers]
            seen.said[mark] = tuple(card.label_keys[int(np.argmax(said))] for card, said in answers)


# ---- the audit set


def _in_use() -> list[Classifier]:
    """The classifiers of cells that may suggest on this PC now."""
    return [open_cell_classifier(one.folder) for one in suggesters()]


def _is_read(signed: SignedCells, to_name: Sequence[tuple[str, int]]) -> bool:
    return bool(signed.drawn) and not to_name and all(one.is_there for one in signed.drawn)


def _audit_of(signed: SignedCells, seen: _Seen, in_use: Sequence[Classifier]) -> AuditImages | None:
    measured = [
        (frame, one)
        for frame in signed.drawn
        for one in frame.named
        if len(one.said) == 1 and one.label != UNIDENTIFIED.id and mark_of(one) in seen.rows
    ]
    if not measured:
        return None
    marks = tuple(mark_of(one) for _, one in measured)
    return AuditImages(
        tuple(_as_found(one) for _, one in measured),
        marks,
        tuple(one.label for _, one in measured),
        tuple(frame.drawn.first or f"/{frame.drawn.case}" for frame, _ in measured),
        drawn=sum(len(frame.named) for frame in signed.drawn),
        looks=signed.looks,
        in_use=tuple(
            InUse(
                each.card.id,
                each.card.name,
                frozenset(each.card.label_keys),
                tuple(seen.said[mark][place] for mark in marks),
                frozenset(each.card.trained_on.fingerprints),
            )
            for place, each in enumerate(in_use)
        ),
    )


def _audit_told(signed: SignedCells, to_name: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    if not signed.drawn:
        return ()
    gone = [one.drawn.image for one in signed.drawn if not one.is_there]
    left = count_words(sum(count for _, count in to_name), "cell is", "cells are")
    told = [
        f"{len(signed.drawn) - len(to_name) - len(gone)} of the {len(signed.drawn)} images of the audit set have all "
        f"their cells named; {left} still to be named."
    ]
    if gone:
        told.append(
            f"{len(gone)} of them are not there any more, or not the files that were drawn: put them back, or draw a "
            "new audit set."
        )
    if signed.looks > 1:
        told.append(f"{signed.looks} heads were measured on it: the best of them looks better than it is.")
    return tuple(told)
