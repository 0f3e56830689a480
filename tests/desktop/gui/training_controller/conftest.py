"""A controller of training whose program plays a scenario."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.jobs.training_messages import DataChecked, TrainingMessage, encode_message
from desktop.gui.training_controller import ProgramCall, TrainingController, TrainingTools
from desktop.gui.training_state import Preset, TrainingWish

FAKE_PROGRAM = Path(__file__).with_name("fake_training_program.py")
PRESETS = (Preset("tiny", "Tiny", "32 × 32 px, 2 epochs.", 32, 2, 8),)
COUNTS = {"benign": 12, "early_pre_b": 14, "pre_b": 16, "pro_b": 20}

Step = list[Any]


class Rehearsal:
    """A controller, and the scenario of its program, which may be changed before every command."""

    def __init__(self, place: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self._scenario = place / "scenario.json"
        self._steps: dict[str, list[Step]] = {}
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
        self._scenario.write_text(json.dumps(self._steps), "utf-8")

    def calls(self) -> list[list[str]]:
        """The words of every call so far."""
        lines = self._scenario.with_suffix(".calls").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def wait_for(self, phase: str) -> None:
        """Let the window live until the controller is in this phase."""
        self.qtbot.waitUntil(lambda: self.controller.state.phase == phase, timeout=30_000)

    def check(self) -> None:
        """Look at the labelled folder, and at what can be started from."""
        self.controller.look_around()
        self.qtbot.waitUntil(lambda: bool(self.controller.state.starts), timeout=30_000)
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
