"""A report of the demo images is held against the golden answers."""

from pathlib import Path

import msgspec
import pytest

from bloodsmear.classifiers.card import Card, GoldenCase
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.self_test.report_check import check_report, read_rows
from desktop.self_test.stage import SelfTestError

IMAGE = "synthetic-1/smear-1.jpg"
ANSWER = (0.7, 0.1, 0.15, 0.05)
COLUMNS = ("vgg16_p_benign", "vgg16_p_early_pre_b", "vgg16_p_pre_b", "vgg16_p_pro_b")


@pytest.fixture
def card(fake_classifiers: ClassifierSet) -> Card:
    golden = (GoldenCase(image=IMAGE, sha256="0" * 64, probabilities=ANSWER),)
    return msgspec.structs.replace(fake_classifiers.classifiers[0].card, golden=golden)


def row(**changes: str) -> dict[str, str]:
    cells = {column: f"{value:.6f}" for column, value in zip(COLUMNS, ANSWER, strict=True)}
    return {"image": IMAGE, "status": "ok", "error": "", **cells, **changes}


def test_the_golden_answers_pass(card: Card) -> None:
    assert check_report([row()], [card], images=1) < 1e-6


def test_golden_answers_are_compared_after_calibration(card: Card) -> None:
    with pytest.raises(SelfTestError, match=r"vgg16_p_benign is 0\.700000; its golden answer is"):
        check_report([row()], [msgspec.structs.replace(card, temperature=2.0)], images=1)


def test_another_answer_is_named(card: Card) -> None:
    with pytest.raises(SelfTestError, match=r"vgg16_p_pre_b is 0\.151000"):
        check_report([row(vgg16_p_pre_b="0.151000")], [card], images=1)


def test_a_classifier_that_did_not_answer_is_named(card: Card) -> None:
    with pytest.raises(SelfTestError, match="vgg16_p_benign is missing"):
        check_report([row(vgg16_p_benign="")], [card], images=1)


def test_an_image_that_was_not_screened_is_named(card: Card) -> None:
    with pytest.raises(SelfTestError, match="was not screened: the file is cut off"):
        check_report([row(status="unreadable", error="the file is cut off")], [card], images=1)


def test_a_missing_image_is_counted(card: Card) -> None:
    with pytest.raises(SelfTestError, match="has 1 rows; there are 2"):
        check_report([row()], [card], images=2)


def test_a_report_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SelfTestError, match=r"window\.csv cannot be read"):
        read_rows(tmp_path / "window.csv")
