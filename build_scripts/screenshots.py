"""Pictures of the real window on the synthetic demo images, drawn without a display.

python build_scripts/screenshots.py                   every state of the documentation, into docs/images
python build_scripts/screenshots.py NAME...           only these states
python build_scripts/screenshots.py --demo FILE.png   the window on the user's own study of the demo images

The documentation's states use a temporary folder in place of the user's; `--demo` reads the study that
`bloodsmear screen assets/demo` wrote, and screens where there is none.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# Pages open as large as on a usual screen; the platform's own has 800 × 800. Qt takes a colon in the path for its own.
os.environ.setdefault(
    "QT_QPA_PLATFORM",
    f"offscreen:configfile={os.path.relpath(Path(__file__).with_name('picture_screen.json'))}",
)

from cells_scene import show_cell_gallery, show_counter
from page_scene import (
    show_agreement,
    show_cells,
    show_colours,
    show_grid,
    show_image_menu,
    show_information,
    show_key_overlay,
    show_keys,
    show_map,
    show_marks,
    show_order,
    show_overview,
    show_reports,
    show_scale,
    show_scale_page,
)
from picture_classifiers import disagreeing, one_refused, slow
from PySide6.QtWidgets import QApplication
from readers_scene import show_cases_page, show_competence, show_consensus, show_pinned, show_references
from review_scene import show_blind, show_deciding, show_marked
from training_scene import show_fit, show_outcome, training_tools
from window_stage import LoadClassifiers, PictureError, Setting, Stage, quiet_offscreen

from bloodsmear import paths
from bloodsmear.errors import BloodsmearError
from bloodsmear.workflows.classifier_set import ClassifierSet, load_default_classifiers
from desktop.gui.study import ScreeningState

DOCUMENTATION = Path(__file__).resolve().parent.parent / "docs" / "images"
# A scaled window needs a program of its own: Qt reads the factor once, at its start.
_SCALE_VARIABLE = "QT_SCALE_FACTOR"
_DONE_BEFORE_PICTURE = 5
_CLASSIFIERS_PX = (900, 720)


@dataclass(frozen=True, slots=True)
class Set:
    """What a state is played with: the demo images (a copy, free to change), the classifiers, a folder for more."""

    images: Path
    classifiers: ClassifierSet
    home: Path


@dataclass(frozen=True, slots=True)
class State:
    """One picture. `play` leads the window there; `load` is what the window gets as classifiers."""

    name: str
    play: Callable[[Stage, Set], None]
    load: Callable[[Set], ClassifierSet] = lambda scene: scene.classifiers
    theme: Literal["light", "dark"] = "light"
    size_px: tuple[int, int] = (1366, 768)
    scale: int = 1


# ---- the states


def _open_and_choose(stage: Stage, scene: Set, image: str = "synthetic-1/smear-2.jpg") -> None:
    stage.open(scene.images)
    stage.screen_what_is_missing()
    stage.choose(image)


def _wipe(stage: Stage, scene: Set) -> None:
    _open_and_choose(stage, scene)
    stage.window.viewer.comparing.ask_for("wipe")


def _difference(stage: Stage, scene: Set) -> None:
    _open_and_choose(stage, scene)
    stage.window.viewer.comparing.ask_for("difference")


def _open_nothing(_stage: Stage, _scene: Set) -> None:
    """The window as it starts."""


def _choose_unreadable(stage: Stage, scene: Set) -> None:
    torn = scene.images / "synthetic-2" / "smear-2.jpg"
    torn.write_bytes(torn.read_bytes()[: torn.stat().st_size // 2])
    _open_and_choose(stage, scene, "synthetic-2/smear-2.jpg")


def _open_without_images(stage: Stage, scene: Set) -> None:
    folder = scene.home / "synthetic letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("no image")
    # A relative path: the folder's own name is all that the picture shows of this PC.
    with contextlib.chdir(scene.home):
        stage.open(Path(folder.name))


def _screen(stage: Stage, scene: Set) -> None:
    stage.open(scene.images)
    stage.choose("synthetic-1/smear-1.jpg")
    states: list[ScreeningState] = []
    screening = stage.window.controller.screening
    screening.changed.connect(states.append)
    screening.start()
    stage.wait(
        lambda: (
            bool(states) and states[-1].done >= _DONE_BEFORE_PICTURE and states[-1].seconds_left is not None
        ),
        "the screening is under way",
    )


def _disagree(stage: Stage, scene: Set) -> None:
    _open_and_choose(stage, scene)
    disagreeing = [
        record.image
        for record in stage.records()
        if record.consensus is not None and record.consensus.agreement == "disagree"
    ]
    if not disagreeing:
        raise PictureError("The classifiers agree about every demo image.")
    stage.choose(disagreeing[0])


def _after_screening(show: Callable[[Stage], None]) -> Callable[[Stage, Set], None]:
    def play(stage: Stage, scene: Set) -> None:
        stage.open(scene.images)
        stage.screen_what_is_missing()
        show(stage)

    return play


def _show_classifiers(stage: Stage, _scene: Set) -> None:
    door = stage.window.classifiers
    door.open()
    stage.wait(lambda: door.controller.state.listed is not None, "the classifiers are listed")
    if door.page is not None:
        door.page.resize(*_CLASSIFIERS_PX)
        stage.shown = door.page


STATES = (
    State("window", _open_and_choose),
    State("window-dark", _open_and_choose, theme="dark"),
    # A screen of 1920 × 1080 at 200 %.
    State("window-200-percent", _open_and_choose, size_px=(960, 540), scale=2),
    State("wipe", _wipe),
    State("difference", _difference),
    State("empty", _open_nothing),
    State("no-images", _open_without_images),
    State("unreadable", _choose_unreadable),
    State("screening", _screen, load=lambda scene: slow(scene.classifiers)),
    State("disagree", _disagree, load=lambda scene: disagreeing(scene.classifiers, scene.images)),
    State("deciding", _after_screening(show_deciding)),
    State("blind", _after_screening(show_blind)),
    State("marked", _after_screening(show_marked)),
    State("refused", _open_and_choose, load=lambda _scene: one_refused()),
    State("order", _after_screening(show_order)),
    State("grid", _after_screening(show_grid)),
    State("map", _after_screening(show_map)),
    State("cells", _after_screening(show_cells)),
    State("cell_gallery", _after_screening(show_cell_gallery)),
    State("counter", _after_screening(show_counter)),
    State("agreement", _after_screening(show_agreement)),
    State("cases-page", _after_screening(show_cases_page)),
    State("consensus", _after_screening(show_consensus)),
    State("pinned", _after_screening(show_pinned)),
    State("references", _after_screening(show_references)),
    State("competence", _after_screening(show_competence)),
    State("overview", _after_screening(show_overview)),
    State("image-menu", _after_screening(show_image_menu)),
    State("information", _after_screening(show_information)),
    State("reports", _after_screening(show_reports)),
    State("ruler", _after_screening(show_scale)),
    State("marks", _after_screening(show_marks)),
    State("scale", _after_screening(show_scale_page)),
    State("colours", _after_screening(show_colours)),
    State("keys-overlay", _after_screening(show_key_overlay)),
    State("keys", _after_screening(show_keys)),
    State("classifiers", _show_classifiers),
    # Minutes each: a network is fitted.
    State("training", lambda stage, scene: show_fit(stage, scene.home / "synthetic labelled")),
    State("training-outcome", lambda stage, scene: show_outcome(stage, scene.home / "synthetic labelled")),
)


# ---- drawing them


def draw_state(app: QApplication, state: State, classifiers: ClassifierSet, target: Path) -> None:
    """Draw one state into `target`, with every folder of the user in a temporary place."""
    with _home_of_its_own() as home:
        scene = Set(home / "synthetic demo", classifiers, home)
        shutil.copytree(paths.demo_images(), scene.images)
        stage = Stage(app, home, lambda: state.load(scene), Setting(state.theme, training_tools()))
        with contextlib.closing(stage):
            stage.show(*state.size_px)
            state.play(stage, scene)
            stage.take_picture(target)


def draw_demo(app: QApplication, target: Path, load_classifiers: LoadClassifiers) -> None:
    """Draw the window on the demo images with the user's own study; only the settings are not the user's."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        stage = Stage(app, Path(folder), load_classifiers)
        with contextlib.closing(stage):
            stage.show(1366, 768)
            study = stage.window.controller.study
            if study.classifiers is not None and not study.classifiers.classifiers:
                raise PictureError(" ".join(one.reason for one in study.classifiers.refused))
            _open_and_choose(stage, Set(paths.demo_images(), ClassifierSet(()), Path(folder)))
            stage.take_picture(target)


