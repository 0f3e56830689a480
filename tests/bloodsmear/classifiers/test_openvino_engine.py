"""The engine's promises: the reference's answers, and the same bits however it is called."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.engine import NetworkShape, RawAnswer
from bloodsmear.classifiers.graph_cache import GraphCache, run_converter
from bloodsmear.classifiers.openvino_engine import (
    Graph,
    OpenVinoEngine,
    finish_graph,
    load_openvino,
    read_graph,
)
from bloodsmear.errors import ClassifierError

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import TinyNetwork


@pytest.fixture(scope="module")
def graphs(
    networks: dict[str, TinyNetwork], warm_cache: GraphCache, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Graph]:
    made = {}
    for name, network in networks.items():
        target = tmp_path_factory.mktemp(name)
        run_converter(warm_cache.converter, network.model, target, network.shape)
        made[name] = read_graph(target)
    return made


def features_of(answer: RawAnswer) -> npt.NDArray[np.float32]:
    assert answer.features is not None
    return answer.features


@pytest.mark.parametrize("name", ["unet", "vgg"])
def test_openvino_and_tensorflow_agree_within_1e_5(
    name: str, graphs: dict[str, Graph], networks: dict[str, TinyNetwork]
) -> None:
    network = networks[name]
    engine = OpenVinoEngine(graphs[name], network.shape)
    answers = [engine.run(prepared) for prepared in network.inputs]
    probabilities = np.stack([answer.probabilities for answer in answers])
    features = np.stack([features_of(answer) for answer in answers])
    assert np.abs(probabilities - network.probabilities).max() < 1e-5
    np.testing.assert_allclose(features, network.features, rtol=1e-5, atol=1e-5)


def test_a_disk_that_has_no_room_for_the_graph_is_named(
    graphs: dict[str, Graph],
    networks: dict[str, TinyNetwork],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object, **options: object) -> NoReturn:
        raise RuntimeError("basic_ios::clear: iostream error")

    (tmp_path / "exported.xml").write_bytes(graphs["unet"].xml)
    (tmp_path / "exported.bin").write_bytes(graphs["unet"].weights)
    monkeypatch.setattr(load_openvino(), "save_model", fail)

    with pytest.raises(ClassifierError, match=r"cannot be written into .*; free some space"):
        finish_graph(tmp_path / "exported.xml", tmp_path / "graphs", networks["unet"].shape)


def test_a_graph_ends_its_lines_as_everywhere_else_where_openvino_ends_them_as_windows_does(
    graphs: dict[str, Graph],
    networks: dict[str, TinyNetwork],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "exported.xml").write_bytes(graphs["unet"].xml)
    (tmp_path / "exported.bin").write_bytes(graphs["unet"].weights)
    save = load_openvino().save_model

    def save_as_windows_does(model: object, xml: Path, compress_to_fp16: bool) -> None:
        save(model, xml, compress_to_fp16)
        xml.write_bytes(xml.read_bytes().replace(b"\n", b"\r\n"))

    monkeypatch.setattr(load_openvino(), "save_model", save_as_windows_does)
    finish_graph(tmp_path / "exported.xml", tmp_path, networks["unet"].shape)
    assert b"\r" not in (tmp_path / "graph.xml").read_bytes()
    OpenVinoEngine(read_graph(tmp_path), networks["unet"].shape)


@pytest.mark.parametrize("name", ["unet", "vgg"])
def test_an_older_processor_answers_within_1e_6(
    name: str, networks: dict[str, TinyNetwork], graphs: dict[str, Graph], tmp_path: Path
) -> None:
    network = networks[name]
    (tmp_path / "graph.xml").write_bytes(graphs[name].xml)
    (tmp_path / "graph.bin").write_bytes(graphs[name].weights)
    np.save(tmp_path / "inputs.npy", network.inputs)
    code = f"""
