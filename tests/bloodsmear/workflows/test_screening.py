"""From folders to a study: complete, resumable, and never losing what was finished."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ClassifierError, ScanError, StudyError, UsageError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_csv
from bloodsmear.workflows.reading import ReadRequest, read_image
from bloodsmear.workflows.screening import (
    ScreeningEvents,
    ScreeningPlan,
    ScreeningSummary,
    default_study_path,
    screen,
)

Draw = Callable[..., Path]
Make = Callable[..., "CountingClassifier"]


class CountingClassifier(Classifier, Protocol):
    """The fake classifier, which counts."""

    asked: int


@pytest.fixture
def folder(tmp_path: Path, draw_image: Draw) -> Path:
    """Two cases with six images in all, one broken image, and a file that is not an image."""
    root = tmp_path / "smears"
    for number in (1, 2, 10):
        draw_image(root / "case 1" / f"{number}.png", seed=number)
        draw_image(root / "case 2" / f"{number}.png", red=20 * number, seed=number)
    (root / "case 2" / "broken.png").write_bytes((root / "case 2" / "1.png").read_bytes()[:60])
    (root / "notes.txt").write_text("a note")
    return root


@pytest.fixture
def classifiers(make_classifier: Make) -> ClassifierSet:
    """Two that count what they are asked."""
    return ClassifierSet((make_classifier("vgg16"), make_classifier("unet", strength=1.0)))


def asked(classifiers: ClassifierSet) -> list[int]:
    return [classifier.asked for classifier in classifiers.classifiers]  # type: ignore[attr-defined]  # fakes


def run(
    plan: ScreeningPlan, classifiers: ClassifierSet, cancel: Cancel | None = None
) -> tuple[ScreeningSummary, list[ImageRecord]]:
    ready: list[ImageRecord] = []
    summary = screen(plan, classifiers, ScreeningEvents(record_ready=ready.append), cancel or Cancel())
    return summary, ready


def records_of(study: Path) -> list[ImageRecord]:
    with StudyStore.open_existing(study) as store:
        return list(store.records())


def without_times(records: list[ImageRecord]) -> list[ImageRecord]:
    return [replace(record, screened_at=None) for record in records]


def test_every_image_gets_its_record_in_natural_order(folder: Path, classifiers: ClassifierSet) -> None:
    summary, ready = run(ScreeningPlan((folder,), jobs=2), classifiers)

    records = records_of(summary.study)
    assert [record.image for record in records] == [
        *(f"case 1/{number}.png" for number in (1, 2, 10)),
        *(f"case 2/{number}.png" for number in (1, 2, 10)),
        "case 2/broken.png",
    ]
    assert [record.status for record in records] == ["ok"] * 6 + ["unreadable"]
    assert {record.image for record in ready} == {record.image for record in records}
    assert (summary.images, summary.screened, summary.kept) == (7, 7, 0)
    assert (summary.unreadable, summary.other_files) == (1, 1)


def test_one_image_alone_and_all_together_get_bit_equal_records(
    folder: Path, classifiers: ClassifierSet
) -> None:
    summary, _ = run(ScreeningPlan((folder,), jobs=4), classifiers)

    together = records_of(summary.study)
    alone = [
        read_image(
            ReadRequest(FoundImage(folder / record.image, record.image, record.case)),
            classifiers.classifiers,
        )
        for record in together
    ]
    assert without_times(alone) == without_times(together)


def test_the_number_of_jobs_changes_no_answer(
    folder: Path, classifiers: ClassifierSet, tmp_path: Path
) -> None:
    one, _ = run(ScreeningPlan((folder,), study=tmp_path / "1", jobs=1), classifiers)
    many, _ = run(ScreeningPlan((folder,), study=tmp_path / "8", jobs=8), classifiers)

    assert without_times(records_of(one.study)) == without_times(records_of(many.study))


def test_run_again_when_finished_it_screens_nothing(folder: Path, classifiers: ClassifierSet) -> None:
    first, _ = run(ScreeningPlan((folder,), jobs=2), classifiers)
    before, times = asked(classifiers), records_of(first.study)

    again, ready = run(ScreeningPlan((folder,), jobs=2), classifiers)

    assert asked(classifiers) == before
    assert (again.study, again.screened, again.kept, again.unreadable) == (first.study, 0, 7, 1)
    assert len(ready) == 7
    assert records_of(again.study) == times


def test_a_changed_file_alone_is_screened_again(
    folder: Path, classifiers: ClassifierSet, draw_image: Draw
) -> None:
    run(ScreeningPlan((folder,)), classifiers)
    draw_image(folder / "case 1" / "2.png", red=10, seed=99)

    again, _ = run(ScreeningPlan((folder,)), classifiers)

    assert (again.screened, again.kept) == (1, 6)


def test_a_newer_classifier_screens_all_of_a_named_study_again(
    folder: Path, classifiers: ClassifierSet, make_classifier: Make, tmp_path: Path
) -> None:
    plan = ScreeningPlan((folder,), study=tmp_path / "s")
    run(plan, classifiers)
    newer = ClassifierSet((make_classifier("vgg16", version="2.0"), classifiers.classifiers[1]))

    again, _ = run(plan, newer)

    # The broken file stays as it is: its bytes are the same.
    assert (again.screened, again.kept) == (6, 1)
    assert {answer.classifier.version_mark[:3] for answer in records_of(again.study)[0].answers} == {
        "2.0",
        "1.0",
    }


def test_a_file_that_is_gone_has_no_row_any_more(folder: Path, classifiers: ClassifierSet) -> None:
    run(ScreeningPlan((folder,)), classifiers)
    (folder / "case 1" / "1.png").unlink()

    again, _ = run(ScreeningPlan((folder,)), classifiers)

    assert (again.images, again.screened) == (6, 0)
    assert "case 1/1.png" not in {record.image for record in records_of(again.study)}


class StoppingClassifier:
    """Requests the stop while it answers its third image."""

    def __init__(self, inner: Classifier, cancel: Cancel) -> None:
        self._inner = inner
        self._cancel = cancel
        self.asked = 0

    @property
    def card(self) -> Card:
        """The inner one's."""
        return self._inner.card

    def predict(self, image: RgbImage) -> Prediction:
        """As the inner one."""
        self.asked += 1
        if self.asked == 3:
            self._cancel.request()
        return self._inner.predict(image)


