"""On a screen of 1366×768 at 200 % everything to press is in sight: it leaves 683 × 384 px."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea

from desktop.gui.placing import fit_page
from desktop.gui.theme import LIGHT
from desktop.gui.theme.stylesheet import build_stylesheet
from desktop.gui.training.page import TrainingPage
from desktop.gui.training.state import (
    DataSeen,
    FigureColumn,
    FitSeen,
    MadeClassifier,
    Phase,
    TrainingState,
    Unfinished,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

AVAILABLE = QRect(0, 0, 683, 384)
FRAME_PX = QSize(16, 48)
OUTCOME = MadeClassifier("our-lab", Path("made"), (FigureColumn("Our lab", 477, {}),), Path("page.html"))


class SmallScreen:
    def availableSize(self) -> QSize:  # noqa: N802 - Qt's name
        return AVAILABLE.size()

    def availableGeometry(self) -> QRect:  # noqa: N802 - Qt's name
        return AVAILABLE


@pytest.fixture
def page(qtbot: QtBot, start_state: TrainingState, monkeypatch: pytest.MonkeyPatch) -> TrainingPage:
    monkeypatch.setattr(TrainingPage, "screen", lambda _page: SmallScreen())
    made = TrainingPage(start_state, LIGHT)
    qtbot.addWidget(made)
    fit_page(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def out_of_sight(page: TrainingPage) -> list[str]:
    """The buttons of the page that are cut or hidden, but for those among what scrolls within a step."""
    scrolled = {
        button
        for area in page.findChildren(QScrollArea)
        if area.parentWidget() is not page
        for button in area.findChildren(QPushButton)
    }
    shown = [each for each in page.findChildren(QPushButton) if each.isVisible() and each not in scrolled]
    assert shown
    return [each.text() for each in shown if each.visibleRegion().boundingRect() != each.rect()]


@pytest.mark.parametrize("phase", ["empty", "ready", "fitting", "failed", "finished", "installed"])
def test_every_step_has_its_buttons_in_sight(
    page: TrainingPage, start_state: TrainingState, phase: Phase
) -> None:
    page.setStyleSheet(build_stylesheet(LIGHT))
    data = None if phase == "empty" else DataSeen(Path("labelled"), (("benign", 504), ("pro_b", 12)))
    failed = phase == "failed"
    unfinished = Unfinished("Our lab", Path("run"), 2, 30) if failed else None
    fit = FitSeen("Our lab", "an NVIDIA GPU with PyTorch", "", 4, 30, 12, 57, 7500.0)
    state = replace(start_state, phase=phase, data=data, fit=fit, outcome=OUTCOME, unfinished=unfinished)
    page.show_state(
        replace(state, problem="Out of memory.", way_out="Go on with 16 images at a time")
        if failed
        else state
    )
    assert (page.size() + FRAME_PX).boundedTo(AVAILABLE.size()) == page.size() + FRAME_PX
    assert out_of_sight(page) == []
    buttons = [each for each in page.findChildren(QPushButton) if each.isVisible()]
    assert [each.text() for each in buttons if each.width() < each.sizeHint().width()] == []


def test_the_choice_has_its_buttons_in_sight_and_is_not_scrolled_sideways(
    page: TrainingPage, start_state: TrainingState
) -> None:
    page.setStyleSheet(build_stylesheet(LIGHT))
    page.show_state(replace(start_state, phase="ready", data=DataSeen(Path("labelled"), (("benign", 504),))))
    next_step = page.findChild(QPushButton, "next")
    assert isinstance(next_step, QPushButton)
    next_step.click()
    assert page.step() == 1
    assert out_of_sight(page) == []
    [area] = page.choice_step.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0


def test_the_figures_of_three_classifiers_are_not_scrolled_sideways_and_keys_scroll_down_to_the_end(
    page: TrainingPage, start_state: TrainingState
) -> None:
    page.setStyleSheet(build_stylesheet(LIGHT))
    figures: dict[str, tuple[float, float | None, float | None]] = dict.fromkeys(
        ("benign_called_other", "other_called_benign", "accuracy", "macro_f1"), (0.995, 0.974, 1.0)
    )
    names = ("Our laboratory 2026", "VGG16 2.0", "U-Net 2.0")
    outcome = replace(OUTCOME, columns=tuple(FigureColumn(name, 477, figures) for name in names))
    fit = FitSeen("Our lab", "two cores", "", 4, 30, 12, 57, 7500.0)
    page.show_state(replace(start_state, phase="finished", fit=fit, outcome=outcome))
    QApplication.processEvents()
    areas = page.outcome_step.findChildren(QScrollArea)
    assert [area.horizontalScrollBar().maximum() for area in areas] == [0, 0]
    bar = max((area.verticalScrollBar() for area in areas), key=lambda one: one.maximum())
    assert bar.value() < bar.maximum()
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(page, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
