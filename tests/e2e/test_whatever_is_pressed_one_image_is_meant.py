"""A reader who presses and clicks at random: list, picture, reading and decision are always of one image.

A wrong picture beside the right keys decides the wrong image, and looks right.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bloodsmear.review.decisions import Decision
from desktop.gui.gallery import ListArrangement
from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.gallery.image_list_view import ImageListView
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.main_window import MainWindow
from desktop.gui.study import StudyController

Rest = Callable[[StudyController], None]

STEPS = 110
CHOICES = {
    Qt.Key.Key_1: "benign",
    Qt.Key.Key_2: "early_pre_b",
    Qt.Key.Key_3: "pre_b",
    Qt.Key.Key_U: "unsure",
    Qt.Key.Key_X: "not_evaluable",
}
GOING = (Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_T, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)
LOOKING = (Qt.Key.Key_C, Qt.Key.Key_W, Qt.Key.Key_B, Qt.Key.Key_R, Qt.Key.Key_P, Qt.Key.Key_E, Qt.Key.Key_Q)
PLAIN = Qt.KeyboardModifier.NoModifier
MODIFIERS = (PLAIN, PLAIN, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
FILTERS = (ListFilter(), ListFilter(done=False), ListFilter(done=True), ListFilter(text="case 1"))
ARRANGEMENTS = (
    ListArrangement(),
    ListArrangement(order="uncertainty"),
    ListArrangement(grouping="label"),
    ListArrangement(grouping="case"),
)


class Walk:
    """Random steps in the window, and what must hold once it has come to rest."""

    def __init__(self, window: MainWindow, folder: Path, seed: int, rest: Rest) -> None:
        self.window = window
        self.folder = folder
        self.rest = rest
        self.random = random.Random(seed)
        (self.list,) = window.gallery.findChildren(ImageListView)
        # What the reader can have meant: each choice that was pressed while the image was chosen or marked.
        self.pressed: dict[str, set[str]] = defaultdict(set)
        self.noted: dict[str, set[str]] = defaultdict(set)
        self.steps: list[str] = []

    def step(self) -> None:
        """One thing that a reader does."""
        often = (self.go, self.click, self.decide, self.decide_at_rest, self.look, self.note)
        kind = self.random.choice([*often, *often, self.arrange, self.undo])
        self.steps.append(f"{kind.__name__} at {self.window.gallery.selected()}")
        kind()

    def go(self) -> None:
        key, modifier = self.random.choice(GOING), self.random.choice(MODIFIERS)
        if key == Qt.Key.Key_Return:
            # It may keep for the marked images what was proposed for them.
            self.mean(*self.window.gallery.marked.images(), choices=CHOICES.values())
        self.press(key, modifier if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) else PLAIN)

    def click(self) -> None:
        row = self.random.randrange(max(1, self.list.model().rowCount()))
        index = self.list.model().index(row, 0)
        self.list.scrollTo(index)
        place = self.list.visualRect(index).center()
        QTest.mouseClick(
            self.list.viewport(), Qt.MouseButton.LeftButton, self.random.choice(MODIFIERS), place
        )

    def decide(self) -> str:
        key, marked = self.random.choice([*CHOICES]), self.window.gallery.marked.images()
        self.mean(*marked or [self.chosen()], choices=[CHOICES[key]])
        self.press(key)
        return CHOICES[key]

    def decide_at_rest(self) -> None:
        """What is chosen is decided, and nothing else."""
        self.rest(self.window.controller)
        image, images = self.chosen(), [*self.window.controller.study.found]
        before, marked = {each: self.decision(each) for each in images}, self.window.gallery.marked.images()
        choice = self.decide()
        self.rest(self.window.controller)
        changed = [each for each in images if self.decision(each) != before[each]]
        assert changed in ([], [image]), "\n".join(self.steps)
        if not marked and self.window.controller.study.records[image].status == "ok":
            decided = self.decision(image)
            assert decided is not None
            assert decided.value == choice, "\n".join(self.steps)

    def note(self) -> None:
        """Words of its own for each note; it is left by a key, or by a click on another image."""
        self.press(Qt.Key.Key_N)
        field = QApplication.focusWidget()
        if field is None or field.objectName() != "note":
            return
        words = f"{len(self.steps)} words"
        self.noted[self.chosen()].add(words)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, words)
        if self.random.random() < 0.5:
            self.click()
        # Where a filter hides every image a click leads nowhere.
        if field.hasFocus():
            QTest.keyClick(field, Qt.Key.Key_Return)

    def look(self) -> None:
        self.press(self.random.choice(LOOKING))

    def arrange(self) -> None:
        what = self.random.randrange(6)
        choices = self.window.gallery.choices
        if what < 2:
            choices._set_filter(self.random.choice(FILTERS))
        elif what < 4:
            choices.set_arrangement(self.random.choice(ARRANGEMENTS))
        elif what == 4:
            self.window.gallery.toggle_grid()
        else:
            self.window.review.toggle_blind()

    def undo(self) -> None:
        self.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def mean(self, *images: str, choices: Iterable[str]) -> None:
        for image in images:
            self.pressed[image].update(choices)

    def chosen(self) -> str:
        image = self.window.gallery.selected()
        assert image is not None
        return image

    def decision(self, image: str) -> Decision | None:
        return self.window.controller.review.reviewed.decision(image)

    def require_one_image(self) -> None:
        """AssertionError where two parts are of two images."""
        window, told = self.window, "\n".join(self.steps)
        image = self.chosen()
        assert window.controller.image.image == image, told
        assert window.review.panel.state.image == image, told
        assert window.reading._image == image, told
        highlighted = self.list.currentIndex()
        if highlighted.isValid():
            assert highlighted.data(ImageRole.IMAGE) == image, told
        marked = window.gallery.marked.images()
        selected = [index.data(ImageRole.IMAGE) for index in self.list.selectionModel().selectedRows()]
        assert set(selected) <= {image, *marked}, told
        record = window.controller.study.records[image]
        if record.status == "unreadable":
            assert window.viewer.picture is None, told
        else:
            self.require_picture(image, told)
        for each in window.controller.study.found:
            decision, note = self.decision(each), window.controller.review.reviewed.state(each).note
            assert note in {"", *self.noted[each]}, f"{each}\n{told}"
            assert decision is None or decision.value in self.pressed[each], f"{each}\n{told}"

    def require_picture(self, image: str, told: str) -> None:
        """AssertionError where another picture than the file's is shown."""
        picture = self.window.viewer.picture
        assert picture is not None, told
        assert picture.image == image, told
        read = cv2.imread(str(self.folder / image))
        assert read is not None
        np.testing.assert_array_equal(picture.pixels, read[:, :, ::-1], told)


@pytest.mark.parametrize("seed", [11, 14, 38])
def test_list_picture_reading_and_decision_are_of_one_image(
    open_smears: Callable[..., MainWindow], smear_folder: Path, seed: int, rest: Rest
) -> None:
    window = open_smears()
    window.controller.review.name_reader("Ada")
    kept: list[str] = []
    # It is emitted for an image that was read, too, without a mark.
    window.controller.review.mark_changed.connect(lambda image, mark: kept.append(image) if mark else None)
    walk = Walk(window, smear_folder, seed, rest)
    for _ in range(STEPS):
        walk.step()
        # Some steps come while the one before is still under way, as from a reader in a hurry.
        if walk.random.random() < 0.5:
            walk.rest(window.controller)
            walk.require_one_image()
    assert len(set(kept)) > 2
