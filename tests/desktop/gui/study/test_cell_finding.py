"""Cells are found for the chosen image alone, in the background, and only while outlines are wanted."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.images.cells import FoundCells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.job_runner import JobRunner, Lane
from desktop.gui.study.cell_finding import LANE, CellFinding


class Desk:
    """A CellFinding, and all that it said."""

    def __init__(self) -> None:
        self.parent = QObject()
        self.runner = JobRunner([Lane(LANE, order="latest_only")], self.parent)
        self.cells = CellFinding(self.runner, self.parent)
        self.found: list[tuple[str, int]] = []
        self.said: list[str] = []
        self.cells.found.connect(self._take)
        self.cells.finding.connect(lambda: self.said.append("finding"))
        self.cells.cleared.connect(lambda: self.said.append("cleared"))
        self.cells.failed.connect(self.said.append)

    def _take(self, image: str, found: FoundCells) -> None:
        self.found.append((image, len(found.cells)))


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    assert made.runner.close()


def demo(number: int) -> RgbImage:
    return decode_image(paths.demo_images() / "synthetic-2" / f"smear-{number}.jpg").pixels


def test_nothing_is_found_until_outlines_are_wanted_and_then_for_the_next_images_too(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.cells.take_original("1", demo(1), "ab")
    assert (desk.found, desk.said) == ([], ["cleared"])
    with qtbot.waitSignal(desk.cells.found):
        desk.cells.toggle()
    desk.cells.forget()
    with qtbot.waitSignal(desk.cells.found):
        desk.cells.take_original("2", demo(2), "ab")
    assert desk.found == [("1", 5), ("2", 2)]


def test_of_an_image_that_was_left_nothing_is_told(desk: Desk, qtbot: QtBot) -> None:
    first, second = demo(1), demo(2)
    desk.cells.toggle()
    desk.cells.take_original("1", first, "ab")
    desk.cells.forget()
    with qtbot.waitSignal(desk.cells.found):
        desk.cells.take_original("2", second, "ab")
    qtbot.wait(50)
    assert desk.found == [("2", 2)]


def test_when_outlines_are_wanted_no_more_they_are_cleared_and_none_come(desk: Desk, qtbot: QtBot) -> None:
    desk.cells.toggle()
    desk.cells.take_original("1", demo(1), "ab")
    desk.cells.toggle()
    qtbot.wait(100)
    assert desk.found == []
    assert desk.said[-1] == "cleared"


def test_the_same_picture_again_keeps_its_outlines(desk: Desk, qtbot: QtBot) -> None:
    pixels = demo(2)
    desk.cells.toggle()
    with qtbot.waitSignal(desk.cells.found):
        desk.cells.take_original("2", pixels, "ab")
    said = list(desk.said)
    desk.cells.take_original("2", pixels, "ab")
    assert desk.said == said


def test_what_cannot_be_looked_at_is_said(desk: Desk, qtbot: QtBot) -> None:
    desk.cells.toggle()
    with qtbot.waitSignal(desk.cells.failed) as failed:
        desk.cells.take_original("1", demo(1)[:, :, 0], "ab")
    assert failed.args[0]
