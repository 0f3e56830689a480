"""Fast answers: where the int8 graph's stands, and which classifier may give them."""

from __future__ import annotations

import dataclasses
import functools
import shutil
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from msgspec.structs import replace

from bloodsmear.classifiers import fast_engine
from bloodsmear.classifiers import folder as folder_module
from bloodsmear.classifiers.card import Card, CardFile, FastFigures, Spread, UnlikeTraining
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.classifiers.classifier import EngineClassifier
from bloodsmear.classifiers.engine import Engine, RawAnswer
from bloodsmear.classifiers.fast_engine import FastEngine, why_not_offered
from bloodsmear.classifiers.folder import open_classifier, open_fast_classifier
from bloodsmear.classifiers.graph_cache import GraphCache
from bloodsmear.errors import ClassifierError
from bloodsmear.workflows.classifier_set import answering_mark, mark_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bloodsmear.conftest import FolderMaker

IMAGE = np.random.default_rng(9).integers(0, 256, (50, 70, 3), dtype=np.uint8)
KEPT = FastFigures(
    labels_changed=0.002,
    largest_move=0.05,
    int8_share=0.5,
    unlike_changed=0.002,
    golden=None,
    images=477,
    command="quantise",
)


class Answering:
    """An engine with one answer, whose features lie `distance` from the mean."""

    def __init__(self, *probabilities: float, distance: float = 0.0) -> None:
        self.answer = RawAnswer(np.array(probabilities, np.float32), np.array([distance, 0.0], np.float32))

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        return self.answer


@pytest.mark.parametrize(
    ("likeliest", "temperature", "answers"),
    [(0.96, 1.0, "int8"), (0.94, 1.0, "exact"), (0.96, 2.0, "exact"), (0.94, 0.5, "int8")],
)
def test_the_exact_graph_answers_where_int8_is_not_sure_after_calibration(
    card: Card, likeliest: float, temperature: float, answers: str
) -> None:
    engines = {"int8": Answering(likeliest, 1 - likeliest), "exact": Answering(0.5, 0.5)}
    fast = FastEngine(engines["int8"], engines["exact"], replace(card, temperature=temperature))

    assert fast.run(np.zeros((1, 1, 3), np.float32)) is engines[answers].answer


@pytest.mark.parametrize(("distance", "answers"), [(1.59, "int8"), (1.61, "exact"), (9.0, "exact")])
def test_the_exact_graph_answers_what_may_be_unlike_the_training_images(
    card: Card, distance: float, answers: str
) -> None:
    spread = Spread(mean=(0.0, 0.0), components=((1.0, 0.0),), residual_variance=1.0, threshold=2.0)
    statistics = UnlikeTraining(layer="pooled", features=spread, appearance=None)
    engines = {"int8": Answering(0.99, 0.01, distance=distance), "exact": Answering(0.5, 0.5)}
    fast = FastEngine(engines["int8"], engines["exact"], replace(card, unlike_training=statistics))

    assert fast.run(np.zeros((1, 1, 3), np.float32)) is engines[answers].answer


@pytest.mark.parametrize(
    ("figures", "complaint"),
    [
        (
            replace(KEPT, labels_changed=1 / 477),
            "change 0.21% of the labels and move a probability by 0.050 on 477",
        ),
        (
            replace(KEPT, largest_move=0.051),
            "change 0.20% of the labels and move a probability by 0.051 on 477",
        ),
        (replace(KEPT, images=0), "on 0 held-out images"),
        (replace(KEPT, largest_move=float("nan")), "move a probability by nan"),
        (replace(KEPT, unlike_changed=1 / 477), "put 0.21% of 477 held-out images on the other side"),
        (replace(KEPT, int8_share=0.3), "gain too little: the int8 graph answers 30% of 477"),
    ],
)
def test_fast_answers_are_offered_only_where_they_were_measured_to_be_near_and_faster(
    figures: FastFigures, complaint: str
) -> None:
    assert why_not_offered(KEPT) == ""
    assert why_not_offered(replace(KEPT, int8_share=None, unlike_changed=None)) == "", "a card of version 2"
    assert complaint in why_not_offered(figures)


def add_int8(
    folder: Path, cache: GraphCache, figures: FastFigures | None = KEPT, graph_of: Path | None = None
) -> None:
    """The exact graph once more under the int8 graph's names; or that of the classifier in the folder `graph_of`."""
    card = read_card(folder)
    graph = (
        cache.graph_of(folder, card) if graph_of is None else cache.graph_of(graph_of, read_card(graph_of))
    )
    (folder / "graph_int8.xml").write_bytes(graph.xml)
    (folder / "graph_int8.bin").write_bytes(graph.weights)
    xml, weights = graph.file_sha256s
    files = (
        CardFile(name="graph_int8.xml", sha256=xml, bytes=len(graph.xml)),
        CardFile(name="graph_int8.bin", sha256=weights, bytes=len(graph.weights)),
    )
    write_card(folder, replace(card, files=(*card.files, *files), fast=figures))


