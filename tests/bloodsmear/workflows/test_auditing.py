"""The audit set: drawn at random and kept, read blind, never taught, and what a head is measured on."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import ReviewError
from bloodsmear.images.decode import decode_image
from bloodsmear.jobs import Cancel, report_nowhere
from bloodsmear.review.audit_read import read_audit
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.teach import Base
from bloodsmear.workflows.auditing import audit_words, draw_audit, give_up_audit
from bloodsmear.workflows.classifier_set import ClassifierSet, mark_of
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from bloodsmear.workflows.signed_images import read_signed_images
from bloodsmear.workflows.study_teaching import StudyLesson, keep_lesson, order_undecided, teach_studies
from tests.bloodsmear.teaching.conftest import (  # noqa: F401 - fixtures
    base,
    base_folder,
    noise,
    turned_copies,
    write_picture,
)

CASES, OF_A_CASE, DRAWN = 18, 6, 20
Change = Callable[[np.ndarray], np.ndarray]
MakeClassifier = Callable[..., Classifier]


def draw_case(root: Path, case: int) -> None:
    for number in range(OF_A_CASE):
        hue = ("basophil", "platelet")[number % 2]
        write_picture(root / f"case-{case}" / f"{number}.png", noise(hue, 1000 * case + number))


def screened(root: Path, study: Path, make_classifier: MakeClassifier) -> Path:
    screen(
        ScreeningPlan((root,), study=study),
        ClassifierSet((make_classifier("vgg16"),)),
        ScreeningEvents(),
        Cancel(),
    )
    return study


@pytest.fixture
def study(tmp_path: Path, make_classifier: MakeClassifier) -> Path:
    for case in range(CASES):
        draw_case(tmp_path / "in", case)
    return screened(tmp_path / "in", tmp_path / "s", make_classifier)


def for_writing(study: Path) -> StudyStore:
    with StudyStore.open_existing(study) as store:
        head = store.head
    return StudyStore.open_or_create(study, head)


def drawn(study: Path, images: int = DRAWN) -> frozenset[str]:
    with for_writing(study) as store:
        audit = draw_audit(store, "Ada", images).audit
    assert audit is not None
    return audit.names


def decide_all(study: Path, but: str = "") -> None:
    """Even numbers are benign, odd ones pre_b, which is what their hues are."""
    with for_writing(study) as store:
        reviewing = Reviewing(store, "Ada")
        names = [listed.image for listed in store.listed_images() if listed.image != but]
        for place, label in enumerate(("benign", "pre_b")):
            here = [name for name in names if int(Path(name).stem.split("-")[0]) % 2 == place]
            reviewing.decide(here, label)


def taught(base: Base, *studies: Path) -> StudyLesson:  # noqa: F811
    return teach_studies(studies, base, False, report_nowhere, Cancel())


def taught_names(lesson: StudyLesson) -> set[str]:
    return {found.image for found in lesson.lesson.images.images}


def test_whole_cases_are_drawn_at_random_and_the_chain_has_them(study: Path) -> None:
    names = drawn(study)
    cases = {name.split("/")[0] for name in names}
    assert len(names) == DRAWN
    assert len(cases) == 4
    with StudyStore.open_existing(study) as store:
        replay = Replay(store.events.read())
        assert store.events.check().whole
        assert replay.audit is not None
        assert replay.audit.names == names
        read = read_audit(replay, store.listed_images())
    assert read is not None
    assert len(read.to_read) == DRAWN
    assert "0 of the 20 images of the audit set are read, 20 are still to be read" in audit_words(read)
    assert "±14 points" in audit_words(read)


def test_a_decision_that_was_changed_once_its_answers_were_shown_measures_as_it_was_made_blind(
    study: Path,
) -> None:
    first, second = sorted(drawn(study))[:2]
    with for_writing(study) as store:
        ada, listed = Reviewing(store, "Ada"), store.listed_images()
        ada.decide([first], "pre_b", answers_hidden=True)
        ada.decide([first], "benign")
        # Its answers had been seen in the list before it was drawn.
        ada.decide([second], "pre_b")
        ada.decide([second], "benign")
        read = read_audit(ada.replay, listed)
        assert read is not None
        assert read.said == {first: frozenset({"pre_b"}), second: frozenset({"pre_b"})}
        ada.undo()
        ada.undo()
        read = read_audit(ada.replay, listed)
        assert read is not None
        assert second in {one.image for one in read.to_read}


def test_no_case_is_drawn_twice_and_a_given_up_draw_is_over(study: Path) -> None:
    first, second = drawn(study), drawn(study)
    assert not cases_of(first) & cases_of(second)
    with for_writing(study) as store:
        give_up_audit(store, "Ada")
        with pytest.raises(ReviewError, match="No audit set is drawn"):
            give_up_audit(store, "Ada")
    assert not cases_of(drawn(study)) & cases_of(first | second)


def test_what_was_decided_in_sight_of_the_answers_is_not_drawn(study: Path) -> None:
    with for_writing(study) as store:
        seen = [one.image for one in store.listed_images() if one.case != "case-3"]
        Reviewing(store, "Ada").decide(seen, "benign")
        with pytest.raises(ReviewError, match="Images of 1 case can be drawn; at least 6 are needed"):
            draw_audit(store, "Ada", DRAWN)
        Reviewing(store, "Ada").decide(seen, "benign", answers_hidden=True)
        assert draw_audit(store, "Ada", DRAWN).audit is not None


def test_a_head_is_measured_once_the_whole_audit_set_is_read(study: Path, base: Base) -> None:  # noqa: F811
    decide_all(study, but=min(drawn(study)))
    assert taught(base, study).lesson.audit is None
    decide_all(study)
    lesson = taught(base, study)
    audit = lesson.lesson.audit
    assert audit is not None
    assert (audit.drawn, audit.measured, audit.looks) == (DRAWN, DRAWN, 0)
    assert audit.shares["audit_accuracy"].value > 0.9
    assert audit.shares["audit_accuracy"].cases == 4
    with for_writing(study) as store:
        keep_lesson(store, lesson)
        keep_lesson(store, lesson)
    again = taught(base, study).lesson.audit
    assert again is not None
    assert again.looks == 2


def test_what_was_computed_of_the_images_is_kept_and_teaches_the_same(
    study: Path,
    base: Base,  # noqa: F811
) -> None:
    decide_all(study)
    first = taught(base, study)
    with for_writing(study) as store:
        keep_lesson(store, first)
    # What counts now is kept: nothing is opened again.
    shutil.move(study.parent / "in", study.parent / "away")
    again = taught(base, study)
    assert not again.rows.made
    assert np.array_equal(first.lesson.taught.head.weights, again.lesson.taught.head.weights)


def test_what_to_teach_next_is_undecided_and_not_of_the_audit_set(study: Path, base: Base) -> None:  # noqa: F811
    cases = cases_of(drawn(study))
    decide_all(study)
    with for_writing(study) as store:
        replay = Replay(store.events.read())
        left = {one.image for one in store.listed_images() if one.case == "case-0" or one.case in cases}
        assert replay.last_act("Ada")
        Reviewing(store, "Ada").undo()
    left = {name for name in left if int(Path(name).stem) % 2}
    with for_writing(study) as store:
        others = [one.image for one in store.listed_images() if int(Path(one.image).stem) % 2]
        Reviewing(store, "Ada").decide([name for name in others if name not in left], "pre_b")
    order = order_undecided(study, base, report_nowhere, Cancel()).order
    assert set(order) == {name for name in left if name.split("/")[0] not in cases}


def test_what_a_new_classifier_has_not_answered_yet_is_taught_all_the_same_and_offers_nothing(
    study: Path,
    base: Base,  # noqa: F811
    make_classifier: MakeClassifier,
) -> None:
    drawn(study)
    decide_all(study)
    before = taught(base, study)
    with StudyStore.open_existing(study) as store:
        head = store.head
    unet = mark_of(make_classifier("unet").card)
    StudyStore.open_or_create(study, replace(head, classifiers=(*head.classifiers, unet))).close()
    after = taught(base, study)
    assert taught_names(after) == taught_names(before)
    assert before.lesson.audit is not None
    assert after.lesson.audit is not None
    assert before.lesson.audit.offer.stands
    assert not after.lesson.audit.offer.stands
    assert "has not answered for all of its images" in after.lesson.audit.offer.sentence


# Five ways to have a head measured on what it was taught.


def test_other_images_of_a_drawn_case_in_another_study_are_not_taught(
    study: Path, tmp_path: Path, make_classifier: MakeClassifier
) -> None:
    for case in range(CASES):
        for number, hue in enumerate(("basophil", "platelet")):
            write_picture(
                tmp_path / "later" / f"case-{case}" / f"{number}.png", noise(hue, 10**6 + 10 * case + number)
            )
    later = screened(tmp_path / "later", tmp_path / "s2", make_classifier)
    cases = cases_of(drawn(study))
    for one in (study, later):
        decide_all(one)
    taught_cases = set(read_signed_images([study, later], signed_only=False).images.cases)
    assert len(taught_cases) == CASES - len(cases)
    assert not taught_cases & cases


def test_the_other_images_of_a_drawn_case_are_not_taught(study: Path, base: Base) -> None:  # noqa: F811
    cases = {name.split("/")[0] for name in drawn(study)}
    decide_all(study)
    assert not {name for name in taught_names(taught(base, study)) if name.split("/")[0] in cases}


def test_a_copy_under_another_name_in_another_case_is_not_taught(
    study: Path,
    base: Base,  # noqa: F811
    make_classifier: MakeClassifier,
) -> None:
    name = min(drawn(study))
    case = next(
        f"case-{number}" for number in range(CASES) if f"case-{number}" not in cases_of(drawn_now(study))
    )
    copy = f"{case}/{int(Path(name).stem) % 2}-copy.png"
    shutil.copy(study.parent / "in" / name, study.parent / "in" / copy)
    screened(study.parent / "in", study, make_classifier)
    decide_all(study)
    assert copy not in taught_names(taught(base, study))


@pytest.mark.parametrize("way", ["mirrored", "turned", "enlarged", "brightened"])
def test_a_near_duplicate_in_another_case_is_not_taught(
    study: Path,
    base: Base,  # noqa: F811
    make_classifier: MakeClassifier,
    turned_copies: dict[str, Change],  # noqa: F811
    way: str,
) -> None:
    name = min(drawn(study))
    case = next(
        f"case-{number}" for number in range(CASES) if f"case-{number}" not in cases_of(drawn_now(study))
    )
    copy = f"{case}/{int(Path(name).stem) % 2}-copy.{'jpg' if way == 'brightened' else 'png'}"
    picture = decode_image(study.parent / "in" / name).pixels
    write_picture(study.parent / "in" / copy, np.ascontiguousarray(turned_copies[way](picture)))
    screened(study.parent / "in", study, make_classifier)
    decide_all(study)
    lesson = taught(base, study)
    assert copy not in taught_names(lesson)
    assert lesson.lesson.apart == 1


def test_an_image_of_the_audit_set_is_not_taught_by_another_study_of_another_folder(
    study: Path,
    base: Base,  # noqa: F811
    make_classifier: MakeClassifier,
) -> None:
    name = min(drawn(study))
    for case in range(CASES, CASES + 6):
        draw_case(study.parent / "other", case)
    copy = f"case-{CASES}/{int(Path(name).stem) % 2}-copy.png"
    shutil.copy(study.parent / "in" / name, study.parent / "other" / copy)
    other = screened(study.parent / "other", study.parent / "t", make_classifier)
    decide_all(study)
    decide_all(other)
    names = taught_names(taught(base, study, other))
    assert f"case-{CASES}/2.png" in names
    assert copy not in names


def test_a_file_that_was_put_in_the_place_of_a_drawn_one_is_not_measured_on(
    study: Path,
    base: Base,  # noqa: F811
    make_classifier: MakeClassifier,
) -> None:
    name = min(drawn(study))
    write_picture(study.parent / "in" / name, noise("platelet", 99))
    screened(study.parent / "in", study, make_classifier)
    decide_all(study)
    with StudyStore.open_existing(study) as store:
        read = read_audit(Replay(store.events.read()), store.listed_images())
    assert read is not None
    assert [one.image for one in read.gone] == [name]
    assert "1 are not there any more, or not the files that were drawn" in audit_words(read)
    assert taught(base, study).lesson.audit is None


def drawn_now(study: Path) -> frozenset[str]:
    with StudyStore.open_existing(study) as store:
        audit = Replay(store.events.read()).audit
    assert audit is not None
    return audit.names


def cases_of(names: frozenset[str]) -> set[str]:
    return {name.split("/")[0] for name in names}
