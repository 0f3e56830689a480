"""bloodsmear-convert as a program: what it makes and how it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.graph_cache import GraphCache, run_converter
from bloodsmear.errors import ClassifierError

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import TinyNetwork


def test_the_converter_runs_without_tensorflow(networks: dict[str, TinyNetwork], tmp_path: Path) -> None:
    code = (
        "import sys; from bloodsmear.classifiers.keras_side.convert import main;"
        f"rc = main([{str(networks['unet'].model)!r}, {str(tmp_path)!r}, '--size', '22x18', '--labels', '4']);"
        "print(rc, [name for name in ('tensorflow', 'torch', 'jax') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "0 []", done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"graph.xml", "graph.bin"}


def test_a_feature_layer_that_does_not_exist_is_named(
    networks: dict[str, TinyNetwork], warm_cache: GraphCache, tmp_path: Path
) -> None:
    with pytest.raises(ClassifierError, match="has no layer 'pools', which the card's unlike_training names"):
        run_converter(
            warm_cache.converter, networks["unet"].model, tmp_path, NetworkShape(18, 22, 4, "pools")
        )


def test_another_number_of_labels_is_refused(
    networks: dict[str, TinyNetwork], warm_cache: GraphCache, tmp_path: Path
) -> None:
    with pytest.raises(ClassifierError, match=r"gives \[\[1, 4\]\], but the card has 5 labels"):
        run_converter(warm_cache.converter, networks["unet"].model, tmp_path, NetworkShape(18, 22, 5))


def test_a_network_that_holds_code_is_refused(
    networks_folder: Path, warm_cache: GraphCache, tmp_path: Path
) -> None:
    with pytest.raises(ClassifierError, match=r"lambda\.keras is refused: it holds a .Lambda."):
        run_converter(
            warm_cache.converter, networks_folder / "lambda.keras", tmp_path, NetworkShape(18, 22, 4)
        )


@pytest.mark.parametrize("content", [b"", b"no zip at all", "cut"])
def test_a_damaged_model_is_refused_with_a_sentence_that_names_it(
    content: bytes | str, networks: dict[str, TinyNetwork], warm_cache: GraphCache, tmp_path: Path
) -> None:
    model = tmp_path / "model.keras"
    whole = networks["vgg"].model.read_bytes()
    model.write_bytes(whole[: len(whole) // 2] if isinstance(content, str) else content)
    with pytest.raises(ClassifierError, match=r"model\.keras is not a zip file"):
        run_converter(warm_cache.converter, model, tmp_path / "out", NetworkShape(18, 22, 4))


def test_a_missing_model_is_named(warm_cache: GraphCache, tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match=r"model\.keras is missing"):
        run_converter(
            warm_cache.converter, tmp_path / "model.keras", tmp_path / "out", NetworkShape(18, 22, 4)
        )


def test_a_converter_that_is_not_there_is_named(networks: dict[str, TinyNetwork], tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match="bloodsmear-convert, which makes graphs, is missing"):
        run_converter(
            tmp_path / "bloodsmear-convert", networks["vgg"].model, tmp_path / "out", NetworkShape(18, 22, 4)
        )


def test_a_conversion_that_takes_too_long_is_ended(
    networks: dict[str, TinyNetwork], warm_cache: GraphCache, tmp_path: Path
) -> None:
    with pytest.raises(ClassifierError, match="was not converted within 0 seconds"):
        run_converter(
            warm_cache.converter, networks["vgg"].model, tmp_path, networks["vgg"].shape, timeout_s=0.01
        )
