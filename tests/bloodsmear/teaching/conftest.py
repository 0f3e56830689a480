"""A tiny base classifier with a max-pooling, and labelled folders of coloured noise."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card import Card, CardFile
from bloodsmear.classifiers.card_file import write_card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, load_openvino, read_graph
from bloodsmear.teaching.teach import Base, open_base

SIDE_PX, UNITS = 16, 12
GOLDEN = "synthetic-1/smear-1.jpg"
HUES = {"basophil": (120, 60, 160), "lymphocyte": (170, 120, 150), "platelet": (200, 180, 170)}


@pytest.fixture
def base_folder(home_of_its_own: Path, card: Card) -> Path:
    """The user's classifier `tiny`: one convolution and a max-pooling, with a card that holds true."""
    return make_base(home_of_its_own / "data" / "classifiers" / "tiny", card)


def make_base(folder: Path, card: Card) -> Path:
    """A classifier that can be taught on, with this card, in a new folder."""
    folder.mkdir(parents=True)
    _save_graph(folder)
    (folder / "model.keras").write_bytes(b"nobody opens it, since the graph comes with the folder")
    files = tuple(_listed(folder / name) for name in ("model.keras", "graph.xml", "graph.bin"))
    recipe = msgspec.structs.replace(card.recipe, width_px=SIDE_PX, height_px=SIDE_PX)
    made = msgspec.structs.replace(card, recipe=recipe, files=files)
    engine = OpenVinoEngine(read_graph(folder), shape_of(made), streams=1)
    golden = make_golden(engine, recipe, paths.demo_images(), (GOLDEN,))
    write_card(folder, msgspec.structs.replace(made, golden=golden))
    return folder


@pytest.fixture
def base(base_folder: Path) -> Base:
    """`tiny`, opened to teach on."""
    return open_base(base_folder)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """basophil, lymphocyte and platelet, of each four cases with four images: hues differ by label, noise by image."""
    root = tmp_path / "labelled"
    for place, label in enumerate(HUES):
        for case in range(4):
            for number in range(4):
                path = root / label / f"case-{case}" / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                write_picture(path, noise(label, seed=100 * place + 10 * case + number))
    return root


def noise(label: str, seed: int) -> np.ndarray:
    """A picture uint8 64×64×3 of the label's hue, with blots of its own."""
    chance = np.random.default_rng(seed)
    blots = cv2.resize(
        chance.normal(0, 30, (8, 8)).astype(np.float32), (64, 64), interpolation=cv2.INTER_CUBIC
    )
    grain = chance.normal(0, 4, (64, 64, 3))
    return np.clip(np.array(HUES[label]) + blots[..., np.newaxis] + grain, 0, 255).astype(np.uint8)


def write_picture(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, picture[:, :, ::-1])[1].tobytes())


@pytest.fixture
def turned_copies() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """What a user may do to a picture so that it looks like another one."""
    return {
        "copied": lambda picture: picture,
        "mirrored": lambda picture: picture[:, ::-1],
        "turned": lambda picture: np.rot90(picture),
        "enlarged": lambda picture: cv2.resize(picture, (96, 96), interpolation=cv2.INTER_LINEAR),
        "brightened": lambda picture: np.clip(picture * 1.1, 0, 255).astype(np.uint8),
    }


def _save_graph(folder: Path) -> None:
    openvino = load_openvino()
    ops = openvino.opset13
    chance = np.random.default_rng(0)
    image = ops.parameter([1, SIDE_PX, SIDE_PX, 3], np.float32, name="image")
    first = ops.transpose(image, ops.constant(np.array([0, 3, 1, 2])))
    kernel = ops.constant(chance.normal(0, 0.5, (UNITS, 3, 3, 3)).astype(np.float32))
    maps = ops.relu(ops.convolution(first, kernel, [1, 1], [1, 1], [1, 1], [1, 1]))
    smaller = ops.max_pool(maps, [2, 2], [1, 1], [0, 0], [0, 0], [2, 2])
    pooled = ops.reduce_mean(smaller.output(0), ops.constant(np.array([2, 3])), False)
    sums = ops.matmul(pooled, ops.constant(chance.normal(size=(UNITS, 4)).astype(np.float32)), False, False)
    model = openvino.Model([ops.softmax(sums, axis=1)], [image], "tiny")
    openvino.save_model(model, folder / "graph.xml", compress_to_fp16=False)


def _listed(path: Path) -> CardFile:
    content = path.read_bytes()
    return CardFile(name=path.name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
