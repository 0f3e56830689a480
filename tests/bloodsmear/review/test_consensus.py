"""What several classifiers say together."""

import math
from dataclasses import replace

import pytest

from bloodsmear.classifiers.calibration import LEAST_SURE
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.image_quality import (
    BRIGHT_SHARE_ABOVE,
    DARK_SHARE_ABOVE,
    OUT_OF_FOCUS_BELOW,
    ImageQuality,
)
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import FLAGS, Answer, ClassifierMark

OURS = ("benign", "early_pre_b", "pre_b", "pro_b")
KERAS_ORDER = ("benign", "pre_b", "pro_b", "early_pre_b")
SHARP = ImageQuality(sharpness=OUT_OF_FOCUS_BELOW * 2, dark_share=0.0, bright_share=0.0)


def answer(
    classifier_id: str, *probabilities: float, labels: tuple[str, ...] = OURS, unlike: bool = False
) -> Answer:
    mark = ClassifierMark(classifier_id, classifier_id, "1.0+00000000", classifier_id * 4, labels)
    return Answer(mark, Prediction(probabilities, None, unlike))


def test_two_that_name_one_label_agree_on_their_mean() -> None:
    together = consensus_of([answer("a", 0.1, 0.8, 0.1, 0.0), answer("b", 0.2, 0.7, 0.1, 0.0)], SHARP)

    assert together.agreement == "agree"
    assert together.label == "early_pre_b"
    assert together.confidence == pytest.approx(0.75, abs=1e-15)
    assert together.flags == ()


def test_two_that_name_other_labels_disagree_and_ask_for_a_look() -> None:
    together = consensus_of([answer("a", 0.9, 0.1, 0.0, 0.0), answer("b", 0.2, 0.8, 0.0, 0.0)], SHARP)

    assert (together.agreement, together.label) == ("disagree", "benign")
    assert together.flags == ("disagreement", "low_confidence")


def test_probabilities_are_matched_by_label_and_not_by_position() -> None:
    ours = answer("a", 0.0, 0.9, 0.1, 0.0)
    keras = answer("b", 0.0, 0.1, 0.0, 0.9, labels=KERAS_ORDER)

    together = consensus_of([ours, keras], SHARP)

    assert (together.agreement, together.label, together.confidence) == ("agree", "early_pre_b", 0.9)


def test_a_tie_goes_to_the_first_column_whatever_the_card_order() -> None:
    tied = answer("a", 0.0, 0.5, 0.0, 0.5, labels=KERAS_ORDER)

    assert tied.label == "early_pre_b"
    assert consensus_of([tied], SHARP).label == "early_pre_b"


def test_the_mean_does_not_depend_on_the_order_of_the_classifiers() -> None:
    answers = [answer(name, p, 1 - p, 0.0, 0.0) for name, p in (("a", 0.1), ("b", 0.2), ("c", 0.3))]

    assert consensus_of(answers, SHARP) == consensus_of(answers[::-1], SHARP)


def test_one_classifier_alone_is_single_and_can_be_unsure() -> None:
    together = consensus_of([answer("a", 0.59, 0.41, 0.0, 0.0)], SHARP)

    assert (together.agreement, together.label, together.confidence) == ("single", "benign", 0.59)
    assert together.flags == ("low_confidence",)


def test_confidence_at_the_threshold_is_not_low() -> None:
    rest = 1 - LEAST_SURE

    assert consensus_of([answer("a", LEAST_SURE, rest, 0.0, 0.0)], SHARP).flags == ()
    assert consensus_of([answer("a", math.nextafter(LEAST_SURE, 0), rest, 0.0, 0.0)], SHARP).flags


def test_the_limit_of_a_label_is_the_mean_of_what_the_cards_say_of_it() -> None:
    def limited(one: Answer, *sure_from: float) -> Answer:
        return replace(one, classifier=replace(one.classifier, sure_from=sure_from))

    early = limited(answer("a", 0.1, 0.9, 0.0, 0.0), 0.6, 0.95, 0.6, 0.6)
    also = answer("b", 0.1, 0.0, 0.0, 0.9, labels=KERAS_ORDER)

    assert consensus_of([early], SHARP).flags == ("low_confidence",)
    # A card that doesn't say it counts with 0.60: the mean is 0.775.
    assert consensus_of([early, also], SHARP).flags == ()
    assert consensus_of([early, limited(also, 0.6, 0.6, 0.6, 0.9)], SHARP).flags == ("low_confidence",)


