"""Milliseconds an image: the reference pipeline, screening, and the bare graphs, in one process in turns.

.venv/bin/python benchmarks/screening.py [--images N] [--rounds N] [--folder FOLDER] [--jobs N] [--fast]

Images are those of FOLDER (the demo images, 1024×768), copied under new names as often as it takes. The reference
pipeline opens each with Pillow, resizes it bicubically and calls Keras' `predict` image by image on TensorFlow, for
both networks. The bare graphs answer ready arrays from as many threads as screening uses. What every image costs beside
the graphs is timed on one processor. Every screened probability is compared with that of the image asked alone. With
--fast, screening with fast answers is timed as well; give it a FOLDER of smears then: of the synthetic demo images the
classifiers are seldom sure, and the exact graphs answer.
Exit status 1: an answer differs, or a goal was missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bloodsmear import paths
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.folder import open_fast_classifier
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.classifiers.preprocess import InputArray, prepare_input
from bloodsmear.images.decode import decode_image
from bloodsmear.images.image_quality import measure_quality
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import (
    DEFAULT_CLASSIFIERS,
    ClassifierSet,
    classifier_folders,
    load_named_classifiers,
)
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, default_jobs, screen
from training.backend import choose_backend

TIMES_THE_REFERENCE, SHARE_OF_THE_GRAPHS, FAST_TIMES_THE_REFERENCE = 2.3, 0.92, 6.0


@dataclass(frozen=True, slots=True)
class Bench:
    """What is timed: the images, the classifiers, their bare engines with ready arrays, and Keras' own networks.

    `fast` are the classifiers for fast answers, None where these are not asked for.
    """

    folder: Path
    files: Sequence[Path]
    classifiers: ClassifierSet
    engines: Sequence[Engine]
    ready: Sequence[Sequence[InputArray]]
    networks: Sequence[Any]
    jobs: int | None
    fast: ClassifierSet | None


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of one round; `fast` is None where fast answers are not asked for."""

    reference: float
    screening: float
    graphs: float
    fast: float | None


def main(words: list[str]) -> int:
    """Time and print; returns the exit status."""
    parser = argparse.ArgumentParser(
        description="Time screening against the reference pipeline and bare graphs."
    )
    parser.add_argument("--images", type=int, default=48, help="images a round (48)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (3)")
    parser.add_argument("--folder", type=Path, default=paths.demo_images(), help="where the images come from")
    parser.add_argument("--jobs", type=int, help="images at once (as many as `bloodsmear screen` reads)")
    parser.add_argument("--fast", action="store_true", help="time screening with fast answers, too")
    parsed = parser.parse_args(words)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        images = Path(folder) / "images"
        _fill(images, parsed.folder, parsed.images)
        bench = _prepare(images, parsed.jobs, parsed.fast)
        rounds = [_round(bench, Path(folder) / str(number)) for number in range(parsed.rounds + 1)]
        differing = _differing(bench, bench.classifiers, Path(folder) / "0.bloodsmear")
        if bench.fast:
            differing += _differing(bench, bench.fast, Path(folder) / "0.fast.bloodsmear")
        _print_parts(bench)
    # The first round is a warm-up.
    return _judge(rounds[1:], len(bench.files), differing)


def _fill(target: Path, source: Path, count: int) -> None:
    target.mkdir()
    originals = [found.path for found in Scan([source])]
    for number, original in enumerate(islice(cycle(originals), count)):
        shutil.copyfile(original, target / f"{number:05}{original.suffix}")


def _prepare(images: Path, jobs: int | None, with_fast: bool) -> Bench:
    choose_backend("tensorflow")
    # Keras comes in once its backend is chosen.
    import keras

    streams = jobs or default_jobs()
    classifiers = load_named_classifiers(DEFAULT_CLASSIFIERS, streams)
    folders = classifier_folders()
    cards = [one.card for one in classifiers.classifiers]
    cache = user_graph_cache()
    engines = [
        OpenVinoEngine(cache.graph_of(folders[card.id], card), shape_of(card), streams) for card in cards
    ]
    files = [found.path for found in Scan([images])]
    decoded = [decode_image(path).pixels for path in files]
    ready = [[prepare_input(pixels, card.recipe) for card in cards] for pixels in decoded]
    networks = [keras.models.load_model(folders[card.id] / "model.keras") for card in cards]
    fast = load_named_classifiers(DEFAULT_CLASSIFIERS, streams, open_fast_classifier) if with_fast else None
    return Bench(images, files, classifiers, engines, ready, networks, jobs, fast)


