"""No decision goes out of sight: another classifier, a fresh study, a part of the folder."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.errors import StudyError
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import (
    ScreeningEvents,
    ScreeningPlan,
    ScreeningSummary,
    default_study_path,
    screen,
)
from bloodsmear.workflows.study_choice import elsewhere_sentence, look_at_studies

IMAGE = "case 1/1.png"

AsFast = Callable[[ClassifierSet], ClassifierSet]


@pytest.fixture
def folder(tmp_path: Path, draw_image: Callable[..., Path]) -> Path:
    root = tmp_path / "smears"
    for number in (1, 2):
        draw_image(root / f"case {number}" / "1.png", seed=number)
    return root


@pytest.fixture
def older(make_classifier: Callable[..., object]) -> ClassifierSet:
    return ClassifierSet((make_classifier("vgg16"),))  # type: ignore[arg-type]  # a fake


@pytest.fixture
def newer(make_classifier: Callable[..., object]) -> ClassifierSet:
    return ClassifierSet((make_classifier("vgg16", version="2.0"), make_classifier("unet")))  # type: ignore[arg-type]


def run(folder: Path, classifiers: ClassifierSet, fresh: bool = False) -> ScreeningSummary:
    return screen(ScreeningPlan((folder,), fresh=fresh), classifiers, ScreeningEvents(), Cancel())


def decide(study: Path, value: str = "pre_b") -> None:
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        Reviewing(store, "Ada").decide([there.image for there in store.listed_images()][:1], value)


def test_the_study_with_decisions_goes_on_with_other_classifiers(
    folder: Path, older: ClassifierSet, newer: ClassifierSet
) -> None:
    first = run(folder, older)
    decide(first.study)

    again = run(folder, newer)

    assert (again.study, again.screened) == (first.study, 2)
    with StudyStore.open_existing(again.study) as store:
        assert store.head.classifiers == newer.marks
        assert [event.entry.decision for event in store.events.read()] == ["pre_b"]
    assert default_study_path((folder,), older.marks) == first.study


def test_without_a_decision_every_set_of_classifiers_has_its_own_study(
    folder: Path, older: ClassifierSet, newer: ClassifierSet
) -> None:
    assert run(folder, older).study != run(folder, newer).study


def test_of_two_studies_with_decisions_the_one_last_worked_on_goes_on_and_the_other_is_named(
    folder: Path, older: ClassifierSet, newer: ClassifierSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = run(folder, older).study, run(folder, newer).study
    times = {first: "2026-11-24T10:00:00Z", second: "2026-11-23T10:00:00Z"}
    monkeypatch.setattr(
        "bloodsmear.storage.event_log.EventLog.last_time", lambda log: times[log._database.path]
    )

    assert default_study_path((folder,), newer.marks) == first
    assert str(second) in elsewhere_sentence(first, paths.studies(), (folder,))


def test_a_fresh_study_puts_the_one_with_decisions_aside_and_says_where_it_is(
    folder: Path, older: ClassifierSet, newer: ClassifierSet
) -> None:
    decide(run(folder, older).study)

    fresh = run(folder, newer, fresh=True)

    with StudyStore.open_existing(fresh.study) as store:
        assert store.events.read() == ()
    assert default_study_path((folder,), newer.marks) == fresh.study
    sentence = elsewhere_sentence(fresh.study, paths.studies(), (folder,))
    assert "in another study: " in sentence
    assert " until " in sentence


def test_decisions_about_a_part_of_the_folder_are_told_when_the_whole_is_open(
    folder: Path, older: ClassifierSet
) -> None:
    decide(run(folder / "case 1", older).study)
    whole = run(folder, older).study

    sentence = elsewhere_sentence(whole, paths.studies(), (folder,))

    assert f"in the study of {folder / 'case 1'}. Open that to see them." in sentence
    assert elsewhere_sentence(whole, paths.studies(), (folder / "case 2",)) == ""


def test_what_is_not_a_study_is_passed_over(folder: Path, older: ClassifierSet) -> None:
    study = run(folder, older).study
    decide(study)
    (study.parent / "notes.bloodsmear").write_text("no study")

    assert default_study_path((folder,), ()) == study


def test_a_fast_run_has_a_study_of_its_own_and_the_one_with_decisions_stays_exact(
    folder: Path, older: ClassifierSet, as_fast: AsFast
) -> None:
    exact = run(folder, older).study
    decide(exact)
    with StudyStore.open_existing(exact) as store:
        before = list(store.records())

    fast = run(folder, as_fast(older))
    again = run(folder, as_fast(older), fresh=True)

    assert fast.study == again.study != exact
    assert (fast.screened, again.screened) == (2, 2)
    with StudyStore.open_existing(exact) as store:
        assert store.head.classifiers == older.marks
        assert list(store.records()) == before
        assert [event.entry.decision for event in store.events.read()] == ["pre_b"]
    assert run(folder, older).kept == 2
    assert f"in another study: {exact}. Open the folder in the window to go on there." in elsewhere_sentence(
        fast.study, paths.studies(), (folder,)
    )


def test_a_fast_study_in_which_somebody_decided_goes_on_for_fast_runs_only(
    folder: Path, older: ClassifierSet, as_fast: AsFast
) -> None:
    fast = run(folder, as_fast(older)).study
    decide(fast)

    assert default_study_path((folder,), as_fast(older).marks) == fast
    exact = run(folder, older).study
    assert exact == default_study_path((folder,), older.marks) != fast
    assert f"in another study: {fast}. `bloodsmear report`" in elsewhere_sentence(
        exact, paths.studies(), (folder,)
    )


def break_study(study: Path, how: str) -> None:
    if how == "bits":
        study.write_bytes(bytes(byte ^ 0xFF for byte in study.read_bytes()))
        return
    with closing(sqlite3.connect(study)) as connection:
        connection.execute(how)
        connection.commit()


BREAKS = ["bits", "UPDATE head SET folders = '['", "DELETE FROM head", "CREATE VIEW v AS SELECT 1"]


@pytest.mark.parametrize("how", BREAKS)
def test_a_damaged_study_stops_no_other_folder_and_is_named(
    folder: Path, older: ClassifierSet, tmp_path: Path, how: str, draw_image: Callable[..., Path]
) -> None:
    damaged = run(folder, older).study
    decide(damaged)
    break_study(damaged, how)
    draw_image(tmp_path / "other" / "1.png", seed=3)

    other = run(tmp_path / "other", older)

    assert other.images == 1
    said = elsewhere_sentence(other.study, paths.studies(), (tmp_path / "other",))
    assert str(damaged) in said
    assert "cannot be read" in said
    assert "bloodsmear doctor" in said
    [unread] = look_at_studies(paths.studies()).unread
    assert unread.path == damaged
    assert unread.reason.endswith(".")


def test_a_study_that_a_kill_left_empty_is_not_a_problem_and_its_folder_opens(
    folder: Path, older: ClassifierSet
) -> None:
    default_study_path((folder,), older.marks).touch()

    assert look_at_studies(paths.studies()).unread == ()
    assert run(folder, older).images == 2


def test_a_damaged_study_of_the_folder_itself_is_set_aside_by_fresh(
    folder: Path, older: ClassifierSet
) -> None:
    study = run(folder, older).study
    break_study(study, "DELETE FROM head")

    with pytest.raises(StudyError, match="--fresh"):
        run(folder, older)
    assert run(folder, older, fresh=True).images == 2


def test_a_surprise_in_one_study_is_a_named_problem_too(
    folder: Path, older: ClassifierSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = run(folder, older).study

    def surprise(path: Path) -> StudyStore:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(StudyStore, "open_existing", surprise)

    [unread] = look_at_studies(paths.studies()).unread
    assert unread.path == study
    assert "RuntimeError" in unread.reason
