"""The consensus in words."""

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.review.records import FLAGS, Agreement, Answer, ClassifierMark, Consensus
from bloodsmear.review.sentences import case_words, consensus_sentence, flag_name, flag_sentences, percent

MARK = ClassifierMark("vgg16", "VGG16", "1.0+11", "1" * 64, ("benign", "pre_b", "pro_b", "early_pre_b"))
ANSWERS = (Answer(MARK, Prediction((0.012, 0.214, 0.033, 0.741))),)


@pytest.mark.parametrize(
    ("agreement", "sentence"),
    [
        ("agree", "The classifiers agree. Mean: Early\u00a0Pre\u2011B 52.1\u00a0%."),
        ("disagree", "The classifiers disagree. Mean: Early\u00a0Pre\u2011B 52.1\u00a0%."),
        ("single", "One classifier answered: Early\u00a0Pre\u2011B 52.1\u00a0%."),
    ],
)
def test_the_consensus_is_a_sentence(agreement: Agreement, sentence: str) -> None:
    assert consensus_sentence(Consensus(agreement, "early_pre_b", 0.521, ()), ANSWERS) == sentence


def test_classifiers_with_different_labels_are_not_compared() -> None:
    words = consensus_sentence(Consensus("not_comparable", None, None, ()), ANSWERS)
    assert words == "The classifiers have different labels and cannot be compared."


def test_without_an_answer_there_is_no_sentence() -> None:
    assert consensus_sentence(Consensus("single", None, None, ()), ()) == ""


def test_every_flag_has_its_sentence() -> None:
    sentences = flag_sentences(FLAGS)
    assert len(set(sentences)) == len(FLAGS)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len({flag_name(flag) for flag in FLAGS}) == len(FLAGS)


def test_a_share_is_a_figure_with_one_decimal() -> None:
    assert [percent(share) for share in (0, 0.0004, 0.741, 1)] == ["0.0", "0.0", "74.1", "100.0"]
    assert [percent(share) for share in (0.9994, 0.9996, 0.9999999)] == ["99.9"] * 3


def test_a_folder_that_is_called_like_a_label_is_called_a_case_and_no_case_twice() -> None:
    assert [case_words(case) for case in ("Benign", "12", "case 12")] == ["Case Benign", "Case 12", "case 12"]
