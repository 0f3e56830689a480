"""A drive that is pulled and a file that vanishes while a screening runs: nothing is called unreadable for it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import FoldersGoneError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows import file_run
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, ScreeningSummary, screen


class DisturbedClassifier:
    """Does something to the folder while it answers its third image."""

    def __init__(self, inner: Classifier, disturb: Callable[[], object]) -> None:
        self._inner = inner
        self._disturb = disturb
        self._asked = 0

    @property
    def card(self) -> Card:
        """The inner one's."""
        return self._inner.card

    def predict(self, image: RgbImage) -> Prediction:
        """As the inner one."""
        self._asked += 1
        if self._asked == 3:
            self._disturb()
        return self._inner.predict(image)


@pytest.fixture
def folder(tmp_path: Path, draw_image: Callable[..., Path]) -> Path:
    """Eight images."""
    for number in range(8):
        draw_image(tmp_path / "drive" / f"{number}.png", seed=number)
    return tmp_path / "drive"


def run(folder: Path, classifier: Classifier) -> ScreeningSummary:
    plan = ScreeningPlan((folder,), study=folder.parent / "s", jobs=1)
    return screen(plan, ClassifierSet((classifier,)), ScreeningEvents(), Cancel())


def statuses(folder: Path) -> list[str]:
    with StudyStore.open_existing(folder.parent / "s") as store:
        return [record.status for record in store.records()]


def test_a_pulled_drive_stops_the_run_and_no_image_is_called_unreadable(
    folder: Path, make_classifier: Callable[..., Classifier]
) -> None:
    inner, away = make_classifier("vgg16"), folder.parent / "elsewhere"
    disturbed = DisturbedClassifier(inner, lambda: folder.rename(away))

    with pytest.raises(FoldersGoneError, match=r"drive is gone\. Connect its drive"):
        run(folder, disturbed)

    assert statuses(folder) == ["ok"] * 3 + ["not_screened"] * 5
    away.rename(folder)
    summary = run(folder, inner)
    assert (summary.kept, summary.screened, summary.unreadable) == (3, 5, 0)


def test_an_empty_folder_in_the_drives_place_is_not_a_drive(
    folder: Path, make_classifier: Callable[..., Classifier], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where a drive is taken off, its mount point stays: an empty folder on another device.
    device = file_run.device_of(folder)
    assert device is not None
    here = {True: device, False: device + 1}
    monkeypatch.setattr(file_run, "device_of", lambda _folder: here[(folder / "0.png").exists()])

    def pull() -> None:
        shutil.rmtree(folder)
        folder.mkdir()

    with pytest.raises(FoldersGoneError):
        run(folder, DisturbedClassifier(make_classifier("vgg16"), pull))


def test_a_file_that_vanishes_is_unreadable_alone_and_tried_again_when_it_is_back(
    folder: Path, make_classifier: Callable[..., Classifier]
) -> None:
    inner, content = make_classifier("vgg16"), (folder / "7.png").read_bytes()
    summary = run(folder, DisturbedClassifier(inner, (folder / "7.png").unlink))

    assert (summary.screened, summary.unreadable) == (8, 1)
    assert statuses(folder) == ["ok"] * 7 + ["unreadable"]
    (folder / "7.png").write_bytes(content)
    again = run(folder, inner)
    assert (again.kept, again.screened, again.unreadable) == (7, 1, 0)
