"""A disk that changes bits: every damaged study ends in a sentence, and no change of what it says goes unsaid."""

import random
from pathlib import Path

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import StudyError
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.events import Entry
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
# benchmarks/attack.py has thousands.
FLIPS = 300


def record_of(image: str) -> ImageRecord:
    answers = (Answer(MARK, Prediction((0.25, 0.75), 3.5)),)
    quality = ImageQuality(12.3, 0.1, 0.2)
    return ImageRecord(
        image,
        "case",
        "ok",
        sha256="ab" * 32,
        quality=quality,
        answers=answers,
        consensus=consensus_of(answers, quality),
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flips") / "study.bloodsmear"
    head = StudyHead(path.parent, (path.parent,), (MARK,))
    with StudyStore.open_or_create(path, head) as store:
        store.list_images((f"{number}.png", "case") for number in range(8))
        for number in range(6):
            store.put(record_of(f"{number}.png"))
        entries = [Entry("decided", "Ada", f"{n}.png", "case", "ab" * 32, "pre_b") for n in range(5)]
        store.events.append(0, lambda _there: entries)
    return path


def told(path: Path) -> tuple[object, ...]:
    """All that a report says of a study; StudyError."""
    with StudyStore.open_existing(path) as store:
        records, listed, events = (
            tuple(store.records()),
            tuple(store.listed_images()),
            store.events.readable(),
        )
        return (store.events.check().whole, store.head, records, listed, events)


def test_hundreds_of_changed_bits_end_in_a_sentence_or_are_said(study: Path, tmp_path: Path) -> None:
    whole, *before = told(study)
    assert whole
    chance = random.Random(20261129)
    content = study.read_bytes()
    damaged = tmp_path / "study.bloodsmear"
    refused = unsaid = nameless = 0
    for number in range(FLIPS):
        place, bit = chance.randrange(len(content)), chance.randrange(8)
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :])
        try:
            whole, *now = told(damaged)
            unsaid += bool(whole) and now != before
            if number % 10 == 0:  # waits for the disk
                head = StudyHead(study.parent, (study.parent,), (MARK,))
                with StudyStore.open_or_create(damaged, head) as store:
                    store.put(record_of("7.png"))
                    store.list_images([("7.png", "case")])
        except StudyError as error:
            refused += 1
            nameless += str(damaged) not in str(error)

    assert (unsaid, nameless) == (0, 0)
    # Most of a file is text and free space; enough of it is structure.
    assert refused > FLIPS / 20
