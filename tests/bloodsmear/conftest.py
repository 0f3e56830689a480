"""Tiny networks, made once per run in a process of their own, and the folders and cards around them."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card import (
    CARD_VERSION,
    Card,
    CardFile,
    CardLabel,
    GoldenCase,
    TrainedOn,
    UnlikeTraining,
)
from bloodsmear.classifiers.card_file import write_card
from bloodsmear.classifiers.engine import NetworkShape, shape_of
from bloodsmear.classifiers.feature_distance import fit_spread
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.graph_cache import CONVERTER, GraphCache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.classifiers.recipe import Recipe

FLOATS = npt.NDArray[np.float32]
SHAPES = {"unet": NetworkShape(18, 22, 4, "pooled"), "vgg": NetworkShape(18, 22, 4, "hidden")}


@dataclass(frozen=True)
class TinyNetwork:
    """A model.keras of 18×22 px and four labels, and what TensorFlow answers to `inputs`."""

    model: Path
    shape: NetworkShape
    inputs: FLOATS
    probabilities: FLOATS
    features: FLOATS


@pytest.fixture(scope="session")
def networks_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that tiny_networks_program.py fills."""
    folder = tmp_path_factory.mktemp("networks")
    program = Path(__file__).parent / "tiny_networks_program.py"
    done = subprocess.run([sys.executable, program, folder], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def networks(networks_folder: Path) -> dict[str, TinyNetwork]:
    """The tiny networks by name: unet with full weights, vgg with weights that float16 holds exactly."""
    return {
        name: TinyNetwork(
            networks_folder / f"{name}.keras",
            shape,
            np.load(networks_folder / "inputs.npy"),
            np.load(networks_folder / f"{name}_probabilities.npy"),
            np.load(networks_folder / f"{name}_features.npy"),
        )
        for name, shape in SHAPES.items()
    }


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory: pytest.TempPathFactory) -> GraphCache:
    """A graph cache that the whole run shares, so that a network is converted once."""
    return GraphCache(tmp_path_factory.mktemp("graphs"), paths.program(CONVERTER))


@pytest.fixture
def demo_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of demo images with case/smear.png, which the program takes for its own."""
    folder = tmp_path / "demo"
    (folder / "case").mkdir(parents=True)
    picture = np.random.default_rng(3).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    (folder / "case" / "smear.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    monkeypatch.setattr(paths, "demo_images", lambda: folder)
    return folder


@pytest.fixture
def card() -> Card:
    """A valid card for a model.keras of no particular content."""
    return plain_card()


def plain_card() -> Card:
    """A valid card, as `card`."""
    labels = (("benign", "Benign"), ("pre_b", "Pre-B"), ("pro_b", "Pro-B"), ("early_pre_b", "Early Pre-B"))
    return Card(
        card_version=CARD_VERSION,
        id="tiny",
        name="Tiny",
        version="1.0",
        architecture="unet",
        labels=tuple(CardLabel(key=key, name=name) for key, name in labels),
        recipe=Recipe(
            fill_scale_bar=False,
            denoise=None,
            width_px=22,
            height_px=18,
            resize="area",
            channels="rgb",
            scale=1 / 255,
            offset=0.0,
        ),
        files=(CardFile(name="model.keras", sha256="0" * 64, bytes=1),),
        trained_on=TrainedOn(
            data_set="random numbers",
            counts=(),
            split="none",
            seed=7,
            backend="tensorflow",
            date="2026-11-23",
            fingerprints=(),
        ),
        figures=(),
        temperature=1.5,
        sure_from=None,
        unlike_training=None,
        golden=(GoldenCase(image="case/smear.png", sha256="0" * 64, probabilities=(0.1, 0.2, 0.3, 0.4)),),
        fast=None,
        cross_validation=None,
        licence="Apache-2.0",
        citation="none",
        limits=("Knows nothing.",),
    )


@dataclass(frozen=True)
class FolderMaker:
    """Makes classifier folders around a tiny network, with a card whose golden test it passes."""

    place: Path
    demo: Path
    networks: dict[str, TinyNetwork]
    cache: GraphCache

    def make(self, name: str = "unet", change: Callable[[Card], Card] = lambda card: card) -> Path:
        """A folder called `tiny`; `change` alters the finished card before it is written."""
        network = self.networks[name]
        folder = self.place / "tiny"
        folder.mkdir(parents=True)
        content = network.model.read_bytes()
        (folder / "model.keras").write_bytes(content)
        file = CardFile(name="model.keras", sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
        layer = network.shape.feature_layer
        assert layer is not None
        spread = fit_spread(network.features.astype(np.float64), components=2)
        statistics = UnlikeTraining(layer=layer, features=spread, appearance=None)
        card = msgspec.structs.replace(plain_card(), files=(file,), unlike_training=statistics)
        engine = OpenVinoEngine(self.cache.graph_of(folder, card), shape_of(card), streams=1)
        golden = make_golden(engine, card.recipe, self.demo, ("case/smear.png",))
        write_card(folder, change(msgspec.structs.replace(card, golden=golden)))
        return folder


@pytest.fixture
def folder_maker(
    tmp_path: Path, demo_images: Path, networks: dict[str, TinyNetwork], warm_cache: GraphCache
) -> FolderMaker:
    """Makes classifier folders below `tmp_path`/models."""
    return FolderMaker(tmp_path / "models", demo_images, networks, warm_cache)


# ---- links


@pytest.fixture
def make_link() -> Callable[[Path, Path], None]:
    """`make_link(place, target)`: a link, where this system makes them. Windows asks for a right; Wine makes none."""

    def make(place: Path, target: Path) -> None:
        try:
            place.symlink_to(target, target_is_directory=target.is_dir())
        except OSError as error:
            pytest.skip(f"this system makes no links here: {error}")
        if not place.is_symlink():
            pytest.skip("this system says that it made a link, and there is none")

    return make
