"""A study of drawn smears whose cells are named: small lymphocytes and large monocytes, no two of them alike."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from bloodsmear.cells.reader_cells import CellPlace
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.region import Region
from bloodsmear.known_folders import remember_folders
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
_GLASS, _RED_CELL = (225, 228, 224), (205, 160, 165)
_RED_CELL_PX = 20
SMALL, LARGE = "lymphocyte", "monocyte"
# Of the two nuclei of a smear, and where their middles lie.
_NUCLEI = {SMALL: (140, 50, 150), LARGE: (80, 50, 190)}
_RADIUS_PX = {SMALL: 11, LARGE: 16}
_MIDDLES = {SMALL: (70, 100), LARGE: (230, 110)}


def draw_smear(path: Path, seed: int) -> None:
    """A smear of 320 × 220 px with one small and one large nucleus, red cells beside them and some nearer ones."""
    chance = np.random.default_rng(seed)
    picture = np.full((220, 320, 3), _GLASS, np.uint8)
    for x in range(20, 320, 40):
        for y in (20, 200):
            cv2.circle(picture, (x, y), _RED_CELL_PX // 2, _RED_CELL, -1, cv2.LINE_AA)
    for name, (left, top) in _MIDDLES.items():
        # What lies around tells one cell from another, or they all would count as one picture.
        for turn in np.array((0.0, 2.1, 4.2)) + chance.uniform(0, 1.6, 3):
            beside = int(left + 34 * math.cos(turn)), int(top + 34 * math.sin(turn))
            cv2.circle(picture, beside, _RED_CELL_PX // 2, _RED_CELL, -1, cv2.LINE_AA)
        radius = _RADIUS_PX[name]
        sides = (2 * radius, 2 * int(chance.integers(int(radius * 0.75), radius + 1)))
        cv2.ellipse(picture, ((left, top), sides, float(chance.integers(180))), _NUCLEI[name], -1)
    blots = cv2.resize(
        chance.normal(0, 24, (11, 16)).astype(np.float32), (320, 220), interpolation=cv2.INTER_CUBIC
    )
    smear = np.clip(picture + blots[..., np.newaxis] + chance.normal(0, 3, picture.shape), 0, 255).astype(
        np.uint8
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", smear[:, :, ::-1])[1].tobytes())


def make_study(root: Path, study: Path, cases: int, of_a_case: int) -> list[str]:
    """Draw the images, and a study in which they were read; their names."""
    names = [
        f"case-{case}/{case * of_a_case + number}.png" for case in range(cases) for number in range(of_a_case)
    ]
    for seed, name in enumerate(names):
        draw_smear(root / name, seed)
    remember_folders([root])
    with StudyStore.open_or_create(study, StudyHead(root, (root,), (MARK,))) as store:
        store.list_images([(name, name.partition("/")[0]) for name in names])
        for name in names:
            sha256 = hashlib.sha256((root / name).read_bytes()).hexdigest()
            answers = (Answer(MARK, Prediction((0.8, 0.2))),)
            store.put(ImageRecord(name, name.partition("/")[0], "ok", sha256=sha256, answers=answers))
    return names


def cells_of(root: Path, image: str) -> list[tuple[str, Region]]:
    """What a good reader calls the cells of such an image, with their boxes."""
    boxes = [cell.box for cell in find_cells(decode_image(root / image).pixels).cells]
    return [(LARGE if box.left_px > 160 else SMALL, box) for box in boxes]


def name_cells(reviewing: Reviewing, root: Path, images: Sequence[str]) -> None:
    """Let a good reader name all cells of the images."""
    named: dict[str, list[CellPlace]] = {SMALL: [], LARGE: []}
    for image in images:
        for name, box in cells_of(root, image):
            named[name].append(CellPlace(image, box))
    for name, cells in named.items():
        reviewing.name_cells(cells, name)


@contextmanager
def for_writing(study: Path) -> Iterator[StudyStore]:
    """The study, to be gone on with."""
    with StudyStore.open_existing(study) as store:
        head = store.head
    with StudyStore.open_or_create(study, head) as store:
        yield store
