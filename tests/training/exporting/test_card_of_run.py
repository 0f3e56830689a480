"""What the card says of the images that a run was fitted on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card
from training.data.data_set import DataSet, LabelledImage
from training.data.kept_images import DecodedSet, KeptImages
from training.data.pictures import PictureSet
from training.data.split import Part, Split
from training.evaluation.evaluation import Evaluation
from training.exporting.card_of_run import make_card
from training.exporting.measuring import MeasuredGraph
from training.exporting.request import MakersWords
from training.fitting.earlier_classifier import EarlierClassifier
from training.fitting.fitted_on import FittedOn, write_fitted_on
from training.fitting.prepared_run import KeptPart, PreparedRun
from training.fitting.presets import default_config
from training.fitting.run import recipe_of

CONFIG = default_config("unet", width_px=8, height_px=8, precision="float32")
PARTS: tuple[Part, ...] = ("train", "validation", "held_out", "left_out")


@pytest.fixture
def measured() -> MeasuredGraph:
    """What an export measured, with the statistics of a classifier that ships."""
    unlike = read_card(paths.shipped_classifiers() / "unet").unlike_training
    assert unlike is not None
    return MeasuredGraph(1.0, (0.6,), unlike, Evaluation((), ("benign",), [[1]]))


def decoded(root: Path, label: str, fingerprints: tuple[int, ...]) -> DecodedSet:
    images = tuple(LabelledImage(root / f"{number}.png", label, number) for number in fingerprints)
    nothing = np.zeros((len(images), 8, 8, 3), np.uint8)
    return DecodedSet(DataSet(root, images), PictureSet(nothing, nothing, np.array(fingerprints, np.uint64)))


@pytest.fixture
def run_of(tmp_path: Path) -> Callable[..., PreparedRun]:
    """A run on four images of Pre-B, the fingerprints 1 to 4, one in each part."""
    new = decoded(tmp_path / "new", "pre_b", (1, 2, 3, 4))
    split = Split(7, "by hand", {f"{place + 1}.png": part for place, part in enumerate(PARTS)})

    def make(earlier: EarlierClassifier | None = None, kept: KeptPart | None = None) -> PreparedRun:
        return PreparedRun(
            tmp_path / "run",
            new.data_set,
            split,
            recipe_of(CONFIG),
            new.pictures,
            new.targets,
            earlier,
            kept,
        )

    return make


def test_it_names_what_was_fitted_on_and_chosen_by(
    run_of: Callable[..., PreparedRun], words: MakersWords, measured: MeasuredGraph
) -> None:
    trained_on = make_card(run_of(), CONFIG, words, measured, ()).trained_on
    assert trained_on.fingerprints == tuple(f"{number:016x}" for number in (1, 2))
    assert trained_on.data_set == words.data_set
    counts = {count.label: (count.train, count.validation, count.held_out) for count in trained_on.counts}
    assert counts == {"benign": (0, 0, 0), "early_pre_b": (0, 0, 0), "pre_b": (1, 1, 1), "pro_b": (0, 0, 0)}


def test_what_ships_fitted_on_all_images_names_all_of_them_and_says_that_another_fit_was_measured(
    run_of: Callable[..., PreparedRun], words: MakersWords, measured: MeasuredGraph
) -> None:
    trained_on = make_card(replace(run_of(), whole_ships=True), CONFIG, words, measured, ()).trained_on
    assert trained_on.fingerprints == tuple(f"{number:016x}" for number in (1, 2, 3, 4))
    counts = {count.label: (count.train, count.validation, count.held_out) for count in trained_on.counts}
    assert counts["pre_b"] == (4, 0, 0)
    assert trained_on.split.startswith("by hand; the figures are of a fit that saw the training part alone")


def test_images_kept_in_and_all_that_the_earlier_classifier_saw_are_in_it(
    run_of: Callable[..., PreparedRun], words: MakersWords, measured: MeasuredGraph, tmp_path: Path
) -> None:
    earlier = EarlierClassifier(
        str(tmp_path / "first"), "the classifier First", tuple(f"{n:016x}" for n in (8, 9, 10))
    )
    old = decoded(tmp_path / "old", "benign", (8, 9))
    kept = KeptPart(KeptImages(str(tmp_path / "old"), old.fingerprints, 1), old)
    trained_on = make_card(run_of(earlier, kept), CONFIG, words, measured, ()).trained_on
    assert trained_on.fingerprints == tuple(f"{number:016x}" for number in (1, 2, 8, 9, 10))
    assert trained_on.data_set.endswith(
        "in train only, 2 images kept in that the classifier First was trained on"
    )
    assert str(tmp_path) not in trained_on.data_set
    counts = {count.label: (count.train, count.validation, count.held_out) for count in trained_on.counts}
    assert counts["benign"] == (2, 0, 0)
    assert counts["pre_b"] == (1, 1, 1)


def test_it_says_where_the_run_was_fitted_not_where_it_was_exported(
    run_of: Callable[..., PreparedRun], words: MakersWords, measured: MeasuredGraph
) -> None:
    run = run_of()
    run.run.mkdir()
    write_fitted_on(run.run, FittedOn(keras="3.15.1", backend="jax", device="NVIDIA H200"))

    trained_on = make_card(run, CONFIG, words, measured, ()).trained_on
    assert trained_on.backend == "keras 3.15.1 on jax, NVIDIA H200, float32"


def test_a_run_that_does_not_say_where_it_was_fitted_is_not_said_to_be_of_this_pc(
    run_of: Callable[..., PreparedRun], words: MakersWords, measured: MeasuredGraph
) -> None:
    trained_on = make_card(run_of(), CONFIG, words, measured, ()).trained_on
    assert trained_on.backend == "a backend that was not recorded, float32"


def test_a_network_fitted_on_crops_of_cells_answers_for_cells(
    run_of: Callable[..., PreparedRun], words: MakersWords, measured: MeasuredGraph
) -> None:
    run = run_of()
    assert make_card(run, CONFIG, words, measured, ()).answers_for == "image"
    of_cells = replace(run, data_set=replace(run.data_set, of_cells=True))
    card = make_card(of_cells, CONFIG, words, measured, ())
    assert card.answers_for == "cell"
    assert "crops of single cells" in card.limits[-1]
