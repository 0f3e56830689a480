"""What teaching reaches: own labels on white cells, simulated laboratories, which features, how long, how large.

.venv/bin/python benchmarks/teaching.py ../shared/data/white_cells ../shared/data/all224 [--parts abcd] [--a-label N]

(a) A simulated laboratory is a stain, a camera, a focus and a magnification drawn at random, under which VGG16 names
fewer than 85 % of frames rightly that it was never trained on; a head is taught from 25 of each label and measured on
others. (b) Of each kind of white cell N images are read; heads are taught from 25 and from 100 of them and measured on
the rest, three times. (c) Time and size. (d) The audit's intervals (teaching_audit.py). What is not reached is said.
"""

import argparse
import itertools
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.simulated_laboratory import Laboratory
from benchmarks.teaching_audit import print_audit
from bloodsmear import paths
from bloodsmear.classifiers.appearance import appearance_of, colour_statistics
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.labels import label_of_spelling
from bloodsmear.classifiers.openvino_engine import (
    OpenVinoEngine,
    compile_graph,
    load_graph,
    load_openvino,
    run_request,
)
from bloodsmear.classifiers.preprocess import fit_to_input, scale_pixels
from bloodsmear.images.decode import decode_image
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.teaching.cross_validation import teach_head
from bloodsmear.teaching.figures import colour_features
from bloodsmear.teaching.intervals import difference_of
from bloodsmear.teaching.taught_graph import base_answers, taught_graph
from bloodsmear.teaching.teach import Base, open_base

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TAUGHT, WANTED = (25, 100), {25: 85.0, 100: 92.0}
LEAST_SHIFTED, WANTED_IN_LABORATORIES = 0.85, 93.0
TAUGHT_IN_LABORATORY, MEASURED_IN_LABORATORY = 25, 25
FOLDS = 5
# More than processors: each waits for others that work here, too.
THREADS = 4
_FAINTEST = 1e-3


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
        means = [self.means[one - 1] for one in blocks if one <= len(self.means)]
        return np.concatenate([*means, self.deviations_of(*blocks)], 1)


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


