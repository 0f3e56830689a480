"""What the program holds in memory while a reader looks at one image after the other, in the real window.

.venv/bin/python benchmarks/looked_at.py [--images N]

As at the first start: both classifiers that ship, and the first denoiser. Each image, of 1024 × 768 px, is looked at
until it is shown, denoised and read. Nothing of the user's folders is touched, and no display is needed;
QT_QPA_PLATFORM=xcb takes the one that is there. Where the system keeps no file of it (Windows, macOS) the figures are
0.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


from benchmarks.review import SMALL, close, write_smears
from benchmarks.window_waits import most_resident_mb, resident_mb, show_window, spin
from desktop.gui.main_window import MainWindow

GOAL = "goal: below 700 MB"


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Print what the window holds after so many images.")
    parser.add_argument("--images", type=int, default=500, help="images that are looked at (500)")
    count = parser.parse_args(words).images
    with tempfile.TemporaryDirectory(prefix="bloodsmear-looked-at-", ignore_cleanup_errors=True) as scratch:
        os.environ["BLOODSMEAR_HOME"] = str(Path(scratch) / "home")
        print_memory(write_smears(Path(scratch) / "memory", SMALL, count, seed=3))
    return 0


def print_memory(folder: Path) -> None:
    """One line: before the first image, after a fifth, after all of them, and the most in between."""
    window = show_window()
    spin(lambda: bool(window.controller.study.marks))
    held = [resident_mb()]
    window.open_folders([folder])
    spin(lambda: window.controller.study.path is not None)
    for image in list(window.controller.study.found):
        look_at(window, image)
        held.append(resident_mb())
    last = len(held) - 1
    print(
        f"resident memory: {held[0]:.0f} MB with the classifiers, {held[last // 5]:.0f} MB after {last // 5} images, "
        f"{held[-1]:.0f} MB after {last}, at most {most_resident_mb():.0f} MB   {GOAL}",
        flush=True,
    )
    close(window)


def look_at(window: MainWindow, chosen: str) -> None:
    """Choose an image; returns once it is shown, denoised and read by the classifiers."""
    image, waited_for = window.controller.image, {"denoised", "read"}
    noted: set[str] = set()

    def note(name: str, what: str) -> None:
        if name == chosen:
            noted.add(what)

    connections = (
        (image.denoised_ready, lambda name, *_: note(name, "denoised")),
        (image.record_ready, lambda record: note(record.image, "read")),
    )
    for signal, slot in connections:
        signal.connect(slot)
    # The first one is chosen already.
    image.choose(chosen) if window.gallery.selected() == chosen else window.gallery.select(chosen)
    spin(lambda: noted == waited_for)
    for signal, slot in connections:
        signal.disconnect(slot)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
