"""A network of another program becomes one of the user's classifiers, with the real converter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.adding.importing import ForeignNetwork, ImportEvents, Preparation, import_classifier
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.classifiers.graph_cache import GraphCache
from bloodsmear.classifiers.preprocess import prepare_input
from bloodsmear.errors import ClassifierError, UsageError
from bloodsmear.jobs import Cancel, JobCancelled, Progress

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import TinyNetwork

LABELS = ("benign", "pre_b", "pro_b", "early_pre_b")


@pytest.fixture
def foreign(networks: dict[str, TinyNetwork]) -> ForeignNetwork:
    preparation = Preparation("nearest", 1 / 255)
    return ForeignNetwork(networks["vgg"].model, "from-elsewhere", "From elsewhere", LABELS, preparation)


def test_a_keras_file_answers_as_it_did_and_its_labels_keep_their_order(
    foreign: ForeignNetwork, networks: dict[str, TinyNetwork], warm_cache: GraphCache
) -> None:
    added = import_classifier(foreign, cache=warm_cache)
    assert added.folder == paths.user_classifiers() / "from-elsewhere"
    assert added.card.label_keys == LABELS
    assert "not known" in added.card.trained_on.data_set
    pixels = (networks["vgg"].inputs[0] * 255).round().astype(np.uint8)
    assert prepare_input(pixels, added.card.recipe).shape == networks["vgg"].inputs[0].shape
    answered = open_classifier(added.folder, cache=warm_cache).predict(pixels).probabilities
    assert (
        np.abs(np.array(answered) - networks["vgg"].probabilities[0]).max() < 0.05
    )  # the pixels are rounded


def test_the_classifier_can_be_tried_before_it_is_added_and_a_refusal_adds_nothing(
    foreign: ForeignNetwork, networks: dict[str, TinyNetwork], warm_cache: GraphCache
) -> None:
    heard: list[Progress] = []

    def refuse(classifier: Classifier) -> None:
        pixels = (networks["vgg"].inputs[0] * 255).round().astype(np.uint8)
        assert len(classifier.predict(pixels).probabilities) == 4
        raise ClassifierError("The labels stand in another order.")

    with pytest.raises(ClassifierError, match="another order"):
        import_classifier(foreign, cache=warm_cache, events=ImportEvents(heard.append, refuse))
    assert [(one.done, one.total) for one in heard] == [(0, 4), (1, 4), (2, 4)]
    assert heard[0].text == "Rebuilding the network"
    assert list(paths.user_classifiers().glob("*")) == []


def test_an_import_that_is_stopped_ends_the_converter_and_adds_nothing(
    foreign: ForeignNetwork, warm_cache: GraphCache
) -> None:
    cancel = Cancel()
    # Asked to stop while the network is being rebuilt: long before a rebuilding ends.
    events = ImportEvents(lambda progress: cancel.request())
    with pytest.raises(JobCancelled):
        import_classifier(foreign, cache=warm_cache, events=events, cancel=cancel)
    assert list(paths.user_classifiers().glob("*")) == []


def test_another_number_of_labels_is_refused_before_anything_is_added(
    foreign: ForeignNetwork, warm_cache: GraphCache
) -> None:
    wrong = ForeignNetwork(foreign.file, foreign.id, foreign.name, LABELS[:3], foreign.preparation)
    with pytest.raises(UsageError, match="answers 4 labels, but 3 were named"):
        import_classifier(wrong, cache=warm_cache)
    assert list(paths.user_classifiers().glob("*")) == []


def test_another_size_than_the_networks_is_refused(foreign: ForeignNetwork, warm_cache: GraphCache) -> None:
    sized = Preparation("nearest", 1 / 255, size_px=(150, 150))
    wrong = ForeignNetwork(foreign.file, foreign.id, foreign.name, LABELS, sized)
    with pytest.raises(UsageError, match="takes 22x18 px, not 150x150"):
        import_classifier(wrong, cache=warm_cache)


def test_a_file_with_code_is_refused_and_nothing_is_added(
    foreign: ForeignNetwork, networks_folder: Path, warm_cache: GraphCache
) -> None:
    code = ForeignNetwork(
        networks_folder / "lambda.keras", foreign.id, foreign.name, LABELS, foreign.preparation
    )
    with pytest.raises(ClassifierError, match=r"lambda\.keras is refused: it holds a 'Lambda'"):
        import_classifier(code, cache=warm_cache)
    assert list(paths.user_classifiers().glob("*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="starts a script by its first line")
def test_no_sentence_names_a_file_that_is_gone_when_it_is_read(
    foreign: ForeignNetwork, tmp_path: Path
) -> None:
    converter = tmp_path / "converter"
    words = (
        "import sys; sys.exit(f'bloodsmear-convert: {sys.argv[2]}/model.keras computes in float16; see it.')"
    )
    converter.write_text(f"#!{sys.executable}\n{words}\n", "utf-8")
    converter.chmod(0o755)
    with pytest.raises(ClassifierError) as refused:
        import_classifier(foreign, cache=GraphCache(tmp_path, converter))
    assert str(refused.value) == f"{foreign.file} computes in float16; see it."


def test_an_id_that_is_taken_is_refused_at_once(foreign: ForeignNetwork) -> None:
    never_run = GraphCache(Path("nowhere"), Path("no converter"))
    taken = ForeignNetwork(foreign.file, "vgg16", foreign.name, LABELS, foreign.preparation)
    if not (paths.shipped_classifiers() / "vgg16").is_dir():
        pytest.skip("no classifier ships yet")
    with pytest.raises(ClassifierError, match="There is a classifier vgg16 on this PC already"):
        import_classifier(taken, cache=never_run)


@pytest.mark.parametrize(
    ("classifier_id", "labels", "scale", "said"),
    [
        ("../elsewhere", LABELS, 1.0, "The id '../elsewhere' must be small letters"),
        ("theirs", ("benign", "Pre-B"), 1.0, "The label 'Pre-B' must be small letters"),
        ("theirs", ("benign", "other"), 1.0, "No label can be called 'other'"),
        ("theirs", ("benign", "benign"), 1.0, "name one label twice"),
        ("theirs", LABELS, 0.0, "The scale must be a number other than 0"),
    ],
)
def test_what_makes_no_sense_is_said_before_the_file_is_opened(
    classifier_id: str, labels: tuple[str, ...], scale: float, said: str
) -> None:
    foreign = ForeignNetwork(
        Path("nowhere.h5"), classifier_id, "Theirs", labels, Preparation("nearest", scale)
    )
    with pytest.raises(UsageError, match=said):
        import_classifier(foreign, cache=GraphCache(Path("nowhere"), Path("no converter")))