def main(words: list[str]) -> int:
    """Print all of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("white_cells", type=Path, help="one folder for each kind of white cell")
    parser.add_argument("frames", type=Path, help="the Taleqani frames, one folder for each label")
    parser.add_argument("--a-label", type=int, default=500, help="images of each kind of white cell (500)")
    parser.add_argument("--laboratories", type=int, default=20, help="how many are drawn (20)")
    parser.add_argument("--parts", default="abcd", help="which parts to print: a to d (abcd)")
    parsed = parser.parse_args(words)
    if "d" in parsed.parts:
        print_audit()
    if parsed.parts == "d":
        return 0
    base = open_base(paths.shipped_classifiers() / "vgg16")
    if "c" in parsed.parts:
        print_costs(base)
    if "b" in parsed.parts:
        print_own_labels(parsed.white_cells, parsed.a_label, Reader(base))
    if "a" in parsed.parts:
        print_laboratories(parsed.frames, parsed.laboratories, Reader(base))
    return 0


def print_costs(base: Base) -> None:
    """(c): seconds for 2,000 examples of 8 labels, milliseconds an image, bytes an image."""
    chance = np.random.default_rng(0)
    targets = np.arange(2000) % 8
    hidden = chance.normal(size=(8, 40))[targets] + chance.normal(size=(2000, 40))
    width = 960
    features = (hidden @ chance.normal(size=(40, width)) + chance.normal(size=(2000, width))).astype(
        np.float32
    )
    began, worked = time.perf_counter(), time.process_time()
    taught = teach_head(features, targets, np.arange(2000) // 8 % FOLDS, 8)
    wall, processor = time.perf_counter() - began, time.process_time() - worked
    print(f"(c) 2,000 examples of 8 labels, {width} features: {wall:.2f} s, {processor:.2f} s of processor")
    print(f"    features of an image in half precision: {2 * width} bytes")
    shape = base.shape
    seen = NetworkShape(shape.height_px, shape.width_px, 8, "taught_features")
    graph = taught_graph(base.graph, shape, taught.head)
    print(
        f"    {base.card.id}: {_milliseconds(OpenVinoEngine(base.graph, shape, 1), shape):.1f} ms an image, "
        f"{len(base.graph.weights) / 1e6:.1f} MB; taught: "
        f"{_milliseconds(OpenVinoEngine(graph, seen, 1), shape):.1f} ms, {len(graph.weights) / 1e6:.1f} MB "
        "(processor time of one thread)",
        flush=True,
    )


def _milliseconds(engine: OpenVinoEngine, shape: NetworkShape) -> float:
    picture = np.zeros((shape.height_px, shape.width_px, 3), np.float32)
    engine.run(picture)
    began = time.process_time()
    for _ in range(20):
        engine.run(picture)
    return 50 * (time.process_time() - began)


def print_own_labels(root: Path, a_label: int, reader: Reader) -> None:
    """(b): from 25 and from 100 of each kind, the rest measured on; on which features."""
    files, targets = _files_of(root, a_label)

    def picture(place: int) -> RgbImage:
        return decode_image(files[place]).pixels

    seen = reader.read(len(files), picture)
    print(
        f"(b) {len(files)} cells of {len(set(targets.tolist()))} kinds; right of the rest, from "
        f"{' and '.join(map(str, TAUGHT))} of each kind (mean of 3 draws)"
    )
    reached = _print_right("deviations of VGG16's blocks 1 to 4: taught on", seen.taught_on, targets)
    for taught, share in zip(TAUGHT, reached, strict=True):
        words = "reached" if share >= WANTED[taught] else "NOT reached"
        print(f"      {WANTED[taught]:.0f} % from {taught} of each kind: {words}", flush=True)
    _print_right("colour alone (54 numbers)", colour_features(seen.colours), targets)
    _print_right("colours and detail of the whole picture (30 numbers)", seen.appearances, targets)
    for words, features in (
        ("deviations of VGG16's blocks 3 and 4", seen.deviations_of(3, 4)),
        ("means and deviations of VGG16's blocks 1 to 4", seen.moments_of(1, 2, 3, 4)),
        ("means and deviations of VGG16's blocks 3 and 4", seen.moments_of(3, 4)),
        ("means and deviations of VGG16's blocks 3 to 5", seen.moments_of(3, 4, 5)),
        ("their logarithms", np.log(seen.moments_of(3, 4, 5) + _FAINTEST)),
        ("means and deviations of VGG16's block 5", seen.moments_of(5)),
    ):
        _print_right(words, features, targets)
    of_unet = Reader(open_base(paths.shipped_classifiers() / "unet")).read(len(files), picture)
    _print_right("means and deviations before U-Net's poolings", of_unet.moments_of(1, 2), targets)
    both = np.concatenate([seen.taught_on, of_unet.moments_of(1, 2)], 1)
    _print_right("what is taught on, and U-Net's", both, targets)


def _print_right(words: str, features: Array, targets: IntArray) -> list[float]:
    """The shares of the rest in per cent, from 25 and from 100 of each kind; printed, too."""
    reached = [100 * _right(features, targets, taught) for taught in TAUGHT]
    print(f"    {words:54} {'  '.join(f'{one:5.1f} %' for one in reached)}", flush=True)
    return reached


def _right(features: Array, targets: IntArray, taught: int, draws: int = 3) -> float:
    shares = []
    for draw in range(draws):
        chance = np.random.default_rng(draw)
        kinds = np.unique(targets)
        chosen = np.concatenate(
            [chance.permutation(np.flatnonzero(targets == kind))[:taught] for kind in kinds]
        )
        rest = np.setdiff1d(np.arange(len(targets)), chosen)
        head = _head(features[chosen], targets[chosen])
        shares.append(float(np.mean(head(features[rest]) == targets[rest])))
    return float(np.mean(shares))


def _head(features: Array, targets: IntArray, answers: int = 0) -> Callable[[Array], IntArray]:
    """A head taught as the program teaches, with `answers` of VGG16 as last columns; folds go round within a label."""
    folds = np.empty_like(targets)
    for label in np.unique(targets):
        folds[targets == label] = np.arange(np.sum(targets == label)) % FOLDS
    taught = teach_head(features, targets, folds, int(targets.max()) + 1, answers)
    return lambda rows: taught.head.logits(rows).argmax(axis=1)


def print_laboratories(root: Path, count: int, reader: Reader) -> None:
    """(a): laboratories in which VGG16 falls below 85 %, a head taught from 25 of each label beside it."""
    frames, targets = _unseen_frames(root, reader.base.card)
    part = np.arange(len(targets)) % (TAUGHT_IN_LABORATORY + MEASURED_IN_LABORATORY) < TAUGHT_IN_LABORATORY
    print(
        f"(a) {count} simulated laboratories, in each {part.sum()} frames taught and {(~part).sum()} others measured"
    )
    rows: list[tuple[float, ...]] = []
    for seed in itertools.count():
        laboratory = Laboratory.drawn(seed)
        # Every fourth frame tells whether it is worth reading all of them.
        some = np.flatnonzero(~part)[::4]
        quick = reader.read(len(some), lambda at, some=some, do=laboratory: do(frames[some[at]]))  # type: ignore[misc]
        if np.mean(quick.base == targets[some]) >= LEAST_SHIFTED:
            continue
        seen = reader.read(len(frames), lambda at, do=laboratory: do(frames[at]))  # type: ignore[misc]
        row = _in_laboratory(seen, targets, part)
        if row[0] >= LEAST_SHIFTED:
            continue
        rows.append(row)
        before, taught, alone, colour, installed = (100 * one for one in row)
        print(
            f"    {seed:3} {laboratory}: VGG16 {before:.1f} %, taught {taught:.1f} %, without VGG16's answers "
            f"{alone:.1f} %, colour alone {colour:.1f} %, installed {installed:.1f} %",
            flush=True,
        )
        if len(rows) == count:
            break
    before, taught, alone, colour, _ = (100 * np.array(rows)).mean(axis=0).tolist()
    no_worse = sum(row[-1] >= row[0] for row in rows)
    reached = "reached" if taught >= WANTED_IN_LABORATORIES else "NOT reached"
    print(
        f"    mean: VGG16 {before:.1f} %, taught {taught:.1f} %, without VGG16's answers {alone:.1f} %, "
        f"colour alone {colour:.1f} %"
    )
    print(f"      {WANTED_IN_LABORATORIES:.0f} % on average: {reached}")
    print(f"      what would be installed is no worse than VGG16: in {no_worse} of {len(rows)}")


def _in_laboratory(seen: Seen, targets: IntArray, part: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    """Shares right of the frames that were not taught.

    VGG16's, a head's, of one without VGG16's answers, of colour alone, of what is installed.
    """

    def reached(features: Array, answers: int = 0) -> float:
        head = _head(features[part], targets[part], answers)
        return float(np.mean(head(features[~part]) == targets[~part]))

    before = float(np.mean(seen.base[~part] == targets[~part]))
    taught = reached(seen.with_answers, seen.answers.shape[1])
    alone, colour = reached(seen.taught_on), reached(colour_features(seen.colours))
    return before, taught, alone, colour, taught if _gain_while_teaching(seen, targets, part) else before


def _gain_while_teaching(seen: Seen, targets: IntArray, part: npt.NDArray[np.bool_]) -> bool:
    """Whether the cross-validated gain over the base excludes a loss, each image a case of its own."""
    places = np.flatnonzero(part)
    folds = np.arange(len(places)) % FOLDS
    taught = teach_head(seen.with_answers[places], targets[places], folds, 4, seen.answers.shape[1])
    right = taught.probabilities.argmax(axis=1) == targets[places]
    gain = difference_of(right, seen.base[places] == targets[places], np.arange(len(places)))
    return gain.low is not None and gain.low >= 0


def _unseen_frames(root: Path, card: Card) -> tuple[list[RgbImage], IntArray]:
    """Frames that the classifier was not trained on, as many of each label, evenly spread: neighbours look alike."""
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
        frames += [unseen[at] for at in np.linspace(0, len(unseen) - 1, wanted).astype(int)]
        targets += [card.label_keys.index(label)] * wanted
    return frames, np.array(targets, np.int64)


def _files_of(root: Path, a_label: int) -> tuple[list[Path], IntArray]:
    files: list[Path] = []
    targets: list[int] = []
    for place, folder in enumerate(sorted(path for path in root.iterdir() if path.is_dir())):
        here = sorted(folder.iterdir())
        some = [here[at] for at in np.linspace(0, len(here) - 1, min(a_label, len(here))).astype(int)]
        files += some
        targets += [place] * len(some)
    return files, np.array(targets, np.int64)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
