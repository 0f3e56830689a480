"""The page of agreement: a row for each pair, and nothing of a classifier in blind reading."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from bloodsmear.review.kappa import Kappa
from bloodsmear.review.reader_agreement import Comparison
from desktop.gui.dialogs import AgreementDialog

TWO_READERS = Comparison("Ada", "Ben", "reader", Kappa(40, 36, 0.8512, 0.731, 0.971), 0, 40)
WITH_UNET = Comparison(
    "Ada", "U-Net", "classifier", Kappa(3, 3, 1.0, None, None, "They agree on every image."), 2, 0
)


@pytest.fixture
def page(qtbot: QtBot) -> AgreementDialog:
    made = AgreementDialog()
    qtbot.addWidget(made)
    made.show()
    return made


def texts(page: AgreementDialog) -> list[str]:
    # What was added shows when the loop comes round.
    QApplication.processEvents()
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_it_says_that_it_compares_until_the_figures_come(page: AgreementDialog) -> None:
    assert "Comparing…" in texts(page)


def test_each_pair_has_a_row_with_kappa_and_its_interval_or_why_there_is_none(page: AgreementDialog) -> None:
    page.show_comparisons([TWO_READERS, WITH_UNET], hidden=False)
    shown = texts(page)
    assert "Comparing…" not in shown
    assert "0.85 (0.73 to 0.97)" in shown
    assert "36 (90.0\u00a0%)" in shown
    assert "1.00. They agree on every image." in shown
    assert "3, 2 without a label left out" in shown


def test_in_blind_reading_no_classifier_is_named(page: AgreementDialog) -> None:
    page.show_comparisons([TWO_READERS, WITH_UNET], hidden=False)
    page.show_comparisons([TWO_READERS, WITH_UNET], hidden=True)
    shown = texts(page)
    assert "Ben" in shown
    assert not any("U-Net" in text for text in shown)
    assert any("hidden while you read blind" in text for text in shown)


def test_before_any_decision_it_says_so(page: AgreementDialog) -> None:
    page.show_comparisons([], hidden=False)
    assert any("Nobody has decided anything yet" in text for text in texts(page))


def test_what_went_wrong_stands_in_place(page: AgreementDialog) -> None:
    page.say("The study is gone.")
    assert "The study is gone." in texts(page)


def test_nothing_of_a_study_that_was_left_stays(page: AgreementDialog) -> None:
    page.show_comparisons([TWO_READERS], hidden=False)
    page.show_nothing("The study is being opened.")
    shown = texts(page)
    assert "The study is being opened." in shown
    assert not any(name in shown for name in ("Ben", "Reader"))
