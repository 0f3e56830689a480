"""When a head is offered for use, and when what is in use stays."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bloodsmear.classifiers.card import Card, CardLabel, Figure
from bloodsmear.images.scan import FoundImage
from bloodsmear.teaching.audit import AuditImages, AuditMeasured, InUse, measure_audit, why_not_offered
from bloodsmear.teaching.intervals import expected_reach, images_for

LABELS = (CardLabel(key="benign", name="Benign"), CardLabel(key="pre_b", name="Pre-B"))
A_CASE, CASES = 5, 12
TRUTH = np.arange(A_CASE * CASES) % 2


def in_use(wrong: int, labels: frozenset[str] = frozenset(("benign", "pre_b")), seen: int = 0) -> InUse:
    """One that answers every `wrong`-th image wrongly (0: none), trained on the first `seen`."""
    said = [(place + (wrong > 0 and at % wrong == 0)) % 2 for at, place in enumerate(TRUTH.tolist())]
    keys = tuple(LABELS[place].key for place in said)
    return InUse("vgg16", "VGG16", labels, keys, frozenset(str(at) for at in range(seen)))


def measured(*others: InUse, wrong: int = 0, truth: tuple[str, ...] = ()) -> AuditMeasured:
    """A head that answers every `wrong`-th image wrongly, beside these."""
    count = len(TRUTH)
    audit = AuditImages(
        images=tuple(FoundImage(Path("a"), "a", "") for _ in range(count)),
        sha256s=("",) * count,
        said=truth or tuple(LABELS[place].key for place in TRUTH.tolist()),
        units=tuple(str(at // A_CASE) for at in range(count)),
        drawn=count,
        looks=0,
        in_use=others,
    )
    answers = np.array([(place + (wrong > 0 and at % wrong == 0)) % 2 for at, place in enumerate(TRUTH)])
    return measure_audit(audit, answers, LABELS, 0, tuple(map(str, range(count))))


def test_a_head_that_is_clearly_better_is_offered() -> None:
    audit = measured(in_use(wrong=3))
    assert audit.offer.stands
    assert "its gain is +33.3 points" in audit.offer.sentence
    assert audit.shares["audit_accuracy_of_vgg16"].value == pytest.approx(2 / 3)


def test_a_head_that_may_be_worse_is_not_offered_and_it_is_said_why() -> None:
    for head, other in ((0, 0), (0, 30), (3, 0)):
        offer = measured(in_use(other), wrong=head).offer
        assert not offer.stands
        assert "so it may be worse" in offer.sentence
        assert "What is in use stays." in offer.sentence


def test_a_head_must_not_be_worse_than_any_classifier_in_use() -> None:
    assert not measured(in_use(wrong=3), in_use(wrong=0)).offer.stands


def test_where_nobody_in_use_has_these_labels_knowing_nothing_is_what_it_must_beat() -> None:
    audit = measured(in_use(0, labels=frozenset(("benign", "blast"))))
    assert audit.offer.stands
    assert "over always answering Benign" in audit.offer.sentence
    assert audit.shares["audit_accuracy_of_most-frequent"].value == pytest.approx(0.5)


def test_images_that_a_classifier_in_use_was_trained_on_are_left_out_of_the_pair() -> None:
    shares = measured(in_use(wrong=3, seen=30)).shares
    assert shares["audit_gain_over_vgg16"].images == 30
    assert shares["audit_accuracy"].images == 60
    assert not measured(in_use(wrong=3, seen=60)).offer.stands


def test_a_classifier_in_use_that_has_not_answered_stands_in_the_way_of_an_offer() -> None:
    silent = replace(in_use(wrong=3), said=("", *in_use(wrong=3).said[1:]))
    offer = measured(silent).offer
    assert not offer.stands
    assert "VGG16 has not answered for all of its images; screen the folder" in offer.sentence


def test_an_image_of_a_label_that_was_not_taught_counts_as_wrong() -> None:
    truth = ("blast",) * 6 + tuple(LABELS[place].key for place in TRUTH.tolist())[6:]
    audit = measured(truth=truth)
    assert audit.not_taught == 6
    assert audit.shares["audit_accuracy"].value == pytest.approx(0.9)


def test_a_wished_for_interval_says_how_many_images_it_needs() -> None:
    assert expected_reach(images_for(0.05)) <= 0.05 < expected_reach(images_for(0.05) - 1)


def test_a_card_says_whether_its_classifier_was_offered(card: Card) -> None:
    assert why_not_offered(card) == ""
    taught = msgspec.structs.replace(card, architecture="taught")
    assert "no audit set was drawn" in why_not_offered(taught)
    for low, words in ((-0.01, "may be worse"), (0.0, "")):
        gain = Figure(name="audit_gain_over_vgg16", value=0.1, low=low, high=0.2, images=60, command="")
        said = why_not_offered(msgspec.structs.replace(taught, figures=(gain,)))
        assert words in said
        assert bool(said) == bool(words)
