"""The panel of the decision as the main window uses it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.decision import DecisionPanel
from desktop.gui.decision.choice_grid import KeyButton
from desktop.gui.decision.decision_words import action_of, sentence_of, standing_words
from desktop.gui.review_state import Marked, ReviewState
from desktop.gui.theme import LIGHT

CHOICES = ("benign", "early_pre_b", "pre_b", "pro_b", "unsure", "other", "not_evaluable")
OPEN = ReviewState(image="c/a.png", case="c", reader="Ada", choices=CHOICES)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def panel(qtbot: QtBot) -> DecisionPanel:
    panel = DecisionPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    panel.show()
    panel.show_state(OPEN)
    return panel


def button(panel: DecisionPanel, text: str) -> QPushButton:
    return next(each for each in panel.findChildren(QPushButton) if each.text() == text and each.isVisible())


def field(panel: DecisionPanel, name: str) -> QLineEdit:
    found = panel.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def sentence(panel: DecisionPanel) -> str:
    label = panel.findChild(QLabel, "decision_sentence")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def chosen(panel: DecisionPanel) -> list[str]:
    return [each.text() for each in panel.findChildren(QPushButton) if each.isChecked()]


def test_nothing_is_chosen_before_the_reader_chose_it(panel: DecisionPanel) -> None:
    assert chosen(panel) == []
    assert not button(panel, "Confirm and next").isEnabled()


def test_a_long_label_of_a_laboratorys_own_is_cut_with_an_ellipsis_and_widens_nothing(
    panel: DecisionPanel, qtbot: QtBot
) -> None:
    width_px = panel.minimumSizeHint().width()
    long = "myeloblast_with_auer_rods_and_more"
    panel.show_state(replace(OPEN, choices=(long, "b", *CHOICES[4:])))
    (cut,) = [each for each in panel.findChildren(QPushButton) if each.objectName() == f"key_button_{long}"]
    qtbot.waitUntil(lambda: "…" in cut.text())
    assert cut.fontMetrics().horizontalAdvance(cut.text()) < cut.width()
    assert cut.toolTip() == long
    assert long in cut.accessibleName()
    assert panel.minimumSizeHint().width() == width_px
    assert button(panel, "Not evaluable").toolTip() == ""


def test_where_there_is_no_room_for_both_a_label_is_seen_and_its_key_is_not(qtbot: QtBot) -> None:
    made = KeyButton("Early Pre-B", "2")
    qtbot.addWidget(made)
    (key,) = made.findChildren(QLabel)
    words_px = QFontMetrics(made.font()).horizontalAdvance("Early Pre-B")
    made.resize(words_px + 80, 30)
    made.show()
    assert (made.text(), key.isVisible(), made.toolTip()) == ("Early Pre-B", True, "")
    made.resize(words_px + 24, 30)
    assert (made.text(), key.isVisible(), made.toolTip()) == ("Early Pre-B", False, "Early Pre-B (2)")
    made.resize(words_px, 30)
    assert "…" in made.text()


def test_two_labels_that_begin_alike_are_told_apart_where_they_are_cut_and_keep_their_keys(
    qtbot: QtBot,
) -> None:
    shown = []
    for words, figure in (("Neutrophil, segmented", "9"), ("Neutrophil, stab", "0")):
        made = KeyButton(words, figure)
        qtbot.addWidget(made)
        made.resize(100, 30)
        made.show()
        (key,) = made.findChildren(QLabel)
        assert key.isVisible()
        assert "…" in made.text()
        shown.append(made.text())
    assert shown[0] != shown[1]


def test_only_what_is_chosen_is_bold_and_may_lose_its_key_by_that(qtbot: QtBot) -> None:
    made = KeyButton("Not evaluable", "Space")
    made.setCheckable(True)
    qtbot.addWidget(made)
    (key,) = made.findChildren(QLabel)
    words_px = QFontMetrics(made.font()).horizontalAdvance("Not evaluable")
    made.resize(words_px + key.sizeHint().width() + 22, 30)
    made.show()
    assert key.isVisible()
    made.setChecked(True)
    assert made.text() == "Not evaluable"
    assert not key.isVisible()
    made.setChecked(False)
    assert key.isVisible()


def test_no_label_is_broken_at_its_hyphen_and_an_images_name_is_left_alone(panel: DecisionPanel) -> None:
    panel.show_marked(Marked(3))
    button(panel, "Pre-B").click()
    assert sentence(panel) == "Pre\u2011B for 3 images: confirm to keep it."
    panel.complain("Pre-B/1.png cannot be read.")
    assert sentence(panel) == "Pre-B/1.png cannot be read."


def test_every_choice_stands_with_its_key() -> None:
    assert [action_of(choice, CHOICES) for choice in CHOICES] == [
        *(f"label_{number}" for number in range(1, 5)),
        "unsure",
        "other",
        "not_evaluable",
    ]


def test_twenty_labels_have_keys_and_what_comes_behind_them_is_chosen_with_the_mouse() -> None:
    labels = [f"kind_{number}" for number in range(1, 31)]
    choices = (*labels, "unsure")
    assert [action_of(label, choices) for label in labels[:20]] == [f"label_{n}" for n in range(1, 21)]
    assert {action_of(label, choices) for label in labels[20:]} == {""}
    assert action_of("unsure", choices) == "unsure"


def test_labels_of_ones_own_are_called_by_their_names(panel: DecisionPanel) -> None:
    state = replace(OPEN, choices=("hem", "all", "unsure"), names={"hem": "Hämatogone", "all": "ALL-Blast"})

    def named() -> list[str]:
        # The layout shows new buttons once the events are heard.
        QApplication.processEvents()
        return [each.text() for each in panel.findChildren(KeyButton) if each.isVisibleTo(panel)]

    panel.show_state(state)
    assert {"Hämatogone", "ALL-Blast"} <= set(named())
    panel.show_state(replace(state, names={"hem": "Hämatogone", "all": "Blast"}))
    assert "Blast" in named()
    assert "ALL-Blast" not in named()
    asked = replace(state, for_consensus=True, disputed=True, others=(("Ben", "all"),), decision="hem")
    assert sentence_of(asked).startswith("Ben: ALL\u2011Blast. You decided Hämatogone.")


def test_a_click_asks_for_the_decision_and_shows_it_only_when_it_is_kept(
    panel: DecisionPanel, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(panel.chosen) as asked:
        button(panel, "Pre-B").click()
    assert asked.args == ["pre_b"]
    assert chosen(panel) == []
    panel.show_state(replace(OPEN, decision="pre_b", decided_at=NOW))
    assert chosen(panel) == ["Pre-B"]
    assert button(panel, "Confirm and next").isEnabled()


@pytest.mark.usefixtures("half_past_five_east")
def test_the_time_of_a_decision_stands_with_its_day_when_that_is_past() -> None:
    decided = replace(OPEN, decision="pre_b", decided_at=NOW)
    assert standing_words(decided, NOW) == "decided 17:30"
    assert standing_words(decided, NOW + timedelta(days=2)) == "decided 2026-11-24 17:30"


def test_what_is_not_decided_says_so() -> None:
    assert standing_words(OPEN, NOW) == "to decide"
    assert standing_words(replace(OPEN, unreadable=True), NOW) == "to acknowledge"
    assert standing_words(ReviewState(), NOW) == ""


def test_an_unreadable_image_is_acknowledged_or_not_evaluable_and_nothing_else(
    panel: DecisionPanel, qtbot: QtBot
) -> None:
    panel.show_state(replace(OPEN, unreadable=True))
    assert not button(panel, "Benign").isEnabled()
    assert button(panel, "Not evaluable").isEnabled()
    assert "cannot be read" in sentence(panel)
    with qtbot.waitSignal(panel.acknowledged):
        button(panel, "Acknowledge").click()


def test_a_locked_case_says_so_and_can_only_be_reopened(panel: DecisionPanel, qtbot: QtBot) -> None:
    panel.show_state(replace(OPEN, decision="pre_b", decided_at=NOW, locked="You signed off the case c."))
    assert sentence(panel) == "You signed off the case c."
    assert not button(panel, "Benign").isEnabled()
    assert not field(panel, "note").isEnabled()
    button(panel, "Reopen case…").click()
    QTest.keyClicks(field(panel, "reason"), "second look")
    with qtbot.waitSignal(panel.reopen_wanted) as asked:
        QTest.keyClick(field(panel, "reason"), Qt.Key.Key_Return)
    assert asked.args == [False, "second look"]


def test_a_second_click_on_the_place_of_the_sign_off_begins_no_reopening(panel: DecisionPanel) -> None:
    wanted: list[bool] = []
    panel.sign_off_wanted.connect(wanted.append)
    case, study = button(panel, "Sign off case…"), button(panel, "Sign off study…")
    QTest.mouseClick(case, Qt.MouseButton.LeftButton)
    panel.show_state(replace(OPEN, decision="pre_b", decided_at=NOW, locked="You signed off the case c."))
    QTest.mouseClick(case, Qt.MouseButton.LeftButton)
    assert wanted == [False]
    assert not field(panel, "reason").isVisible()
    # The study can still be closed; then that, too, is said in its place.
    QTest.mouseClick(study, Qt.MouseButton.LeftButton)
    panel.show_state(replace(OPEN, locked="You signed off the study.", whole_locked=True))
    QTest.mouseClick(study, Qt.MouseButton.LeftButton)
    assert wanted == [False, True]
    assert (case.text(), study.text()) == ("Case signed off", "Study signed off")


def test_what_was_refused_leads_to_the_image_that_is_in_the_way(panel: DecisionPanel, qtbot: QtBot) -> None:
    panel.complain("The case c cannot be signed off: 1 image is undecided (c/b.png).", "c/b.png")
    assert "c/b.png" in sentence(panel)
    with qtbot.waitSignal(panel.image_wanted) as asked:
        button(panel, "Go to the first one").click()
    assert asked.args == ["c/b.png"]
    panel.show_state(replace(OPEN, image="c/b.png"))
    assert sentence(panel) == ""


def test_without_a_name_the_complaint_puts_the_cursor_into_its_field(
    panel: DecisionPanel, qtbot: QtBot
) -> None:
    panel.show_state(replace(OPEN, reader=""))
    panel.complain("Enter the reader's name first.")
    assert panel.focusWidget() is field(panel, "reader")
    QTest.keyClicks(field(panel, "reader"), "Ada")
    with qtbot.waitSignal(panel.reader_named) as named:
        button(panel, "Pre-B").click()
    assert named.args == ["Ada"]


def offered(panel: DecisionPanel) -> list[str]:
    model = field(panel, "reader").completer().completionModel()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_earlier_readers_of_the_study_are_offered_and_one_of_them_is_taken(
    panel: DecisionPanel, qtbot: QtBot
) -> None:
    panel.show_state(replace(OPEN, readers=("Ada", "Dr second", "Grace")))
    button(panel, "Change").click()
    assert offered(panel) == ["Ada", "Dr second", "Grace"]
    popup = field(panel, "reader").completer().popup()
    assert popup is not None
    QTest.keyClicks(field(panel, "reader"), "sec")
    assert offered(panel) == ["Dr second"]
    QTest.keyClick(popup, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.reader_named) as named:
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert named.args == ["Dr second"]
    assert not popup.isVisible()


def test_a_name_beside_those_of_earlier_readers_is_asked_about_once(
    panel: DecisionPanel, qtbot: QtBot
) -> None:
    asking = replace(OPEN, readers=("Ada", "Grace"), new_reader="Dr third", waiting="Say first who reads.")
    panel.show_state(asking)
    question = panel.findChild(QLabel, "new_reader_question")
    assert isinstance(question, QLabel)
    assert question.text() == "Dr third has not read this study yet; Ada and Grace have. Is it somebody else?"
    assert sentence(panel) == ""
    assert not button(panel, "Benign").isEnabled()
    with qtbot.waitSignal(panel.new_reader_named) as named:
        button(panel, "A new reader").click()
    assert named.args == ["Dr third"]
    with qtbot.waitSignal(panel.reader_kept):
        button(panel, "Change the name").click()
    assert panel.focusWidget() is field(panel, "reader")
    panel.show_state(replace(asking, new_reader="", waiting=""))
    assert not question.isVisible()


def test_a_note_is_kept_once_and_escape_leaves_the_older_one(panel: DecisionPanel) -> None:
    noted: list[str] = []
    panel.noted.connect(noted.append)
    panel.begin_note()
    QTest.keyClicks(field(panel, "note"), "smudge cells")
    QTest.keyClick(field(panel, "note"), Qt.Key.Key_Return)
    field(panel, "note").clearFocus()
    assert noted == ["smudge cells"]
    panel.show_state(replace(OPEN, note="smudge cells"))
    QTest.keyClicks(field(panel, "note"), "!")
    QTest.keyClick(field(panel, "note"), Qt.Key.Key_Escape)
    assert field(panel, "note").text() == "smudge cells"
    assert noted == ["smudge cells"]


def test_what_is_being_typed_stays_when_something_else_is_kept(panel: DecisionPanel) -> None:
    panel.begin_note()
    QTest.keyClicks(field(panel, "note"), "smu")
    panel.show_state(replace(OPEN, decision="pre_b", decided_at=NOW))
    assert field(panel, "note").text() == "smu"


def test_the_panel_leaves_the_reading_its_room(panel: DecisionPanel) -> None:
    # At 1366 × 768 the columns are 698 px high; the reading takes 410 at its longest sentence.
    assert panel.sizeHint().height() <= 698 - 390


def test_many_images_are_decided_only_after_a_confirmation_that_names_their_number(
    panel: DecisionPanel, qtbot: QtBot
) -> None:
    alone: list[str] = []
    together: list[str] = []
    panel.chosen.connect(alone.append)
    panel.many_chosen.connect(together.append)
    panel.show_marked(Marked(12, decided=2))
    assert sentence(panel) == "12 images are marked. Choose what all of them show, then confirm."
    assert not button(panel, "Decide for 12 images").isEnabled()
    panel.confirm()
    button(panel, "Pre-B").click()
    assert (alone, together) == ([], [])
    assert "2 of them are decided already and will change" in sentence(panel)
    button(panel, "Pre-B for 12 images").click()
    assert (alone, together) == ([], ["pre_b"])


def test_what_was_proposed_for_many_is_confirmed_once(panel: DecisionPanel) -> None:
    together: list[str] = []
    panel.many_chosen.connect(together.append)
    panel.show_marked(Marked(3, 0))
    panel.choose("benign")
    # Enter twice, before it is kept: a second act would be the one that Undo takes back.
    panel.confirm()
    panel.confirm()
    assert together == ["benign"]


def test_what_was_proposed_for_many_is_gone_when_the_marks_are(panel: DecisionPanel, qtbot: QtBot) -> None:
    panel.show_marked(Marked(3))
    panel.choose("unsure")
    with qtbot.waitSignal(panel.unmark_wanted):
        button(panel, "Unmark").click()
    panel.show_marked(Marked())
    assert chosen(panel) == []
    assert not button(panel, "Confirm and next").isEnabled()
    panel.show_marked(Marked(4))
    assert chosen(panel) == []


def test_a_label_that_no_classifier_in_use_knows_is_told(panel: DecisionPanel) -> None:
    panel.show_state(replace(OPEN, decision="myeloblast", decided_at=NOW))
    assert sentence(panel) == "You decided myeloblast, a label that no classifier in use knows."
