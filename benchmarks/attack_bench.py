"""Where the attacks of attack.py work, and what a try comes to."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import BloodsmearError
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.events import Entry
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore

ROOT = Path(__file__).resolve().parent.parent
FAILURES = ("python error", "lost", "silent")
Outcome = str
Attack = Callable[["Bench"], Iterator[Outcome]]
MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))


class Bench:
    """Where the attacks work, by how many tries, and their chance."""

    def __init__(self, place: Path, flips: int, kills: int, seed: int) -> None:
        self.place = place
        self.flips = flips
        self.kills = kills
        self.chance = random.Random(seed)

    def flipped(self, content: bytes) -> Iterator[bytes]:
        """The content with one bit changed, `flips` times."""
        for _ in range(self.flips):
            place, bit = self.chance.randrange(len(content)), self.chance.randrange(8)
            yield content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]

    def folder(self, name: str) -> Path:
        """A new folder."""
        folder = self.place / name
        folder.mkdir()
        return folder


def outcome_of(work: Callable[[], Outcome]) -> Outcome:
    """What a piece of work came to; an error of the program's own is a sentence."""
    try:
        return work()
    except BloodsmearError:
        return "refused"
    except Exception:  # noqa: BLE001 - what is looked for
        traceback.print_exc(limit=-3)
        return "python error"


def make_study(path: Path) -> Path:
    """Eight images, six of them read, five decided."""
    answers = (Answer(MARK, Prediction((0.25, 0.75), 3.5)),)
    quality = ImageQuality(12.3, 0.1, 0.2)
    with StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (MARK,))) as store:
        store.list_images((f"{number}.png", "case") for number in range(8))
        for number in range(6):
            store.put(
                ImageRecord(
                    f"{number}.png",
                    "case",
                    "ok",
                    sha256="ab" * 32,
                    quality=quality,
                    answers=answers,
                    consensus=consensus_of(answers, quality),
                )
            )
        entries = [Entry("decided", "Ada", f"{n}.png", "case", "ab" * 32, "pre_b") for n in range(5)]
        store.events.append(0, lambda _there: entries)
    return path
