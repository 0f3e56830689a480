"""Which convolutions stay in f32: the fewest with which the fast answers to the known images are near enough."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card, FastFigures
from bloodsmear.classifiers.engine import Engine, RawAnswer, shape_of
from bloodsmear.classifiers.fast_engine import LARGEST_MOVE, FastEngine
from bloodsmear.classifiers.feature_distance import FeatureDistance
from bloodsmear.classifiers.golden import make_golden
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

Quantise = Callable[[tuple[str, ...]], Graph]


@dataclass(frozen=True, slots=True)
class Exact:
    """A classifier's card and its exact engine; `cancel` stops what is measured of them."""

    card: Card
    engine: Engine
    cancel: Cancel


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of N pictures: calibrated probabilities (N×labels), and whose features are unlike training (N)."""

    probabilities: npt.NDArray[np.float64]
    unlike: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Int8Choice:
    """The graph that was chosen, and the names of the convolutions that stayed in f32."""

    graph: Graph
    kept: tuple[str, ...]


def fast_figures(exact: Exact, graph: Graph, pixels: Pictures, command: str) -> FastFigures:
    """What fast answers with this graph change on some pictures (uint8 N×H×W×3), as a card says it. JobCancelled."""
    figures = _figures(exact, graph, pixels, _said(exact, exact.engine, pixels))
    return replace(figures, golden=_golden_of(graph, exact.card), command=command)


class _Counted:
    """An engine, and how often it was asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.asked: list[None] = []  # appending is safe from any thread, adding one is not

    def run(self, prepared: InputArray) -> RawAnswer:
        """Answer as the engine does; see `Engine.run`."""
        self.asked.append(None)
        return self._engine.run(prepared)


def _figures(exact: Exact, graph: Graph, pixels: Pictures, before: Said) -> FastFigures:
    again = _Counted(exact.engine)
    fast = FastEngine(_engine_of(graph, exact.card), again, exact.card)
    after = _said(exact, fast, pixels)
    labels = before.probabilities.argmax(axis=1)
    return FastFigures(
        labels_changed=float((after.probabilities.argmax(axis=1) != labels).mean()),
        largest_move=float(_moves(before, after).max()),
        int8_share=1 - len(again.asked) / len(labels),
        unlike_changed=float((after.unlike != before.unlike).mean()),
        golden=None,
        images=len(labels),
        command="",
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
    before = _said(exact, exact.engine, known)
    with tempfile.TemporaryDirectory(prefix="bloodsmear-int8-", ignore_cleanup_errors=True) as scratch:

        def quantise(kept: tuple[str, ...]) -> Graph:
            return quantise_graph(model, calibration, kept, Path(scratch))

        names = convolutions_of(model)
        order = _by_change(quantise, names, exact, (known, before), report)
        for count in range(len(names)):
            report(Progress(len(names) + count, 2 * len(names), "trying int8 with convolutions in f32"))
            int8 = quantise(order[:count])
            figures = _figures(exact, int8, known, before)
            unchanged = figures.labels_changed == figures.unlike_changed == 0
            if unchanged and figures.largest_move <= _KNOWN_MOVE:
                return Int8Choice(int8, order[:count])
    raise TrainingError(
        f"No int8 graph of {exact.card.id} keeps its answers to the images it knows. Nothing was changed."
    )


def _by_change(
    quantise: Quantise, names: tuple[str, ...], exact: Exact, known: tuple[Pictures, Said], report: Report
) -> tuple[str, ...]:
    """The convolutions, the one first that moves a probability furthest when it alone is in int8."""
    hardest = known[1].probabilities.max(axis=1).argsort(kind="stable")[:_HARDEST_IMAGES]
    pixels, before = known[0][hardest], Said(known[1].probabilities[hardest], known[1].unlike[hardest])

    def changes() -> Iterator[float]:
        for done, name in enumerate(names):
            report(Progress(done, 2 * len(names), "trying each convolution in int8"))
            int8 = quantise(tuple(other for other in names if other != name))
            after = _said(exact, _engine_of(int8, exact.card), pixels)
            yield float(_moves(before, after).max())

    furthest = dict(zip(names, changes(), strict=True))
    return tuple(sorted(names, key=lambda name: -furthest[name]))


def _golden_of(graph: Graph, card: Card) -> tuple[tuple[float, ...], ...]:
    names = [case.image for case in card.golden]
    made = make_golden(_engine_of(graph, card), card.recipe, paths.demo_images(), names)
    return tuple(case.probabilities for case in made)


def _calibration(card: Card, train: Pictures) -> list[InputArray]:
    chosen = np.random.default_rng(card.trained_on.seed).permutation(len(train))[:CALIBRATION_IMAGES]
    return [scale_pixels(train[place], card.recipe) for place in chosen]


def _engine_of(graph: Graph, card: Card) -> OpenVinoEngine:
    return OpenVinoEngine(graph, shape_of(card))


def _said(exact: Exact, engine: Engine, pixels: Pictures) -> Said:
    raw, card = answer_pictures(engine, pixels, exact.card.recipe, exact.cancel), exact.card
    calibrated = np.array([calibrate(row.astype(np.float32), card.temperature) for row in raw.probabilities])
    if card.unlike_training is None or raw.features is None:
        return Said(calibrated, np.zeros(len(pixels), bool))
    spread = card.unlike_training.features
    return Said(calibrated, FeatureDistance(spread).of_all(raw.features) > spread.threshold)


def _moves(before: Said, after: Said) -> npt.NDArray[np.float64]:
    """How far the probability of each image's chosen label moves."""
    rows, labels = np.arange(len(before.probabilities)), before.probabilities.argmax(axis=1)
    moves: npt.NDArray[np.float64] = np.abs(after.probabilities - before.probabilities)[rows, labels]
    return moves
