"""A study's file: what is put comes back, and nothing is lost."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import StudyError
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage import row_checks, study_store
from bloodsmear.storage.database import Database, Statement
from bloodsmear.storage.study_store import StudyHead, StudyStore

VGG16 = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b", "pro_b", "early_pre_b"))
UNET = ClassifierMark("unet", "U-Net", "1.0+2b", "2b" * 32, ("benign", "pre_b", "pro_b", "early_pre_b"))
NEWER = ClassifierMark("vgg16", "VGG16", "1.1+3c", "3c" * 32, ("benign", "pre_b", "pro_b", "early_pre_b"))


def head_of(root: Path, *marks: ClassifierMark, check_denoised: bool = False) -> StudyHead:
    return StudyHead(root, (root,), marks or (VGG16, UNET), check_denoised)


def record_of(
    image: str, *marks: ClassifierMark, sha256: str = "aa" * 32, denoised: bool = False
) -> ImageRecord:
    answers = tuple(
        Answer(mark, Prediction((0.1, 0.2, 1 / 3, 1 - 0.3 - 1 / 3))) for mark in marks or (VGG16, UNET)
    )
    quality = ImageQuality(12.3456789, 0.1, 1e-17)
    denoised_answers = answers if denoised else ()
    return ImageRecord(
        image=image,
        case="case",
        status="ok",
        sha256=sha256,
        width_px=32,
        height_px=24,
        quality=quality,
        answers=answers,
        denoised_answers=denoised_answers,
        consensus=consensus_of(answers, quality, denoised_answers),
        screened_at=datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC),
    )


def test_a_record_comes_back_bit_equal_from_a_reopened_study(tmp_path: Path) -> None:
    path = tmp_path / "a.bloodsmear"
    record = record_of("Ж/图 😀[1].png")
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        store.put(record)

    with StudyStore.open_existing(path) as store:
        assert store.record("Ж/图 😀[1].png") == record
        assert list(store.records()) == [record]
        assert store.head == head_of(tmp_path)


def test_the_limits_of_its_labels_come_back_with_a_classifier_and_a_card_with_others_gives_its_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.bloodsmear"
    limited = replace(VGG16, sure_from=(0.6, 0.6, 0.6, 0.1))
    record = record_of("a.png", limited, UNET)
    assert record.consensus is not None
    assert record.consensus.flags == ()
    with StudyStore.open_or_create(path, head_of(tmp_path, limited, UNET)) as store:
        store.put(record)
    with StudyStore.open_existing(path) as store:
        assert store.record("a.png") == record
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        assert store.record("a.png") == record_of("a.png")


@pytest.mark.parametrize("sure_from", [(), (0.6, 0.1)])
def test_the_names_that_a_card_gives_its_labels_come_back_with_it(
    tmp_path: Path, sure_from: tuple[float, ...]
) -> None:
    own = ClassifierMark("own", "Own", "1.0+4d", "4d" * 32, ("hem", "all"), sure_from, ("Häm", "ALL-Blast"))
    with StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path, own)):
        pass
    with StudyStore.open_existing(tmp_path / "s") as store:
        assert store.head.classifiers == (own,)
        assert list(store.head.classifiers[0].names.items()) == [("hem", "Häm"), ("all", "ALL-Blast")]


@pytest.mark.parametrize(
    "labels",
    [
        '[["hem"], ["all"]]',
        '[["hem", "Häm"], "all"]',
        '[["hem", "Häm"], ["hem", "All"]]',
        '[["hem", ""], ["all", "All"]]',
        '[["hem", "Häm", 0.6], ["all", "All"]]',
        '[["hem", "Häm", 2], ["all", "All", 0.6]]',
        '[["", "Häm"], ["all", "All"]]',
    ],
)
def test_labels_that_nobody_wrote_are_refused(labels: str) -> None:
    with pytest.raises(ValueError, match="no "):
        row_checks.labels_of_classifier(labels)


def test_the_feature_distance_and_its_verdict_come_back(tmp_path: Path) -> None:
    answer = Answer(VGG16, Prediction((0.25, 0.25, 0.25, 0.25), 17.123456789012345, unlike_training=True))
    with StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path, VGG16)) as store:
        store.put(replace(record_of("a.png", VGG16), answers=(answer,)))

        kept = store.record("a.png")

    assert kept is not None
    assert kept.answers == (answer,)
    assert kept.consensus is not None
    assert "unlike_training" in kept.consensus.flags


def test_records_come_in_natural_order_over_many_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_store, "_CHUNK", 4)
    names = [f"case {case}/{number}.png" for case in (2, 10) for number in (1, 2, 3, 10, 11, 100)]
    with StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path)) as store:
        for name in sorted(names):
            store.put(record_of(name))

        assert [record.image for record in store.records()] == names


def test_listed_images_wait_as_not_screened(tmp_path: Path) -> None:
    with StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path)) as store:
        store.list_images([("b.png", "c"), ("a.png", "c")])

        assert list(store.records()) == [
            ImageRecord("a.png", "c", "not_screened"),
            ImageRecord("b.png", "c", "not_screened"),
        ]


def test_an_image_that_is_gone_has_no_record_until_it_is_back(tmp_path: Path) -> None:
    with StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path)) as store:
        store.put(record_of("a.png"))
        store.list_images([("b.png", "case")])

        assert store.record("a.png") is None
        assert [record.image for record in store.records()] == ["b.png"]

        store.list_images([("a.png", "case")])
        assert store.record("a.png") == record_of("a.png")


def test_other_classifiers_find_the_images_unscreened_and_the_older_answers_stay(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        store.put(record_of("a.png"))

    with StudyStore.open_or_create(path, head_of(tmp_path, NEWER, UNET)) as store:
        assert store.done_record("a.png") is None
        assert [record.status for record in store.records()] == ["not_screened"]

    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        assert store.done_record("a.png") == record_of("a.png")


def test_answers_stand_in_the_order_of_the_classifiers_in_use(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        store.put(record_of("a.png"))

    with StudyStore.open_or_create(path, head_of(tmp_path, UNET, VGG16)) as store:
        kept = store.record("a.png")

    assert kept is not None
    assert [answer.classifier for answer in kept.answers] == [UNET, VGG16]


def test_a_card_with_corrected_labels_names_the_stored_answers_too(tmp_path: Path) -> None:
    corrected = replace(VGG16, label_keys=("benign", "early_pre_b", "pre_b", "pro_b"))
    with StudyStore.open_or_create(tmp_path / "a", head_of(tmp_path, VGG16)) as store:
        store.put(record_of("1.png", VGG16))

    with StudyStore.open_or_create(tmp_path / "a", head_of(tmp_path, corrected)) as store:
        assert store.head.classifiers == (corrected,)
        assert store.record("1.png") == record_of("1.png", corrected)


def test_other_bytes_under_the_same_name_forget_what_was_said(tmp_path: Path) -> None:
    with StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path)) as store:
        store.put(record_of("a.png"))
        broken = ImageRecord("a.png", "case", "unreadable", error="the file is empty", sha256="bb" * 32)
        store.put(broken)

        assert store.record("a.png") == broken
        assert store.done_record("a.png") == broken


def test_an_image_without_denoised_answers_is_not_done_when_they_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        store.put(record_of("a.png"))
        assert store.done_record("a.png") is not None

    with StudyStore.open_or_create(path, head_of(tmp_path, check_denoised=True)) as store:
        assert store.done_record("a.png") is None
        store.put(record_of("a.png", denoised=True))
        assert store.done_record("a.png") == record_of("a.png", denoised=True)

    # The report without the check is the same whether or not somebody once asked for it.
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        assert store.done_record("a.png") == record_of("a.png")


def test_a_study_of_other_folders_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        store.put(record_of("a.png"))

    with pytest.raises(StudyError, match="not of the folders named now"):
        StudyStore.open_or_create(path, head_of(tmp_path / "elsewhere"))

    with StudyStore.open_existing(path) as store:
        assert store.head.root == tmp_path


def test_a_file_that_is_not_a_study_is_refused_and_unchanged(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a study at all, " * 20)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE birds (name)")
    before = foreign.read_bytes()

    for path in (text, foreign):
        with pytest.raises(StudyError, match="not a study of Bloodsmear"):
            StudyStore.open_or_create(path, head_of(tmp_path))
        with pytest.raises(StudyError, match="not a study of Bloodsmear"):
            StudyStore.open_existing(path)

    assert text.read_text().startswith("not a study")
    assert foreign.read_bytes() == before


def test_a_study_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s"
    StudyStore.open_or_create(path, head_of(tmp_path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(StudyError, match="newer Bloodsmear"):
        StudyStore.open_existing(path)


def test_a_missing_study_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="There is no study"):
        StudyStore.open_existing(tmp_path / "none")
    with pytest.raises(StudyError, match="cannot be opened"):
        StudyStore.open_or_create(tmp_path / "nowhere" / "s", head_of(tmp_path))


def put_until_refused(store: StudyStore) -> None:
    for number in range(2000):
        store.put(record_of(f"{number}.png"))


def test_a_full_disk_is_a_sentence_and_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "s"
    StudyStore.open_or_create(path, head_of(tmp_path)).close()
    database = Database(path)
    # A study's limit of pages stands for the disk's: SQLite answers both with SQLITE_FULL.
    connection = database._write_connection
    assert connection is not None
    database._on_writer(lambda: connection.execute("PRAGMA max_page_count = 20"))
    store = StudyStore(database, *study_store._read_head(database))
    try:
        with pytest.raises(StudyError, match="is full"):
            put_until_refused(store)
        kept = [record.image for record in store.records()]
        assert kept == [f"{number}.png" for number in range(len(kept))]
        assert len(kept) > 1
    finally:
        store.close()


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    with StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path)) as store:

        def read_on() -> None:
            try:
                while store.record("39.png") is None:
                    counted = [record.status for record in store.records()]
                    assert set(counted) <= {"ok"}
            except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
                failures.append(error)

        readers = [threading.Thread(target=read_on) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(40):
            store.put(record_of(f"{number}.png"))
        for reader in readers:
            reader.join(30)

    assert failures == []


def test_a_local_study_uses_the_write_ahead_log_and_leaves_one_file(tmp_path: Path) -> None:
    path = tmp_path / "s.bloodsmear"
    with closing(Database(path)) as database:
        assert database.read("PRAGMA journal_mode") == [("wal",)]
        database.write([Statement("CREATE TABLE t (x)"), Statement("INSERT INTO t VALUES (?)", [(1,), (2,)])])
        assert database.read("SELECT sum(x) FROM t") == [(3,)]

    assert [file.name for file in tmp_path.iterdir()] == ["s.bloodsmear"]


def test_reading_a_study_leaves_nothing_beside_it(tmp_path: Path) -> None:
    StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path)).close()

    with StudyStore.open_existing(tmp_path / "s") as store:
        assert list(store.records()) == []

    assert [file.name for file in tmp_path.iterdir()] == ["s"]


def test_a_failed_write_leaves_nothing_of_its_transaction(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "s")) as database:
        database.write([Statement("CREATE TABLE t (x UNIQUE)")])
        with pytest.raises(StudyError):
            database.write([Statement("INSERT INTO t VALUES (?)", [(1,), (1,)])])

        assert database.read("SELECT count(*) FROM t") == [(0,)]


def test_a_closed_study_says_so(tmp_path: Path) -> None:
    store = StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path))
    store.close()
    store.close()

    with pytest.raises(StudyError, match="closed already"):
        store.put(record_of("a.png"))


def test_a_study_for_reading_only_refuses_to_write(tmp_path: Path) -> None:
    StudyStore.open_or_create(tmp_path / "s", head_of(tmp_path)).close()

    with (
        StudyStore.open_existing(tmp_path / "s") as store,
        pytest.raises(StudyError, match="for reading only"),
    ):
        store.put(record_of("a.png"))


def test_a_study_with_an_unclean_end_reopens_with_all_that_was_put(tmp_path: Path) -> None:
    path, copy = tmp_path / "s", tmp_path / "copy"
    with StudyStore.open_or_create(path, head_of(tmp_path)) as store:
        store.put(record_of("a.png"))
        # What a killed program leaves: the file and its write-ahead log.
        copy.write_bytes(path.read_bytes())
        Path(f"{copy}-wal").write_bytes(Path(f"{path}-wal").read_bytes())

    with StudyStore.open_existing(copy) as store:
        assert list(store.records()) == [record_of("a.png")]
