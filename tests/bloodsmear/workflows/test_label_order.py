"""Trying a label order on a labelled folder."""

from collections.abc import Callable
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from bloodsmear.classifiers.card import Card, CardLabel
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import DataSetError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.label_order import (
    LabelOrderTrial,
    best_order,
    label_order_sentences,
    try_label_order,
)

PUBLISHED = ("benign", "pre_b", "pro_b", "early_pre_b")
READING = ("benign", "early_pre_b", "pre_b", "pro_b")
FOLDERS = ("Benign", "[Malignant] Pre-B", "[Malignant] Pro-B", "[Malignant] early Pre-B")


class KnowsTheGrey:
    """Its output number n answers images of the grey level 50 n, as they lie in the folders of `labelled`."""

    def __init__(self, card: Card, output_of: Callable[[int], int] = lambda place: place) -> None:
        self.card = card
        self._output_of = output_of

    def predict(self, image: RgbImage) -> Prediction:
        output = self._output_of(round(float(image.mean()) / 50))
        return Prediction(tuple(0.7 if place == output else 0.1 for place in range(4)))


@pytest.fixture
def card_with(fake_classifiers: ClassifierSet) -> Callable[[tuple[str, ...]], Card]:
    def make(keys: tuple[str, ...]) -> Card:
        labels = tuple(CardLabel(key=key, name=key) for key in keys)
        return msgspec.structs.replace(fake_classifiers.classifiers[0].card, labels=labels)

    return make


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Ten images of each label; those of the label number n are grey 50 n."""
    for place, folder in enumerate(FOLDERS):
        (tmp_path / "smears" / folder).mkdir(parents=True)
        for number in range(10):
            _, content = cv2.imencode(".png", np.full((32, 32, 3), 50 * place, np.uint8))
            (tmp_path / "smears" / folder / f"smear {number}.png").write_bytes(content.tobytes())
    return tmp_path / "smears"


def test_the_right_order_is_left_in_peace(
    labelled: Path, card_with: Callable[[tuple[str, ...]], Card]
) -> None:
    trial = try_label_order(KnowsTheGrey(card_with(PUBLISHED)), labelled)
    assert (trial.images, trial.said_right, trial.best_right) == (40, 40, 40)
    assert not trial.another_order_fits_far_better
    assert label_order_sentences(trial)[-1] == "No other order fits far better."


def test_the_order_of_reading_in_place_of_the_published_one_is_found_out(
    labelled: Path, card_with: Callable[[tuple[str, ...]], Card]
) -> None:
    trial = try_label_order(KnowsTheGrey(card_with(READING)), labelled)
    assert (trial.images, trial.said_right, trial.best_right) == (40, 10, 40)
    assert trial.best == PUBLISHED
    assert trial.another_order_fits_far_better
    said = " ".join(label_order_sentences(trial))
    assert "10 right (25\u00a0%)" in said
    assert "the labels should be benign,pre_b,pro_b,early_pre_b." in said


def test_an_answer_that_never_changes_speaks_for_no_order(
    labelled: Path, card_with: Callable[[tuple[str, ...]], Card]
) -> None:
    trial = try_label_order(KnowsTheGrey(card_with(READING), lambda place: 2), labelled)
    assert trial.no_order_fits
    assert not trial.another_order_fits_far_better
    assert "resize method, scale" in " ".join(label_order_sentences(trial))


def test_a_few_images_of_each_label_are_asked_about_and_progress_is_told(
    labelled: Path, card_with: Callable[[tuple[str, ...]], Card]
) -> None:
    heard: list[Progress] = []
    trial = try_label_order(KnowsTheGrey(card_with(PUBLISHED)), labelled, 3, heard.append)
    assert trial.images == 12
    assert [(one.done, one.total) for one in heard] == [(done, 12) for done in range(13)]


def test_unreadable_images_and_unknown_folders_are_counted_and_said(
    labelled: Path, card_with: Callable[[tuple[str, ...]], Card]
) -> None:
    (labelled / "Monocytes").mkdir()
    (labelled / "Benign" / "smear 0.png").write_bytes(b"torn")
    trial = try_label_order(KnowsTheGrey(card_with(PUBLISHED)), labelled)
    assert (trial.images, trial.unreadable, trial.other_folders) == (39, 1, ("Monocytes",))
    assert "Monocytes" in label_order_sentences(trial)[-1]


def test_labels_without_images_keep_their_order_and_are_said_to_be_open(
    labelled: Path, card_with: Callable[[tuple[str, ...]], Card]
) -> None:
    for folder in FOLDERS[2:]:
        (labelled / folder).rename(labelled / f".{folder}")
    trial = try_label_order(KnowsTheGrey(card_with(("pre_b", "benign", "pro_b", "early_pre_b"))), labelled)
    assert trial.best == PUBLISHED
    assert trial.left_open == ("pro_b", "early_pre_b")
    assert "Pro-B, Early Pre-B" in label_order_sentences(trial)[-1]


def test_a_folder_without_two_labels_is_refused(
    tmp_path: Path, labelled: Path, card_with: Callable[[tuple[str, ...]], Card]
) -> None:
    with pytest.raises(DataSetError, match="holds images of none of the labels benign"):
        try_label_order(KnowsTheGrey(card_with(PUBLISHED)), labelled / "Benign")
    with pytest.raises(DataSetError, match="cannot be opened"):
        try_label_order(KnowsTheGrey(card_with(PUBLISHED)), tmp_path / "nowhere")


def test_it_can_be_stopped(labelled: Path, card_with: Callable[[tuple[str, ...]], Card]) -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(JobCancelled):
        try_label_order(KnowsTheGrey(card_with(PUBLISHED)), labelled, cancel=cancel)


def test_thirty_labels_in_any_order_are_put_right() -> None:
    order = np.random.default_rng(5).permutation(30)
    answered = np.zeros((30, 30), np.int64)
    answered[order, np.arange(30)] = 9
    labels = [f"label {place}" for place in range(30)]
    assert best_order(labels, answered) == tuple(labels[place] for place in order)


def test_chance_is_not_a_reason_to_doubt_an_order() -> None:
    """Of a thousand networks that answer twenty images at random, hardly any may be called wrong."""
    random = np.random.default_rng(0)
    doubted = 0
    for _ in range(1000):
        answered = np.stack([np.bincount(random.integers(0, 4, 5), minlength=4) for _ in range(4)])
        best = best_order(READING, answered)
        right = int(sum(answered[READING.index(label), place] for place, label in enumerate(best)))
        trial = LabelOrderTrial(
            "random", Path(), 20, 0, READING, int(np.trace(answered)), best, right, (), ()
        )
        doubted += trial.another_order_fits_far_better
    assert doubted <= 20
