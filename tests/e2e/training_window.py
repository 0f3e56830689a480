"""Makes a classifier by the window's own ways until it is killed, and says each step: the test's other half.

Called `python training_window.py SCENARIO IMAGES UNTIL`: the training program is the one that plays SCENARIO. Of the
steps that the reader takes, none is taken after the phase UNTIL.
"""

import shutil
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bloodsmear import paths
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.training import ProgramCall, TrainingTools, jobs
from desktop.gui.training.state import Preset, TrainingState, TrainingWish

FAKE_PROGRAM = Path(__file__).parents[1] / "desktop/gui/training/fake_training_program.py"
TINY = Preset("tiny", "Tiny", "32 × 32 px, 2 epochs.", 32, 2, 8)
WISH = TrainingWish("unet", "tiny", "Our lab")


def main() -> None:
    """Say `PHASE EPOCHS` whenever one of them changes, and do what a reader does then."""
    scenario, images, until = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    # Installing converts networks, which takes its time: here it never ends, before or after the work is done.
    if until == "installed":
        jobs.install = wait_after_install
    else:
        jobs.install = wait_before_install
    words = (sys.executable, str(FAKE_PROGRAM), str(scenario))
    tools = TrainingTools(ProgramCall(paths.training_runs(), lambda _python: words), (TINY,), ("unet",))
    app = QApplication(sys.argv[:1])
    window = build_window(app, load_classifiers=lambda: ClassifierSet(()), training_tools=tools)
    window.show()
    window.training.open()
    controller = window.training.controller
    said: list[str] = []

    def act(state: TrainingState) -> None:
        line = f"{state.phase} {len(state.fit.finished) if state.fit is not None else 0}"
        if line not in said and not (state.phase == "ready" and not state.starts):
            said.append(line)
            print(line, flush=True)  # noqa: T201 - the test reads it
            if state.phase == "ready" and until != "ready":
                QTimer.singleShot(0, lambda: controller.start(WISH))
            elif line == "fitting 1" and until == "stopping":
                QTimer.singleShot(0, controller.keep_best)
            elif state.phase == "finished" and until != "finished":
                QTimer.singleShot(0, controller.install)

    controller.changed.connect(act)
    controller.check(images)
    app.exec()


def wait_before_install(folder: Path) -> Path:
    """Killed before anything is among the user's classifiers."""
    time.sleep(600)
    raise AssertionError("the test kills the window before this")


def wait_after_install(folder: Path) -> Path:
    """Killed when it is there, and nobody has noted it yet."""
    shutil.copytree(folder, paths.user_classifiers() / folder.name)
    print("installed 1", flush=True)  # noqa: T201 - the test reads it
    return wait_before_install(folder)


if __name__ == "__main__":
    main()
