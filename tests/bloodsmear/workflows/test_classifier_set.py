"""Which classifiers are used, and which are left out with a sentence."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import CardError, ClassifierError
from bloodsmear.workflows.classifier_set import (
    classifier_folders,
    load_default_classifiers,
    load_named_classifiers,
    mark_of,
)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Three folders that look like classifiers, as the shipped ones."""
    for name in ("vgg16", "unet", "third"):
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        (folder / "card.json").write_text("{}")
    monkeypatch.setattr(paths, "shipped_classifiers", lambda: tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def opener(make_classifier: Callable[[str], Classifier]) -> Callable[[Path, int], Classifier]:
    """Opens any folder as a fake classifier with the folder's name."""
    return lambda folder, streams: make_classifier(folder.name)


def test_the_defaults_are_the_two_that_ship_in_the_order_of_the_report(
    installed: Path, opener: Callable[[Path, int], Classifier]
) -> None:
    loaded = load_default_classifiers(opener=opener)

    assert [mark.id for mark in loaded.marks] == ["vgg16", "unet"]
    assert loaded.refused == ()


def test_a_refused_default_is_left_out_and_says_why(
    installed: Path, opener: Callable[[Path, int], Classifier]
) -> None:
    def refuse_unet(folder: Path, streams: int) -> Classifier:
        if folder.name == "unet":
            raise ClassifierError(f"{folder / 'model.keras'} was altered.")
        return opener(folder, streams)

    loaded = load_default_classifiers(opener=refuse_unet)

    assert [mark.id for mark in loaded.marks] == ["vgg16"]
    assert [(one.id, "was altered" in one.reason) for one in loaded.refused] == [("unet", True)]


def test_a_default_that_is_not_there_is_left_out_and_says_so(
    installed: Path, opener: Callable[[Path, int], Classifier]
) -> None:
    loaded = load_default_classifiers(ids=("vgg16", "gone"), opener=opener)

    assert loaded.refused[0].reason == (
        "There is no classifier 'gone' on this PC; there are: third, unet, vgg16."
    )


def test_without_one_usable_classifier_it_is_refused_with_each_reason(installed: Path) -> None:
    def refuse(folder: Path, streams: int) -> Classifier:
        raise CardError(f"{folder.name} has a wrong card.")

    with pytest.raises(ClassifierError, match=r"No classifier can be used\. vgg16 .* unet has a wrong card"):
        load_default_classifiers(opener=refuse)


def test_named_classifiers_come_once_each_in_the_order_named(
    installed: Path, opener: Callable[[Path, int], Classifier]
) -> None:
    loaded = load_named_classifiers(["third", "vgg16", "third"], opener=opener)

    assert [mark.id for mark in loaded.marks] == ["third", "vgg16"]


def test_a_named_classifier_that_is_refused_stops_it(
    installed: Path, opener: Callable[[Path, int], Classifier]
) -> None:
    with pytest.raises(ClassifierError, match="There is no classifier 'gone'"):
        load_named_classifiers(["vgg16", "gone"], opener=opener)


def test_classifiers_are_opened_at_the_same_time(
    installed: Path, opener: Callable[[Path, int], Classifier]
) -> None:
    both_here = threading.Barrier(2, timeout=10)

    def meet(folder: Path, streams: int) -> Classifier:
        both_here.wait()
        return opener(folder, streams)

    assert len(load_default_classifiers(opener=meet).classifiers) == 2


def test_the_users_own_classifier_wins_over_a_shipped_one_with_its_id(installed: Path) -> None:
    own = paths.user_classifiers() / "unet"
    own.mkdir(parents=True)
    (own / "card.json").write_text("{}")

    assert classifier_folders()["unet"] == own
    assert classifier_folders()["vgg16"] == installed / "vgg16"


def test_a_mark_names_version_model_and_labels_of_the_card(
    make_classifier: Callable[..., Classifier],
) -> None:
    card = make_classifier("vgg16", version="2.0").card

    mark = mark_of(card)

    assert (mark.id, mark.name, mark.label_keys) == ("vgg16", "VGG16", card.label_keys)
    assert mark.version_mark == f"2.0+{mark.model_sha256[:8]}"