from pathlib import Path
import numpy as np
import numpy.typing as npt
from bloodsmear.classifiers.engine import NetworkShape, RawAnswer
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph
place = Path({str(tmp_path)!r})
engine = OpenVinoEngine(read_graph(place), {network.shape!r})
answers = [engine.run(prepared).probabilities for prepared in np.load(place / "inputs.npy")]
np.save(place / "answers.npy", answers)
"""
    environment = os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    engine = OpenVinoEngine(graphs[name], network.shape)
    here = np.stack([engine.run(prepared).probabilities for prepared in network.inputs])
    assert np.abs(np.load(tmp_path / "answers.npy") - here).max() < 1e-6


@pytest.mark.parametrize("name", ["unet", "vgg"])
def test_one_after_another_and_all_at_once_are_bit_equal_with_any_number_of_streams(
    name: str, graphs: dict[str, Graph], networks: dict[str, TinyNetwork]
) -> None:
    network = networks[name]
    wanted = [OpenVinoEngine(graphs[name], network.shape, streams=1).run(one) for one in network.inputs]
    for streams in (1, 2, 5):
        engine = OpenVinoEngine(graphs[name], network.shape, streams)
        with ThreadPoolExecutor(max_workers=8) as pool:
            answers = list(pool.map(engine.run, [*network.inputs] * 5))
        for index, answer in enumerate(answers):
            expected = wanted[index % len(wanted)]
            assert answer.probabilities.tobytes() == expected.probabilities.tobytes()
            assert features_of(answer).tobytes() == features_of(expected).tobytes()


def test_weights_that_half_precision_holds_take_half_the_room_and_give_the_same_bits(
    graphs: dict[str, Graph],
    networks: dict[str, TinyNetwork],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = networks["vgg"]
    weights = 8 * 11 * 9 * 32  # the dense layer's, which is nearly all
    assert len(graphs["vgg"].weights) < 2 * weights * 1.05
    full = _with_full_weights(graphs["vgg"], tmp_path)
    assert len(full.weights) > 4 * weights
    halved, whole = (OpenVinoEngine(graph, network.shape) for graph in (graphs["vgg"], full))
    for prepared in network.inputs:
        assert halved.run(prepared).probabilities.tobytes() == whole.run(prepared).probabilities.tobytes()


def _with_full_weights(graph: Graph, folder: Path) -> Graph:
    openvino = load_openvino()
    model = openvino.Core().read_model(model=graph.xml, weights=graph.weights)
    for node in model.get_ops():
        if node.get_type_name() == "Convert" and node.input_value(0).get_node().get_type_name() == "Constant":
            values = node.input_value(0).get_node().get_data().astype(np.float32)
            for target in list(node.output(0).get_target_inputs()):
                target.replace_source_output(openvino.opset13.constant(values).output(0))
    openvino.save_model(model, folder / "graph.xml", compress_to_fp16=False)
    return read_graph(folder)


def test_weights_that_half_precision_would_round_stay_as_they_are(graphs: dict[str, Graph]) -> None:
    openvino = load_openvino()
    model = openvino.Core().read_model(model=graphs["unet"].xml, weights=graphs["unet"].weights)
    kinds = {node.get_element_type() for node in model.get_ops() if node.get_type_name() == "Constant"}
    assert openvino.Type.f16 not in kinds


def test_a_graph_takes_one_image_and_nothing_else(
    graphs: dict[str, Graph], networks: dict[str, TinyNetwork]
) -> None:
    engine = OpenVinoEngine(graphs["unet"], networks["unet"].shape)
    three_at_once = networks["unet"].inputs[:3]
    with pytest.raises(ClassifierError, match=r"one float32 image of the shape \(18, 22, 3\)"):
        engine.run(three_at_once)
    with pytest.raises(ClassifierError, match="got float64"):
        engine.run(networks["unet"].inputs[0].astype(np.float64))


def test_a_graph_with_another_number_of_labels_is_refused(graphs: dict[str, Graph]) -> None:
    with pytest.raises(ClassifierError, match=r"gives \[\[1, 4\], \[1, 8\]\], but the card has 3 labels"):
        OpenVinoEngine(graphs["unet"], NetworkShape(18, 22, 3, "pooled"))


def test_a_graph_for_another_size_is_refused(graphs: dict[str, Graph]) -> None:
    with pytest.raises(ClassifierError, match=r"takes \[\[1, 18, 22, 3\]\].*prepares \[1, 96, 96, 3\]"):
        OpenVinoEngine(graphs["unet"], NetworkShape(96, 96, 4, "pooled"))


def test_a_graph_whose_batch_is_free_is_refused(tmp_path: Path) -> None:
    openvino = load_openvino()
    pixels = openvino.opset13.parameter([-1, 18, 22, 3], np.float32)
    rows = openvino.opset13.reduce_mean(pixels, [1, 2], keep_dims=False)
    openvino.save_model(openvino.Model([rows], [pixels]), tmp_path / "graph.xml", compress_to_fp16=False)
    with pytest.raises(ClassifierError, match=r"takes \[\[-1, 18, 22, 3\]\]"):
        OpenVinoEngine(read_graph(tmp_path), NetworkShape(18, 22, 3))


@pytest.mark.parametrize(("channels", "layers"), [(300, 1), (60, 60)])
def test_a_small_file_that_would_take_gigabytes_is_refused_before_it_is_compiled(
    tmp_path: Path, channels: int, layers: int
) -> None:
    openvino = load_openvino()
    op = openvino.opset13
    image = op.parameter([1, 1024, 1024, 3], np.float32)
    maps = op.transpose(image, np.array([0, 3, 1, 2]))
    for depth in range(layers):
        weights = np.zeros((channels, channels if depth else 3, 1, 1), np.float32)
        maps = op.convolution(maps, weights, [1, 1], [0, 0], [0, 0], [1, 1])
    pooled = op.reduce_mean(maps, np.array([2, 3]), keep_dims=False)
    rows = op.softmax(op.matmul(pooled, np.zeros((channels, 4), np.float32), False, False), 1)
    openvino.save_model(openvino.Model([rows], [image]), tmp_path / "graph.xml", compress_to_fp16=False)

    with pytest.raises(ClassifierError, match="GB of memory for one image"):
        OpenVinoEngine(read_graph(tmp_path), NetworkShape(1024, 1024, 4))


def test_a_file_that_is_not_a_graph_is_refused_with_a_sentence() -> None:
    with pytest.raises(ClassifierError, match=r"OpenVINO refuses the graph here/graph\.xml"):
        OpenVinoEngine(Graph(b"<net>", b"", "here/graph.xml"), NetworkShape(18, 22, 4))


def test_openvino_cannot_send_telemetry() -> None:
    load_openvino()
    with pytest.raises(ImportError):
        __import__("openvino_telemetry")


def test_the_graph_runs_in_f32_with_one_thread_a_stream(
    graphs: dict[str, Graph], networks: dict[str, TinyNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    openvino = load_openvino()
    seen = []
    compile_model = openvino.Core.compile_model

    def remember(core: object, *arguments: object) -> object:
        seen.append(compile_model(core, *arguments))
        return seen[-1]

    monkeypatch.setattr(openvino.Core, "compile_model", remember)
    OpenVinoEngine(graphs["vgg"], networks["vgg"].shape, streams=2)
    (compiled,) = seen
    assert compiled.get_property("INFERENCE_PRECISION_HINT") == openvino.Type.f32
    assert compiled.get_property("NUM_STREAMS") == compiled.get_property("INFERENCE_NUM_THREADS") == 2


def test_where_openvino_cannot_be_loaded_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    # As Python does where a DLL that the module needs is missing.
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ClassifierError, match=r"cannot be loaded on this PC .* Visual C\+\+ Redistributable"):
        load_openvino()
