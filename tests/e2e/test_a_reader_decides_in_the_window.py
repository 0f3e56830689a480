"""A reader decides with keys in the whole window, on real files and the real study; only the classifiers are fakes."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.classifiers.card import CardFile
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.settings import Settings, write_settings
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.reading.classifier_card import ClassifierCard
from desktop.gui.reading.consensus_box import ConsensusBox

OpenWindow = Callable[[], MainWindow]
Key = Qt.Key
FIRST, SECOND, THIRD = (f"case 1/smear {number}.png" for number in (0, 2, 4))


@pytest.fixture
def open_window(open_smears: Callable[..., MainWindow], smear_folder: Path) -> OpenWindow:
    """Open the window on the folder and wait until the first image can be decided."""
    return lambda: open_smears(AskFiles(folder=lambda _parent, _start: smear_folder))


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()


def name_reader(window: MainWindow, name: str) -> None:
    field = line(window, "reader")
    field.setFocus()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Key.Key_Return)


def line(window: MainWindow, name: str) -> QLineEdit:
    found = window.review.panel.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def sentence(window: MainWindow) -> str:
    found = window.review.panel.findChild(QLabel, "decision_sentence")
    assert isinstance(found, QLabel)
    return found.text()


def press(window: MainWindow, text: str) -> None:
    panel = window.review.panel
    next(each for each in panel.findChildren(QPushButton) if each.text() == text).click()


def decide(window: MainWindow, key: Key, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.review.mark_changed):
        QTest.keyClick(window, key)


def go_to(window: MainWindow, image: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(image)


def rows(window: MainWindow) -> dict[str, str]:
    """What the list says to a screen reader, by image."""
    model = window.gallery.findChildren(QListView)[0].model()
    indexes = [model.index(row, 0, QModelIndex()) for row in range(model.rowCount())]
    images = [str(index.data(Qt.ItemDataRole.ToolTipRole)).split("\n")[0] for index in indexes]
    said = [str(index.data(Qt.ItemDataRole.AccessibleTextRole)) for index in indexes]
    return dict(zip(images, said, strict=True))


def events_of(window: MainWindow) -> list[tuple[str, str, str]]:
    path = window.controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        assert store.events.check().whole
        return [(event.entry.kind, event.entry.image, event.entry.decision) for event in store.events.read()]


def test_three_images_are_decided_with_keys_alone(window: MainWindow, qtbot: QtBot) -> None:
    name_reader(window, "Ada")
    for key in (Key.Key_1, Key.Key_U, Key.Key_4):
        decide(window, key, qtbot)
        with qtbot.waitSignal(window.controller.image.record_ready):
            QTest.keyClick(window, Key.Key_Return)
    assert events_of(window) == [
        ("decided", FIRST, "benign"),
        ("decided", SECOND, "unsure"),
        ("decided", THIRD, "pro_b"),
    ]
    assert [", Benign," in rows(window)[FIRST], ", Unsure," in rows(window)[SECOND]] == [True, True]
    assert "to decide" in rows(window)["case 2/smear 1.png"]


def test_enter_right_after_a_choice_waits_until_it_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    name_reader(window, "Ada")
    with qtbot.waitSignal(window.controller.review.confirmed):
        QTest.keyClick(window, Key.Key_2)
        QTest.keyClick(window, Key.Key_Return)
    assert window.gallery.selected() == SECOND
    assert events_of(window) == [("decided", FIRST, "early_pre_b")]


def test_nothing_is_ever_filled_in_for_the_reader(window: MainWindow) -> None:
    name_reader(window, "Ada")
    QTest.keyClick(window, Key.Key_Return)
    assert "your own choice" in sentence(window)
    assert window.gallery.selected() == FIRST
    assert events_of(window) == []


def test_without_a_name_the_first_decision_asks_for_it_and_it_is_kept(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    first = open_window()
    QTest.keyClick(first, Key.Key_1)
    qtbot.waitUntil(lambda: "Enter the reader's name first" in sentence(first))
    name_reader(first, "Ada Lindqvist")
    first.close()
    second = open_window()
    decide(second, Key.Key_1, qtbot)
    assert second.controller.review.state.reader == "Ada Lindqvist"


def test_keys_do_nothing_to_images_while_a_note_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    name_reader(window, "Ada")
    QTest.keyClick(window, Key.Key_N)
    note = line(window, "note")
    qtbot.waitUntil(lambda: window.focusWidget() is note)
    QTest.keyClicks(note, "1 xou 4")
    with qtbot.waitSignal(window.controller.review.changed):
        QTest.keyClick(note, Key.Key_Return)
    qtbot.waitUntil(lambda: window.controller.review.state.note == "1 xou 4")
    assert window.gallery.selected() == FIRST
    assert events_of(window) == [("noted", FIRST, "")]


def test_undo_works_after_a_restart(open_window: OpenWindow, qtbot: QtBot) -> None:
    first = open_window()
    name_reader(first, "Ada")
    decide(first, Key.Key_3, qtbot)
    first.close()
    second = open_window()
    assert ", Pre-B," in rows(second)[FIRST]
    with qtbot.waitSignal(second.controller.review.mark_changed):
        QTest.keyClick(second, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "to decide" in rows(second)[FIRST]


def test_a_decision_made_at_the_very_end_is_kept(open_window: OpenWindow, qtbot: QtBot) -> None:
    first = open_window()
    name_reader(first, "Ada")
    QTest.keyClick(first, Key.Key_3)
    first.close()
    assert ("decided", FIRST, "pre_b") in events_of(open_window())


def test_what_is_being_typed_at_the_very_end_is_kept(open_window: OpenWindow) -> None:
    first = open_window()
    # No Enter, and the cursor stays in the field, as with Ctrl+Q.
    QTest.keyClicks(line(first, "reader"), "Ada")
    first.close()
    second = open_window()
    assert second.controller.review.state.reader == "Ada"
    line(second, "note").setFocus()
    QTest.keyClicks(line(second, "note"), "round nuclei")
    second.close()
    assert events_of(open_window()) == [("noted", FIRST, "")]


def test_two_readers_do_not_see_each_others_decisions(window: MainWindow, qtbot: QtBot) -> None:
    name_reader(window, "Ada")
    decide(window, Key.Key_3, qtbot)
    press(window, "Change")
    line(window, "reader").clear()
    name_reader(window, "Ben")
    press(window, "A new reader")
    assert "to decide" in rows(window)[FIRST]
    decide(window, Key.Key_1, qtbot)
    assert events_of(window) == [("decided", FIRST, "pre_b"), ("decided", FIRST, "benign")]


def test_many_images_are_decided_at_once_after_a_confirmation_and_undone_at_once(
    window: MainWindow, qtbot: QtBot
) -> None:
    name_reader(window, "Ada")
    with qtbot.waitSignal(window.controller.screening.ended):
        QTest.keyClick(window, Key.Key_F5)
    QTest.keyClick(window, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Key.Key_X)
    assert events_of(window) == []
    assert "Not evaluable for 7 images: confirm to keep it." in sentence(window)
    with qtbot.waitSignal(window.controller.review.many_decided):
        QTest.keyClick(window, Key.Key_Return)
    assert len(events_of(window)) == 7
    assert [", Not evaluable," in row for row in rows(window).values()] == [True] * 7
    assert window.gallery.marked.images() == ()
    with qtbot.waitSignal(window.controller.review.changed):
        QTest.keyClick(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.controller.review.reviewed.marks() == {}


WORDS_OF_CLASSIFIERS = (
    "Early",
    "Pre-B",
    "Pro-B",
    "Benign",
    "agree",
    "confidence",
    "focus",
    "exposure",
    "unlike",
)


def leaks(window: MainWindow) -> list[str]:
    """Whatever list, filters and reading say about the classifiers' answers, wherever a person can come upon it."""
    found = [
        card.outcome() for card in window.reading.findChildren(ClassifierCard) if card.outcome() != "hidden"
    ]
    for card in window.reading.findChildren(ClassifierCard):
        found += [bar.key for bar in card.bars() if bar.probability is not None]
    boxes = window.reading.findChildren(ConsensusBox)
    said = [f"{box.text()} {box.toolTip()} {box.accessibleDescription()}" for box in boxes]
    model = window.gallery.findChildren(QListView)[0].model()
    for row in range(model.rowCount()):
        index = model.index(row, 0, QModelIndex())
        roles = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
        said += [str(index.data(role)) for role in roles]
    found += [text for text in said if any(word in text for word in WORDS_OF_CLASSIFIERS)]
    chips = [each.text() for each in window.gallery.findChildren(QPushButton)]
    return found + [text for text in chips if text.startswith(("Disagree ", "Flagged "))]


