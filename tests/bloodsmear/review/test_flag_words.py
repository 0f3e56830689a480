"""Why an image is flagged, with its numbers."""

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.flag_words import flag_reasons
from bloodsmear.review.records import FLAGS, Answer, ClassifierMark, Consensus, ImageRecord
from bloodsmear.review.sentences import flag_sentences

KEYS = ("benign", "early_pre_b", "pre_b", "pro_b")
VGG16 = ClassifierMark("vgg16", "VGG16", "1.0+11", "1" * 64, KEYS)
UNET = ClassifierMark("unet", "U-Net", "1.0+22", "2" * 64, KEYS)
SHARP = ImageQuality(3.0, 0.0, 0.1)


def said(mark: ClassifierMark, label: int, probability: float, unlike: bool = False) -> Answer:
    rest = (1 - probability) / 3
    values = tuple(probability if place == label else rest for place in range(4))
    return Answer(mark, Prediction(values, 1.0, unlike))


def record(*answers: Answer, quality: ImageQuality = SHARP, denoised: tuple[Answer, ...] = ()) -> ImageRecord:
    consensus = consensus_of(answers, quality, denoised)
    return ImageRecord(
        "a.png",
        "a",
        "ok",
        quality=quality,
        answers=answers,
        denoised_answers=denoised,
        consensus=consensus,
    )


SURE = (said(VGG16, 2, 0.9), said(UNET, 2, 0.9))


def test_an_image_without_flags_and_one_that_was_not_read_have_no_reasons() -> None:
    assert flag_reasons(record(*SURE)) == []
    assert flag_reasons(ImageRecord("a.png", "a", "not_screened")) == []


def test_a_flag_without_its_numbers_has_its_plain_sentence() -> None:
    bare = ImageRecord("a.png", "a", "ok", consensus=Consensus("agree", None, None, FLAGS))
    assert flag_reasons(bare) == flag_sentences(FLAGS)


def test_who_says_what_and_how_far_the_mean_is_from_a_clear_label() -> None:
    disagreement, low = flag_reasons(record(said(VGG16, 2, 0.7), said(UNET, 3, 0.64)))
    assert disagreement == "VGG16 says Pre\u2011B (70.0\u00a0%) and U-Net says Pro\u2011B (64.0\u00a0%)."
    assert low == (
        "The probability of Pre\u2011B, the most probable label, is 41.0\u00a0% in the mean; below 60.0\u00a0% a "
        "look is asked for."
    )


@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        (
            ImageQuality(1.234, 0.0, 0.0),
            "The sharpest parts reach 1.23 on a scale from 1 (no detail) to 4 (a perfect edge), in the direction that "
            "is least sharp; below 1.66 the image counts as out of focus.",
        ),
        (
            ImageQuality(3.0, 0.812, 0.0),
            "81\u00a0% of the image is nearly black (the limit is 50\u00a0%).",
        ),
        (
            ImageQuality(3.0, 0.55, 0.41),
            "55\u00a0% of the image is nearly black (the limit is 50\u00a0%) and 41\u00a0% of the image is burnt "
            "out to white (the limit is 35\u00a0%).",
        ),
    ],
)
def test_what_was_measured_stands_beside_its_limit(quality: ImageQuality, reason: str) -> None:
    assert flag_reasons(record(*SURE, quality=quality)) == [reason]


def test_the_classifiers_to_which_an_image_is_strange_are_named() -> None:
    (one,) = flag_reasons(record(said(VGG16, 2, 0.9), said(UNET, 2, 0.9, unlike=True)))
    assert "images that U-Net learned from than at least 95 in 100" in one
    (both,) = flag_reasons(record(said(VGG16, 2, 0.9, unlike=True), said(UNET, 2, 0.9, unlike=True)))
    assert "images that VGG16 and U-Net learned from" in both


def test_whose_answer_changes_when_denoised_and_to_what() -> None:
    denoised = (said(VGG16, 3, 0.8), said(UNET, 2, 0.9))
    assert flag_reasons(record(*SURE, denoised=denoised)) == [
        "Denoised, VGG16 says Pro\u2011B instead of Pre\u2011B."
    ]


def test_a_change_of_the_mean_alone_is_named_as_such() -> None:
    before = (said(VGG16, 2, 0.9), said(UNET, 3, 0.8))
    after = (said(VGG16, 2, 0.7), said(UNET, 3, 0.95))
    assert flag_reasons(record(*before, denoised=after))[-1] == (
        "Denoised, the mean says Pro\u2011B instead of Pre\u2011B."
    )
