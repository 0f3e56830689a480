"""Two readers differ; a third one, marked for it, decides alone, sees what they decided, and settles it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.gui.dialogs import AgreementDialog
from desktop.gui.main_window import MainWindow

Key = Qt.Key
FIRST, SECOND = "case 1/smear 0.png", "case 1/smear 2.png"


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """Ada and Ben agree on the first image and differ on the second; Cara comes, on the first image."""
    window = open_smears()
    for reader, second in (("Ada", Key.Key_1), ("Ben", Key.Key_2)):
        window.controller.review.name_reader(reader)
        decide(window, FIRST, Key.Key_1, qtbot)
        decide(window, SECOND, second, qtbot)
    window.controller.review.name_reader("Cara")
    choose(window, FIRST, qtbot)
    return window


def choose(window: MainWindow, image: str, qtbot: QtBot) -> None:
    if window.gallery.selected() != image:
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.gallery.select(image)


def decide(window: MainWindow, image: str, key: Key, qtbot: QtBot) -> None:
    choose(window, image, qtbot)
    with qtbot.waitSignal(window.controller.review.mark_changed):
        QTest.keyClick(window, key)


def read_for_consensus(window: MainWindow, qtbot: QtBot) -> str:
    with qtbot.waitSignal(window.controller.consensus.said) as said:
        window.actions_by_name["consensus"].trigger()
    return str(said.args[0])


def sentence(window: MainWindow) -> str:
    (found,) = window.review.panel.findChildren(QLabel, "decision_sentence")
    return found.text()


def press_next_disputed(window: MainWindow) -> str | None:
    QTest.keyClick(window, Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    return window.gallery.selected()


def test_who_decides_alone_hears_nothing_of_what_others_decided(window: MainWindow) -> None:
    assert press_next_disputed(window) == FIRST
    assert not window.controller.review.state.disputed


def test_a_reader_who_decided_is_led_to_what_another_decided_otherwise(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.controller.review.name_reader("Ada")
    with qtbot.waitSignal(window.controller.image.record_ready):
        assert press_next_disputed(window) == SECOND
    # That there is something, and not what: only a reader for consensus sees that.
    assert "Ben" not in sentence(window)


def test_the_others_are_seen_after_the_own_decision_and_the_next_one_settles(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert "Cara reads for consensus: 1 image is disputed" in read_for_consensus(window, qtbot)
    assert window.actions_by_name["consensus"].isChecked()
    with qtbot.waitSignal(window.controller.image.record_ready):
        assert press_next_disputed(window) == SECOND
    assert sentence(window) == (
        "Readers differ on this image. Decide by yourself first; then you see what they decided."
    )
    decide(window, SECOND, Key.Key_1, qtbot)
    assert "Ada: Benign" in sentence(window)
    assert "Ben: Early" in sentence(window)
    # The same label again: what holds is still a decision of its own.
    decide(window, SECOND, Key.Key_2, qtbot)
    assert "Settled as Early" in sentence(window)
    assert window.controller.review.state.decision == "early_pre_b"
    assert press_next_disputed(window) == SECOND
    assert not window.controller.review.state.disputed


def test_an_own_decision_may_be_settled_as_it_is(window: MainWindow, qtbot: QtBot) -> None:
    read_for_consensus(window, qtbot)
    decide(window, SECOND, Key.Key_1, qtbot)
    decide(window, SECOND, Key.Key_1, qtbot)
    assert window.controller.review.state.settled
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.actions_by_name["undo"].trigger()
    assert window.controller.review.state.settles
    assert not window.controller.review.state.settled


def test_an_own_decision_is_neither_undone_nor_changed_once_the_others_were_seen(
    window: MainWindow, qtbot: QtBot
) -> None:
    read_for_consensus(window, qtbot)
    decide(window, SECOND, Key.Key_1, qtbot)
    with qtbot.waitSignal(window.controller.review.refused) as undone:
        window.actions_by_name["undo"].trigger()
    assert "it can only be settled" in str(undone.args[0])
    read_for_consensus(window, qtbot)
    with qtbot.waitSignal(window.controller.review.refused) as changed:
        QTest.keyClick(window, Key.Key_2)
    assert "Read for consensus again" in str(changed.args[0])
    assert window.controller.review.state.decision == "benign"


def test_agreement_stands_there_before_and_after(window: MainWindow, qtbot: QtBot) -> None:
    read_for_consensus(window, qtbot)
    decide(window, SECOND, Key.Key_1, qtbot)
    decide(window, SECOND, Key.Key_1, qtbot)
    window.actions_by_name["agreement"].trigger()
    page = window.findChildren(AgreementDialog)[-1]

    def texts() -> list[str]:
        return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "Ben, after the consensus read (1 settled)" in texts())
    assert "1 (50.0\u00a0%)" in texts()
    assert "2 (100.0\u00a0%)" in texts()
    page.close()


def test_the_sign_off_of_the_consensus_read_is_about_the_disputed_images(
    window: MainWindow, qtbot: QtBot
) -> None:
    read_for_consensus(window, qtbot)
    decide(window, SECOND, Key.Key_1, qtbot)
    counts = window.controller.review.sign_off_counts(whole_study=True)
    assert counts is not None
    assert (counts.what, counts.images, counts.undecided) == ("the study (consensus read)", 1, (SECOND,))
    decide(window, SECOND, Key.Key_1, qtbot)
    counts = window.controller.review.sign_off_counts(whole_study=True)
    assert counts is not None
    assert counts.complete