def test_blind_reading_shows_nothing_of_a_classifier_before_the_decision(
    window: MainWindow, qtbot: QtBot
) -> None:
    name_reader(window, "Ada")
    with qtbot.waitSignal(window.controller.screening.ended):
        QTest.keyClick(window, Key.Key_F5)
    assert leaks(window)
    QTest.keyClick(window, Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert leaks(window) == []
    assert [row for row in rows(window).values() if "hidden until decided" in row][5:] != []
    decide(window, Key.Key_1, qtbot)
    assert leaks(window) != []
    go_to(window, SECOND, qtbot)
    assert [leak for leak in leaks(window) if "smear 0.png" not in leak] == []


def test_on_the_way_to_a_decided_image_nothing_of_the_undecided_one_is_told(
    window: MainWindow, qtbot: QtBot
) -> None:
    name_reader(window, "Ada")
    go_to(window, SECOND, qtbot)
    decide(window, Key.Key_1, qtbot)
    QTest.keyClick(window, Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    go_to(window, FIRST, qtbot)
    undecided = window.controller.study.records[FIRST].answers
    decided = window.controller.study.records[SECOND].answers
    assert [each.prediction for each in undecided] != [each.prediction for each in decided]
    cards = window.reading.findChildren(ClassifierCard)
    told: list[float | None] = []
    # A screen reader hears of every change, though nothing of it is painted.
    window.controller.review.changed.connect(
        lambda _state: told.extend(bar.probability for card in cards for bar in card.bars())
    )
    go_to(window, SECOND, qtbot)
    assert set(told) - {None} <= {share for each in decided for share in each.prediction.probabilities}


def test_a_filter_by_what_classifiers_say_is_off_in_blind_reading(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.screening.ended):
        QTest.keyClick(window, Key.Key_F5)
    chips = {each.text().split(" ")[0]: each for each in window.gallery.findChildren(QPushButton)}
    chips["Flagged"].click()
    QTest.keyClick(window, Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert len(rows(window)) == 7
    assert not chips["Flagged"].isEnabled()
    assert not chips["Disagree"].isEnabled()
    assert chips["Unreadable"].isEnabled()
    QTest.keyClick(window, Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert chips["Flagged"].isEnabled()


def test_blind_reading_is_kept_for_the_next_start(open_window: OpenWindow, qtbot: QtBot) -> None:
    first = open_window()
    QTest.keyClick(first, Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    first.close()
    assert leaks(open_window()) == []


def looks(window: MainWindow, qtbot: QtBot) -> list[QImage]:
    """Everything but the pictures, screened and blind, as it is painted."""
    name_reader(window, "Ada")
    with qtbot.waitSignal(window.controller.screening.ended):
        QTest.keyClick(window, Key.Key_F5)
    window.message_bar.hide()
    qtbot.wait(50)
    return [part.grab().toImage() for part in (window.gallery, window.review.column, window.top_bar)]


@pytest.mark.parametrize("blind", [True, False])
def test_a_blind_window_looks_the_same_whatever_the_classifiers_say(
    blind: bool,
    open_window: OpenWindow,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_settings(tmp_path / "settings.json", Settings(blind=blind))
    first = open_window()
    seen = looks(first, qtbot)
    first.close()
    write_settings(tmp_path / "settings.json", Settings(blind=blind))
    monkeypatch.setenv("BLOODSMEAR_HOME", str(tmp_path / "another home"))
    loaded = first.controller.study.classifiers
    assert loaded is not None
    for classifier, sure in zip(loaded.classifiers, (0.9, 0.02), strict=True):
        others = Prediction((sure, 0.05, 0.03, 0.92 - sure), unlike_training=True)
        monkeypatch.setattr(classifier, "predict", lambda _image, others=others: others)
    second = looks(open_window(), qtbot)
    assert [one == other for one, other in zip(seen, second, strict=True)] == [blind, blind, True]


def test_decisions_are_there_with_another_version_of_a_classifier(
    open_window: OpenWindow, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    first = open_window()
    name_reader(first, "Ada")
    decide(first, Key.Key_3, qtbot)
    study = first.controller.study.path
    first.close()
    newer = fake_classifiers.classifiers[0]
    newer.card = msgspec.structs.replace(  # type: ignore[misc]  # a fake's
        newer.card, version="2.0", files=(CardFile(name="model.keras", sha256="2" * 64, bytes=1),)
    )
    second = open_window()
    assert second.controller.study.path == study
    assert ", Pre-B," in rows(second)[FIRST]
    decide(second, Key.Key_U, qtbot)
    assert events_of(second) == [("decided", FIRST, "pre_b"), ("decided", FIRST, "unsure")]
