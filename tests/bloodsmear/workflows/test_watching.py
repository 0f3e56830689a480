"""A watched folder: every file is screened once it is complete. Time is a list of things that happen."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from PIL import Image

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ScanError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningPlan, ScreeningSummary
from bloodsmear.workflows.watching import Clock, PcClock, WatchEvents, WatchTiming, watch

Draw = Callable[..., Path]
Make = Callable[..., "CountingClassifier"]
Happening = Callable[[], object]
MakeClock = Callable[..., Clock]


class CountingClassifier(Classifier, Protocol):
    """The fake classifier, which counts."""

    asked: int


def nothing() -> None:
    pass


class Watched:
    """A watched folder, and all that was heard of it."""

    def __init__(self, folder: Path, classifier: CountingClassifier, make_clock: MakeClock) -> None:
        self.folder = folder
        self.classifier = classifier
        self.make_clock = make_clock
        self.classifiers = ClassifierSet((classifier,))
        self.screened: list[tuple[str, str]] = []
        self.updates: list[list[str]] = []
        self.troubles: list[str] = []
        self.arrived: list[list[str]] = []
        self.waiting: list[list[str]] = []

    def watch(self, *happenings: Happening) -> ScreeningSummary:
        """Watch while these things happen, with time enough after the last one."""
        events = WatchEvents(
            self._hear, self._look, self.troubles.append, self._take_arrived, self._take_waiting
        )
        plan = ScreeningPlan((self.folder,), study=self.folder.parent / "s")
        timing = WatchTiming(self.make_clock(nothing, *happenings, nothing, nothing))
        return watch(plan, self.classifiers, events, Cancel(), timing)

    def records(self) -> dict[str, str]:
        """Each image's status in the study."""
        with StudyStore.open_existing(self.folder.parent / "s") as store:
            return {record.image: record.status for record in store.records()}

    def _take_arrived(self, images: Sequence[FoundImage]) -> None:
        self.arrived.append([found.image for found in images])

    def _take_waiting(self, images: Sequence[FoundImage]) -> None:
        self.waiting.append([found.image for found in images])

    def _hear(self, record: ImageRecord) -> None:
        self.screened.append((record.image, record.status))

    def _look(self, study: Path) -> None:
        self.updates.append(list(self.records()))


@pytest.fixture
def watched(tmp_path: Path, make_classifier: Make, scripted_clock: MakeClock) -> Watched:
    """An empty folder."""
    (tmp_path / "camera").mkdir()
    return Watched(tmp_path / "camera", make_classifier("vgg16"), scripted_clock)


def test_images_are_screened_as_they_come_each_once(watched: Watched, draw_image: Draw) -> None:
    draw_image(watched.folder / "before.png")

    summary = watched.watch(
        lambda: draw_image(watched.folder / "first.png", seed=1),
        lambda: draw_image(watched.folder / "case 1" / "second.png", seed=2),
        nothing,
    )

    assert [image for image, _ in watched.screened] == ["before.png", "first.png", "case 1/second.png"]
    assert watched.updates[-1] == ["before.png", "case 1/second.png", "first.png"]
    assert watched.arrived == [["before.png"], ["first.png"], ["case 1/second.png"]]
    assert watched.waiting == []
    assert (summary.images, summary.screened, summary.kept, summary.unreadable) == (3, 3, 0, 0)


def test_a_file_that_is_still_written_is_not_listed_yet(watched: Watched, draw_image: Draw) -> None:
    whole = draw_image(watched.folder.parent / "whole.png").read_bytes()
    target = watched.folder / "a.png"

    def write(share: float) -> Happening:
        return lambda: target.write_bytes(whole[: int(len(whole) * share)])

    watched.watch(write(0.2), write(0.5), nothing, write(0.8), write(1.0))

    # In its pause it could not be decoded, so it was waited for.
    assert watched.screened == [("a.png", "ok")]
    assert watched.waiting == [["a.png"], []]


def test_a_file_that_goes_away_is_waited_for_no_more(watched: Watched) -> None:
    half = watched.folder / "a.png"
    watched.watch(
        lambda: half.write_bytes(b"\x89PNG\r\n\x1a\n and no more"), nothing, nothing, half.unlink, nothing
    )

    assert watched.waiting == [["a.png"], []]


UNCOMPRESSED = ("a.bmp", "a.tif")