def test_a_stop_keeps_what_is_finished_and_the_same_plan_goes_on(folder: Path, make_classifier: Make) -> None:
    cancel, inner = Cancel(), make_classifier("vgg16")
    stopping = StoppingClassifier(inner, cancel)
    plan = ScreeningPlan((folder,), jobs=1)

    with pytest.raises(JobCancelled):
        run(plan, ClassifierSet((stopping,)), cancel)

    study = default_study_path(plan.folders, ClassifierSet((inner,)).marks)
    statuses = [record.status for record in records_of(study)]
    assert statuses == ["ok", "ok", "ok"] + ["not_screened"] * 4

    summary, _ = run(plan, ClassifierSet((inner,)))
    assert (summary.kept, summary.screened) == (3, 4)
    assert inner.asked == 6


def test_a_stop_after_the_last_image_is_not_a_stop(folder: Path, classifiers: ClassifierSet) -> None:
    cancel = Cancel()

    def stop_at_the_end(progress: Progress) -> None:
        if progress.total is not None and progress.done == progress.total:
            cancel.request()

    summary = screen(ScreeningPlan((folder,)), classifiers, ScreeningEvents(report=stop_at_the_end), cancel)

    assert summary.screened == 7


def test_a_classifier_that_fails_stops_the_run_and_keeps_what_was_finished(
    folder: Path, make_classifier: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = make_classifier("vgg16")
    answer = classifier.predict

    def fail_later(image: RgbImage) -> Prediction:
        if classifier.asked == 2:
            raise ClassifierError("OpenVINO could not answer an image.")
        return answer(image)

    monkeypatch.setattr(classifier, "predict", fail_later)
    used = ClassifierSet((classifier,))

    with pytest.raises(ClassifierError, match="could not answer"):
        run(ScreeningPlan((folder,), jobs=1), used)

    done = [
        record for record in records_of(default_study_path((folder,), used.marks)) if record.status == "ok"
    ]
    assert len(done) == 2


def test_each_record_is_in_the_study_when_it_is_announced(folder: Path, classifiers: ClassifierSet) -> None:
    study = default_study_path((folder,), classifiers.marks)
    seen: list[bool] = []

    def look(record: ImageRecord) -> None:
        with StudyStore.open_existing(study) as store:
            seen.append(store.record(record.image) == record)

    screen(ScreeningPlan((folder,)), classifiers, ScreeningEvents(record_ready=look), Cancel())

    assert seen == [True] * 7


def test_progress_counts_up_to_all_images(folder: Path, classifiers: ClassifierSet) -> None:
    heard: list[Progress] = []

    screen(ScreeningPlan((folder,), jobs=2), classifiers, ScreeningEvents(report=heard.append), Cancel())

    counted = [progress.done for progress in heard if progress.total == 7]
    assert counted == list(range(8))


def test_only_a_few_images_are_in_work_at_a_time(
    tmp_path: Path, draw_image: Draw, make_classifier: Make
) -> None:
    for number in range(20):
        draw_image(tmp_path / f"{number}.png", seed=number)
    lock = threading.Lock()
    in_work, most = 0, 0
    three = threading.Event()

    def watch(request: ReadRequest, classifiers: Sequence[Classifier]) -> ImageRecord:
        nonlocal in_work, most
        with lock:
            in_work += 1
            most = max(most, in_work)
            if most >= 3:
                three.set()
        three.wait(30)
        # A fourth one would come meanwhile if it could.
        time.sleep(0.005)
        record = read_image(request, classifiers)
        with lock:
            in_work -= 1
        return record

    plan = ScreeningPlan((tmp_path,), study=tmp_path / "s", jobs=3, read=watch)
    run(plan, ClassifierSet((make_classifier("vgg16"),)))

    assert most == 3


def test_fresh_starts_anew_and_keeps_the_older_study(folder: Path, classifiers: ClassifierSet) -> None:
    first, _ = run(ScreeningPlan((folder,)), classifiers)
    older = records_of(first.study)

    for _ in range(2):
        fresh, _ = run(ScreeningPlan((folder,), fresh=True), classifiers)
        assert (fresh.study, fresh.screened, fresh.kept) == (first.study, 7, 0)

    kept = [path for path in paths.studies().iterdir() if path != first.study]
    assert len(kept) == 2
    assert any(records_of(path) == older for path in kept)


def test_fresh_sets_nothing_aside_that_is_not_a_study(folder: Path, classifiers: ClassifierSet) -> None:
    image = folder / "case 1" / "1.png"
    before = sorted(folder.rglob("*"))

    for other in (image, folder / "case 2"):
        with pytest.raises(StudyError, match="not a study"):
            run(ScreeningPlan((folder,), study=other, fresh=True), classifiers)

    assert sorted(folder.rglob("*")) == before


def test_the_denoised_image_is_asked_about_when_wanted_and_only_once(
    folder: Path, classifiers: ClassifierSet
) -> None:
    run(ScreeningPlan((folder,)), classifiers)

    checked, _ = run(ScreeningPlan((folder,), check_denoised=True), classifiers)
    again, _ = run(ScreeningPlan((folder,), check_denoised=True), classifiers)

    assert (checked.screened, again.screened) == (6, 0)
    with StudyStore.open_existing(again.study) as store:
        assert store.head.check_denoised
    assert all(len(record.denoised_answers) == 2 for record in records_of(again.study)[:6])


def test_a_folder_without_images_is_refused_and_no_study_is_made(
    tmp_path: Path, classifiers: ClassifierSet
) -> None:
    (tmp_path / "notes.txt").write_text("a note")

    with pytest.raises(ScanError, match="No image was found"):
        run(ScreeningPlan((tmp_path,), study=tmp_path / "s"), classifiers)

    assert not (tmp_path / "s").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, classifiers: ClassifierSet) -> None:
    with pytest.raises(ScanError, match="no folder"):
        run(ScreeningPlan((tmp_path / "nowhere",)), classifiers)


