"""How well nucleated cells are found: recall and precision on marked frames, the count of changed frames, and the time.

.venv/bin/python benchmarks/cells.py --data ../shared/data [--every N]

Of cell_boxes (three laboratories) a find is right when its centre lies in a box marked white_cell, one find a box; a
box that lies in another marked white_cell marks the same cell a second time and is left out. Parameters were chosen on
the frames with even places in the sorted list; both halves are printed. Goals: recall 98 %, precision 95 %; the counts
of the frames change by less than 2 % together when they are turned, mirrored, scaled or saved as JPEG. Exit status 1: a
goal was missed. The marks were made half automatically, and some are wrong (docs/cells.md): no finder reaches 100 %.
Recall is told a second time without those of WRONG_MARKS; the goals are by all marks.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bloodsmear.images.cells import Cell, find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage

RECALL, PRECISION, COUNT_CHANGE = 0.98, 0.95, 0.02
# Of a box, so much in another is the same cell marked again.
SAME_CELL = 0.6
# The sets of the frames differ in size, and nothing else says which a frame is from.
LABORATORIES = {575: "Raabin", 416: "BCD"}
TIMED = (1024, 768)
# Every mark of a white cell in which nothing was found was looked at. On these there is none: the frame's name begins
# so, the box' left and top. A mark that is wrong and was found by chance is not among them.
WRONG_MARKS = {
    ("0bd2fcef", 88, 130): "platelet",
    ("0c17c658", 1, 1): "red cell",
    ("19539d0f", 196, 452): "red cell",
    ("2a77e71f", 374, 82): "red cell",
    ("3abfbc94", 1, 1): "red cell",
    ("4e80ae99", 1, 229): "red cell",
    ("4e80ae99", 1, 308): "red cell",
    ("53de3b82", 1, 1): "red cell",
    ("5e952903", 400, 29): "red cell",
    ("70142f83", 1, 335): "red cell",
    ("7d02d746", 244, 268): "red cell",
    ("9c463012", 202, 397): "debris",
    ("af5d0c0c", 219, 502): "red cell",
}


@dataclass(slots=True)
class Score:
    """Marked cells, finds, and finds that are right."""

    marked: int = 0
    found: int = 0
    right: int = 0

    def add(self, marked: int, found: int, right: int) -> None:
        """Count one frame."""
        self.marked += marked
        self.found += found
        self.right += right

    @property
    def recall(self) -> float:
        """The share of marked cells that were found."""
        return self.right / max(1, self.marked)

    @property
    def precision(self) -> float:
        """The share of finds that are right."""
        return self.right / max(1, self.found)


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="How well nucleated cells are found.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with cell_boxes and fullsize")
    parser.add_argument("--every", type=int, default=1, help="measure on every Nth frame only")
    parsed = parser.parse_args(words)
    folder = parsed.data / "cell_boxes"
    marks = _read_marks(folder / "boxes.csv")
    names = sorted(marks)[:: parsed.every]
    frames = [decode_image(folder / name).pixels for name in names]
    missed = _measure_finds(frames, [marks[name] for name in names])
    _measure_white_cells(frames, [_without_wrong(name, marks[name]) for name in names])
    missed += _measure_changes(frames)
    _measure_time(frames)
    for goal in missed:
        print(f"MISSED: {goal}")
    return 1 if missed else 0


def _read_marks(file: Path) -> dict[str, list[Region]]:
    """The white cells of each frame; a frame without any has an empty list."""
    marks: dict[str, list[Region]] = defaultdict(list)
    with file.open(newline="") as lines:
        for row in csv.DictReader(lines):
            boxes = marks[row["image"]]
            if row["kind"] == "white_cell":
                sides = (round(float(row[side])) for side in ("left_px", "top_px", "width_px", "height_px"))
                boxes.append(Region(*sides))
    return {name: _each_once(boxes) for name, boxes in marks.items()}


def _each_once(boxes: Sequence[Region]) -> list[Region]:
    kept: list[Region] = []
    for box in sorted(boxes, key=lambda box: -box.pixels):
        again = any(box.meets(other) and box.within(other).pixels > SAME_CELL * box.pixels for other in kept)
        if not again:
            kept.append(box)
    return kept


def _right_finds(cells: Sequence[Cell], boxes: Sequence[Region]) -> int:
    free = list(boxes)
    right = 0
    for cell in sorted(cells, key=lambda cell: -cell.area_px):
        hit = next((box for box in free if _holds(box, cell)), None)
        if hit is not None:
            free.remove(hit)
            right += 1
    return right


def _holds(box: Region, cell: Cell) -> bool:
    across = box.left_px <= cell.centre_x_px <= box.right_px
    return across and box.top_px <= cell.centre_y_px <= box.bottom_px


def _measure_finds(frames: Sequence[RgbImage], marks: Sequence[Sequence[Region]]) -> list[str]:
    scores: dict[str, Score] = defaultdict(Score)
    for place, (frame, boxes) in enumerate(zip(frames, marks, strict=True)):
        cells = find_cells(frame).cells
        right = _right_finds(cells, boxes)
        half = "odd half" if place % 2 else "even half, parameters chosen on it"
        for group in ("all", LABORATORIES.get(frame.shape[0], "PBC"), half):
            scores[group].add(len(boxes), len(cells), right)
    missed = []
    for group, score in scores.items():
        print(
            f"{group}: {score.marked} marked, recall {score.recall:.1%}, precision {score.precision:.1%}",
            flush=True,
        )
        if score.recall < RECALL:
            missed.append(f"recall of {group} {score.recall:.1%}, goal {RECALL:.0%}")
        if score.precision < PRECISION:
            missed.append(f"precision of {group} {score.precision:.1%}, goal {PRECISION:.0%}")
    return missed


def _without_wrong(name: str, boxes: Sequence[Region]) -> list[Region]:
    return [box for box in boxes if (name[:8], box.left_px, box.top_px) not in WRONG_MARKS]


def _measure_white_cells(frames: Sequence[RgbImage], marks: Sequence[Sequence[Region]]) -> None:
    """Recall where only white cells are marked."""
    scores: dict[str, Score] = defaultdict(Score)
    for frame, boxes in zip(frames, marks, strict=True):
        cells = find_cells(frame).cells
        for group in ("all", LABORATORIES.get(frame.shape[0], "PBC")):
            scores[group].add(len(boxes), len(cells), _right_finds(cells, boxes))
    print(f"without {len(WRONG_MARKS)} marks on which there is no white cell:")
    for group, score in scores.items():
        print(f"  {group}: {score.marked} marked, recall {score.recall:.1%}", flush=True)


def _measure_changes(frames: Sequence[RgbImage]) -> list[str]:
    before = [len(find_cells(frame).cells) for frame in frames]
    missed = []
    for name, change in CHANGES.items():
        after = [len(find_cells(change(frame)).cells) for frame in frames]
        # One more here and one fewer there do not cancel.
        apart = sum(abs(one - other) for one, other in zip(before, after, strict=True))
        share = apart / max(1, sum(before))
        print(
            f"{name}: {sum(after)} cells for {sum(before)}, {apart} more or fewer ({share:.2%})", flush=True
        )
        if share >= COUNT_CHANGE:
            missed.append(f"{name} changes the counts by {share:.1%}, goal below {COUNT_CHANGE:.0%}")
    return missed


def _scaled(factor: float) -> Callable[[RgbImage], RgbImage]:
    kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return lambda frame: np.asarray(
        cv2.resize(frame, None, fx=factor, fy=factor, interpolation=kind), np.uint8
    )


def _as_jpeg(frame: RgbImage) -> RgbImage:
    _, file = cv2.imencode(".jpg", frame[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR_RGB), np.uint8)


CHANGES: dict[str, Callable[[RgbImage], RgbImage]] = {
    "turned": lambda frame: np.ascontiguousarray(np.rot90(frame)),
    "mirrored": lambda frame: np.ascontiguousarray(frame[:, ::-1]),
    "scaled to 0.7": _scaled(0.7),
    "scaled to 1.5": _scaled(1.5),
    "JPEG 60": _as_jpeg,
}


def _measure_time(frames: Sequence[RgbImage]) -> None:
    """Frames of 1024 × 768 px; the processor's time says what it costs where others work on the same PC."""
    taken = [
        np.asarray(cv2.resize(frame, TIMED, interpolation=cv2.INTER_CUBIC), np.uint8)
        for frame in frames[::20]
    ]
    find_cells(taken[0])
    wall, processor = time.perf_counter(), time.process_time()
    for frame in taken:
        find_cells(frame)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    each = 1000 / len(taken)
    print(
        f"{TIMED[0]} × {TIMED[1]} px: {wall * each:.0f} ms a frame, {processor * each:.0f} ms of processors"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
