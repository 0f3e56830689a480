"""How long a reader waits, and what that takes of the PC's memory: the real window on synthetic images.

.venv/bin/python benchmarks/review.py [--dwell SECONDS] [--memory-images N] [--list-images N]

First the denoised picture, beside one plain OpenCV call: every figure counts from choosing the image until the view has
painted it, decoding included; the classifiers are left out, so that only denoising is measured. Then what is held after
many images (looked_at.py), a long list (long_list.py) and the start (startup.py).

The window has 1366 × 768 px and no display is needed; QT_QPA_PLATFORM=xcb takes the one that is there. Nothing of the
user's folders is touched. On a machine that is busy otherwise the clock tells little: the load is printed, and beside
each figure the processor seconds that the program had used until then (on 2 quiet cores the clock runs half to all of
them).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtWidgets import QGraphicsView

from benchmarks.window_waits import Moment, show_window, spin
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DEFAULTS, FIRST_SHOWN, DenoiseSettings
from bloodsmear.images.region import Region, tiles_of
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.main_window import MainWindow

SMALL, LARGE = (1024, 768), (2560, 1920)
EXACT, FIRST = ("denoised_ready",), ("preview_ready", "part_ready", "denoised_ready")
COLUMNS = ("plain call", "first, goal 0.3", "visible, goal 2", "exact")
IN_ORDER = 8


@dataclass(frozen=True, slots=True)
class Waits:
    """Until the first denoised pixels, until all that is looked at is denoised, until all is exact."""

    first: Moment
    visible: Moment
    exact: Moment
    preview: bool


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time the denoised picture in the window.")
    parser.add_argument(
        "--dwell", type=float, default=5.0, help="seconds that the reader looks at an image (5)"
    )
    parser.add_argument(
        "--memory-images", type=int, default=500, help="images looked at for the memory (500)"
    )
    parser.add_argument("--list-images", type=int, default=10_000, help="images in the long list (10000)")
    parsed = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bloodsmear-review-", ignore_cleanup_errors=True) as scratch:
        os.environ["BLOODSMEAR_HOME"] = str(Path(scratch) / "home")
        load = (
            " ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
        )
        print(f"{os.cpu_count()} cores, load {load}, OpenCV {cv2.__version__}")
        print_first_pixels((SMALL, LARGE), Path(scratch))
        print_next_images(Path(scratch), parsed.dwell)
    # Each in a process of its own: what these pictures took of the memory is none of theirs.
    statuses = [
        print_of("looked_at.py", "--images", str(parsed.memory_images)),
        print_of("long_list.py", "--images", str(parsed.list_images)),
        print_of("startup.py"),
    ]
    return max(statuses)


# ---- what is printed


def print_of(name: str, *words: str) -> int:
    """Let another benchmark print its figures; returns its exit status."""
    print(f"\n{name}", flush=True)
    return subprocess.run(
        [sys.executable, str(Path(__file__).with_name(name)), *words], check=False
    ).returncode


def print_first_pixels(sizes: Sequence[tuple[int, int]], scratch: Path) -> None:
    """One line a size and zoom: one plain call, then the window's waits."""
    print(f"\n{'seconds (of the processor)':28}" + "".join(f"{one:>17}" for one in COLUMNS))
    for size in sizes:
        plain = time_of(partial(denoise_image, smear(size, 1), DEFAULTS["non_local_means"]))
        for number, zoom in enumerate(("fit", "1:1")):
            # Another content for each zoom, or the second would be found on the disk.
            folder = write_smears(scratch / f"{size[0]} {number}", size, 2, 10 + number)
            waits = first_pixels(folder, zoom)
            times = "".join(f"{one!s:>17}" for one in (plain, waits.first, waits.visible, waits.exact))
            marked = "  (visible as a preview)" if waits.preview else ""
            print(f"{f'{size[0]}×{size[1]} at {zoom}':28}{times}{marked}", flush=True)


def print_next_images(scratch: Path, dwell_s: float) -> None:
    """How long the next image with its denoised view takes, read in order and at random."""
    folder = write_smears(scratch / "order", SMALL, 4 * IN_ORDER, seed=2)
    print(f"\n{'next image, milliseconds (of the processor)':58}{'median':>14}{'max':>14}")
    for words, denoiser, at_random in (
        ("the first denoiser", FIRST_SHOWN, EXACT),
        ("non-local means", DEFAULTS["non_local_means"], FIRST),
    ):
        window = open_window(folder, denoiser)
        images = list(window.controller.study.found)
        in_order: list[Moment] = []
        for image in images[:IN_ORDER]:
            in_order.append(time_until(window, image, EXACT))
            look_for(dwell_s)
        chance = np.random.default_rng(1).permutation(np.arange(IN_ORDER + 2, 4 * IN_ORDER))[:IN_ORDER]
        jumps = [time_until(window, images[int(number)], at_random) for number in chance]
        close(window)
        shown = "exact" if at_random == EXACT else "first denoised pixels"
        print_spread(f"{words}: in order, exact, {dwell_s:g} s each", in_order[1:], "goal 50")
        print_spread(f"{words}: at random, {shown}", jumps, "goal 300")