def test_other_label_sets_are_not_comparable_and_leave_the_label_empty() -> None:
    other = answer("b", 0.5, 0.5, labels=("cat", "dog"))

    together = consensus_of([answer("a", 1.0, 0.0, 0.0, 0.0), other], SHARP)

    assert (together.agreement, together.label, together.confidence) == ("not_comparable", None, None)
    assert together.flags == ()


def test_a_poor_image_is_flagged_by_the_named_thresholds() -> None:
    sure = [answer("a", 1.0, 0.0, 0.0, 0.0)]
    blurred = ImageQuality(OUT_OF_FOCUS_BELOW * 0.99, 0.0, 0.0)
    dark = ImageQuality(SHARP.sharpness, DARK_SHARE_ABOVE * 1.01, 0.0)
    bright = ImageQuality(SHARP.sharpness, 0.0, BRIGHT_SHARE_ABOVE * 1.01)
    at_the_limits = ImageQuality(OUT_OF_FOCUS_BELOW, DARK_SHARE_ABOVE, BRIGHT_SHARE_ABOVE)

    assert consensus_of(sure, blurred).flags == ("out_of_focus",)
    assert consensus_of(sure, dark).flags == ("exposure",)
    assert consensus_of(sure, bright).flags == ("exposure",)
    assert consensus_of(sure, at_the_limits).flags == ()
    assert consensus_of(sure, None).flags == ()


def test_one_classifier_that_knows_no_such_image_is_enough_for_the_flag() -> None:
    answers = [answer("a", 1.0, 0.0, 0.0, 0.0), answer("b", 1.0, 0.0, 0.0, 0.0, unlike=True)]

    assert consensus_of(answers, SHARP).flags == ("unlike_training",)


def test_another_label_on_the_denoised_image_is_flagged_even_of_one_classifier() -> None:
    original = [answer("a", 1.0, 0.0, 0.0, 0.0), answer("b", 0.9, 0.1, 0.0, 0.0)]
    same = [answer("a", 0.8, 0.2, 0.0, 0.0), answer("b", 0.7, 0.3, 0.0, 0.0)]
    one_changed = [answer("a", 0.9, 0.1, 0.0, 0.0), answer("b", 0.4, 0.6, 0.0, 0.0)]

    assert consensus_of(original, SHARP, same).flags == ()
    assert consensus_of(original, SHARP, one_changed).flags == ("changes_when_denoised",)


def test_another_consensus_on_the_denoised_image_is_flagged_though_no_label_changed() -> None:
    original = [answer("a", 0.9, 0.1, 0.0, 0.0), answer("b", 0.4, 0.6, 0.0, 0.0)]
    denoised = [answer("a", 0.6, 0.4, 0.0, 0.0), answer("b", 0.1, 0.9, 0.0, 0.0)]

    assert "changes_when_denoised" in consensus_of(original, SHARP, denoised).flags


def test_two_classifiers_of_one_model_are_compared_each_with_itself() -> None:
    one, other = answer("a", 0.9, 0.1, 0.0, 0.0), answer("b", 0.4, 0.6, 0.0, 0.0)
    same_model = Answer(replace(other.classifier, model_sha256=one.classifier.model_sha256), other.prediction)

    assert consensus_of([one, same_model], SHARP, [one, same_model]).flags == ("disagreement",)


def test_flags_come_in_the_order_of_the_report() -> None:
    poor = ImageQuality(0.0, 1.0, 1.0)
    answers = [answer("a", 0.5, 0.5, 0.0, 0.0, unlike=True), answer("b", 0.0, 0.6, 0.4, 0.0)]
    denoised = [answer("a", 0.0, 0.0, 0.0, 1.0), answer("b", 0.0, 0.0, 0.0, 1.0)]

    assert consensus_of(answers, poor, denoised).flags == FLAGS


def test_no_answer_is_no_consensus() -> None:
    with pytest.raises(ValueError, match="at least one"):
        consensus_of([], SHARP)
