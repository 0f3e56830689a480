"""From an empty window to an installed classifier, by the buttons of the training page alone.

The training program is the real one, in a process of its own; the pictures are drawn here, the network is tiny.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles
from desktop.gui.training import ProgramCall, TrainingTools
from desktop.gui.training.page import TrainingPage
from desktop.gui.training.state import Preset

TINY = Preset("tiny", "Tiny", "32 × 32 px, 2 epochs.", 32, 2, 8)
IMAGES_A_LABEL = 16
# TensorFlow alone takes half a minute to start on a busy PC, and the page waits for three processes.
PATIENCE_MS = 600_000
# Another Python's training program instead, as "Use a training environment…" chooses it: that of gpu_pack.py's folder.
PYTHON = os.environ.get("BLOODSMEAR_TRAINING_PYTHON", "")


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Four folders of pictures whose colour says the label."""
    random = np.random.default_rng(1)
    root = tmp_path / "labelled"
    for place, folder in enumerate(("Benign", "Early", "Pre", "Pro")):
        (root / folder).mkdir(parents=True)
        for number in range(IMAGES_A_LABEL):
            pixels = random.integers(0, 120, (36, 48, 3), np.uint8)
            pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
            _, content = cv2.imencode(".png", pixels)
            (root / folder / f"smear ({number}).png").write_bytes(content.tobytes())
    return root


StartAgain = Callable[[], MainWindow]


@pytest.fixture
def start_again(
    qapp: QApplication, fake_classifiers: ClassifierSet, converted: None, labelled: Path, tmp_path: Path
) -> Iterator[StartAgain]:
    """Close the window that is open, if there is one, and open it as at the next start."""
    opened: list[MainWindow] = []
    if PYTHON:
        Preferences(tmp_path / "settings.json").change("training_python", PYTHON)

    def start() -> MainWindow:
        for window in opened:
            window.close()
        opened.append(
            build_window(
                qapp,
                load_classifiers=lambda: fake_classifiers,
                settings_file=tmp_path / "settings.json",
                ask=AskFiles(
                    training_folder=lambda _parent, _start: labelled, to_close=lambda _parent, _ends: True
                ),
                training_tools=TrainingTools(ProgramCall(paths.training_runs()), (TINY,), ("unet",)),
            )
        )
        opened[-1].show()
        return opened[-1]

    yield start
    for window in opened:
        window.close()
        window.deleteLater()


class Reader:
    """Presses the page's buttons and reads its texts."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self._controller = window.training.controller
        self._qtbot = qtbot
        window.actions_by_name["train"].trigger()
        assert window.training.page is not None
        self.page: TrainingPage = window.training.page

    def press(self, name: str) -> None:
        """Press a button that can be seen."""
        button = self.page.findChild(QPushButton, name)
        assert isinstance(button, QPushButton)
        self._qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=PATIENCE_MS)
        button.click()

    def read(self, name: str) -> str:
        """What a label says."""
        label = self.page.findChild(QLabel, name)
        assert isinstance(label, QLabel)
        return label.text()

    def write_name(self, text: str) -> None:
        """Type the classifier's name."""
        field = self.page.findChild(QLineEdit, "classifier_name")
        assert isinstance(field, QLineEdit)
        QTest.keyClicks(field, text)

    def wait_for(self, *phases: str) -> None:
        """Wait until the training is in one of these phases; a failure ends the wait with its sentence."""

        def reached() -> bool:
            state = self._controller.state
            if state.phase in ("failed", "unusable"):
                errors = state.data.errors if state.data is not None else ()
                pytest.fail(f"{state.problem} {errors}")
            return state.phase in phases

        self._qtbot.waitUntil(reached, timeout=PATIENCE_MS)


def test_from_an_empty_window_to_an_installed_classifier_with_two_starts_in_between(
    start_again: StartAgain, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    reader = Reader(start_again(), qtbot)
    reader.press("choose_folder")
    reader.press("next")
    assert reader.read("data_words") == f"{4 * IMAGES_A_LABEL} images of 4 labels."
    reader.write_name("Our lab")
    reader.press("start")
    reader.wait_for("exporting")
    loss, accuracy = reader.page.fit_step.curves()
    assert len(loss.values()[0]) == len(accuracy.values()[1]) == TINY.epochs
    assert reader.read("device").startswith("Runs on ")
    reader = Reader(start_again(), qtbot)
    assert f"is done: {TINY.epochs} epochs" in reader.read("unfinished")
    reader.press("go_on")
    reader.wait_for("finished")
    # It is made: the next start leads back to it.
    reader = Reader(start_again(), qtbot)
    reader.wait_for("finished")
    assert reader.read("accuracy_1").endswith(")")
    assert reader.read("accuracy_colour_only_baseline_1") != "–"
    # The U-Net that ships has seen none of these pictures, so it can be measured on the same ones.
    assert "All were measured on the same held-out images" in reader.read("compared")
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    reader.press("open_page")
    assert "</html>" in Path(opened[0].toLocalFile()).read_text("utf-8")
    assert (paths.training_runs() / "our-lab" / "our-lab.zip").is_file()
    reader.press("install")
    reader.wait_for("installed")
    classifier = open_classifier(paths.user_classifiers() / "our-lab")
    assert classifier.card.name == "Our lab"
    answer = classifier.predict(np.full((60, 80, 3), 90, np.uint8))
    assert sum(answer.probabilities) == pytest.approx(1.0)
    assert "smear (" not in (paths.user_classifiers() / "our-lab" / "card.json").read_text("utf-8")
