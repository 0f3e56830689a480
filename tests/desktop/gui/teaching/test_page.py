"""What the teaching page shows and offers in each state."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.teaching.page import TeachingPage
from desktop.gui.teaching.state import (
    AuditSeen,
    FigureSeen,
    HeadSeen,
    LabelSeen,
    StudySeen,
    TeachingState,
    Work,
)
from desktop.gui.theme import apply_theme

FIGURES = (
    FigureSeen("accuracy", 0.95, 0.9, 0.98, 60, signed=False, of_audit=True),
    FigureSeen("gain over vgg16", 0.12, 0.04, 0.2, 60, signed=True, of_audit=True),
    FigureSeen("accuracy", 0.97, None, None, 400, signed=False, of_audit=False),
)
HEAD = HeadSeen("our-laboratory", "Our laboratory", ("Benign", "Blast"), 400, FIGURES, "")
STUDY = StudySeen((LabelSeen("benign", "Benign", 12), LabelSeen("blast", "Blast", 10)), (), None)
READY = TeachingState(phase="ready", study=STUDY)


@pytest.fixture
def page(qtbot: QtBot) -> TeachingPage:
    made = TeachingPage()
    qtbot.addWidget(made)
    made.show()
    return made


def button(page: TeachingPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def shown(page: TeachingPage, name: str) -> list[str]:
    """The texts in a table, row after row; Qt shows what is new in it with the next events."""
    QApplication.processEvents()
    table = page.findChild(QWidget, name)
    assert isinstance(table, QWidget)
    return [label.text() for label in table.findChildren(QLabel) if not label.isHidden()]


def test_without_a_study_it_says_what_to_do_and_nothing_can_be_asked(page: TeachingPage) -> None:
    page.show_state(TeachingState())
    label = page.findChild(QLabel, "nothing_decided")
    assert isinstance(label, QLabel)
    assert "Open a folder, screen it, and decide some images." in label.text()
    for name in ("teach", "draw_audit", "teach_next"):
        assert not button(page, name).isEnabled()


def test_a_label_with_too_few_images_says_how_many_are_missing(page: TeachingPage) -> None:
    few = replace(STUDY, labels=(LabelSeen("benign", "Benign", 12), LabelSeen("blast", "Blast", 7)))
    page.show_state(replace(READY, study=few))
    assert shown(page, "taught_labels") == [
        "Benign",
        "12",
        "enough to teach it",
        "Blast",
        "7",
        "3 more to teach it",
    ]
    assert not button(page, "teach").isEnabled()
    page.show_state(READY)
    assert button(page, "teach").isEnabled()


def test_while_images_of_the_audit_set_are_to_be_read_it_leads_to_them(page: TeachingPage) -> None:
    audit = AuditSeen(60, 23, ("a.png",), False, "23 of the 60 images of the audit set are read")
    page.show_state(replace(READY, study=replace(STUDY, audit=audit)))
    assert button(page, "read_audit").isVisible()
    assert not button(page, "draw_audit").isVisible()
    page.show_state(replace(READY, study=replace(STUDY, audit=replace(audit, to_read=(), is_whole=True))))
    assert not button(page, "read_audit").isVisible()


def test_an_audit_set_is_given_up_by_two_presses(page: TeachingPage, qtbot: QtBot) -> None:
    audit = AuditSeen(60, 60, (), True, "60 of the 60 images of the audit set are read")
    page.show_state(replace(READY, study=replace(STUDY, audit=audit)))
    assert not button(page, "surely").isVisible()
    button(page, "give_up_audit").click()
    page.show_state(replace(READY, study=replace(STUDY, audit=audit)))
    with qtbot.waitSignal(page.give_up_wanted):
        button(page, "surely").click()
    page.show_state(READY)
    assert not button(page, "surely").isVisible()


def test_while_it_teaches_it_can_be_stopped_and_not_begun_again(page: TeachingPage) -> None:
    page.show_state(replace(READY, phase="teaching", work=Work("Reading images…", 3, 40)))
    assert button(page, "stop_teaching").isVisible()
    assert not button(page, "teach").isEnabled()


def test_the_figures_stand_before_install_which_is_on_for_an_offered_head_alone(page: TeachingPage) -> None:
    page.show_state(replace(READY, phase="taught", head=HEAD))
    assert shown(page, "audit_figures") == [
        "Accuracy",
        "95.0 %",
        "90.0 to 98.0",
        "60 images",
        "Gain over vgg16",
        "+12.0 points",
        "+4.0 to +20.0",
        "60 images",
    ]
    assert shown(page, "crossed_figures") == ["Accuracy", "97.0 %", "", "400 images"]
    assert button(page, "install_taught").isEnabled()
    page.show_state(replace(READY, phase="taught", head=replace(HEAD, why_not="It may be worse.")))
    assert not button(page, "install_taught").isEnabled()
    label = page.findChild(QLabel, "not_offered")
    assert isinstance(label, QLabel)
    assert label.text() == "It may be worse."
    page.show_state(replace(READY, phase="taught", head=replace(HEAD, disagrees="It differs on 2 of 3.")))
    disagrees = page.findChild(QLabel, "disagrees")
    assert isinstance(disagrees, QLabel)
    assert disagrees.isVisible()
    page.show_state(replace(READY, phase="installed", head=HEAD))
    assert not disagrees.isVisible()
    assert button(page, "install_taught").text() == "Installed"
    assert not button(page, "install_taught").isEnabled()


def test_how_many_images_to_draw_is_seen_under_the_programs_look(qapp: QApplication, qtbot: QtBot) -> None:
    sheet, font, palette = qapp.styleSheet(), qapp.font(), qapp.palette()
    apply_theme(qapp, "light")
    try:
        made = TeachingPage()
        qtbot.addWidget(made)
        made.show()
        made.show_state(READY)
        number = made.findChild(QSpinBox, "audit_images")
        assert isinstance(number, QSpinBox)
        assert number.lineEdit().width() > number.fontMetrics().horizontalAdvance("1000")
    finally:
        qapp.setStyleSheet(sheet)
        qapp.setFont(font)
        qapp.setPalette(palette)


def test_a_head_of_other_labels_says_that_it_cannot_be_compared(page: TeachingPage) -> None:
    page.show_state(replace(READY, phase="taught", head=HEAD))
    label = page.findChild(QLabel, "other_labels")
    assert isinstance(label, QLabel)
    assert not label.isVisible()
    page.show_state(replace(READY, phase="taught", head=replace(HEAD, has_other_labels=True)))
    assert label.isVisible()


def test_a_problem_is_brought_into_sight_on_a_small_screen(page: TeachingPage, qtbot: QtBot) -> None:
    page.resize(520, 360)
    page.show_state(replace(READY, problem="Only 9 images can be drawn, not 60."))
    problem = page.findChild(QLabel, "teaching_problem")
    assert problem is not None
    qtbot.waitUntil(lambda: not problem.visibleRegion().isEmpty())


def test_on_a_laptop_at_200_percent_nothing_is_scrolled_sideways_and_the_figures_of_both_tables_line_up(
    page: TeachingPage, qapp: QApplication
) -> None:
    apply_theme(qapp, "light")
    long = FigureSeen(
        "the base classifier: accuracy on the same images", 1.0, 0.9, 1.0, 4222, signed=False, of_audit=False
    )
    audit = AuditSeen(60, 20, ("a",), is_whole=False, words="20 of the 60 images are read.")
    head = replace(HEAD, figures=(*FIGURES, long))
    page.show_state(replace(READY, phase="taught", head=head, study=replace(STUDY, audit=audit)))
    button(page, "give_up_audit").click()
    # 683 px, less the frame.
    page.resize(667, 360)
    QApplication.processEvents()
    [area] = page.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    ends = {
        label.mapTo(page, label.rect().topRight()).x()
        for label in page.findChildren(QLabel)
        if label.isVisible() and label.text().endswith((" %", " %", "points"))
    }
    assert len(ends) == 1


def test_a_button_that_cannot_be_pressed_any_more_leaves_the_focus_to_none_that_closes(
    page: TeachingPage,
) -> None:
    page.activateWindow()
    page.show_state(READY)
    button(page, "teach").setFocus()
    page.show_state(replace(READY, phase="teaching", work=Work("Writing…", 0, None)))
    assert page.focusWidget() is not button(page, "close_page")
