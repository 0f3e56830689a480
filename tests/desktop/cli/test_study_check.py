"""bloodsmear doctor --study: what it says of a study's events, and how it ends."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.review.records import ClassifierMark
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing

Run = Callable[..., int]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Three decisions of Ada, who has signed off the study."""
    mark = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
    path = tmp_path / "study.bloodsmear"
    with StudyStore.open_or_create(path, StudyHead(tmp_path, (tmp_path,), (mark,))) as store:
        images = ["1.png", "2.png", "3.png"]
        store.list_images((image, "case") for image in images)
        ada = Reviewing(store, "Ada")
        ada.decide(images, "benign")
        ada.sign_off_study()
    return path


def last_hash(study: Path) -> str:
    with StudyStore.open_existing(study) as store:
        return store.events.read()[-1].hash


def test_a_study_that_fits_ends_with_0_and_prints_what_can_be_noted(
    run: Run, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("doctor", "--study", study) == 0

    said = capsys.readouterr().out
    assert "events 4" in said
    assert f"last hash {last_hash(study)}" in said
    assert "Ada: 3 decided, study signed off 20" in said
    assert "Every event fits to the one before." in said


def test_a_changed_event_ends_with_1_and_is_named(
    run: Run, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE events SET decision = 'pre_b' WHERE number = 2")
        connection.commit()

    assert run("doctor", "--study", study) == 1

    said = capsys.readouterr().out
    assert "Event 2 (decided, Ada, 20" in said
    assert "Every event fits" not in said


def test_a_hash_noted_earlier_is_looked_for(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = last_hash(study)
    older = tmp_path / "older"
    older.write_bytes(study.read_bytes())
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        Reviewing(store, "Grace").decide(["1.png"], "pre_b")

    assert run("doctor", "--study", study, "--last-hash", noted.upper()) == 0
    capsys.readouterr()
    # An older copy in its place fits in itself; only what was noted shows it.
    assert run("doctor", "--study", older) == 0
    assert run("doctor", "--study", older, "--last-hash", last_hash(study)) == 1
    assert "No event has the hash" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--study", "nowhere"], "There is no study"),
        (["--last-hash", "ab"], "goes with --study"),
    ],
)
def test_what_cannot_be_looked_at_ends_with_2(
    run: Run, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("doctor", *words) == 2
    assert sentence in capsys.readouterr().err


def test_doctor_names_every_damaged_study_of_the_user_with_the_way_out(
    run: Run, study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.studies().mkdir(parents=True)
    for name in ("well", "cut", "changed"):
        (paths.studies() / f"{name}.bloodsmear").write_bytes(study.read_bytes())
    cut = paths.studies() / "cut.bloodsmear"
    cut.write_bytes(b"\0" * 100 + cut.read_bytes()[100:])
    with closing(sqlite3.connect(paths.studies() / "changed.bloodsmear")) as connection:
        connection.execute("UPDATE events SET decision = 'pre_b' WHERE number = 2")
        connection.commit()

    assert run("doctor") == 1

    said = capsys.readouterr().out
    assert "3 in" in said
    assert "cut.bloodsmear: " in said
    assert "changed.bloodsmear: Event 2" in said
    assert "well.bloodsmear:" not in said