def test_no_job_at_all_is_refused(folder: Path, classifiers: ClassifierSet) -> None:
    with pytest.raises(UsageError, match="1 or more"):
        run(ScreeningPlan((folder,), jobs=0), classifiers)


def test_a_study_that_cannot_be_made_is_refused(folder: Path, classifiers: ClassifierSet) -> None:
    with pytest.raises(StudyError, match="cannot be opened"):
        run(ScreeningPlan((folder,), study=folder / "nowhere" / "s"), classifiers)


def test_the_default_study_depends_on_folders_and_classifiers_alone(
    folder: Path, classifiers: ClassifierSet, make_classifier: Make
) -> None:
    marks = classifiers.marks
    cases = (folder / "case 1", folder / "case 2")

    assert default_study_path(cases, marks) == default_study_path(cases[::-1], marks)
    others = {
        default_study_path((folder,), marks),
        default_study_path(cases, marks),
        default_study_path((folder,), marks[:1]),
        default_study_path((folder,), ClassifierSet((make_classifier("vgg16", version="2"),)).marks),
    }
    assert len(others) == 4
    assert all(path.parent == paths.studies() for path in others)


def test_several_folders_are_one_study_below_their_common_parent(
    folder: Path, classifiers: ClassifierSet
) -> None:
    summary, _ = run(ScreeningPlan((folder / "case 2", folder / "case 1")), classifiers)

    assert records_of(summary.study)[0].image == "case 1/1.png"
    assert summary.images == 7


def test_names_of_every_script_come_through_to_the_report(
    tmp_path: Path, draw_image: Draw, classifiers: ClassifierSet
) -> None:
    names = ["Проба 1/мазок [1].png", "図/像 (2).png", "😀/a b.jpg.png"]
    for name in names:
        draw_image(tmp_path / "in" / name)

    summary, _ = run(ScreeningPlan((tmp_path / "in",)), classifiers)

    assert export_csv(summary.study, tmp_path / "r.csv").rows == 3
    text = (tmp_path / "r.csv").read_bytes().decode("utf-8-sig")
    assert all(name in text for name in names)
