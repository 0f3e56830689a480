"""The window is killed (-9) at every step of making a classifier: the next start offers what is there."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear import atomic_file, paths
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.jobs.training_messages import (
    DataChecked,
    EpochDone,
    Finished,
    FitStarted,
    TrainingMessage,
    encode_message,
)
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.training import PRESETS, ProgramCall, TrainingTools

PROGRAM = Path(__file__).with_name("training_window.py")
FAKE_PROGRAM = PROGRAM.parents[1] / "desktop/gui/training/fake_training_program.py"
GUARD_S = 120
EPOCH = {"epoch": 1, "loss": 1.2, "accuracy": 0.4, "validation_loss": 1.0, "validation_accuracy": 0.55}
Steps = list[list[Any]]


def say(message: TrainingMessage) -> list[Any]:
    return ["print", encode_message(message)]


class Training:
    """A training that somebody kills, and the window that is opened after it."""

    def __init__(self, place: Path, exported: Path) -> None:
        self._scenario = place / "scenario.json"
        self.images = place / "labelled"
        self.images.mkdir()
        run = paths.training_runs() / "our-lab"
        # All goes well, but for what a test changes.
        self._steps: dict[str, Steps] = {
            "check": [say(DataChecked({"benign": 12}, (), ()))],
            "gpu": [["exit", 1]],
            "fit": [
                say(FitStarted("tensorflow", "2 processor cores", "the only one", "unet", 40, 2, 0)),
                ["keep", [EPOCH]],
                say(EpochDone(1, 2, 1.2, 0.4, 1.0, 0.55, True, None)),
                say(Finished("Fitted.")),
            ],
            "export": [
                ["copy", str(exported), str(run / "classifier" / "our-lab")],
                ["write", str(run / "our-lab.zip")],
                ["write", str(run / "evaluation.html")],
                say(Finished("Made.", page=str(run / "evaluation.html"))),
            ],
            "evaluate": [["exit", 2]],
        }
        self.play({})

    def play(self, other: dict[str, Steps]) -> None:
        """What the training program does from now on, where it is another thing than all going well."""
        atomic_file.write(self._scenario, json.dumps(self._steps | other).encode())

    def waits_in(self, command: str, after: int = 0) -> None:
        """This command does its first `after` steps and then never ends."""
        self.play({command: [*self._steps[command][:after], ["wait"]]})

    def kill_at(self, line: str, until: str = "", called: str = "") -> None:
        """Begin in a window of its own, and kill it once it says `line` and the training program was `called`."""
        words = [
            sys.executable,
            str(PROGRAM),
            str(self._scenario),
            str(self.images),
            until or line.split()[0],
        ]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, encoding="utf-8") as window:
            assert window.stdout is not None
            guard = threading.Timer(GUARD_S, window.kill)
            guard.start()
            said: list[str] = []
            while line not in said:
                said.append(window.stdout.readline().strip())
                assert said[-1], f"the window ended after {said}"
            while called not in self.calls() and called:
                assert guard.is_alive(), f"{called} was never called"
            window.kill()
            guard.cancel()
        self.play({})

    def calls(self) -> list[str]:
        """The commands of the training program so far."""
        noted = self._scenario.with_suffix(".calls")
        lines = noted.read_text("utf-8").splitlines() if noted.exists() else []
        return [json.loads(one)[1] for one in lines]

    def open_window(self, app: QApplication) -> MainWindow:
        """The next start."""
        words = (sys.executable, str(FAKE_PROGRAM), str(self._scenario))
        tools = TrainingTools(ProgramCall(paths.training_runs(), lambda _python: words), PRESETS)
        ask = AskFiles(to_close=lambda _parent, _ends: True)
        return build_window(app, load_classifiers=lambda: ClassifierSet(()), ask=ask, training_tools=tools)


@pytest.fixture
def training(tmp_path: Path, tiny_classifiers: Path) -> Training:
    """Its classifier is a tiny one under the name of the training."""
    exported = Path(shutil.copytree(tiny_classifiers / "unet", tmp_path / "our-lab"))
    write_card(exported, msgspec.structs.replace(read_card(exported), id="our-lab"))
    return Training(tmp_path, exported)


class NextStart:
    """The window after the kill: opens the training page, reads and presses what it offers."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self._window, self._qtbot = window, qtbot
        self.controller = window.training.controller
        with qtbot.waitExposed(window):
            window.show()
        window.actions_by_name["train"].trigger()

    def read(self, name: str) -> str:
        """What a label of the page says, empty where it cannot be seen."""
        page = self._window.training.page
        assert page is not None
        label = page.findChild(QLabel, name)
        assert isinstance(label, QLabel)
        return label.text() if label.isVisible() else ""

    def press(self, name: str) -> None:
        """Press a button that can be seen."""
        page = self._window.training.page
        assert page is not None
        button = page.findChild(QPushButton, name)
        assert isinstance(button, QPushButton)
        assert button.isVisible()
        button.click()

    def wait_for(self, phase: str) -> None:
        """Let the window live until the training is in this phase."""
        self._qtbot.waitUntil(lambda: self.controller.state.phase == phase)


