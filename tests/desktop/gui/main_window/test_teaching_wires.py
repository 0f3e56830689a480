"""The list beside the teaching page."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from desktop.gui.main_window import MainWindow
from desktop.gui.study.reviewed import Reviewed
from desktop.gui.teaching import OF_THE_AUDIT


def test_who_decides_while_the_images_that_would_teach_most_are_looked_for_is_led_to_none(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays: list[bool] = []
    monkeypatch.setattr(window.teaching.controller, "stay", lambda: stays.append(True))
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("benign")
    assert stays == [True]


def test_what_a_screening_brings_is_no_decision_that_a_head_is_fitted_for(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(window.teaching.controller, "take_decided", counted.append)
    review, image = window.controller.review, window.gallery.selected()

    def decide(value: str) -> None:
        review.decide(value)
        qtbot.waitUntil(lambda: review.state.decision == value)
        review.take_records(list(window.controller.study.records.values()))

    for value in ("benign", "unsure"):
        decide(value)
    assert counted == [image, image]


def test_the_list_leads_on_through_an_audit_set_that_is_drawn_anew_and_through_none_that_is_given_up(
    open_window: Callable[[], MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    gallery, review = window.gallery, window.controller.review
    first, second, third = list(window.controller.study.found)[:3]

    def draw(audit: SimpleNamespace | None) -> None:
        monkeypatch.setattr(Reviewed, "audit", audit)
        review.changed.emit(review.state)

    draw(SimpleNamespace(names=frozenset({first, second}), act=1))
    gallery.choices.lead_through((first, second), OF_THE_AUDIT)
    assert gallery.shown_images() == (first, second)
    draw(SimpleNamespace(names=frozenset({third}), act=9))
    # The chosen one stays in sight.
    qtbot.waitUntil(lambda: gallery.shown_images() == (first, third))
    draw(None)
    qtbot.waitUntil(lambda: len(gallery.shown_images()) == gallery.count())
    assert gallery.choices.filter.words == ("to decide",)