@pytest.mark.parametrize("name", [*UNCOMPRESSED, "a.jpg", "a.webp", "a.jp2", "a.avif"])
@pytest.mark.parametrize("room_first", [False, True], ids=["growing", "room made first"])
def test_no_half_copied_file_of_any_format_is_taken(watched: Watched, name: str, room_first: bool) -> None:
    noise = np.random.default_rng(3).integers(30, 220, (96, 128, 3), dtype=np.uint8)
    source, target = watched.folder.parent / name, watched.folder / name
    Image.fromarray(noise).save(source)
    whole = source.read_bytes()

    def write(share: float) -> Happening:
        part = whole[: int(len(whole) * share)]
        filling = bytes(len(whole) - len(part)) if room_first else b""
        return lambda: target.write_bytes(part + filling)

    watched.watch(write(0.3), write(0.6), nothing, nothing, write(1.0))

    assert watched.screened == [(name, "ok")]


def test_a_broken_file_has_its_row_after_a_while(watched: Watched) -> None:
    (watched.folder / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")

    summary = watched.watch(*[nothing] * 12)

    assert watched.screened == [("torn.png", "unreadable")]
    assert summary.unreadable == 1


def test_a_broken_file_that_is_mended_is_screened_again(watched: Watched, draw_image: Draw) -> None:
    (watched.folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")

    summary = watched.watch(*[nothing] * 12, lambda: draw_image(watched.folder / "a.png"), nothing)

    assert watched.screened == [("a.png", "unreadable"), ("a.png", "ok")]
    assert summary.unreadable == 0


def test_what_was_finished_before_is_kept(watched: Watched, draw_image: Draw) -> None:
    draw_image(watched.folder / "a.png")
    watched.watch()
    draw_image(watched.folder / "b.png", seed=1)

    summary = watched.watch()

    assert (summary.images, summary.screened, summary.kept) == (2, 1, 1)
    assert watched.classifier.asked == 2


def test_a_deleted_image_keeps_its_row(watched: Watched, draw_image: Draw) -> None:
    path = draw_image(watched.folder / "a.png")

    watched.watch(nothing, path.unlink, lambda: draw_image(watched.folder / "b.png", seed=1), nothing)

    assert watched.records() == {"a.png": "ok", "b.png": "ok"}


def test_a_folder_that_goes_away_is_waited_for_and_said_once(watched: Watched, draw_image: Draw) -> None:
    draw_image(watched.folder / "a.png")
    away = watched.folder.parent / "away"

    def come_back() -> None:
        away.rename(watched.folder)
        draw_image(watched.folder / "b.png", seed=1)

    watched.watch(nothing, lambda: watched.folder.rename(away), nothing, nothing, come_back, nothing)

    assert watched.records() == {"a.png": "ok", "b.png": "ok"}
    assert len(watched.troubles) == 1
    assert watched.troubles[0].endswith("Watching goes on when it is back.")


def test_a_folder_that_goes_away_while_images_are_read_makes_none_unreadable(
    watched: Watched, draw_image: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        draw_image(watched.folder / f"{number}.png", seed=number)
    away, answer = watched.folder.parent / "away", watched.classifier.predict

    def pull_once(image: RgbImage) -> Prediction:
        if watched.classifier.asked == 1:
            watched.folder.rename(away)
        return answer(image)

    monkeypatch.setattr(watched.classifier, "predict", pull_once)

    watched.watch(nothing, lambda: away.rename(watched.folder), nothing)

    assert watched.screened == [(f"{number}.png", "ok") for number in range(4)]
    assert len(watched.troubles) == 1


def test_a_stop_while_images_are_read_keeps_the_finished_ones(
    watched: Watched, draw_image: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        draw_image(watched.folder / f"{number}.png", seed=number)
    cancel = Cancel()
    events = WatchEvents(lambda record: cancel.request())
    plan = ScreeningPlan((watched.folder,), study=watched.folder.parent / "s")

    summary = watch(
        plan, watched.classifiers, events, cancel, WatchTiming(watched.make_clock(*[nothing] * 9))
    )

    assert 1 <= summary.screened < 6
    statuses = list(watched.records().values())
    assert statuses.count("ok") == summary.screened
    assert set(statuses) == {"ok", "not_screened"}


def test_a_folder_that_was_never_there_is_refused(watched: Watched) -> None:
    watched.folder.rmdir()

    with pytest.raises(ScanError, match="There is no folder"):
        watched.watch()


def test_the_clock_of_the_pc_stops_waiting_when_it_is_asked_to() -> None:
    cancel = Cancel()
    cancel.request()

    PcClock().wait(1e6, cancel)

    assert PcClock().now_s() > 0
