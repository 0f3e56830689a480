"""What benchmarks/teaching.py and its parts share: what networks see in images, and heads that are taught on it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.appearance import appearance_of, colour_statistics
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.labels import label_of_spelling
from bloodsmear.classifiers.openvino_engine import compile_graph, load_graph, load_openvino, run_request
from bloodsmear.classifiers.preprocess import fit_to_input, scale_pixels
from bloodsmear.images.decode import decode_image
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.teaching.cross_validation import teach_head
from bloodsmear.teaching.taught_graph import base_answers
from bloodsmear.teaching.teach import Base

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TAUGHT, DRAWS = (25, 100), 3
TAUGHT_IN_LABORATORY, MEASURED_IN_LABORATORY = 25, 25
FOLDS = 5
# More than processors: each waits for others that work here, too.
THREADS = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of images: means and deviations of the maps before each max-pooling (N×C each), and looks.

    `answers` are the base's calibrated probabilities, N×K, `colours` N×9, `appearances` N×30 (appearance.py).
    """

    means: tuple[Array, ...]
    deviations: tuple[Array, ...]
    answers: Array
    colours: Array
    appearances: Array

    @property
    def base(self) -> IntArray:
        """The places of the labels that the base answers, N."""
        return np.asarray(self.answers.argmax(axis=1), np.int64)

    @property
    def taught_on(self) -> Array:
        """What the program teaches labels of one's own on."""
        return self.deviations_of(1, 2, 3, 4)

    @property
    def with_answers(self) -> Array:
        """What the program teaches the base's labels on."""
        return np.concatenate([self.taught_on, base_answers(self.answers)], 1)

    def deviations_of(self, *blocks: int) -> Array:
        """The deviations of these blocks, from 1 on, side by side; blocks that are not there are passed over."""
        return np.concatenate([self.deviations[one - 1] for one in blocks if one <= len(self.deviations)], 1)

    def moments_of(self, *blocks: int) -> Array:
        """The means and deviations of these blocks."""
        return np.concatenate([self.means_of(*blocks), self.deviations_of(*blocks)], 1)

    def means_of(self, *blocks: int) -> Array:
        """The means of these blocks, as `deviations_of`."""
        return np.concatenate([self.means[one - 1] for one in blocks if one <= len(self.means)], 1)


class Reader:
    """A base classifier's graph that gives the moments of the maps before each max-pooling."""

    def __init__(self, base: Base) -> None:
        self.base = base
        ops = load_openvino().opset13
        model = load_graph(base.graph, base.shape)
        axes = ops.constant(np.array([2, 3], np.int64))
        outputs = [model.outputs[0].get_node().input_value(0)]
        for node in model.get_ordered_ops():
            if node.get_type_name() == "MaxPool":
                maps = node.input_value(0)
                off = ops.subtract(maps, ops.reduce_mean(maps, axes, True))
                outputs += [
                    ops.reduce_mean(maps, axes, False).output(0),
                    ops.sqrt(ops.reduce_mean(ops.multiply(off, off), axes, False)).output(0),
                ]
        second = load_openvino().Model(outputs, model.get_parameters(), "teaching")
        self._requests = compile_graph(second, base.graph.source, THREADS)

    def read(self, count: int, image: Callable[[int], RgbImage]) -> Seen:
        """What it sees in `count` images."""
        with ThreadPoolExecutor(THREADS) as pool:
            parts = list(pool.map(lambda part: self._part(part, count, image), range(THREADS)))
        rows = [parts[place % THREADS][place // THREADS] for place in range(count)]
        moments = [np.stack(column) for column in zip(*(row[0] for row in rows), strict=True)]
        return Seen(
            tuple(moments[::2]),
            tuple(moments[1::2]),
            np.stack([row[1] for row in rows]),
            np.stack([row[2] for row in rows]),
            np.stack([row[3] for row in rows]),
        )

    def _part(
        self, part: int, count: int, image: Callable[[int], RgbImage]
    ) -> list[tuple[list[Array], Array, Array, Array]]:
        return [self._one(self._requests[part], image(place)) for place in range(part, count, THREADS)]

    def _one(self, request: object, image: RgbImage) -> tuple[list[Array], Array, Array, Array]:
        recipe = self.base.card.recipe
        pixels = fit_to_input(image, recipe)
        probabilities, *moments = run_request(request, scale_pixels(pixels, recipe))
        flat = [np.array(moment, np.float64).ravel() for moment in moments]
        answers = np.array(calibrate(probabilities[0], self.base.card.temperature))
        return flat, answers, colour_statistics(pixels), appearance_of(pixels, recipe)


def drawn(targets: IntArray, taught: int, draw: int) -> IntArray:
    """The places of `taught` images of each kind, by the number of the draw; all others are measured on."""
    chance = np.random.default_rng(draw)
    kinds = np.unique(targets)
    return np.concatenate([chance.permutation(np.flatnonzero(targets == kind))[:taught] for kind in kinds])


def right_of_rest(features: Array, targets: IntArray, taught: int, draws: int = DRAWS) -> float:
    """The mean share of the rest that heads name rightly which were taught from `taught` images of each kind."""
    shares = []
    for draw in range(draws):
        chosen = drawn(targets, taught, draw)
        rest = np.setdiff1d(np.arange(len(targets)), chosen)
        head = head_of(features[chosen], targets[chosen])
        shares.append(float(np.mean(head(features[rest]) == targets[rest])))
    return float(np.mean(shares))


def head_of(features: Array, targets: IntArray, answers: int = 0) -> Callable[[Array], IntArray]:
    """A head taught as the program teaches, with `answers` of VGG16 as last columns; folds go round within a label."""
    folds = np.empty_like(targets)
    for label in np.unique(targets):
        folds[targets == label] = np.arange(np.sum(targets == label)) % FOLDS
    taught = teach_head(features, targets, folds, int(targets.max()) + 1, answers)
    return lambda rows: taught.head.logits(rows).argmax(axis=1)


def unseen_frames(root: Path, card: Card, between: bool = False) -> tuple[list[RgbImage], IntArray]:
    """Frames that the classifier was not trained on, as many of each label, evenly spread: neighbours look alike.

    `between`: those that lie in the middle between them.
    """
    known = set(card.trained_on.fingerprints)
    wanted = TAUGHT_IN_LABORATORY + MEASURED_IN_LABORATORY
    frames: list[RgbImage] = []
    targets: list[int] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        label = label_of_spelling(folder.name)
        if label is None:
            continue
        pictures = [decode_image(path).pixels for path in sorted(folder.iterdir()) if path.suffix == ".jpg"]
        unseen = [one for one in pictures if f"{fingerprint(one):016x}" not in known]
        # The first half of a capture series is taught, the second one measured on.
        half = (len(unseen) - 1) / (wanted - 1) / 2 if between else 0.0
        frames += [unseen[at] for at in np.linspace(half, len(unseen) - 1 - half, wanted).astype(int)]
        targets += [card.label_keys.index(label)] * wanted
    return frames, np.array(targets, np.int64)


def files_of(root: Path, a_label: int) -> tuple[list[Path], IntArray]:
    """Of each kind so many files, evenly spread, and the place of each one's kind."""
    files: list[Path] = []
    targets: list[int] = []
    for place, folder in enumerate(sorted(path for path in root.iterdir() if path.is_dir())):
        here = sorted(folder.iterdir())
        some = [here[at] for at in np.linspace(0, len(here) - 1, min(a_label, len(here))).astype(int)]
        files += some
        targets += [place] * len(some)
    return files, np.array(targets, np.int64)