def draw_documentation(names: list[str]) -> None:
    """Draw these states into docs/images; scaled ones in a program of their own."""
    DOCUMENTATION.mkdir(parents=True, exist_ok=True)
    wanted = [state for state in STATES if not names or state.name in names]
    scale = int(os.environ.get(_SCALE_VARIABLE, "1"))
    here = [state for state in wanted if state.scale == scale]
    if here:
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        classifiers = _load_once()
        for state in here:
            target = DOCUMENTATION / f"{state.name}.png"
            draw_state(app, state, classifiers, target)
            print(f"{target.name}: {target.stat().st_size // 1000} kB", flush=True)
    for state in wanted:
        if state.scale != scale:
            command = [sys.executable, __file__, state.name]
            environment = {**os.environ, _SCALE_VARIABLE: str(state.scale)}
            subprocess.run(command, env=environment, check=True)


def _load_once() -> ClassifierSet:
    with _home_of_its_own():
        return load_default_classifiers()


@contextlib.contextmanager
def _home_of_its_own() -> Iterator[Path]:
    before = os.environ.get("BLOODSMEAR_HOME")
    with tempfile.TemporaryDirectory(prefix="bloodsmear-", ignore_cleanup_errors=True) as folder:
        os.environ["BLOODSMEAR_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("BLOODSMEAR_HOME")
            if before is not None:
                os.environ["BLOODSMEAR_HOME"] = before


def main(arguments: list[str]) -> int:
    """Draw what was asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description="Draw pictures of the window on the synthetic demo images.")
    parser.add_argument("--demo", type=Path, metavar="FILE.png", help="the window on the user's own study")
    parser.add_argument("names", nargs="*", help=f"states: {', '.join(state.name for state in STATES)}")
    words = parser.parse_args(arguments)
    unknown = set(words.names) - {state.name for state in STATES}
    if unknown:
        parser.error(f"no such state: {', '.join(sorted(unknown))}")
    quiet_offscreen()
    try:
        if words.demo is None:
            draw_documentation(words.names)
        else:
            draw_demo(QApplication([]), words.demo, load_default_classifiers)
    except (PictureError, BloodsmearError, OSError, subprocess.CalledProcessError) as error:
        print(f"No picture: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