@pytest.fixture
def next_start(training: Training, qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[], NextStart]]:
    opened: list[MainWindow] = []

    def start() -> NextStart:
        opened.append(training.open_window(qapp))
        return NextStart(opened[-1], qtbot)

    yield start
    for window in opened:
        window.close()
        window.deleteLater()


Start = Callable[[], NextStart]


def test_while_the_images_are_checked(training: Training, next_start: Start) -> None:
    training.waits_in("check")
    training.kill_at("checking 0")
    window = next_start()
    assert str(training.images) in window.read("unfinished")
    window.press("go_on")
    window.wait_for("ready")


def test_while_the_reader_chooses_what_to_start_from(training: Training, next_start: Start) -> None:
    training.kill_at("ready 0")
    window = next_start()
    assert "No training was started" in window.read("unfinished")
    window.press("go_on")
    window.wait_for("ready")


def test_in_the_first_epoch(training: Training, next_start: Start) -> None:
    training.waits_in("fit", after=1)
    training.kill_at("fitting 0", called="fit")
    window = next_start()
    assert "before its first epoch was finished" in window.read("unfinished")
    window.press("go_on")
    window.wait_for("finished")


def test_after_an_epoch(training: Training, next_start: Start) -> None:
    training.waits_in("fit", after=3)
    training.kill_at("fitting 1")
    window = next_start()
    assert "1 of at most 2 epochs are kept" in window.read("unfinished")
    window.press("go_on")
    window.wait_for("finished")
    assert training.calls().count("fit") == 2


def test_after_stop_and_keep_the_best_no_further_epoch_is_fitted(
    training: Training, next_start: Start
) -> None:
    training.waits_in("fit", after=3)
    training.kill_at("stopping 1")
    window = next_start()
    assert "is done: 1 epoch" in window.read("unfinished")
    window.press("go_on")
    window.wait_for("finished")
    assert training.calls().count("fit") == 1


def test_while_the_classifier_is_made(training: Training, next_start: Start) -> None:
    training.waits_in("export")
    training.kill_at("exporting 1", called="export")
    window = next_start()
    assert "is done: 1 epoch" in window.read("unfinished")
    window.press("go_on")
    window.wait_for("finished")
    assert training.calls().count("fit") == 1


def test_between_the_classifier_and_its_page_it_is_made_again(training: Training, next_start: Start) -> None:
    training.waits_in("export", after=2)
    training.kill_at("exporting 1", called="export")
    assert "it is made from the best epoch, and measured" in next_start().read("unfinished")


def test_while_those_in_use_are_measured_beside_it(training: Training, next_start: Start) -> None:
    training.waits_in("evaluate")
    training.kill_at("exporting 1", called="evaluate")
    window = next_start()
    window.wait_for("finished")
    assert "is made, and measured" in window.read("outcome_head")


def test_on_the_outcome_page(training: Training, next_start: Start) -> None:
    training.kill_at("finished 1")
    window = next_start()
    window.wait_for("finished")
    assert "is made, and measured" in window.read("outcome_head")
    assert window.controller.state.outcome is not None
    assert window.controller.state.outcome.page == paths.training_runs() / "our-lab" / "evaluation.html"
    window.press("install")
    assert window.controller.state.phase == "installing"


def test_while_it_is_installed(training: Training, next_start: Start) -> None:
    training.kill_at("installing 1")
    window = next_start()
    window.wait_for("finished")
    window.press("install")


def test_when_it_is_installed_and_nobody_has_noted_it(training: Training, next_start: Start) -> None:
    training.kill_at("installed 1")
    window = next_start()
    window.wait_for("installed")
    assert "Installed among the classifiers" in window.read("installed")
    window.controller.begin_anew()
    assert window.controller.state.unfinished is None
