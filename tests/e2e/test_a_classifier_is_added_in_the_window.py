"""From a file that is dropped on the classifiers page to its answers beside the others', with the real converter."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import h5py
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.settings import read_settings
from desktop.gui.app import build_window
from desktop.gui.classifiers import ClassifiersPage
from desktop.gui.classifiers.state import ListedClassifier
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.reading.classifier_card import ClassifierCard, RefusedCard

SIDE_PX = 24
# What an image looks like that an output answers, and the kernel that does it: red, green, blue by output.
COLOURS = ((250, 10, 10), (10, 250, 10), (10, 10, 250), (10, 10, 10))
KERNEL = np.array([[9, -9, -9, -9], [-9, 9, -9, -9], [-9, -9, 9, -9]], np.float32)
BIAS = np.array([0, 0, 0, 3], np.float32)
# The order of the published models, as folders are called.
FOLDERS = ("Benign", "Pre-B", "Pro-B", "Early Pre-B")
# The converter starts Keras twice, which takes half a minute on a busy PC.
PATIENCE_MS = 600_000


def write_keras_2_file(path: Path, *more_layers: dict[str, Any]) -> Path:
    """A small network as Keras 2 saved it: the mean colour tells the label. `more_layers` come first."""
    shape = [None, SIDE_PX, SIDE_PX, 3]
    layers = [
        {"class_name": "InputLayer", "config": {"batch_input_shape": shape, "name": "image"}},
        *more_layers,
        {"class_name": "GlobalAveragePooling2D", "config": {"name": "mean_colour"}},
        {"class_name": "Dense", "config": {"name": "answer", "units": 4, "activation": "softmax"}},
    ]
    config = {"class_name": "Sequential", "config": {"name": "colours", "layers": layers}}
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.14.0"
        file.attrs["model_config"] = json.dumps(config)
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"mean_colour", b"answer"]
        weights.create_group("mean_colour").attrs["weight_names"] = []
        answer = weights.create_group("answer")
        answer.attrs["weight_names"] = [b"answer/kernel:0", b"answer/bias:0"]
        answer["answer/kernel:0"], answer["answer/bias:0"] = KERNEL, BIAS
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Twelve images of each label, whose colour is the one that its output answers."""
    random = np.random.default_rng(1)
    for folder, colour in zip(FOLDERS, COLOURS, strict=True):
        (tmp_path / "labelled" / folder).mkdir(parents=True)
        for number in range(12):
            pixels = np.clip(np.array(colour) + random.integers(-9, 9, (36, 48, 3)), 0, 255).astype(np.uint8)
            _, content = cv2.imencode(".png", pixels[:, :, ::-1])
            (tmp_path / "labelled" / folder / f"smear {number}.png").write_bytes(content.tobytes())
    return tmp_path / "labelled"


