"""From which probability on an answer is sure."""

import numpy as np

from bloodsmear.classifiers.limits_of_confidence import limits_of_confidence


def rows(label: int, confidences: np.ndarray) -> np.ndarray:
    """Answers of that label out of two, with these confidences."""
    made = np.empty((len(confidences), 2))
    made[:, label], made[:, 1 - label] = confidences, 1 - confidences
    return made


def test_a_label_whose_doubtful_answers_are_wrong_has_a_higher_limit_than_one_whose_are_right() -> None:
    confidences = np.linspace(0.61, 0.999, 200)
    answers = np.concatenate([rows(0, confidences), rows(1, confidences)])
    targets = np.repeat([0, 1], 200)
    # Of the first label's answers the eight least sure ones are wrong.
    targets[:8] = 1
    first, second = limits_of_confidence(answers, targets)
    # The seven least sure ones are left out; the eighth is one in 193.
    assert confidences[6] < first <= confidences[7] + 1e-4
    assert second <= 0.6101


def test_no_more_than_a_tenth_of_a_labels_answers_is_flagged_whatever_was_wrong() -> None:
    confidences = np.linspace(0.7, 0.99, 101)
    targets = np.zeros(101, int)
    targets[-2:] = 1
    first, _ = limits_of_confidence(rows(0, confidences), targets)
    assert (confidences < first).sum() == 10


def test_the_limit_is_never_below_the_least_and_a_label_that_was_never_answered_has_that() -> None:
    assert limits_of_confidence(rows(0, np.linspace(0.5, 0.55, 20)), np.zeros(20, int)) == (0.6, 0.6)
