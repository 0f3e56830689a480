"""With which classifiers a review was signed off, where others answer now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bloodsmear.review.events import Entry, Event
from bloodsmear.review.records import ClassifierMark
from bloodsmear.review.sign_off_versions import (
    signed_versions,
    signed_with_sentence,
    versions_to_keep,
    was_signed_with_others,
)

AT = datetime(2026, 11, 24, 9, 5, 7, tzinfo=UTC)
VGG = ClassifierMark("vgg16", "VGG16", "1.3+11111111", "1" * 64, ("benign", "pre_b"))
UNET = ClassifierMark("unet", "U-Net", "1.2+22222222", "2" * 64, ("benign", "pre_b"))
NEW_VGG = replace(VGG, version_mark="1.4+33333333")


def signed(text: str) -> Event:
    return Event(9, 9, Entry("case_signed_off", "Ada", case="case 1", text=text), AT, "0.1.0", "")


def test_the_versions_in_use_are_kept_with_the_sign_off() -> None:
    event = signed(versions_to_keep((VGG, UNET)))
    assert signed_versions(event) == {"vgg16": "1.3+11111111", "unet": "1.2+22222222"}
    assert not was_signed_with_others(event, (VGG, UNET))
    assert signed_with_sentence(event, (VGG, UNET), AT + timedelta(days=1)) == ""


def test_a_newer_version_is_said_beside_the_one_it_was_signed_off_with() -> None:
    event = signed(versions_to_keep((VGG, UNET)))
    assert was_signed_with_others(event, (NEW_VGG, UNET))
    assert signed_with_sentence(event, (NEW_VGG, UNET), AT) == (
        "Signed off with VGG16 1.3. The answers shown are of VGG16 1.4."
    )


def test_versions_that_are_called_alike_are_told_apart_by_their_sha256() -> None:
    event = signed(versions_to_keep((VGG,)))
    sentence = signed_with_sentence(event, (replace(VGG, version_mark="1.3+44444444"),), AT)
    assert sentence == ("Signed off with VGG16 1.3+11111111. The answers shown are of VGG16 1.3+44444444.")


def test_fast_answers_are_others_than_exact_ones() -> None:
    event = signed(versions_to_keep((replace(VGG, version_mark="1.3+55555555-int8"),)))
    assert signed_with_sentence(event, (VGG,), AT).startswith("Signed off with VGG16 1.3, fast answers. ")


def test_a_classifier_that_is_gone_is_named_by_its_id() -> None:
    event = signed(versions_to_keep((VGG, UNET)))
    assert signed_with_sentence(event, (VGG,), AT) == (
        "Signed off with VGG16 1.3 and unet 1.2. The answers shown are of VGG16 1.3."
    )


@pytest.mark.parametrize("text", ["", "why", "[]", "[1]", '{"vgg16": "1"}', "null", '[["vgg16", 1]]'])
def test_of_an_older_sign_off_only_newer_answers_are_said_to_be_newer(text: str) -> None:
    event = signed(text)
    assert signed_versions(event) == {}
    assert not was_signed_with_others(event, (VGG,))
    assert signed_with_sentence(event, (VGG,), AT) == signed_with_sentence(event, (VGG,), None) == ""
    newer = signed_with_sentence(event, (VGG,), AT + timedelta(seconds=1))
    assert newer.startswith("The answers shown are newer than the sign-off.")


def test_what_would_make_an_event_too_long_is_not_kept() -> None:
    assert versions_to_keep([replace(VGG, version_mark="1" * 200)] * 50) == ""
