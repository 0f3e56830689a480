"""What the classifiers say together about one image, and the flags that ask the reader for a look."""

import math
from collections.abc import Sequence

from bloodsmear.classifiers.calibration import LEAST_SURE
from bloodsmear.classifiers.labels import reading_order
from bloodsmear.images.image_quality import (
    BRIGHT_SHARE_ABOVE,
    DARK_SHARE_ABOVE,
    OUT_OF_FOCUS_BELOW,
    ImageQuality,
)
from bloodsmear.review.records import FLAGS, Agreement, Answer, Consensus, Flag


def consensus_of(
    answers: Sequence[Answer], quality: ImageQuality | None, denoised_answers: Sequence[Answer] = ()
) -> Consensus:
    """What `answers` (at least one) say together; `denoised_answers` are those on the denoised image, if asked for.

    The label is the argmax of the mean probability, ties to the first column of a report. Answers with other
    label sets are not comparable: label and confidence are None. Raises ValueError without an answer.
    """
    if not answers:
        raise ValueError("a consensus needs at least one answer")
    agreement = _agreement(answers)
    label, confidence = _mean_answer(answers)
    raised: set[Flag] = quality_flags(quality)
    if agreement == "disagree":
        raised.add("disagreement")
    if label is not None and confidence is not None and confidence < sure_from(answers, label):
        raised.add("low_confidence")
    if any(answer.prediction.unlike_training for answer in answers):
        raised.add("unlike_training")
    if denoised_answers and _changes(answers, denoised_answers, label):
        raised.add("changes_when_denoised")
    return Consensus(agreement, label, confidence, tuple(flag for flag in FLAGS if flag in raised))


def sure_from(answers: Sequence[Answer], label: str) -> float:
    """The mean probability of `label` from which on `answers` (at least one) are sure; below, a look is asked for.

    It is the mean of the limits in the classifiers' cards, as the probability is of theirs.
    """
    limits = [
        dict(zip(mark.label_keys, mark.sure_from, strict=False)).get(label, LEAST_SURE)
        for mark in (answer.classifier for answer in answers)
    ]
    return math.fsum(limits) / len(limits)


def _agreement(answers: Sequence[Answer]) -> Agreement:
    if len(answers) == 1:
        return "single"
    if len({frozenset(answer.classifier.label_keys) for answer in answers}) > 1:
        return "not_comparable"
    return "agree" if len({answer.label for answer in answers}) == 1 else "disagree"


def mean_probabilities(answers: Sequence[Answer]) -> dict[str, float]:
    """The mean probability of each label over the answers, in a report's order; empty where their labels differ."""
    if not answers or _agreement(answers) == "not_comparable":
        return {}
    by_key = [
        dict(zip(answer.classifier.label_keys, answer.prediction.probabilities, strict=True))
        for answer in answers
    ]
    # fsum is exact, so the mean does not depend on the order of the classifiers.
    return {
        key: math.fsum(probabilities[key] for probabilities in by_key) / len(by_key)
        for key in reading_order(answers[0].classifier.label_keys)
    }


def _mean_answer(answers: Sequence[Answer]) -> tuple[str | None, float | None]:
    means = mean_probabilities(answers)
    if not means:
        return None, None
    label = max(means, key=means.__getitem__)
    return label, means[label]


def quality_flags(quality: ImageQuality | None) -> set[Flag]:
    """The flags that an image's own quality raises; none where it was not measured."""
    raised: set[Flag] = set()
    if quality is None:
        return raised
    if quality.sharpness < OUT_OF_FOCUS_BELOW:
        raised.add("out_of_focus")
    if quality.dark_share > DARK_SHARE_ABOVE or quality.bright_share > BRIGHT_SHARE_ABOVE:
        raised.add("exposure")
    return raised


def _changes(answers: Sequence[Answer], denoised: Sequence[Answer], label: str | None) -> bool:
    """Whether a classifier's label or the consensus label is another one on the denoised image."""
    labels = {answer.classifier: answer.label for answer in answers}
    if any(labels.get(answer.classifier, answer.label) != answer.label for answer in denoised):
        return True
    return _mean_answer(denoised)[0] != label
