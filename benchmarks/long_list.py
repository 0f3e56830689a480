"""Opening and scrolling a study of ten thousand images in the real window.

.venv/bin/python benchmarks/long_list.py [--images N]

The images are copies of one small smear under N names in a hundred cases; their records are made up and lie in the
study's file before the window opens. A step of the scrolling is one page of the list; what is timed is moving there and
painting it. Nothing of the user's folders is touched, and no display is needed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtWidgets import QApplication, QListView

from benchmarks.window_waits import Moment, Stillness, most_resident_mb, resident_mb, show_window, spin
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.images.scan import Scan
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet, load_default_classifiers
from bloodsmear.workflows.screening import absolute_folders, default_study_path
from desktop.gui.main_window import MainWindow

CASES, NEXT = 100, 40
GOAL = "goal: below 700 MB"
QUALITY = ImageQuality(3.0, 0.0, 0.0)


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time a study of many images in the window.")
    parser.add_argument("--images", type=int, default=10_000, help="images in the study (10000)")
    count = parser.parse_args(words).images
    with tempfile.TemporaryDirectory(prefix="bloodsmear-list-", ignore_cleanup_errors=True) as scratch:
        os.environ["BLOODSMEAR_HOME"] = str(Path(scratch) / "home")
        print_long_list(Path(scratch), count)
    return 0


def print_long_list(scratch: Path, count: int) -> None:
    """Make the study, open its folder, then scroll from the first image to the last and back."""
    classifiers = load_default_classifiers()
    folder = write_images(scratch / "list", count)
    fill_study(folder, classifiers)
    print(f"\n{count:,} images in {CASES} cases")
    window = show_window(lambda: classifiers)
    spin(lambda: bool(window.controller.study.marks))
    began, still = Moment.now(), Stillness()
    print(f"{'':36}{'seconds (of the processor)':>26}")
    window.open_folders([folder])
    for words, holds in (
        ("until the first image is listed", lambda: window.gallery.count() > 0),
        ("until all images are listed", lambda: window.controller.study.scanned),
        ("until all records are shown", lambda: len(window.controller.study.records) >= count),
    ):
        spin(holds)
        print(f"{words:36}{Moment.now().since(began)!s:>26}", flush=True)
    still.stop()
    print(f"{'the window stood still at most':36}{still.longest_s:17.2f}")
    print_scrolling(window)
    print_next(window)
    print(f"{'resident memory':36}{resident_mb():8.0f} MB, at most {most_resident_mb():.0f} MB   {GOAL}")
    window.close()


def print_scrolling(window: MainWindow) -> None:
    """One line for each direction: the middle, the slowest of twenty, and the slowest step."""
    view = window.gallery.findChild(QListView)
    assert view is not None
    bar = view.verticalScrollBar()
    places = list(range(0, bar.maximum() + 1, bar.pageStep()))
    for words, steps in (("down", places), ("up", places[::-1])):
        taken = [time_of(partial(go_to, view, place)) for place in steps]
        figures = (statistics.median(taken), statistics.quantiles(taken, n=20)[-1], max(taken))
        line = "".join(f"{1000 * seconds:8.1f}" for seconds in figures)
        print(f"{f'scrolling {words}, {len(steps)} pages':36}{line} ms (median, 95 %, slowest)", flush=True)


def print_next(window: MainWindow) -> None:
    """From key to picture in the long list: the images are tiny, so that it is the list that takes the time."""
    shown: list[str] = []
    window.controller.image.original_ready.connect(lambda image, _pixels: shown.append(image))

    def go_on() -> None:
        shown.clear()
        window.gallery.select_next()
        spin(lambda: window.gallery.selected() in shown)
        window.viewer.repaint()

    began = Moment.now()
    taken = [time_of(go_on) for _ in range(NEXT)]
    processor = 1000 * Moment.now().since(began).processor / NEXT
    figures = "".join(f"{1000 * of(taken):8.1f}" for of in (statistics.median, max))
    print(
        f"{f'next image, {NEXT} times':36}{figures} ms (median, slowest), {processor:.0f} of the processor each   "
        "goal: median below 50",
        flush=True,
    )


def go_to(view: QListView, place: int) -> None:
    """Scroll there, paint, and let the window do what waits, such as the thumbnails that came."""
    view.verticalScrollBar().setValue(place)
    view.viewport().repaint()
    QApplication.processEvents()


def time_of(work: Callable[[], None]) -> float:
    """Seconds of one piece of work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def write_images(folder: Path, count: int) -> Path:
    """One small smear under so many names."""
    pixels = np.full((96, 128, 3), (225, 210, 230), np.uint8)
    cv2.circle(pixels, (64, 48), 22, (120, 40, 140), -1)
    content = cv2.imencode(".jpg", pixels)[1].tobytes()
    for number in range(count):
        case = folder / f"case {number % CASES:03}"
        case.mkdir(parents=True, exist_ok=True)
        (case / f"smear {number:05}.jpg").write_bytes(content)
    return folder


def fill_study(folder: Path, classifiers: ClassifierSet) -> None:
    """A record for each image: labels in turns, one in seven disagrees."""
    marks = classifiers.marks
    path = default_study_path((folder,), marks)
    found = list(Scan([folder]))
    with StudyStore.open_or_create(path, StudyHead(folder, absolute_folders((folder,)), marks)) as store:
        store.list_images((one.image, one.case) for one in found)
        for number, one in enumerate(found):
            answers = tuple(
                Answer(mark, Prediction(probabilities(number + (place and number % 7 == 0), number)))
                for place, mark in enumerate(marks)
            )
            store.put(
                ImageRecord(
                    image=one.image,
                    case=one.case,
                    status="ok",
                    sha256=f"{number:064x}",
                    width_px=128,
                    height_px=96,
                    quality=QUALITY,
                    answers=answers,
                    consensus=consensus_of(answers, QUALITY, ()),
                    screened_at=datetime.now(UTC).replace(microsecond=0),
                )
            )


def probabilities(label: int, number: int) -> tuple[float, ...]:
    """One of four labels, more or less certain."""
    certain = 0.4 + 0.55 * (number % 97) / 97
    return tuple(certain if place == label % 4 else (1 - certain) / 3 for place in range(4))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
