"""A study that was changed outside is complained of until a reader takes note, which stays in the record."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.review.events import Entry
from bloodsmear.review.records import ClassifierMark
from bloodsmear.review.replay import Replay
from bloodsmear.storage.event_chain import ChainCheck
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.export import export_csv
from desktop.cli.program import main

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
CHANGES = {
    "a decision": ["UPDATE events SET decision = 'pre_b' WHERE number = 2"],
    "the first event": ["UPDATE events SET reader = 'Eve' WHERE number = 1"],
    "the last event": ["UPDATE events SET decision = 'pre_b' WHERE number = 3"],
    "one left out": ["DELETE FROM events WHERE number = 2"],
    "the last ones cut off": ["DELETE FROM events WHERE number > 1"],
    "all cut off": ["DELETE FROM events"],
    "the head": ["UPDATE event_head SET last_hash = 'x'"],
    "an image": ["UPDATE images SET sha256 = 'ff' WHERE image = '1.png'"],
    "several": [
        "UPDATE events SET decision = 'pre_b' WHERE number = 1",
        "DELETE FROM events WHERE number = 3",
    ],
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "s.bloodsmear"
    with StudyStore.open_or_create(path, StudyHead(tmp_path, (tmp_path,), (MARK,))) as store:
        store.list_images([(f"{number}.png", "case") for number in (1, 2, 3)])
        for number in (1, 2, 3):
            decide(store, f"{number}.png")
    return path


def decide(store: StudyStore, image: str) -> None:
    store.events.append(0, lambda _there: (Entry("decided", "Ada", image, "case", decision="benign"),))


def tamper(study: Path, *statements: str) -> None:
    with closing(sqlite3.connect(study)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def check(study: Path) -> ChainCheck:
    with StudyStore.open_existing(study) as store:
        return store.events.check()


def open_again(study: Path) -> StudyStore:
    return StudyStore.open_or_create(study, StudyHead(study.parent, (study.parent,), (MARK,)))


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_reader_took_note_of_is_complained_of_no_more_and_stays_in_the_record(
    study: Path, what: str
) -> None:
    tamper(study, *CHANGES[what])
    complaint = check(study).complaint
    assert complaint

    with open_again(study) as store:
        store.events.acknowledge_changes("Grace")
        decide(store, "1.png")

    again = check(study)
    assert again.whole
    assert len(again.acknowledged) == len(CHANGES[what])
    assert "Grace took note of it on" in again.acknowledged[0]


@pytest.mark.parametrize("what", CHANGES)
def test_a_later_change_is_complained_of_anew(study: Path, what: str) -> None:
    tamper(study, *CHANGES[what])
    with open_again(study) as store:
        store.events.acknowledge_changes("Grace")
        decide(store, "1.png")
    for later in ("UPDATE events SET text = 'x' WHERE number = 5", "UPDATE images SET \"case\" = 'other'"):
        tamper(study, later)
        assert not check(study).whole
        with open_again(study) as store:
            assert store.events.acknowledge_changes("Grace").whole


def test_the_same_event_changed_once_more_is_complained_of_anew(study: Path) -> None:
    tamper(study, *CHANGES["a decision"])
    with open_again(study) as store:
        store.events.acknowledge_changes("Grace")
    tamper(study, "UPDATE events SET decision = 'unsure' WHERE number = 2")

    assert not check(study).whole


def test_taking_note_of_nothing_adds_nothing_and_is_not_part_of_a_review(study: Path) -> None:
    with open_again(study) as store:
        assert store.events.acknowledge_changes("Grace").whole
        assert len(store.events.read()) == 3
    tamper(study, *CHANGES["an image"])
    with open_again(study) as store:
        store.events.acknowledge_changes("Grace")
        replay = Replay(store.events.read())
    assert replay.readers == ("Ada",)
    assert replay.last_act("Grace") == ()


def test_hundreds_of_changes_are_taken_note_of_and_a_report_names_the_first(study: Path) -> None:
    with open_again(study) as store:
        entry = Entry("noted", "Ada", "1.png", "case")
        store.events.append(0, lambda _there: [entry] * 400)
    tamper(study, "UPDATE events SET reader = 'Eve'", "UPDATE event_head SET last_hash = 'x'")
    with open_again(study) as store:
        assert store.events.acknowledge_changes("Grace").whole
    assert len(check(study).acknowledged) == 404
    assert check(study).noted.endswith(" And 394 more.")


def test_doctor_takes_note_by_name_and_reports_go_on_saying_it(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(study, *CHANGES["a decision"])
    assert main(["doctor", "--study", str(study)]) == 1
    assert "--acknowledge" in capsys.readouterr().out

    assert main(["doctor", "--study", str(study), "--acknowledge", "Grace"]) == 0
    assert "Grace took note of it on" in capsys.readouterr().out
    exported = export_csv(study, study.with_name("r.csv"))

    assert exported.complaint == ""
    assert "Grace took note of it on" in study.with_name("r.csv").read_text("utf-8-sig")
