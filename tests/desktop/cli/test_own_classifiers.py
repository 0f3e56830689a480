"""`classifiers add` and `classifiers remove`: what they say and how they end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.adding.installing import AddedClassifier
from bloodsmear.classifiers.card import Card
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli import own_classifiers
from desktop.cli.program import main


@pytest.fixture
def installed() -> Path:
    """A classifier folder of the user's, called `mine`; only its name matters here."""
    return install("mine")


def install(classifier_id: str) -> Path:
    folder = paths.user_classifiers() / classifier_id
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(b"a network")
    return folder


def test_adding_says_what_was_added_and_what_it_replaces(
    fake_classifiers: ClassifierSet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def add(source: Path, replace_other: bool, accept: Callable[[Card], None]) -> AddedClassifier:
        asked.append((source, replace_other))
        accept(fake_classifiers.classifiers[0].card)
        return AddedClassifier(
            fake_classifiers.classifiers[0].card, Path("there"), "0.9+11112222", True, True
        )

    monkeypatch.setattr(own_classifiers, "add_classifier", add)
    assert main(["classifiers", "add", "carried.zip", "--replace"]) == 0
    assert asked == [(Path("carried.zip"), True)]
    said = capsys.readouterr().out
    assert said.startswith("vgg16 1.0+76676731 was checked, passed its golden test and was added: VGG16.\n")
    assert "in the place of 0.9+11112222" in said
    assert "graph was made anew on this PC" in said
    assert "without it `screen --fast` refuses the classifier" in said


@pytest.mark.parametrize("source", ["nowhere.zip", "notes.txt", "folder"])
def test_what_is_not_a_classifier_is_a_sentence_and_ends_with_2(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("no zip at all")
    (tmp_path / "folder").mkdir()
    assert main(["classifiers", "add", str(tmp_path / source)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("bloodsmear: ")
    assert str(tmp_path / source) in said


def test_removing_takes_the_folder_away_and_says_so(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classifiers", "remove", "mine"]) == 0
    assert not installed.exists()
    streams = capsys.readouterr()
    assert streams.out == "mine was removed. Studies keep what it answered.\n"
    assert streams.err == ""


def test_removing_one_that_ships_or_is_unknown_ends_with_2(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classifiers", "remove", "other"]) == 2
    assert "You have not added a classifier 'other'; yours are: mine." in capsys.readouterr().err
    assert installed.exists()


def test_removing_a_default_classifier_is_not_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "shipped_classifiers", lambda: tmp_path)
    install("unet")
    assert main(["classifiers", "remove", "unet"]) == 0
    assert "unet is one of your default classifiers and will be missed" in capsys.readouterr().err

    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "card.json").write_text("{}")
    install("unet")
    assert main(["classifiers", "remove", "unet"]) == 0
    streams = capsys.readouterr()
    assert "The unet that ships with the program answers from now on." in streams.out
    assert streams.err == ""