@pytest.fixture
def window(qapp: QApplication, tiny_classifiers: Path, labelled: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window with the tiny classifiers vgg16 and unet of the user's, on the labelled folder."""
    made = build_window(qapp, ask=AskFiles(labelled_folder=lambda _parent, _start: labelled))
    with qtbot.waitSignal(made.controller.classifiers_ready, timeout=PATIENCE_MS):
        made.show()
    with qtbot.waitSignal(made.controller.file.opened):
        made.open_folders([labelled])
    yield made
    made.close()
    made.deleteLater()


class Reader:
    """Drops files on the page, presses its buttons and reads its texts."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self._window, self._qtbot = window, qtbot
        window.actions_by_name["classifiers"].trigger()
        assert window.classifiers.page is not None
        self.page: ClassifiersPage = window.classifiers.page
        self.wait_for_list("vgg16")

    def drop(self, file: Path) -> None:
        """Drop a file on the page."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self.page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
        if file.is_file() and file.suffix != ".zip":
            # It is looked at first.
            self._qtbot.waitUntil(lambda: self.state.to_describe == file, timeout=PATIENCE_MS)

    def press(self, name: str) -> None:
        """Press a button that can be seen."""
        button = self.page.view().findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton)
        self._qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=PATIENCE_MS)
        button.click()

    def write(self, name: str, text: str) -> None:
        """Type into a field in place of what stands there."""
        field = self.page.view().findChild(QLineEdit, name)
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text)

    def read(self, name: str) -> str:
        """What is said in this place once something is, and no longer what is under way."""
        self._qtbot.waitUntil(lambda: self.state.work is None and bool(self._text(name)), timeout=PATIENCE_MS)
        return self._text(name)

    def tick(self, classifier_id: str) -> None:
        """Tick or untick it with the space bar."""
        self.page.overview.list.select(classifier_id)
        QTest.keyClick(self.page.overview.list, Qt.Key.Key_Space)

    def wait_for_list(self, classifier_id: str, *, there: bool = True) -> None:
        """Wait until the list has, or no longer has, this one."""
        self._qtbot.waitUntil(lambda: (classifier_id in self.listed()) is there, timeout=PATIENCE_MS)

    def listed(self) -> dict[str, ListedClassifier]:
        """The classifiers of the list by id."""
        return {one.id: one for one in self.state.listed or ()}

    @property
    def state(self) -> Any:
        """What the page shows."""
        return self._window.classifiers.controller.state

    def _text(self, name: str) -> str:
        label = self.page.view().findChild(QLabel, name)
        return label.text() if isinstance(label, QLabel) and label.isVisible() else ""


@pytest.fixture
def reader(window: MainWindow, qtbot: QtBot) -> Reader:
    return Reader(window, qtbot)


def cards(window: MainWindow) -> dict[str, str]:
    """The classifiers of the reading and what each says."""
    shown = window.reading.findChildren(ClassifierCard)
    return {card.classifier_id: card.outcome() for card in shown if card.isVisible()}