def test_a_fast_classifier_answers_under_a_mark_of_its_own(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make()
    add_int8(folder, warm_cache)

    fast = open_fast_classifier(folder, cache=warm_cache)
    exact = open_classifier(folder, cache=warm_cache)

    assert isinstance(fast, EngineClassifier)
    assert fast.predict(IMAGE) == exact.predict(IMAGE), "here the int8 graph is the exact one"
    assert answering_mark(exact) == mark_of(exact.card)
    assert answering_mark(fast).version_mark == f"{exact.card.version_mark}-int8"
    assert answering_mark(fast).model_sha256 == fast.int8_sha256 != exact.card.model_sha256


def test_a_classifier_without_an_int8_graph_says_what_to_do(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    with pytest.raises(ClassifierError, match=r"has no int8 graph\. Leave --fast out, or have one made"):
        open_fast_classifier(folder_maker.make(), cache=warm_cache)


def test_an_int8_graph_that_changes_too_much_or_was_never_measured_is_refused(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make()
    add_int8(folder, warm_cache, replace(KEPT, labels_changed=0.03))
    with pytest.raises(ClassifierError, match=r"are not offered: they change 3\.00% of the labels"):
        open_fast_classifier(folder, cache=warm_cache)

    shutil.rmtree(folder)
    folder = folder_maker.make()
    add_int8(folder, warm_cache, None)
    with pytest.raises(ClassifierError, match="has no int8 graph"):
        open_fast_classifier(folder, cache=warm_cache)


def test_an_altered_int8_graph_is_named(folder_maker: FolderMaker, warm_cache: GraphCache) -> None:
    folder = folder_maker.make()
    add_int8(folder, warm_cache)
    weights = folder / "graph_int8.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")

    with pytest.raises(ClassifierError, match=r"graph_int8\.bin was altered"):
        open_fast_classifier(folder, cache=warm_cache)


def test_an_int8_graph_that_is_sure_of_something_else_fails_the_golden_test(
    folder_maker: FolderMaker, warm_cache: GraphCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_engine, "SURE", 0.0)
    without = functools.partial(replace, unlike_training=None)
    other = dataclasses.replace(folder_maker, place=tmp_path / "other").make("vgg", without)
    folder = folder_maker.make(change=without)
    add_int8(folder, warm_cache, graph_of=other)

    with pytest.raises(ClassifierError, match=r"With graph_int8\.xml .* 0\.05 is allowed; leave --fast out"):
        open_fast_classifier(folder, cache=warm_cache)


def test_an_int8_graph_that_is_never_asked_for_its_answer_is_tested_alone(
    folder_maker: FolderMaker, warm_cache: GraphCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The exact graph answers all golden images, so that what the int8 graph says is in no answer.
    monkeypatch.setattr(fast_engine, "SURE", 1.1)
    folder = folder_maker.make()
    said = tuple(case.probabilities for case in read_card(folder).golden)
    add_int8(folder, warm_cache, replace(KEPT, golden=said))
    open_fast_classifier(folder, cache=warm_cache)

    shutil.rmtree(folder)
    folder = folder_maker.make()
    add_int8(folder, warm_cache, replace(KEPT, golden=tuple(row[::-1] for row in said)))
    with pytest.raises(ClassifierError, match=r"With graph_int8\.xml .* 0\.02 is allowed; leave --fast out"):
        open_fast_classifier(folder, cache=warm_cache)


def test_what_passed_is_asked_again_only_when_its_limit_is_another(
    folder_maker: FolderMaker, warm_cache: GraphCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_maker.make()
    add_int8(folder, warm_cache)
    open_fast_classifier(folder, cache=warm_cache)
    asked: list[Engine] = []

    def no_difference(_card: Card, engine: Engine, *_asked: object) -> float:
        asked.append(engine)
        return 0.0

    monkeypatch.setattr(folder_module, "largest_golden_difference", no_difference)

    open_fast_classifier(folder, cache=warm_cache)
    assert asked == []
    monkeypatch.setattr(folder_module, "LARGEST_MOVE", 0.04)
    open_fast_classifier(folder, cache=warm_cache)
    assert [type(engine) for engine in asked] == [FastEngine]
