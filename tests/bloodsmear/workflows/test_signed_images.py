"""What is taught from studies: decisions that were signed off, on the bytes that they were made on."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from bloodsmear.workflows.signed_images import read_signed_images

A_CASE = 5


@pytest.fixture
def study(
    tmp_path: Path, draw_image: Callable[..., Path], make_classifier: Callable[..., Classifier]
) -> Path:
    """A screened study of six cases with five images each."""
    for number in range(6 * A_CASE):
        draw_image(tmp_path / "in" / f"case-{number // A_CASE}" / f"{number}.png", seed=number)
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "s")
    screen(plan, ClassifierSet((make_classifier("vgg16"),)), ScreeningEvents(), Cancel())
    return tmp_path / "s"


def for_writing(study: Path) -> StudyStore:
    with StudyStore.open_existing(study) as store:
        head = store.head
    return StudyStore.open_or_create(study, head)


def decide(study: Path, reader: str, signed: range, other: str = "pre_b") -> None:
    """Even cases benign, odd ones `other`; the cases `signed` are signed off."""
    with for_writing(study) as store:
        reviewing = Reviewing(store, reader)
        images = [listed.image for listed in store.listed_images()]
        for case in range(6):
            here = [image for image in images if image.startswith(f"case-{case}/")]
            reviewing.decide(here, other if case % 2 else "benign")
        for case in signed:
            reviewing.sign_off_case(f"case-{case}")


def test_what_was_signed_is_taught_with_its_cases_and_bytes(study: Path) -> None:
    decide(study, "Ada", range(6))
    signed = read_signed_images([study])
    assert [label.key for label in signed.images.labels] == ["benign", "pre_b"]
    assert np.bincount(signed.images.targets).tolist() == [15, 15]
    assert set(signed.images.cases) == {f"case-{number}" for number in range(6)}
    assert all(len(sha256) == 64 for sha256 in signed.images.sha256s)
    assert "Ada" not in signed.images.in_card
    assert signed.left_out == ()


def test_what_was_only_decided_is_not_taught(study: Path) -> None:
    decide(study, "Ada", range(4))
    assert np.bincount(read_signed_images([study]).images.targets).tolist() == [10, 10]
    with for_writing(study) as store:
        Reviewing(store, "Ada").reopen_case("case-0", "to look again")
    with pytest.raises(DataSetError, match="1 label has 10 signed images or more"):
        read_signed_images([study])


def test_readers_who_signed_two_labels_for_an_image_teach_nothing_by_it(study: Path) -> None:
    decide(study, "Ada", range(6))
    decide(study, "Ben", range(6), other="pro_b")
    with pytest.raises(DataSetError, match="1 label has"):
        read_signed_images([study])


def test_unsure_is_not_a_label_and_is_told(study: Path) -> None:
    decide(study, "Ada", range(6))
    with for_writing(study) as store:
        reviewing = Reviewing(store, "Ada")
        reviewing.reopen_case("case-0", "one of them")
        reviewing.decide(["case-0/0.png"], "unsure")
        reviewing.sign_off_case("case-0")
    signed = read_signed_images([study])
    assert np.bincount(signed.images.targets).tolist() == [14, 15]
    assert signed.left_out == ("1 image was left out: what was decided is not a label.",)


def test_the_same_study_twice_teaches_each_image_once(study: Path) -> None:
    decide(study, "Ada", range(6))
    assert len(read_signed_images([study, study]).images.images) == 30


def test_a_study_that_was_changed_teaches_nothing(study: Path) -> None:
    decide(study, "Ada", range(6))
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE events SET decision = 'pro_b' WHERE number = 1")
        connection.commit()
    with pytest.raises(UsageError, match="changed outside of Bloodsmear"):
        read_signed_images([study])


@pytest.mark.parametrize("veto", ["unsure", "pro_b"])
def test_what_readers_of_one_study_left_open_is_not_taught_by_another_study_of_it(
    study: Path, veto: str, tmp_path: Path, make_classifier: Callable[..., Classifier]
) -> None:
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "other")
    screen(plan, ClassifierSet((make_classifier("vgg16"),)), ScreeningEvents(), Cancel())
    other = tmp_path / "other"
    for each in (study, other):
        decide(each, "Ada", range(6))
    with for_writing(other) as store:
        reviewing = Reviewing(store, "Ben")
        images = [one.image for one in store.listed_images() if one.image.startswith("case-0/")]
        reviewing.decide(images[:1], veto)
        reviewing.decide(images[1:], "benign")
        reviewing.sign_off_case("case-0")
    for order in ([study, other], [other, study]):
        signed = read_signed_images(order)
        assert np.bincount(signed.images.targets).tolist() == [14, 15]
        assert signed.left_out == ("1 image was left out: their decisions are not the same.",)


def test_who_only_decided_is_not_counted_among_those_who_signed(study: Path) -> None:
    decide(study, "Ada", range(6))
    decide(study, "Ben", range(0))
    assert read_signed_images([study]).images.in_card.startswith("the signed decisions of 1 readers")
