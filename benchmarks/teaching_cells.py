"""What named cells teach: `bloodsmear teach --cells` on a study of real white cells, found and cut as the gallery does.

.venv/bin/python benchmarks/teaching_cells.py ../shared/data/white_cells [--a-label N]

Each picture (192 px, one cell in its middle, red cells around it) stands for an image of a study. The finder looks for
its cells, and a reader names the one in the middle by its folder; where none is found there, the cell is lost, and is
told. Patients are not known: ten runs of neighbouring names of each kind stand for cases, so cells of one patient may
stand in two of them, and the figures are too good by what that is worth.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bloodsmear import paths
from bloodsmear.cells.reader_cells import CellPlace
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.region import Region
from bloodsmear.jobs import Cancel, report_nowhere
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.teaching.teach import open_base
from bloodsmear.workflows.cell_teaching import teach_cells
from bloodsmear.workflows.classifier_set import classifier_folders, mark_of
from bloodsmear.workflows.reviewing import Reviewing
from desktop.cli.teach_command import lesson_lines

RUNS = 10
# Of the picture's side: so near to its middle is the cell that is meant.
MIDDLE = 0.25
# The five parts of a differential, and the immature cells; a platelet is no nucleated cell.
KINDS = ("basophil", "eosinophil", "erythroblast", "ig", "lymphocyte", "monocyte", "neutrophil")


def middle_cell(picture: Path) -> Region | None:
    """The box of the cell in the middle; None where none is found there."""
    pixels = decode_image(picture).pixels
    height, width = pixels.shape[:2]
    for cell in find_cells(pixels).cells:
        off = abs(cell.centre_x_px - width / 2) / width, abs(cell.centre_y_px - height / 2) / height
        if max(off) <= MIDDLE:
            return cell.box
    return None


def name_them(root: Path, data: Path, a_label: int) -> tuple[Path, Counter[str]]:
    """A study in which a reader named all cells that are found; its file, and how many of each kind were lost."""
    study, mark = root / "cells.bloodsmear", mark_of(read_card(paths.shipped_classifiers() / "vgg16"))
    named: dict[str, list[CellPlace]] = {kind: [] for kind in KINDS}
    lost: Counter[str] = Counter()
    images, records = root / "images", []
    for kind in KINDS:
        found = sorted((data / kind).iterdir(), key=lambda path: natural_key(path.name))
        # Contiguous, as they were taken.
        for place, picture in enumerate(found[:a_label]):
            case = f"run-{place * RUNS // a_label}"
            target = images / case / f"{kind}-{picture.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(picture.read_bytes())
            name, sha256 = f"{case}/{target.name}", hashlib.sha256(target.read_bytes()).hexdigest()
            records.append(ImageRecord(name, case, "ok", sha256=sha256))
            box = middle_cell(target)
            if box is None:
                lost[kind] += 1
            else:
                named[kind].append(CellPlace(name, box))
    with StudyStore.open_or_create(study, StudyHead(images, (images,), (mark,))) as store:
        store.list_images([(record.image, record.case) for record in records])
        for record in records:
            store.put(record)
        reader = Reviewing(store, "Reader")
        for kind, cells in named.items():
            reader.name_cells(cells, "immature_granulocyte" if kind == "ig" else kind)
    return study, lost


def main() -> int:
    """Print what is found, and what is taught of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folders of cells by kind")
    parser.add_argument("--a-label", type=int, default=100, help="cells of each kind (100)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["BLOODSMEAR_HOME"] = str(Path(scratch) / "home")
        study, lost = name_them(Path(scratch), given.data, given.a_label)
        told = ", ".join(f"{kind} {count}" for kind, count in lost.items()) or "none"
        print(f"Of {given.a_label} of each kind no cell was found in the middle of: {told}")
        begun = time.process_time()
        taught = teach_cells(
            [study], open_base(classifier_folders()["vgg16"]), False, report_nowhere, Cancel()
        )
        seconds = time.process_time() - begun
    for sentence in (*taught.left_out, *lesson_lines(taught.lesson, taught.told)):
        print(sentence)
    print(f"{seconds:.0f} s of processors, the network's graph among them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
