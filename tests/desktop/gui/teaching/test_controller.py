"""The controller of teaching leads to another image only while the reader waits for it."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bloodsmear.errors import UsageError
from bloodsmear.jobs import Cancel, Report
from bloodsmear.workflows.study_teaching import NextToTeach
from desktop.gui.teaching import StudyAccess, TeachingController, TeachingDoor, jobs

FOUND = cast(
    NextToTeach,
    SimpleNamespace(rows=SimpleNamespace(write=None), accuracy=0.9, images=30, order=("a.png", "b.png")),
)
Fit = Callable[[], NextToTeach]


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Fit]:
    """What the fits in the background come to, the next one first."""
    coming: list[Fit] = []

    def order_following(_path: Path, _report: Report, _cancel: Cancel) -> NextToTeach:
        return coming.pop(0)()

    monkeypatch.setattr(jobs, "order_following", order_following)
    return coming


@pytest.fixture
def controller(qtbot: QtBot, tmp_path: Path, fits: list[Fit]) -> Callable[[], TeachingController]:
    made: list[TeachingController] = []

    def make() -> TeachingController:
        study = StudyAccess(lambda: tmp_path / "study.bloodsmear", lambda: "Ada", lambda _work: None)
        controller = TeachingController(study)
        made.append(controller)
        controller.look()
        qtbot.waitUntil(lambda: controller.state.phase == "ready")
        return controller

    return make


def lead(controller: TeachingController) -> list[tuple[str, ...]]:
    """Where the reader is led."""
    led: list[tuple[str, ...]] = []
    controller.images_wanted.connect(lambda images, _name: led.append(images))
    return led


def too_few() -> NextToTeach:
    raise UsageError("Decide 10 images of each of two labels first.")


def decide_ten(controller: TeachingController) -> None:
    for number in range(10):
        controller.take_decided(f"{number}.png")


def test_who_waits_is_led_to_the_image_that_would_teach_most(
    controller: Callable[[], TeachingController], fits: list[Fit], qtbot: QtBot
) -> None:
    made = controller()
    fits.append(lambda: FOUND)
    with qtbot.waitSignal(made.images_wanted) as led:
        made.decide_following()
    assert led.args == [("a.png", "b.png"), "would teach most"]
    made.close()


def test_after_too_few_decisions_a_later_fit_does_not_take_the_reader_away(
    controller: Callable[[], TeachingController], fits: list[Fit], qtbot: QtBot
) -> None:
    made = controller()
    led = lead(made)
    fits += [too_few, lambda: FOUND]
    made.decide_following()
    qtbot.waitUntil(lambda: made.state.live.startswith("Decide 10"))
    decide_ten(made)
    qtbot.waitUntil(lambda: made.state.following != ())
    assert led == []
    made.close()


def test_what_was_being_taught_behind_a_closed_page_is_kept_in_no_other_study(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    over, begun, go_on = QWidget(), Event(), Event()
    qtbot.addWidget(over)
    used: list[object] = []

    def teach(_path: Path, _report: Report, _cancel: Cancel) -> None:
        begun.set()
        go_on.wait(5)

    monkeypatch.setattr(jobs, "teach", teach)
    opened = tmp_path / "one"
    controller = TeachingController(StudyAccess(lambda: opened, lambda: "Ada", used.append))
    with qtbot.waitSignal(controller.changed):
        door = TeachingDoor(controller, over)
        door.open()
    assert door.page is not None
    controller.teach("Ours")
    qtbot.waitUntil(begun.is_set)
    door.page.close()
    opened = tmp_path / "another"
    door.look_again()
    go_on.set()
    qtbot.waitUntil(lambda: not controller._runner._alive)
    assert used == []
    door.close()


def test_who_went_to_another_image_meanwhile_stays_there(
    controller: Callable[[], TeachingController], fits: list[Fit], qtbot: QtBot
) -> None:
    made = controller()
    led = lead(made)
    fits.append(lambda: FOUND)
    made.decide_following()
    made.stay()
    qtbot.waitUntil(lambda: made.state.following != ())
    assert led == []
    made.close()
