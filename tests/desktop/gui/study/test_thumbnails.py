"""The list's small pictures, without a list."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.storage.study_store import StudyStore
from desktop.gui.messages import Message
from desktop.gui.study import StudyController

OpenStudy = Callable[[StudyController, Path], list[Message]]

FIRST, TORN = "case 1/smear 0.png", "case 2/torn.png"


class Given:
    """What was given of each image: its picture, and whether its file could be read."""

    def __init__(self, controller: StudyController, qtbot: QtBot) -> None:
        self._controller = controller
        self._qtbot = qtbot
        self.came: dict[str, tuple[RgbImage | None, bool]] = {}
        controller.thumbnails.ready.connect(self._take)

    def of(self, image: str) -> tuple[RgbImage | None, bool]:
        """Ask for one and wait for it."""
        self.came.pop(image, None)
        self._controller.thumbnails.request(image)
        self._qtbot.waitUntil(lambda: image in self.came)
        return self.came[image]

    def _take(self, image: str, pixels: RgbImage | None, reachable: bool) -> None:
        self.came[image] = pixels, reachable


@pytest.fixture
def given(controller: StudyController, smear_folder: Path, qtbot: QtBot) -> Given:
    """Of a folder that was opened without classifiers."""
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    return Given(controller, qtbot)


def test_they_come_for_good_images_and_none_for_bad_ones(given: Given) -> None:
    good, _reachable = given.of(FIRST)
    assert good is not None
    assert max(good.shape[:2]) == 32
    assert given.of(TORN) == (None, True)


def test_a_file_that_is_not_there_may_come_back(given: Given, smear_folder: Path) -> None:
    away = (smear_folder / FIRST).rename(smear_folder / "away")
    assert given.of(FIRST) == (None, False)
    away.rename(smear_folder / FIRST)
    pixels, reachable = given.of(FIRST)
    assert pixels is not None
    assert reachable


def test_a_file_that_was_changed_loses_the_picture_of_its_older_bytes_when_it_is_looked_at(
    given: Given, controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    before, _reachable = given.of(FIRST)
    (smear_folder / FIRST).write_bytes((smear_folder / "case 2/smear 5.png").read_bytes())
    with qtbot.waitSignal(controller.thumbnails.stale) as stale:
        controller.image.choose(FIRST)
    assert stale.args == [FIRST]
    after, _reachable = given.of(FIRST)
    assert before is not None
    assert after is not None
    assert not np.array_equal(before, after)


def test_a_file_as_it_was_keeps_its_picture(given: Given, controller: StudyController, qtbot: QtBot) -> None:
    given.of(FIRST)
    with (
        qtbot.assertNotEmitted(controller.thumbnails.stale),
        qtbot.waitSignal(controller.image.original_ready),
    ):
        controller.image.choose(FIRST)


def test_a_row_whose_picture_cannot_be_made_says_that_the_image_cannot_be_read(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder)
    given = Given(controller, qtbot)
    with qtbot.waitSignal(controller.records_changed) as changed:
        assert given.of(TORN) == (None, True)
    assert (changed.args[0][0].image, changed.args[0][0].status) == (TORN, "unreadable")
    # It is kept as if it had been chosen, so that it can be acknowledged.
    path = controller.study.path
    assert path is not None

    def kept() -> str:
        with StudyStore.open_existing(path) as store:
            record = store.record(TORN)
            return "" if record is None else record.status

    qtbot.waitUntil(lambda: kept() == "unreadable")
    assert given.of(FIRST)[0] is not None
    assert FIRST not in controller.study.records


def test_a_file_that_vanished_after_its_picture_was_made_is_asked_for_again_when_its_neighbour_is_looked_at(
    given: Given, controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    second = "case 1/smear 2.png"
    assert given.of(second)[1]
    away = (smear_folder / second).rename(smear_folder / "away")
    with qtbot.waitSignal(controller.thumbnails.stale) as stale:
        controller.image.choose(FIRST)
    assert stale.args == [second]
    assert given.of(second) == (None, False)
    away.rename(smear_folder / second)
    assert given.of(second)[1]


def test_the_neighbour_that_is_damaged_keeps_its_row_as_it_is(
    given: Given, controller: StudyController, qtbot: QtBot
) -> None:
    before_torn = next(
        one.image for one in controller.study.found.values() if TORN in _names_around(controller, one.image)
    )
    given.of(TORN)
    with (
        qtbot.assertNotEmitted(controller.thumbnails.stale),
        qtbot.waitSignal(controller.image.ahead.unread) as unread,
    ):
        controller.image.choose(before_torn)
    assert unread.args == [TORN]


def _names_around(controller: StudyController, image: str) -> list[str]:
    return [one.image for one in controller.image.ahead.following(image)]
