"""Scrolling a gallery of thousands of cells in the real window.

.venv/bin/python benchmarks/cell_gallery.py [--cells N]
xvfb-run -s "-screen 0 1366x768x24" .venv/bin/python benchmarks/cell_gallery.py --on-screen

The images are copies of a synthetic one with five cells each. A step of the scrolling is 40 px; what is timed is moving
there and painting it, and frames a second are what that comes to. They are told again by the processor's time of the
window's thread, which is what the window itself takes: on a PC that others use the clock runs on while it waits for a
processor. Nothing of the user's folders is touched; without `--on-screen` no display is needed, and nothing is painted
on one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear import paths

if TYPE_CHECKING:  # Qt is loaded once its platform is chosen
    from desktop.gui.cells import CellGalleryPage
    from desktop.gui.main_window import MainWindow

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

_CELLS_EACH, _STEP_PX, _CASES = 5, 40, 50


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time the gallery of cells.")
    parser.add_argument("--cells", type=int, default=5000, help="cells in the study (5000)")
    parser.add_argument("--on-screen", action="store_true", help="paint on the display that there is")
    asked = parser.parse_args(words)
    if not asked.on_screen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="bloodsmear-cells-", ignore_cleanup_errors=True) as scratch:
        os.environ["BLOODSMEAR_HOME"] = str(Path(scratch) / "home")
        print_gallery(write_images(Path(scratch) / "smears", asked.cells // _CELLS_EACH))
    return 0


def write_images(folder: Path, count: int) -> Path:
    """One synthetic smear under so many names."""
    source = paths.demo_images() / "synthetic-2" / "smear-1.jpg"
    for number in range(count):
        case = folder / f"case {number % _CASES:02}"
        case.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, case / f"smear {number:05}.jpg")
    return folder


def print_gallery(folder: Path) -> None:
    """Open the gallery of the whole study, scroll down and up, put in order, and name a thousand at once."""
    from PySide6.QtWidgets import QApplication

    from benchmarks.window_waits import resident_mb, show_window, spin
    from bloodsmear.workflows.classifier_set import load_default_classifiers

    window = show_window(load_default_classifiers)
    window.controller.review.name_reader("Ada")
    window.open_folders([folder])
    spin(lambda: window.controller.review.reviewed.is_open)
    page = opened_page(window)
    print_scrolling(page.view, "down")
    print_scrolling(page.view, "up")
    began = time.perf_counter()
    page.model.arrange("likeness")
    QApplication.processEvents()
    print(f"{'put in order by likeness':36}{1000 * (time.perf_counter() - began):8.0f} ms", flush=True)
    print_scrolling(page.view, "down")
    selection = page.view.selectionModel()
    for row in range(1000):
        selection.select(page.model.index(row), selection.SelectionFlag.Select)
    began = time.perf_counter()
    page.table.chosen.emit("lymphocyte")
    spin(lambda: page.model.counts()["lymphocyte"] == 1000)
    print(f"{'a thousand named by one key':36}{time.perf_counter() - began:8.2f} s", flush=True)
    print(f"{'resident memory':36}{resident_mb():8.0f} MB")
    window.close()


def opened_page(window: MainWindow) -> CellGalleryPage:
    """The gallery with the cells of the whole study, found anew."""
    from benchmarks.window_waits import spin

    ended: list[bool] = []
    window.controller.cell_gallery.ended.connect(lambda: ended.append(True))
    window.cells.open()
    page = window.cells.page
    assert page is not None
    spin(lambda: bool(ended))
    ended.clear()
    began = time.perf_counter()
    page.scope_chosen.emit("study")
    spin(lambda: bool(ended))
    print(f"\n{page.model.rowCount():,} cells of {len(page.model.image_names()):,} images")
    print(f"{'until all are found':36}{time.perf_counter() - began:8.1f} s", flush=True)
    return page


def print_scrolling(view: object, words: str) -> None:
    """The middle and the slowest twentieth of the steps, as frames a second, and the slowest step; by both clocks."""
    from PySide6.QtWidgets import QApplication, QListView

    assert isinstance(view, QListView)
    bar = view.verticalScrollBar()
    places = range(0, bar.maximum() + 1, _STEP_PX)
    by_clock: list[float] = []
    by_thread: list[float] = []
    for place in places if words == "down" else reversed(places):
        began, worked = time.perf_counter(), time.thread_time()
        bar.setValue(place)
        view.viewport().repaint()
        QApplication.processEvents()
        by_clock.append(time.perf_counter() - began)
        by_thread.append(time.thread_time() - worked)
    print(f"scrolling {words}, {len(by_clock):,} steps")
    for clock, taken in (("by the clock", by_clock), ("by the window's thread", by_thread)):
        slow = statistics.quantiles(taken, n=20)[-1]
        print(
            f"{f'  {clock}':36}{1 / statistics.median(taken):8.0f} frames a second (median), "
            f"{1 / slow:.0f} in the slowest twentieth, slowest step {1000 * max(taken):.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