def _round(bench: Bench, study: Path) -> Round:
    """Each way once; the studies lie beside `study`."""
    reference = _seconds(lambda: _run_reference(bench))
    screening = _seconds(
        lambda: _screen(bench, bench.classifiers, study.with_name(f"{study.name}.bloodsmear"))
    )
    fast = None
    if bench.fast is not None:
        classifiers, file = bench.fast, study.with_name(f"{study.name}.fast.bloodsmear")
        fast = _seconds(lambda: _screen(bench, classifiers, file))
    return Round(reference, screening, _seconds(lambda: _run_graphs(bench)), fast)


def _screen(bench: Bench, classifiers: ClassifierSet, study: Path) -> None:
    # As `bloodsmear screen` does.
    jobs = bench.jobs or default_jobs(classifiers is bench.fast)
    with one_thread_a_call():
        screen(ScreeningPlan((bench.folder,), study, jobs=jobs), classifiers, ScreeningEvents(), Cancel())


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _run_reference(bench: Bench) -> None:
    for path in bench.files:
        with Image.open(path) as image:
            picture = image.convert("RGB")
        for network in bench.networks:
            _, height_px, width_px, _ = network.input_shape
            resized = picture.resize((width_px, height_px), Image.Resampling.BICUBIC)
            network.predict(np.asarray(resized, np.float32)[np.newaxis] / 255, verbose=0)


def _run_graphs(bench: Bench) -> None:
    def answer(arrays: Sequence[InputArray]) -> None:
        for engine, array in zip(bench.engines, arrays, strict=True):
            engine.run(array)

    with ThreadPoolExecutor(bench.jobs or default_jobs()) as pool:
        list(pool.map(answer, bench.ready))


def _print_parts(bench: Bench) -> None:
    """What an image costs beside the graphs, one after the other on one processor."""
    recipes = [one.card.recipe for one in bench.classifiers.classifiers]
    decoded = [decode_image(path).pixels for path in bench.files]
    with one_thread_a_call():
        parts = {
            "decoding": _seconds(lambda: [decode_image(path) for path in bench.files]),
            "focus and exposure": _seconds(lambda: [measure_quality(pixels) for pixels in decoded]),
            "reducing": _seconds(
                lambda: [prepare_input(pixels, recipe) for pixels in decoded for recipe in recipes]
            ),
        }
    for name, seconds in parts.items():
        print(f"{name:20}{1000 * seconds / len(decoded):8.1f} ms an image, on one processor")


def _differing(bench: Bench, classifiers: ClassifierSet, study: Path) -> int:
    """How many screened images have an answer that is not, bit for bit, that of the image asked alone."""
    with StudyStore.open_existing(study) as store:
        records = {record.image: record for record in store.records()}
    differing = 0
    for path in bench.files:
        pixels = decode_image(path).pixels
        alone = [one.predict(pixels) for one in classifiers.classifiers]
        differing += [answer.prediction for answer in records[path.name].answers] != alone
    return differing


def _judge(rounds: Sequence[Round], images: int, differing: int) -> int:
    print(f"images {images}, rounds {len(rounds)}, processors {os.cpu_count()}")
    columns = {
        "reference pipeline": [one.reference for one in rounds],
        "screening": [one.screening for one in rounds],
        "bare graphs": [one.graphs for one in rounds],
        "screening --fast": [one.fast for one in rounds if one.fast is not None],
    }
    for name, seconds in columns.items():
        if seconds:
            print(f"{name:20}{1000 * statistics.median(seconds) / images:8.1f} ms an image")
    times = statistics.median(one.reference / one.screening for one in rounds)
    share = statistics.median(one.graphs / one.screening for one in rounds)
    print(f"screening is {times:.2f} times as fast as the reference pipeline (goal {TIMES_THE_REFERENCE})")
    print(f"screening reaches {share:.1%} of the bare graphs' speed (goal {SHARE_OF_THE_GRAPHS:.0%})")
    beside = statistics.median(one.screening - one.graphs for one in rounds)
    print(f"all that is not the graphs takes {1000 * beside / images:.1f} ms of it")
    missed = times < TIMES_THE_REFERENCE or share < SHARE_OF_THE_GRAPHS
    fast_times = [one.reference / one.fast for one in rounds if one.fast is not None]
    if fast_times:
        fast = statistics.median(fast_times)
        print(f"screening --fast is {fast:.2f} times as fast as it (goal {FAST_TIMES_THE_REFERENCE})")
        missed = missed or fast < FAST_TIMES_THE_REFERENCE
    print(f"images with an answer that differs from that of the image alone: {differing}")
    return int(differing > 0 or missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
