"""The int8 graph by NNCF, and the choice of what stays in f32, on a network of two convolutions."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from bloodsmear.classifiers import fast_engine
from bloodsmear.classifiers.card import Card, FastFigures, Spread, UnlikeTraining
from bloodsmear.classifiers.engine import RawAnswer, shape_of
from bloodsmear.classifiers.openvino_engine import (
    Graph,
    OpenVinoEngine,
    load_graph,
    load_openvino,
    read_graph,
)
from bloodsmear.classifiers.preprocess import InputArray, scale_pixels
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Cancel, JobCancelled, report_nowhere
from training.exporting import int8_choice
from training.exporting.fast_classifier import require_kept_answers
from training.exporting.int8_choice import Exact, choose_int8, fast_figures
from training.exporting.int8_graph import convolutions_of, quantise_graph

PICTURES = np.random.default_rng(5).integers(0, 256, (24, 8, 8, 3), dtype=np.uint8)


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """Two convolutions, means and a softmax; 8×8 px, four labels, as the card of the fake classifiers asks."""
    return save_graph(tmp_path / "graph", 3)


def save_graph(folder: Path, seed: int) -> Graph:
    folder.mkdir()
    openvino = load_openvino()
    opset13, random = openvino.opset13, np.random.default_rng(seed)

    def convolve(flow: Any, outputs: int, inputs: int, name: str) -> Any:
        weights = opset13.constant(random.normal(0, 0.2, (outputs, inputs, 3, 3)).astype(np.float32))
        made = opset13.convolution(flow, weights, [1, 1], [1, 1], [1, 1], [1, 1])
        made.set_friendly_name(name)
        return opset13.relu(made)

    image = opset13.parameter([1, 8, 8, 3], np.float32, name="image")
    channels_first = opset13.transpose(image, opset13.constant([0, 3, 1, 2], np.int64))
    flow = convolve(convolve(channels_first, 6, 3, "first"), 6, 6, "second")
    means = opset13.reduce_mean(flow, opset13.constant([2, 3], np.int64), False)
    weights = opset13.constant(random.normal(0, 0.05, (6, 4)).astype(np.float32))
    model = openvino.Model(
        [opset13.softmax(opset13.matmul(means, weights, False, False), axis=1)], [image], "tiny"
    )
    openvino.save_model(model, folder / "graph.xml", compress_to_fp16=False)
    return read_graph(folder)


@pytest.fixture
def exact(graph: Graph, card: Card) -> Exact:
    return Exact(card, OpenVinoEngine(graph, shape_of(card)), Cancel())


def quantised_types(graph: Graph, card: Card) -> set[str]:
    """The types of what takes in int8 values."""
    return {
        target.get_node().get_type_name()
        for node in load_graph(graph, shape_of(card)).get_ops()
        if node.get_type_name() == "FakeQuantize"
        for target in node.output(0).get_target_inputs()
    }


def test_only_convolutions_are_computed_in_int8(graph: Graph, card: Card, tmp_path: Path) -> None:
    model = load_graph(graph, shape_of(card))
    inputs = [scale_pixels(picture, card.recipe) for picture in PICTURES]
    assert convolutions_of(model) == ("first", "second")

    assert quantised_types(quantise_graph(model, inputs, (), tmp_path), card) == {"Convolution"}
    assert quantised_types(quantise_graph(model, inputs, ("first", "second"), tmp_path), card) == set()
    assert quantised_types(graph, card) == set(), "the model itself stays as it was"


def test_without_nncf_a_sentence_says_what_to_install(
    graph: Graph, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nncf", None)
    with pytest.raises(TrainingError, match="Install its extra `quantise` in a checkout"):
        quantise_graph(load_graph(graph, shape_of(card)), [], (), tmp_path)


def test_nncf_reports_nothing_over_the_network() -> None:
    # Alone in its process, as `quantise` begins: importing OpenVINO first has its telemetry send an event.
    child = (
        "from training.exporting.int8_graph import load_nncf; load_nncf(); import sys, threading; "
        "print(sys.modules['openvino_telemetry'], len(threading.enumerate()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "None 1\n", done.stderr


def test_the_first_choice_that_keeps_the_known_answers_is_taken(graph: Graph, exact: Exact) -> None:
    # Two small convolutions: int8 moves no probability by a thousandth, so everything may be in int8.
    choice = choose_int8(graph, exact, PICTURES, PICTURES, report_nowhere)

    assert choice.kept == ()
    assert quantised_types(choice.graph, exact.card) == {"Convolution"}
    figures = fast_figures(exact, choice.graph, PICTURES, "a command")
    assert figures == FastFigures(
        labels_changed=0.0,
        largest_move=figures.largest_move,
        int8_share=1.0,
        unlike_changed=0.0,
        golden=(),
        images=24,
        command="a command",
    )
    assert 0 < figures.largest_move < 1e-3, "an int8 graph answered, and nearly as the exact one"


def test_where_no_choice_keeps_the_answers_nothing_is_made(
    graph: Graph, exact: Exact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = save_graph(tmp_path / "other", 4)
    monkeypatch.setattr(fast_engine, "SURE", 0.0)
    monkeypatch.setattr(int8_choice, "quantise_graph", lambda *_asked: other)

    with pytest.raises(TrainingError, match=r"No int8 graph of vgg16 keeps its answers"):
        choose_int8(graph, exact, PICTURES, PICTURES, report_nowhere)


def test_what_int8_changes_is_measured_against_the_exact_graph(
    exact: Exact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = save_graph(tmp_path / "other", 4)
    monkeypatch.setattr(fast_engine, "SURE", 0.0)
    before, after = (
        np.array([engine.run(scale_pixels(picture, exact.card.recipe)).probabilities for picture in PICTURES])
        for engine in (exact.engine, OpenVinoEngine(other, shape_of(exact.card)))
    )
    labels = before.argmax(axis=1)

    figures = fast_figures(exact, other, PICTURES, "")

    assert figures.labels_changed == (after.argmax(axis=1) != labels).mean() > 0
    moves = np.abs(after - before)[np.arange(24), labels]
    assert figures.largest_move == pytest.approx(moves.max(), abs=1e-6)


def test_the_share_that_int8_answers_and_who_changes_sides_are_measured(
    exact: Exact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = save_graph(tmp_path / "other", 4)
    monkeypatch.setattr(fast_engine, "SURE", 1.1)
    assert fast_figures(exact, other, PICTURES, "") == FastFigures(
        labels_changed=0.0,
        largest_move=0.0,
        int8_share=0.0,
        unlike_changed=0.0,
        golden=(),
        images=24,
        command="",
    )
    # A distance of the features that the exact graph alone keeps below the threshold.
    spread = Spread(mean=(0.0, 0.0), components=((1.0, 0.0),), residual_variance=1.0, threshold=2.0)
    card = replace(
        exact.card, unlike_training=UnlikeTraining(layer="means", features=spread, appearance=None)
    )
    monkeypatch.setattr(fast_engine, "SURE", 0.0)
    monkeypatch.setattr(fast_engine, "NEAR", 2.0)
    monkeypatch.setattr(int8_choice, "_engine_of", lambda *_asked: Features(3.0))

    figures = fast_figures(Exact(card, Features(1.0), Cancel()), other, PICTURES, "")

    assert (figures.int8_share, figures.unlike_changed) == (1.0, 1.0)


class Features:
    """An engine with one answer, whose features lie so far from the mean."""

    def __init__(self, distance: float) -> None:
        self._answer = RawAnswer(
            np.array([0.7, 0.1, 0.1, 0.1], np.float32), np.array([distance, 0.0], np.float32)
        )

    def run(self, prepared: InputArray) -> RawAnswer:
        return self._answer


def test_a_choice_that_puts_an_image_across_the_features_threshold_is_not_taken(
    graph: Graph, exact: Exact, offered_figures: FastFigures, monkeypatch: pytest.MonkeyPatch
) -> None:
    crossing = replace(offered_figures, labels_changed=0.0, unlike_changed=0.1)
    monkeypatch.setattr(int8_choice, "_figures", lambda *_asked: crossing)
    with pytest.raises(TrainingError, match="No int8 graph of vgg16 keeps its answers"):
        choose_int8(graph, exact, PICTURES, PICTURES, report_nowhere)


def test_a_choice_stops_when_asked_to(graph: Graph, exact: Exact) -> None:
    exact.cancel.request()
    with pytest.raises(JobCancelled):
        choose_int8(graph, exact, PICTURES, PICTURES, report_nowhere)


def test_the_held_out_images_have_the_last_word(card: Card, offered_figures: FastFigures) -> None:
    require_kept_answers(card, offered_figures)
    with pytest.raises(
        TrainingError, match=r"with it fast answers change 0\.42% of the labels .* on 477 held-out"
    ):
        require_kept_answers(card, replace(offered_figures, labels_changed=2 / 477))
    with pytest.raises(TrainingError, match="Its card still offers them: leave --fast out here"):
        require_kept_answers(card, replace(offered_figures, labels_changed=2 / 477), again=True)