def print_spread(words: str, moments: Sequence[Moment], goal: str) -> None:
    """The middle and the largest, in milliseconds."""
    clock = [1000 * moment.clock for moment in moments]
    processor = [1000 * moment.processor for moment in moments]
    figures = "".join(f"{of(clock):7.0f} ({of(processor):4.0f})" for of in (statistics.median, max))
    print(f"{words:58}{figures}   {goal}", flush=True)


# ---- the window, and waiting for it


def open_window(folder: Path, denoiser: DenoiseSettings = DEFAULTS["non_local_means"]) -> MainWindow:
    """The real window without classifiers, on a folder, nothing chosen but its first image."""
    window = show_window(lambda: ClassifierSet(()))
    window.viewer.set_denoiser(denoiser)
    spin(lambda: window.controller.study.classifiers is not None)
    window.open_folders([folder])
    spin(lambda: window.controller.study.scanned)
    return window


def close(window: MainWindow) -> None:
    """End the window and its threads."""
    window.close()
    window.deleteLater()


def first_pixels(folder: Path, zoom: str) -> Waits:
    """The waits for an image that nobody prepared, the second of two as large, so that the zoom stays."""
    window = open_window(folder)
    image = window.controller.image
    image.ahead.following = lambda _image: []
    image.choose_denoiser(None)
    images = list(window.controller.study.found)
    shown: list[str] = []
    image.original_ready.connect(lambda name, _pixels: shown.append(name))
    window.gallery.select(images[0])
    image.choose(images[0])
    spin(lambda: images[0] in shown)
    if zoom == "1:1":
        window.viewer.view_range.one_to_one()
    image.choose_denoiser(DEFAULTS["non_local_means"])
    waits = watch(window, images[1])
    close(window)
    return waits


def watch(window: MainWindow, chosen: str) -> Waits:
    """Choose an image and note when what of it was painted."""
    image, view = window.controller.image, window.viewer.findChildren(QGraphicsView)[1].viewport()
    noted: dict[str, Moment] = {}
    looked_at: list[Region] = []
    exact: set[Region] = set()
    began = Moment.now()

    def note(*what: str) -> None:
        view.repaint()
        for one in what:
            noted.setdefault(one, Moment.now().since(began))

    def take_part(name: str, pixels: RgbImage, region: Region) -> None:
        if name == chosen:
            exact.add(region)
            tiles = tiles_of(pixels.shape[1], pixels.shape[0])
            seen = {tile for tile in tiles if tile.meets(looked_at[-1])}
            note("first", *(["visible"] if seen <= exact else []))

    window.viewer.looked_at.connect(looked_at.append)
    image.preview_ready.connect(lambda *_: note("preview", "first", "visible"))
    image.part_ready.connect(take_part)
    image.denoised_ready.connect(
        lambda name, *_: note("first", "visible", "exact") if name == chosen else None
    )
    window.gallery.select(chosen)
    spin(lambda: "exact" in noted)
    preview = "preview" in noted and noted["preview"].clock <= noted["visible"].clock
    return Waits(noted["first"], noted["visible"], noted["exact"], preview)


def time_until(window: MainWindow, chosen: str, signals: Sequence[str]) -> Moment:
    """Choose an image; the time until one of these signals has come and what it brought is painted."""
    image, view = window.controller.image, window.viewer.findChildren(QGraphicsView)[1].viewport()
    noted: list[Moment] = []

    def note(name: str, *_: object) -> None:
        if name == chosen:
            view.repaint()
            noted.append(Moment.now())

    for signal in signals:
        getattr(image, signal).connect(note)
    began = Moment.now()
    if window.gallery.selected() == chosen:
        image.choose(chosen)
    window.gallery.select(chosen)
    spin(lambda: bool(noted))
    for signal in signals:
        getattr(image, signal).disconnect(note)
    return noted[0].since(began)


def look_for(seconds: float) -> None:
    """The reader looks; the window lives."""
    until = time.perf_counter() + seconds
    spin(lambda: time.perf_counter() > until)


# ---- what it is measured on


def smear(size: tuple[int, int], seed: int) -> RgbImage:
    """Smooth patches with a camera's noise: as much work for the denoiser as a real smear."""
    random = np.random.default_rng(seed)
    width, height = size
    patches = random.integers(120, 240, (height // 32, width // 32, 3), np.uint8)
    smooth = cv2.resize(patches, size, interpolation=cv2.INTER_CUBIC).astype(np.int16)
    noisy = smooth + random.integers(-9, 10, smooth.shape, np.int16)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def write_smears(folder: Path, size: tuple[int, int], count: int, seed: int) -> Path:
    """So many JPEG files as a microscope's camera writes them, each another; no two calls may share a seed."""
    folder.mkdir(parents=True)
    first = smear(size, seed)
    for number in range(count):
        pixels = np.roll(first, 37 * number, axis=1)
        content = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, 92))[1].tobytes()
        (folder / f"smear {number}.jpg").write_bytes(content)
    return folder


def time_of(work: Callable[[], object]) -> Moment:
    """What it takes once."""
    began = Moment.now()
    work()
    return Moment.now().since(began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
