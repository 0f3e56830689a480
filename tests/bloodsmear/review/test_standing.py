"""Who differs from whom on an image."""

from datetime import UTC, datetime

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.review.decisions import Decision
from bloodsmear.review.records import Answer, ClassifierMark
from bloodsmear.review.standing import differs_from_classifiers

VGG = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
PETS = ClassifierMark("pets", "Pets", "1.0+3c", "3c" * 32, ("cat", "dog"))
BENIGN = Answer(VGG, Prediction((0.8, 0.2)))
PRE_B = Answer(VGG, Prediction((0.2, 0.8)))
CAT = Answer(PETS, Prediction((0.9, 0.1)))


def decided(value: str) -> Decision:
    return Decision("Ada", value, datetime(2026, 11, 29, tzinfo=UTC), 1)


def test_a_label_that_no_classifier_names_differs_from_them() -> None:
    assert differs_from_classifiers(decided("pre_b"), [BENIGN])
    assert not differs_from_classifiers(decided("benign"), [BENIGN])


def test_where_classifiers_disagree_either_label_is_one_of_theirs() -> None:
    assert not differs_from_classifiers(decided("pre_b"), [BENIGN, PRE_B])


def test_unsure_differs_from_nobody_and_a_label_only_from_those_that_know_it() -> None:
    assert not differs_from_classifiers(decided("unsure"), [BENIGN])
    assert not differs_from_classifiers(decided("benign"), [CAT])
    assert not differs_from_classifiers(decided("benign"), [])
