"""--check-on: a label order that does not fit is said before the classifier is added, or of one that is installed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bloodsmear.adding.importing import ForeignNetwork, ImportEvents
from bloodsmear.adding.installing import AddedClassifier
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.label_order import LabelOrderTrial
from desktop.cli import classifiers_command, label_check, own_classifiers
from desktop.cli.exit_code import ExitCode
from desktop.cli.program import main

PUBLISHED = ("benign", "pre_b", "pro_b", "early_pre_b")
READING = ("benign", "early_pre_b", "pre_b", "pro_b")
GOOD = LabelOrderTrial("theirs", Path("smears"), 100, 0, PUBLISHED, 93, PUBLISHED, 93, (), ())
WRONG = replace(GOOD, said=READING, said_right=24)
BAD = replace(GOOD, said_right=30, best_right=41)
ADD = [
    *("classifiers", "add", "net.h5", "--id", "theirs", "--labels", ",".join(READING)),
    *("--resize", "nearest", "--scale", "1/255", "--check-on", "smears"),
]

Find = Callable[[LabelOrderTrial], None]


@pytest.fixture
def find(fake_classifiers: ClassifierSet, monkeypatch: pytest.MonkeyPatch) -> Find:
    """`find(trial)`: what the next trial says; an import then only asks for it."""
    classifier = fake_classifiers.classifiers[0]

    def add(foreign: ForeignNetwork, replace: bool, events: ImportEvents, cancel: Cancel) -> AddedClassifier:
        events.before_adding(classifier)
        return AddedClassifier(classifier.card, Path("there"), None, False)

    def open_it(folder: Path) -> Classifier:
        return classifier

    def set_up(trial: LabelOrderTrial) -> None:
        monkeypatch.setattr(label_check, "try_label_order", lambda *words, **more: trial)
        monkeypatch.setattr(label_check, "open_classifier", open_it)
        monkeypatch.setattr(own_classifiers, "import_classifier", add)
        monkeypatch.setattr(classifiers_command, "verify_all", lambda folders, terminal: ExitCode.DONE)
        monkeypatch.setattr(classifiers_command, "classifier_folders", lambda: {"theirs": Path("theirs")})

    return set_up


def test_a_wrong_order_is_refused_with_the_words_to_give(
    find: Find, capsys: pytest.CaptureFixture[str]
) -> None:
    find(WRONG)
    assert main(ADD) == 2
    streams = capsys.readouterr()
    assert "24 right (24\u00a0%)" in streams.err
    assert "93 (93\N{NO-BREAK SPACE}%)" in streams.err
    assert "Nothing was added. Give --labels benign,pre_b,pro_b,early_pre_b;" in streams.err
    assert streams.out == ""


def test_a_fitting_order_is_added_and_said(find: Find, capsys: pytest.CaptureFixture[str]) -> None:
    find(GOOD)
    assert main(ADD) == 0
    streams = capsys.readouterr()
    assert "was added" in streams.out
    assert "No other order fits far better." in streams.out
    assert streams.err == ""


def test_answers_that_fit_in_no_order_are_added_with_a_warning(
    find: Find, capsys: pytest.CaptureFixture[str]
) -> None:
    find(BAD)
    assert main(ADD) == 1
    streams = capsys.readouterr()
    assert "was added" in streams.out
    assert "resize method, scale" in streams.err


@pytest.mark.parametrize(("trial", "code"), [(GOOD, 0), (WRONG, 1)])
def test_an_installed_classifier_is_tried_after_it_was_verified(
    trial: LabelOrderTrial, code: int, find: Find, capsys: pytest.CaptureFixture[str]
) -> None:
    find(trial)
    assert main(["classifiers", "verify", "theirs", "--check-on", "smears"]) == code
    streams = capsys.readouterr()
    assert "theirs was tried on 100 images of smears" in (streams.err if code else streams.out)


def test_a_classifier_with_a_card_is_not_tried_while_it_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classifiers", "add", "carried.zip", "--check-on", "smears"]) == 2
    assert "verify ID --check-on FOLDER" in capsys.readouterr().err
