"""A controller of training whose program plays a scenario."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear import atomic_file
from bloodsmear.jobs.training_messages import DataChecked, FitStarted, TrainingMessage, encode_message
from desktop.gui.theme import LIGHT
from desktop.gui.training import ProgramCall, TrainingController, TrainingTools
from desktop.gui.training.page import TrainingPage
from desktop.gui.training.state import Preset, StartingPoint, TrainingState, TrainingWish

FAKE_PROGRAM = Path(__file__).with_name("fake_training_program.py")
PRESETS = (Preset("tiny", "Tiny", "32 × 32 px, 2 epochs.", 32, 2, 8),)
COUNTS = {"benign": 12, "early_pre_b": 14, "pre_b": 16, "pro_b": 20}
# As an earlier version wrote it.
PLAN = {
    "data": "labelled",
    "classifier_id": "our-lab",
    "name": "Our lab",
    "architecture": "unet",
    "weights": "",
    "side_px": 32,
    "epochs": 2,
    "batch_images": 8,
    "settings": "default",
    "labels": [],
}
EPOCH = {
    "epoch": 1,
    "loss": 1.2,
    "accuracy": 0.4,
    "validation_loss": 1.0,
    "validation_accuracy": 0.55,
    "checkpoint": "",
}

Step = list[Any]


class Rehearsal:
    """A controller, and the scenario of its program, which may be changed before every command."""

    keeps_an_epoch: ClassVar[Step] = ["keep", [EPOCH]]
    keeps_none: ClassVar[Step] = ["keep", []]

    def __init__(self, place: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self._scenario = place / "scenario.json"
        self._steps: dict[str, list[Step]] = {}
        self.started = self.say(
            FitStarted("tensorflow", "2 processor cores", "no GPU was found", "unet", 40, 2, 0)
        )
        self.runs = place / "runs"
        self.data = place / "labelled"
        self.data.mkdir()
        self.play("check", self.say(DataChecked(COUNTS, (), ())))
        self.play("gpu", ["exit", 1])
        self._made: list[TrainingController] = []
        self.controller = self.new_controller()

    def new_controller(self) -> TrainingController:
        """A controller as at the next start of the program."""
        call = ProgramCall(
            self.runs, lambda python: (python or sys.executable, str(FAKE_PROGRAM), str(self._scenario))
        )
        self._made.append(TrainingController(TrainingTools(call, PRESETS, ("unet",))))
        self.controller = self._made[-1]
        return self.controller

    @staticmethod
    def say(message: TrainingMessage) -> Step:
        """The step that says a message."""
        return ["print", encode_message(message)]

    def play(self, command: str, *steps: Step) -> None:
        """What the program does at its next calls of `command`."""
        self._steps[command] = list(steps)
        # Whole, because a program that was just started may be reading it.
        atomic_file.write(self._scenario, json.dumps(self._steps).encode())

    def calls(self, command: str) -> list[list[str]]:
        """The words of every call of `command` so far. Others, for a GPU, come in between when they like."""
        noted = self._scenario.with_suffix(".calls")
        lines = noted.read_text("utf-8").splitlines() if noted.exists() else []
        return [words for words in map(json.loads, lines) if words[1] == command]

    def next_call(self, command: str, before: int = 0) -> list[str]:
        """The words of the call of `command` that comes after so many; wait for it."""
        self.qtbot.waitUntil(lambda: len(self.calls(command)) > before)
        return self.calls(command)[before]

    def leave_plan(self) -> Path:
        """Leave the run of “Our lab” with its plan alone, as a closed window does; return its folder."""
        run = self.runs / "our-lab"
        run.mkdir(parents=True, exist_ok=True)
        (run / "plan.json").write_text(json.dumps(PLAN), "utf-8")
        return run

    def wait_for(self, phase: str) -> None:
        """Let the window live until the controller is in this phase."""
        self.qtbot.waitUntil(lambda: self.controller.state.phase == phase)

    def check(self) -> None:
        """Look at the labelled folder, and at what can be started from."""
        self.controller.look_around()
        self.qtbot.waitUntil(lambda: bool(self.controller.state.starts))
        self.controller.check(self.data)

    def begin(self) -> None:
        """Check the folder, then start a training of “Our lab”."""
        self.check()
        self.wait_for("ready")
        self.controller.start(TrainingWish("unet", "tiny", "Our lab"))

    def close(self) -> None:
        """End every controller."""
        for controller in self._made:
            assert controller.close()
            controller.deleteLater()


@pytest.fixture
def rehearsal(tmp_path: Path, qtbot: QtBot) -> Iterator[Rehearsal]:
    made = Rehearsal(tmp_path, qtbot)
    yield made
    made.close()


MakePage = Callable[[TrainingState], TrainingPage]


@pytest.fixture
def start_state() -> TrainingState:
    """Nothing chosen yet."""
    return TrainingState(
        presets=(
            Preset("tiny", "Tiny", "32 × 32 px.", 32, 2, 8),
            Preset("large", "Large", "150 × 150 px.", 150, 40, 32),
        ),
        starts=(
            StartingPoint("unet", "U-Net, from scratch", "unet"),
            StartingPoint("classifier:vgg16", "VGG16 1.0, go on from it", "vgg16", Path("model.keras"), True),
        ),
        taken_ids=frozenset({"our-lab"}),
    )


@pytest.fixture
def make_page(qtbot: QtBot) -> Iterator[MakePage]:
    made: list[TrainingPage] = []

    def make(state: TrainingState) -> TrainingPage:
        made.append(TrainingPage(state, LIGHT))
        with qtbot.waitExposed(made[-1]):
            made[-1].show()
        return made[-1]

    yield make
    for page in made:
        page.close()
        page.deleteLater()