def test_a_dropped_file_is_described_tried_added_and_compared(
    window: MainWindow, reader: Reader, labelled: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    reader.drop(write_keras_2_file(tmp_path / "colours.h5"))
    reader.write("network_name", "Colours")
    reader.write("labels", "Benign, Pre-B, Pro-B")
    reader.press("add_network")
    assert "answers 4 labels, but 3 were named" in reader.read("problem")

    # In the order of reading: the trap.
    reader.page.form.labels.choose("ours")
    reader.press("choose_check_folder")
    reader.press("add_network")
    doubt = reader.read("problem")
    assert "In the order Benign, Pre-B, Pro-B, Early Pre-B it would be 48 (100\u00a0%)" in doubt
    assert doubt.endswith("Nothing was added.")
    assert "colours" not in reader.listed()

    reader.press("use_better_order")
    reader.press("add_network")
    said = reader.read("said")
    assert said.startswith("Colours was checked, passed its golden test and was added as colours.")
    assert "names 48 right (100\u00a0%)" in said
    reader.wait_for_list("colours")
    assert reader.page.overview.list.selected_id() == "colours"
    assert reader.listed()["colours"].labels == FOLDERS
    assert reader.read("figures_head").startswith("No figures")

    reader.tick("colours")
    with qtbot.waitSignal(window.controller.file.opened, timeout=PATIENCE_MS):
        reader.press("use")
    kept = read_settings(paths.settings_file()).settings.default_classifiers
    assert kept == ("vgg16", "unet", "colours")
    for folder in FOLDERS:
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.gallery.select(f"{folder}/smear 3.png")
        assert cards(window)["colours"] == folder
        assert set(cards(window)) == set(kept)


def test_a_file_with_code_in_it_is_refused_in_one_sentence_and_nothing_is_added(
    reader: Reader, tmp_path: Path
) -> None:
    code = {"class_name": "Lambda", "config": {"name": "run_me", "function": ["4wEAAA==", None, None]}}
    reader.drop(write_keras_2_file(tmp_path / "evil.h5", code))
    reader.page.form.labels.choose("published")
    reader.press("add_network")
    refusal = reader.read("problem")
    assert str(tmp_path / "evil.h5") in refusal
    assert "its layer 'run_me' is a Lambda" in refusal
    assert set(reader.listed()) == {"vgg16", "unet"}
    reader.press("form_back")
    assert reader.page.view() is reader.page.overview


def test_one_that_was_altered_is_found_by_verify_and_refused_while_the_other_goes_on(
    window: MainWindow, reader: Reader, tiny_classifiers: Path, qtbot: QtBot
) -> None:
    reader.page.overview.list.select("unet")
    reader.press("verify")
    assert "UNET 1.0" in reader.read("said")
    assert "is well" in reader.read("said")
    with (tiny_classifiers / "unet" / "model.keras").open("ab") as model:
        model.write(b"altered")
    reader.press("verify")
    assert "model.keras was altered" in reader.read("problem")
    qtbot.waitUntil(lambda: bool(reader.listed()["unet"].refused), timeout=PATIENCE_MS)
    assert "was altered" in reader.read("refused")
    # As at the next start: it is left out with the reason, and the other one answers.
    with qtbot.waitSignal(window.controller.file.opened, timeout=PATIENCE_MS):
        window.controller.load_classifiers()
    qtbot.waitUntil(lambda: set(cards(window)) == {"vgg16"}, timeout=PATIENCE_MS)
    refused = [card.accessibleName() for card in window.reading.findChildren(RefusedCard) if card.isVisible()]
    assert len(refused) == 1
    assert "unet was left out" in refused[0]


def test_one_in_use_is_removed_after_a_question_and_the_one_that_ships_answers_again(
    window: MainWindow, reader: Reader, tiny_classifiers: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tiny_classifiers.parent / "shipped"
    shutil.copytree(tiny_classifiers / "unet", shipped / "unet")
    monkeypatch.setattr(paths, "shipped_classifiers", lambda: shipped)
    reader.page.overview.list.select("unet")
    reader.press("remove")
    with qtbot.waitSignal(window.controller.classifiers_ready, timeout=PATIENCE_MS):
        reader.press("really_remove")
    assert "The one that ships with the program answers from now on." in reader.read("said")
    assert not (tiny_classifiers / "unet").exists()
    qtbot.waitUntil(lambda: set(cards(window)) == {"vgg16", "unet"}, timeout=PATIENCE_MS)

    reader.page.overview.list.select("vgg16")
    reader.press("remove")
    with qtbot.waitSignal(window.controller.classifiers_ready, timeout=PATIENCE_MS):
        reader.press("really_remove")
    reader.wait_for_list("vgg16", there=False)
    # Nothing answers under that id any more, so it is no longer asked for.
    assert read_settings(paths.settings_file()).settings.default_classifiers == ("unet",)
    qtbot.waitUntil(lambda: set(cards(window)) == {"unet"}, timeout=PATIENCE_MS)


def test_an_exported_folder_with_a_taken_id_takes_the_place_only_after_a_question(
    reader: Reader, tiny_classifiers: Path, tmp_path: Path
) -> None:
    carried = shutil.copytree(tiny_classifiers / "unet", tmp_path / "unet")
    reader.drop(carried)
    assert "is on this PC already" in reader.read("problem")
    card = (carried / "card.json").read_text("utf-8").replace('"version": "1.0"', '"version": "2.0"')
    (carried / "card.json").write_text(card, "utf-8")
    reader.drop(carried)
    assert "A classifier unet that you added is on this PC already" in reader.read("taken")
    reader.press("keep_present")
    assert reader.listed()["unet"].version == "1.0"


def test_the_published_u_net_is_added_with_its_preset(reader: Reader, shared_data: Path) -> None:
    file = shared_data / "legacy_models" / "Custom_unet_model.h5"
    if not file.is_file():
        pytest.skip(f"needs {file}")
    reader.drop(file)
    reader.page.form.labels.choose("published")
    reader.press("add_network")
    assert "was added as custom-unet-model" in reader.read("said")
    reader.wait_for_list("custom-unet-model")
    added = reader.listed()["custom-unet-model"]
    assert added.labels == FOLDERS
    assert added.recipe.startswith("150 × 150 px by nearest, RGB")
    assert "Custom_unet_model.h5" in added.came_from
