"""The graph cache: made once, checked at every load, safe for two processes at once."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from bloodsmear.classifiers import graph_cache
from bloodsmear.classifiers.card import Card, CardFile, Spread, UnlikeTraining
from bloodsmear.classifiers.graph_cache import GraphCache
from bloodsmear.errors import ClassifierError

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import TinyNetwork

NO_PROGRAM = Path("no-such-place") / "bloodsmear-convert"


@pytest.fixture(scope="session")
def tiny_folder(networks: dict[str, TinyNetwork], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copy(networks["vgg"].model, folder / "model.keras")
    return folder


@pytest.fixture
def tiny_card(card: Card, tiny_folder: Path) -> Card:
    content = (tiny_folder / "model.keras").read_bytes()
    file = CardFile(name="model.keras", sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    return msgspec.structs.replace(card, files=(file,))


@pytest.fixture(scope="session")
def own_cache(warm_cache: GraphCache, tmp_path_factory: pytest.TempPathFactory) -> GraphCache:
    """A cache for the tests of this file, which look at its entries."""
    return GraphCache(tmp_path_factory.mktemp("own"), warm_cache.converter)


@pytest.fixture
def filled(own_cache: GraphCache, tiny_folder: Path, tiny_card: Card, tmp_path: Path) -> GraphCache:
    """A copy of a cache that holds the graph; its converter is missing, so nothing can be made anew."""
    own_cache.graph_of(tiny_folder, tiny_card)
    shutil.copytree(own_cache.place, tmp_path / "graphs")
    return GraphCache(tmp_path / "graphs", NO_PROGRAM)


def entry_of(cache: GraphCache, card: Card) -> Path:
    (entry,) = cache.place.glob(f"{card.model_sha256[:16]}-*")
    return entry


def test_a_graph_is_converted_once(filled: GraphCache, tiny_folder: Path, tiny_card: Card) -> None:
    graph = filled.graph_of(tiny_folder, tiny_card)
    assert graph.weights == (entry_of(filled, tiny_card) / "graph.bin").read_bytes()


@pytest.mark.parametrize("name", ["graph.xml", "graph.bin", "graph.json"])
@pytest.mark.parametrize("damage", ["altered", "cut", "missing"])
def test_a_damaged_entry_is_never_used(
    name: str, damage: str, filled: GraphCache, tiny_folder: Path, tiny_card: Card
) -> None:
    path = entry_of(filled, tiny_card) / name
    content = path.read_bytes()
    if damage == "altered":
        path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.unlink()
    # It would be made anew, and here the converter is missing.
    with pytest.raises(ClassifierError, match="bloodsmear-convert, which makes graphs, is missing"):
        filled.graph_of(tiny_folder, tiny_card)


def test_a_damaged_entry_is_made_anew_and_kept(
    filled: GraphCache, warm_cache: GraphCache, tiny_folder: Path, tiny_card: Card
) -> None:
    (entry_of(filled, tiny_card) / "graph.bin").write_bytes(b"damaged")
    GraphCache(filled.place, warm_cache.converter).graph_of(tiny_folder, tiny_card)
    assert filled.graph_of(tiny_folder, tiny_card).weights != b"damaged"
    assert not list(filled.place.glob(".*")), "nothing half made is left behind"


@pytest.mark.parametrize("what", ["openvino", "converter", "layer", "size"])
def test_another_openvino_converter_layer_or_size_is_another_graph(
    what: str, filled: GraphCache, tiny_folder: Path, tiny_card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what == "openvino":
        monkeypatch.setattr(graph_cache, "openvino_version", lambda: "2030.1")
    elif what == "converter":
        monkeypatch.setattr(graph_cache, "CONVERTER_VERSION", 99)
    elif what == "layer":
        spread = Spread(mean=(0.0,), components=(), residual_variance=1.0, threshold=1.0)
        statistics = UnlikeTraining(layer="hidden", features=spread, appearance=None)
        tiny_card = msgspec.structs.replace(tiny_card, unlike_training=statistics)
    else:
        recipe = msgspec.structs.replace(tiny_card.recipe, width_px=32)
        tiny_card = msgspec.structs.replace(tiny_card, recipe=recipe)
    with pytest.raises(ClassifierError, match="bloodsmear-convert, which makes graphs, is missing"):
        filled.graph_of(tiny_folder, tiny_card)


def test_a_graph_that_ships_with_the_classifier_needs_no_conversion(
    filled: GraphCache, tiny_card: Card, tmp_path: Path
) -> None:
    folder, card = ship_graph(filled, tiny_card, tmp_path)
    graph = GraphCache(tmp_path / "empty", NO_PROGRAM).graph_of(folder, card)
    assert graph.source == str(folder / "graph.xml")
    assert not (tmp_path / "empty").exists()


def test_a_shipped_graph_that_was_altered_is_refused(
    filled: GraphCache, tiny_card: Card, tmp_path: Path
) -> None:
    folder, card = ship_graph(filled, tiny_card, tmp_path)
    (folder / "graph.bin").write_bytes(b"altered")
    with pytest.raises(ClassifierError, match="was altered"):
        filled.graph_of(folder, card)


def test_a_graph_in_the_folder_that_the_card_does_not_list_is_not_used(
    filled: GraphCache, tiny_card: Card, tmp_path: Path
) -> None:
    folder, _ = ship_graph(filled, tiny_card, tmp_path)
    assert filled.graph_of(folder, tiny_card).source == str(entry_of(filled, tiny_card) / "graph.xml")


def ship_graph(cache: GraphCache, card: Card, place: Path) -> tuple[Path, Card]:
    folder = place / "shipped"
    shutil.copytree(entry_of(cache, card), folder)
    listed = [
        CardFile(name=name, sha256=hashlib.sha256((folder / name).read_bytes()).hexdigest(), bytes=1)
        for name in ("graph.xml", "graph.bin")
    ]
    return folder, msgspec.structs.replace(card, files=(*card.files, *listed))


def test_two_processes_that_open_the_same_classifier_at_once_both_get_its_graph(
    warm_cache: GraphCache, tiny_folder: Path, tiny_card: Card, tmp_path: Path
) -> None:
    cache = GraphCache(tmp_path / "graphs", warm_cache.converter)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        graphs = list(pool.map(cache.graph_of, [tiny_folder] * 2, [tiny_card] * 2))
    assert graphs[0].weights == graphs[1].weights
    assert entry_of(cache, tiny_card).is_dir()
    assert not list(cache.place.glob(".*"))


def test_a_cache_that_cannot_be_written_is_named(
    warm_cache: GraphCache, tiny_folder: Path, tiny_card: Card, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = GraphCache(tmp_path / "file" / "graphs", warm_cache.converter)
    with pytest.raises(ClassifierError, match=r"The cache folder .*graphs cannot be written"):
        cache.graph_of(tiny_folder, tiny_card)
