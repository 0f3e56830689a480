"""Who is compared with whom, and over which images."""

from datetime import UTC, datetime

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.review.agreement_words import agreement_row
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.decisions import decision_choices, decision_name
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.reader_agreement import compare_readers
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.review.replay import Replay

KEYS = ("benign", "pre_b", "pro_b", "early_pre_b")
VGG16 = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, KEYS)
UNET = ClassifierMark("unet", "U-Net", "1.0+2b", "2b" * 32, KEYS)
PETS = ClassifierMark("pets", "Pets", "2.1+00", "00" * 32, ("dog", "cat"))


def record(image: str, *labels: str) -> ImageRecord:
    """An image that VGG16 and then U-Net gave these labels."""
    answers = tuple(
        Answer(mark, Prediction(tuple(0.7 if key == label else 0.1 for key in KEYS)))
        for mark, label in zip((VGG16, UNET), labels, strict=False)
    )
    consensus = consensus_of(answers, None) if answers else None
    return ImageRecord(image, "case", "ok" if answers else "unreadable", answers=answers, consensus=consensus)


def replay_of(*decisions: tuple[str, str, str, bool]) -> Replay:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Replay(
        Event(
            number, number, Entry("decided", reader, image, "case", "", value, "", None, hidden), at, "", ""
        )
        for number, (reader, image, value, hidden) in enumerate(decisions, 1)
    )


def test_readers_are_compared_over_what_both_decided_whatever_it_is() -> None:
    replay = replay_of(
        ("Ada", "a", "benign", True),
        ("Ada", "b", "unsure", True),
        ("Ada", "c", "pre_b", False),
        ("Grace", "b", "unsure", True),
        ("Grace", "c", "pro_b", True),
        ("Grace", "gone", "pro_b", True),
    )

    first = compare_readers(replay, [record("a"), record("b"), record("c")])[0]

    assert (first.reader, first.other, first.kind) == ("Ada", "Grace", "reader")
    assert (first.kappa.images, first.kappa.agreed) == (2, 1)
    assert (first.left_out, first.hidden) == (0, 1)


def test_a_pair_is_compared_before_and_after_the_consensus_read() -> None:
    replay = replay_of(
        *(("Ada", image, "benign", True) for image in "abcd"),
        *(("Grace", image, "benign", True) for image in "ab"),
        *(("Grace", image, "pre_b", True) for image in "cd"),
    )
    settled = Entry("settled", "Cara", "c", "case", "", "pre_b")
    replay.take(Event(9, 9, settled, datetime(2026, 11, 24, tzinfo=UTC), "", ""))

    before, after = compare_readers(replay, [record(image) for image in "abcd"])

    assert (before.kappa.agreed, before.settled) == (2, 0)
    assert (after.kappa.agreed, after.kappa.images, after.settled) == (3, 4, 1)
    assert agreement_row(after)[:3] == ("Ada", "Grace, after the consensus read (1 settled)", "4")
    assert agreement_row(before)[1] == "Grace"


def test_a_classifier_is_compared_over_labels_only_and_says_how_many_were_left_out() -> None:
    records = [record("a", "benign", "pre_b"), record("b", "pre_b", "pre_b"), record("c")]
    replay = replay_of(
        ("Ada", "a", "benign", False), ("Ada", "b", "unsure", True), ("Ada", "c", "not_evaluable", False)
    )

    compared = {one.other: one for one in compare_readers(replay, records)}

    assert list(compared) == ["VGG16", "U-Net", "Consensus"]
    vgg16 = compared["VGG16"]
    assert (vgg16.kappa.images, vgg16.kappa.agreed, vgg16.left_out, vgg16.hidden) == (1, 1, 1, 0)
    assert compared["U-Net"].kappa.agreed == 0
    assert compared["Consensus"].kind == "consensus"


def test_one_classifier_has_no_consensus_beside_it() -> None:
    compared = compare_readers(replay_of(("Ada", "a", "benign", False)), [record("a", "benign")])

    assert [one.other for one in compared] == ["VGG16"]


def test_readers_without_a_standing_decision_are_not_compared() -> None:
    assert compare_readers(replay_of(("Ada", "gone", "benign", False)), [record("a", "benign")]) == ()


def test_the_choices_are_every_label_once_in_the_order_of_reading_and_three_more() -> None:
    assert decision_choices([VGG16, UNET, PETS]) == (
        "benign",
        "early_pre_b",
        "pre_b",
        "pro_b",
        "dog",
        "cat",
        "unsure",
        "other",
        "not_evaluable",
    )
    # So the built-in four keep their keys, 1 to 4, whichever classifier was named first.
    assert decision_choices([PETS, UNET]) == decision_choices([VGG16, UNET, PETS])
    assert decision_name("early_pre_b") == "Early Pre-B"
    assert decision_name("not_evaluable") == "Not evaluable"
    assert decision_name("dog") == "dog"
