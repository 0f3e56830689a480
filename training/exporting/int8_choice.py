"""Which convolutions stay in f32: the fewest with which the fast answers to the known images are near enough."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card, FastFigures
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.fast_engine import LARGEST_MOVE, FastEngine
from bloodsmear.classifiers.openvino_engine import Graph, OpenVinoEngine, load_graph
from bloodsmear.classifiers.preprocess import InputArray, scale_pixels
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Cancel, Progress, Report
from training.data.pictures import Pictures
from training.evaluation.answers import answer_pictures
from training.exporting.int8_graph import convolutions_of, quantise_graph

# More of them changed no answer for the better (docs/adr/0019).
CALIBRATION_IMAGES = 100
# One convolution alone is judged by the images that are nearest to another label.
_HARDEST_IMAGES = 80
# Other images move further than those that were chosen on.
_KNOWN_MOVE = LARGEST_MOVE / 2

Answers = npt.NDArray[np.float64]
Quantise = Callable[[tuple[str, ...]], Graph]


@dataclass(frozen=True, slots=True)
class Exact:
    """A classifier's card, its exact engine, and the streams that measuring may use."""

    card: Card
    engine: Engine
    cancel: Cancel


@dataclass(frozen=True, slots=True)
class Int8Choice:
    """The graph that was chosen, and the names of the convolutions that stayed in f32."""

    graph: Graph
    kept: tuple[str, ...]


def fast_figures(exact: Exact, graph: Graph, pixels: Pictures, command: str) -> FastFigures:
    """What fast answers with this graph change on some pictures (uint8 N×H×W×3), as a card says it. JobCancelled."""
    return _figures(exact, graph, pixels, _calibrated(exact, exact.engine, pixels), command)


def _figures(exact: Exact, graph: Graph, pixels: Pictures, before: Answers, command: str = "") -> FastFigures:
    fast = FastEngine(_engine_of(graph, exact.card), exact.engine, exact.card.temperature)
    after = _calibrated(exact, fast, pixels)
    labels = before.argmax(axis=1)
    return FastFigures(
        labels_changed=float((after.argmax(axis=1) != labels).mean()),
        largest_move=float(_moves(before, after).max()),
        images=len(labels),
        command=command,
    )


def choose_int8(graph: Graph, exact: Exact, train: Pictures, others: Pictures, report: Report) -> Int8Choice:
    """Leave the convolutions in f32 that change most when they alone are in int8, one more until nothing changes.

    Pictures are uint8 N×H×W×3 at the input size; int8 is calibrated on some of `train`. All are looked at: how far
    int8 is from f32 is nothing that was learned from the training images, and the rare image that moves furthest is
    what the limits are about. TrainingError where no choice keeps the answers, JobCancelled.
    """
    model = load_graph(graph, shape_of(exact.card))
    calibration = _calibration(exact.card, train)
    known = np.concatenate([others, train])
    before = _calibrated(exact, exact.engine, known)
    with tempfile.TemporaryDirectory(prefix="bloodsmear-int8-", ignore_cleanup_errors=True) as scratch:

        def quantise(kept: tuple[str, ...]) -> Graph:
            return quantise_graph(model, calibration, kept, Path(scratch))

        names = convolutions_of(model)
        order = _by_change(quantise, names, exact, (known, before), report)
        for count in range(len(names)):
            report(Progress(len(names) + count, 2 * len(names), "trying int8 with convolutions in f32"))
            int8 = quantise(order[:count])
            figures = _figures(exact, int8, known, before)
            if figures.labels_changed == 0 and figures.largest_move <= _KNOWN_MOVE:
                return Int8Choice(int8, order[:count])
    raise TrainingError(
        f"No int8 graph of {exact.card.id} keeps its answers to the images it knows. Nothing was changed; the "
        "classifier has no fast answers."
    )


def _by_change(
    quantise: Quantise, names: tuple[str, ...], exact: Exact, known: tuple[Pictures, Answers], report: Report
) -> tuple[str, ...]:
    """The convolutions, the one first that moves a probability furthest when it alone is in int8."""
    hardest = known[1].max(axis=1).argsort(kind="stable")[:_HARDEST_IMAGES]
    pixels, before = known[0][hardest], known[1][hardest]

    def changes() -> Iterator[float]:
        for done, name in enumerate(names):
            report(Progress(done, 2 * len(names), "trying each convolution in int8"))
            int8 = quantise(tuple(other for other in names if other != name))
            after = _calibrated(exact, _engine_of(int8, exact.card), pixels)
            yield float(_moves(before, after).max())

    furthest = dict(zip(names, changes(), strict=True))
    return tuple(sorted(names, key=lambda name: -furthest[name]))


def _calibration(card: Card, train: Pictures) -> list[InputArray]:
    chosen = np.random.default_rng(card.trained_on.seed).permutation(len(train))[:CALIBRATION_IMAGES]
    return [scale_pixels(train[place], card.recipe) for place in chosen]


def _engine_of(graph: Graph, card: Card) -> OpenVinoEngine:
    return OpenVinoEngine(graph, shape_of(card))


def _calibrated(exact: Exact, engine: Engine, pixels: Pictures) -> Answers:
    raw = answer_pictures(engine, pixels, exact.card.recipe, exact.cancel).probabilities
    return np.array([calibrate(row.astype(np.float32), exact.card.temperature) for row in raw])


def _moves(before: Answers, after: Answers) -> Answers:
    """How far the probability of each image's chosen label moves."""
    rows, labels = np.arange(len(before)), before.argmax(axis=1)
    moves: Answers = np.abs(after - before)[rows, labels]
    return moves
