"""Classifiers' marks and answers."""

from collections.abc import Callable

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.review.records import Agreement, Answer, ClassifierMark, Consensus, Flag, ImageRecord

# The published models' order, which is not the order of reading.
OUTPUT_ORDER = ("benign", "pre_b", "pro_b", "early_pre_b")


@pytest.fixture
def marks() -> tuple[ClassifierMark, ClassifierMark]:
    """Two classifiers with the same labels in the order of the published models."""
    return (
        ClassifierMark("vgg16", "VGG16", "1.0+11111111", "1" * 64, OUTPUT_ORDER),
        ClassifierMark("unet", "U-Net", "1.0+22222222", "2" * 64, OUTPUT_ORDER),
    )


@pytest.fixture
def answers(marks: tuple[ClassifierMark, ClassifierMark]) -> tuple[Answer, Answer]:
    """VGG16 says Early Pre-B (74.1 %), U-Net says Pre-B (68.8 %)."""
    return (
        Answer(marks[0], Prediction((0.012, 0.214, 0.033, 0.741))),
        Answer(marks[1], Prediction((0.004, 0.688, 0.007, 0.301))),
    )


@pytest.fixture
def make_record(answers: tuple[Answer, Answer]) -> Callable[..., ImageRecord]:
    """A record with these answers: `make_record(image, agreement, *flags)`."""

    def make(image: str = "case/1.jpg", agreement: Agreement = "disagree", *flags: Flag) -> ImageRecord:
        consensus = Consensus(agreement, "early_pre_b", 0.521, flags)
        return ImageRecord(image, "case", "ok", answers=answers, consensus=consensus)

    return make
