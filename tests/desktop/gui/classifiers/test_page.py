"""What the page shows of the classifiers, and what it asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.classifiers import ClassifiersPage
from desktop.gui.classifiers.state import (
    ClassifiersState,
    ClassifierWork,
    ListedClassifier,
    MeasuredFigure,
    MeasuredFigures,
    Taken,
)
from desktop.gui.placing import fit_page
from desktop.gui.theme import LIGHT
from desktop.gui.theme.stylesheet import build_stylesheet
from desktop.gui.theme.wrapped_text import WrappedText

if TYPE_CHECKING:
    from tests.desktop.gui.classifiers.conftest import MakePage


def button(page: ClassifiersPage, name: str) -> QAbstractButton:
    found = page.view().findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def press(page: ClassifiersPage, name: str) -> None:
    assert button(page, name).isVisible()
    button(page, name).click()


def text(page: ClassifiersPage, name: str) -> str:
    found = page.view().findChild(QWidget, name)
    assert isinstance(found, QLabel | WrappedText)
    return found.text() if found.isVisible() else ""


def tick(page: ClassifiersPage, classifier_id: str) -> None:
    """Tick or untick it with the space bar."""
    page.overview.list.select(classifier_id)
    page.overview.list.setFocus()
    QTest.keyClick(page.overview.list, Qt.Key.Key_Space)


class Small:
    """A screen of 1366 × 768 at 200 %."""

    def availableGeometry(self) -> QRect:  # noqa: N802 - Qt's name
        return QRect(0, 0, 683, 384)


def lines(page: ClassifiersPage) -> list[str]:
    shown = page.overview.list
    return [shown.item(row).text() for row in range(shown.count())]


@pytest.mark.parametrize(("name", "can_stop"), [("try_order", True), ("verify", False)])
def test_what_was_asked_for_has_the_focus_again_when_it_is_done(
    make_page: MakePage, state: ClassifiersState, name: str, can_stop: bool
) -> None:
    page = make_page(state)
    button(page, name).setFocus()
    for work in (ClassifierWork("Looking…", can_stop=can_stop), ClassifierWork("Looking…", can_stop, 1, 9)):
        page.show_state(replace(state, work=work))
        assert page.focusWidget() is not button(page, name)
    page.show_state(replace(state, said="All is well."))
    assert page.focusWidget() is button(page, name)
    # The button of the form is gone with it; what it added stands in the list.
    page.show_state(replace(state, to_describe=Path("four.keras")))
    page.form.labels.choose("published")
    button(page, "add_network").setFocus()
    page.show_state(replace(state, to_describe=Path("four.keras"), work=ClassifierWork("Adding…")))
    page.show_state(replace(state, said="four was added."))
    assert page.focusWidget() is page.overview.list
    # Who went elsewhere meanwhile stays there.
    button(page, name).setFocus()
    page.show_state(replace(state, work=ClassifierWork("Looking…")))
    page.overview.list.setFocus()
    page.show_state(state)
    assert page.focusWidget() is page.overview.list


def test_it_is_closed_with_a_button_as_every_page_is(
    make_page: MakePage, state: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(state)
    close = page.findChild(QAbstractButton, "close_page")
    assert isinstance(close, QAbstractButton)
    with qtbot.waitSignal(page.finished):
        close.click()
    assert not page.isVisible()


def test_every_classifier_has_a_line_with_where_it_comes_from_and_whether_it_is_in_use(
    make_page: MakePage, state: ClassifiersState
) -> None:
    page = make_page(state)
    assert lines(page)[0] == "VGG16 1.0\nships with Bloodsmear · in use"
    assert lines(page)[2] == "Ours 1.0\nadded by you"
    assert lines(page)[4] == "torn\nrefused · added by you"
    assert page.overview.list.ticked() == ("vgg16", "unet")
    assert text(page, "choice") == "In use: VGG16 and U-Net."


def test_accuracy_stands_beside_colour_alone_with_intervals_and_limits(
    make_page: MakePage, state: ClassifiersState
) -> None:
    page = make_page(state)
    assert text(page, "details_name") == "VGG16 1.0"
    assert text(page, "details_facts") == "VGG16 · ships with Bloodsmear · 27.5 MB · id vgg16"
    assert text(page, "accuracy") == "87.2\u00a0%  (84.1–89.9)"
    assert text(page, "accuracy_colour_only_baseline") == "97.7\u00a0%  (96.2–99.0)"
    assert text(page, "expected_calibration_error") == "4.2\u00a0%"
    assert "477 held-out images" in text(page, "figures_head")
    assert "One hospital's images." in text(page, "limits")
    assert "Benign, Early Pre-B, Pre-B, Pro-B" in text(page, "details_card")


def test_the_errors_that_may_hurt_come_first_then_each_label_then_accuracy(
    make_page: MakePage, state: ClassifiersState, listed: tuple[ListedClassifier, ...]
) -> None:
    vgg16 = listed[0]
    measured = {
        **vgg16.evaluation.figures,
        "sensitivity_pre_b": MeasuredFigure(0.98),
        "benign_called_other": MeasuredFigure(0.016, 0.003, 0.085),
        "other_called_benign": MeasuredFigure(0.0, 0.0, 0.009),
    }
    told = replace(vgg16, evaluation=replace(vgg16.evaluation, figures=measured))
    page = make_page(replace(state, listed=(told, *listed[1:])))
    names = ["benign_called_other", "other_called_benign", "sensitivity_pre_b", "accuracy"]
    places = [page.view().findChild(QLabel, name) for name in names]
    heights = [place.y() for place in places if place is not None]
    assert len(heights) == 4
    assert heights == sorted(heights)
    assert text(page, "benign_called_other") == "1.6\u00a0%  (0.3–8.5)"


def test_a_sha256_and_a_long_file_name_are_wrapped_and_not_cut(
    make_page: MakePage, state: ClassifiersState, listed: tuple[ListedClassifier, ...]
) -> None:
    came_from = f"not known (imported from {'custom_unet_' * 12}.h5, sha256 {'1a2b3c4d' * 8}) (2026-11-29)"
    imported = replace(listed[0], came_from=came_from)
    page = make_page(replace(state, listed=(imported, *listed[1:])))
    assert came_from in text(page, "details_card")
    card = page.view().findChild(WrappedText, "details_card")
    assert isinstance(card, WrappedText)
    assert card.document().idealWidth() <= card.viewport().width()
    assert card.height() >= card.document().size().height() > 5 * card.fontMetrics().height()


def test_on_a_laptop_at_200_percent_nothing_is_scrolled_sideways(
    make_page: MakePage, state: ClassifiersState
) -> None:
    page = make_page(state)
    page.setStyleSheet(build_stylesheet(LIGHT))
    for one in ("vgg16", "ours"):
        page.overview.list.select(one)
        # 683 px, less the frame and the bar that scrolls down.
        page.resize(657, 460)
        QApplication.processEvents()
        assert page.width() == 657
        [area] = page.overview.details.findChildren(QScrollArea)
        assert area.horizontalScrollBar().maximum() == 0


def test_one_without_figures_says_so(make_page: MakePage, state: ClassifiersState) -> None:
    page = make_page(state)
    page.overview.list.select("theirs")
    assert text(page, "figures_head").startswith("No figures")
    assert page.findChild(QLabel, "accuracy") is None or text(page, "accuracy") == ""


@pytest.mark.parametrize(
    ("ticks", "ids"),
    [(("ours",), ("vgg16", "unet", "ours")), (("vgg16",), ("unet",)), (("unet", "ours"), ("vgg16", "ours"))],
)
def test_one_two_or_three_can_be_compared(
    ticks: tuple[str, ...], ids: tuple[str, ...], make_page: MakePage, state: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(state)
    for one in ticks:
        tick(page, one)
    with qtbot.waitSignal(page.overview.use_wanted) as asked:
        press(page, "use")
    assert asked.args == [ids]


def test_none_and_more_than_three_cannot_be_used(make_page: MakePage, state: ClassifiersState) -> None:
    page = make_page(state)
    for one in ("vgg16", "unet"):
        tick(page, one)
    assert not button(page, "use").isEnabled()
    assert "Tick one at least" in text(page, "choice")
    for one in ("vgg16", "unet", "ours", "theirs"):
        tick(page, one)
    assert not button(page, "use").isEnabled()
    assert "at most 3" in text(page, "choice")


def test_that_labels_differ_is_said_before_they_are_used(
    make_page: MakePage, state: ClassifiersState
) -> None:
    page = make_page(state)
    tick(page, "theirs")
    assert "Their labels differ" in text(page, "choice")


def test_a_refused_one_says_why_and_cannot_be_ticked(make_page: MakePage, state: ClassifiersState) -> None:
    page = make_page(state)
    tick(page, "torn")
    assert "torn" not in page.overview.list.ticked()
    assert "was altered" in text(page, "refused")


def test_one_in_use_that_is_gone_can_be_unticked(
    make_page: MakePage, listed: tuple[ListedClassifier, ...], qtbot: QtBot
) -> None:
    gone = ListedClassifier("gone", "gone", "missing", refused="It is not on this PC any more.")
    page = make_page(ClassifiersState((*listed, gone), in_use=("vgg16", "gone")))
    tick(page, "gone")
    assert not button(page, "verify").isVisible()
    with qtbot.waitSignal(page.overview.use_wanted) as asked:
        press(page, "use")
    assert asked.args == [("vgg16",)]


def test_what_is_ticked_stays_ticked_while_something_else_is_shown(
    make_page: MakePage, state: ClassifiersState
) -> None:
    page = make_page(state)
    tick(page, "ours")
    page.show_state(replace(state, work=ClassifierWork("Checking unet…")))
    page.show_state(replace(state, said="unet is well.", listed=(*(state.listed or ()),)))
    assert page.overview.list.ticked() == ("vgg16", "unet", "ours")
    assert text(page, "details_name") == "Ours 1.0"


def test_removing_is_asked_about_in_place_and_only_own_ones_can_be(
    make_page: MakePage, state: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(state)
    assert not button(page, "remove").isVisible()
    page.overview.list.select("ours")
    with qtbot.assertNotEmitted(page.overview.details.remove_wanted):
        press(page, "remove")
    assert "Remove Ours from this PC?" in text(page, "remove_question")
    assert "that ships with the program answers then" in text(page, "remove_question")
    assert page.focusWidget() is button(page, "keep")
    press(page, "keep")
    assert text(page, "remove_question") == ""
    press(page, "remove")
    with qtbot.waitSignal(page.overview.details.remove_wanted) as asked:
        press(page, "really_remove")
    assert asked.args == ["ours"]


def test_the_question_does_not_pass_over_to_another_one(make_page: MakePage, state: ClassifiersState) -> None:
    page = make_page(state)
    page.overview.list.select("ours")
    press(page, "remove")
    page.overview.list.select("theirs")
    assert text(page, "remove_question") == ""
    assert not button(page, "really_remove").isVisible()


def test_nothing_else_can_be_asked_for_while_something_is_under_way(
    make_page: MakePage, state: ClassifiersState
) -> None:
    page = make_page(replace(state, work=ClassifierWork("Checking vgg16…")))
    assert text(page, "working") == "Checking vgg16…"
    assert not any(button(page, name).isEnabled() for name in ("verify", "add_file", "add_folder", "use"))


def test_verify_and_the_evaluation_page_are_asked_for(
    make_page: MakePage, state: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(state)
    assert not button(page, "evaluation_page").isVisible()
    assert "no evaluation page on this PC" in text(page, "no_page")
    assert text(page, "no_page").endswith("bloodsmear-train evaluate vgg16")
    with qtbot.waitSignal(page.overview.details.verify_wanted) as asked:
        press(page, "verify")
    assert asked.args == ["vgg16"]
    page.overview.list.select("torn")
    assert text(page, "no_page") == "", "one that is refused cannot be measured"
    page.overview.list.select("ours")
    assert text(page, "no_page") == ""
    with qtbot.waitSignal(page.overview.details.page_wanted) as asked:
        press(page, "evaluation_page")
    assert asked.args == [Path("evaluation.html")]


def test_a_taken_id_is_asked_about_in_place(
    make_page: MakePage, state: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(state)
    assert not button(page, "replace").isVisible()
    page.show_state(replace(state, taken=Taken("A classifier unet is on this PC already.", Path("unet.zip"))))
    assert text(page, "taken") == "A classifier unet is on this PC already."
    with qtbot.waitSignal(page.overview.messages.keep_wanted):
        press(page, "keep_present")
    with qtbot.waitSignal(page.overview.messages.replace_wanted):
        press(page, "replace")


def test_what_is_dropped_is_to_be_added(make_page: MakePage, state: ClassifiersState, qtbot: QtBot) -> None:
    page = make_page(state)
    data = QMimeData()
    dropped = Path.cwd() / "carried.zip"
    data.setUrls([QUrl.fromLocalFile(str(dropped))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    either = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    drop = QDropEvent(QPointF(5, 5), either, data, buttons, keys)
    drop.setDropAction(Qt.DropAction.MoveAction)
    with qtbot.waitSignal(page.add_wanted) as asked:
        page.dropEvent(drop)
    assert asked.args == [dropped]
    # After a move the other program would delete its file.
    assert drop.dropAction() == Qt.DropAction.CopyAction


def test_a_drop_whose_data_are_gone_adds_nothing(
    make_page: MakePage, state: ClassifiersState, qtbot: QtBot
) -> None:
    page, data = make_page(state), QMimeData()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with qtbot.assertNotEmitted(page.add_wanted):
        page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_an_empty_list_is_said_to_be_read_until_it_is(make_page: MakePage) -> None:
    page = make_page(ClassifiersState())
    assert text(page, "choice") == "Reading the classifiers of this PC…"
    assert not button(page, "use").isEnabled()


def test_a_problem_is_said_in_place(make_page: MakePage, state: ClassifiersState) -> None:
    page = make_page(replace(state, problem="evil.h5 is refused: it holds a 'Lambda'."))
    assert text(page, "problem") == "evil.h5 is refused: it holds a 'Lambda'."


def test_what_is_said_is_brought_into_sight_on_a_small_screen(
    make_page: MakePage, state: ClassifiersState, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page = make_page(state)
    monkeypatch.setattr(page, "screen", lambda: Small())
    fit_page(page)
    page.show_state(replace(state, problem="The system has no program that shows it."))
    problem = page.overview.findChild(QLabel, "problem")
    assert problem is not None
    qtbot.waitUntil(lambda: problem.visibleRegion().boundingRect() == problem.rect())


def test_figures_of_a_laboratorys_own_labels_have_their_names_and_many_columns_have_numbers(
    make_page: MakePage, state: ClassifiersState
) -> None:
    names = {f"kind_{place}": f"Kind of cell {place}" for place in range(6)}
    figures = {"called_other_kind_1": MeasuredFigure(0.02), "sensitivity_kind_1": MeasuredFigure(0.98)}
    confusion = tuple(tuple(int(row == column) for column in range(6)) for row in range(6))
    own = ListedClassifier(
        "own",
        "Own",
        "own",
        labels=tuple(names.values()),
        evaluation=MeasuredFigures(6, figures, confusion),
        label_names=names,
    )
    page = make_page(replace(state, listed=(own,)))
    said = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "Kind of cell 1 called another label" in said
    assert "Sensitivity of Kind of cell 1" in said
    assert {"1", "6", "6  Kind of cell 5"} <= set(said)
