"""A reader who names cells at random in the gallery: what is kept is of the chosen cells, and what is shown is kept."""

import random
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.images.region import Region
from desktop.gui.cells import CellGalleryPage
from desktop.gui.main_window import MainWindow
from desktop.gui.study import StudyController
from desktop.gui.theme.drop_down import DropDown

STEPS = 70
NAMES = {Qt.Key.Key_N: "neutrophil", Qt.Key.Key_L: "lymphocyte", Qt.Key.Key_Y: "erythroblast"}
SCOPES = ("image", "case", "study", "audit")
PLAIN = Qt.KeyboardModifier.NoModifier
MODIFIERS = (PLAIN, PLAIN, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)

Rest = Callable[[StudyController], None]
Cell = tuple[str, Region]
# Name and note of each cell that has one.
Kept = dict[Cell, tuple[str, str]]


@pytest.fixture
def read_folder(tmp_path: Path) -> Path:
    """Two cases of two synthetic images."""
    for image in ("synthetic-2/smear-1.jpg", "synthetic-2/smear-2.jpg", "synthetic-3/smear-1.jpg"):
        for case in ("a", "b"):
            target = tmp_path / "smears" / case / image.replace("/", " ")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.demo_images() / image, target)
    return tmp_path / "smears"


class Walk:
    """Random steps in the gallery, and what must hold once it has come to rest."""

    def __init__(self, window: MainWindow, page: CellGalleryPage, seed: int, rest: Rest) -> None:
        self.window, self.page, self.rest = window, page, rest
        self.random = random.Random(seed)
        self.scope = "case"
        # What the reader can have meant: what was pressed or written while the cell was chosen.
        self.named: dict[Cell, set[str]] = defaultdict(set)
        self.noted: dict[Cell, set[str]] = defaultdict(set)
        self.steps: list[str] = []

    def step(self) -> None:
        """One thing that a reader does."""
        often = (self.choose, self.choose, self.name, self.name_at_rest)
        seldom = (self.undo, self.change_scope, self.arrange, self.note, self.go_elsewhere, self.remove)
        kind = self.random.choice([*often, *often, *seldom])
        self.steps.append(f"{kind.__name__} {self.scope} with {[cell.key for cell in self.page.selected()]}")
        kind()

    def choose(self) -> None:
        if rows := self.page.model.rowCount():
            index = self.page.model.index(self.random.randrange(rows))
            self.page.view.scrollTo(index)
            place = self.page.view.visualRect(index).center()
            QTest.mouseClick(
                self.page.view.viewport(), Qt.MouseButton.LeftButton, self.random.choice(MODIFIERS), place
            )

    def name(self) -> tuple[set[Cell], str]:
        key, chosen = self.random.choice([*NAMES]), {cell.key for cell in self.page.selected()}
        for cell in chosen:
            self.named[cell].add(NAMES[key])
        self.press(key)
        return chosen, NAMES[key]

    def name_at_rest(self) -> None:
        """What is chosen gets the name, nothing else does, and Undo takes exactly that back."""
        self.rest(self.window.controller)
        before = self.kept()
        chosen, name = self.name()
        self.rest(self.window.controller)
        after = self.kept()
        assert {cell for cell in {*before, *after} if before.get(cell) != after.get(cell)} <= chosen, (
            self.told
        )
        assert all(after[cell][0] == name for cell in chosen), self.told
        if after != before and self.random.random() < 0.5:
            self.undo()
            self.rest(self.window.controller)
            assert self.kept() == before, self.told

    def undo(self) -> None:
        self.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def remove(self) -> None:
        self.press(Qt.Key.Key_Delete)

    def note(self) -> None:
        """It is left by Enter, or by another choice."""
        field = self.page.findChild(QLineEdit, "cell_note")
        assert field is not None
        field.setFocus()
        if not field.hasFocus():
            return
        words = f"{len(self.steps)} words"
        for cell in self.page.selected():
            self.noted[cell.key].add(words)
        field.selectAll()
        QTest.keyClicks(field, words)
        if self.random.random() < 0.5:
            self.random.choice((self.choose, self.go_elsewhere))()
        if field.hasFocus():
            QTest.keyClick(field, Qt.Key.Key_Return)

    def change_scope(self) -> None:
        self.scope = self.random.choice(SCOPES)
        self.page.scope_chosen.emit(self.scope)

    def arrange(self) -> None:
        """Another order, or only some of the cells."""
        lists = [one for one in self.page.findChildren(DropDown) if one is not self.page.names]
        one = self.random.choice(lists)
        one.setCurrentIndex(self.random.randrange(min(3, one.count())))
        one.activated.emit(one.currentIndex())

    def go_elsewhere(self) -> None:
        self.window.gallery.select(self.random.choice([*self.window.controller.study.found]))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        self.page.activateWindow()
        self.page.view.setFocus()
        QTest.keyClick(self.page.view, key, modifier)

    @property
    def told(self) -> str:
        return "\n".join(self.steps)

    def kept(self) -> Kept:
        """What is kept of all cells of the study."""
        study, reviewed = self.window.controller.study, self.window.controller.review.reviewed
        return {
            (image, cell.box): (cell.name, cell.note)
            for image in study.found
            for cell in reviewed.cells(image, study.records[image].sha256 if image in study.records else "")
            if cell.name or cell.note
        }

    def wanted(self) -> set[str]:
        """The images whose cells are asked for."""
        found, image = self.window.controller.study.found, self.window.controller.image.image
        assert image is not None
        if self.scope in ("image", "audit"):
            # Nobody has drawn an audit set.
            return {image} if self.scope == "image" else set()
        return {one.image for one in found.values() if self.scope == "study" or one.case == found[image].case}

    def require_what_was_meant(self) -> None:
        """AssertionError where a cell has what was meant for another one, or is shown with what is not kept."""
        kept, model = self.kept(), self.page.model
        for cell, (name, note) in kept.items():
            assert name in {"", *self.named[cell]}, self.told
            assert note in {"", *self.noted[cell]}, self.told
        assert set(model.image_names()) == self.wanted(), self.told
        shown = [model.cell_at(row) for row in range(model.rowCount())]
        for one in shown:
            assert one.image in self.wanted(), self.told
            assert (one.name, one.note) == kept.get(one.key, ("", "")), self.told
        there = [name for (image, _), (name, _) in kept.items() if name and image in self.wanted()]
        assert model.counts().total() == len(there), self.told


# With these, cells of a case came where nobody had drawn an audit set.
@pytest.mark.parametrize("seed", [10, 53])
def test_what_is_kept_and_shown_is_of_the_cells_that_were_chosen(
    open_window: Callable[[], MainWindow], seed: int, rest: Rest, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        window.actions_by_name["cell_gallery"].trigger()
    page = window.cells.page
    assert page is not None
    walk = Walk(window, page, seed, rest)
    for _ in range(STEPS):
        walk.step()
        # Some steps come while the one before is still under way, as from a reader in a hurry.
        if walk.random.random() < 0.5:
            walk.rest(window.controller)
            walk.require_what_was_meant()
    walk.rest(window.controller)
    walk.require_what_was_meant()
    assert walk.kept()
