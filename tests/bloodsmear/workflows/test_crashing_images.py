"""A file that takes the decoder down costs one run and has its row in the next one."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows import file_run
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.lone_decoding import comes_through, survives_decoding
from bloodsmear.workflows.reading_marks import ReadingMarks
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, ScreeningSummary, screen


@pytest.fixture
def folder(tmp_path: Path, draw_image: Callable[..., Path]) -> Path:
    """Three images."""
    for name in ("a", "b", "evil"):
        draw_image(tmp_path / "smears" / f"{name}.png", seed=len(name))
    return tmp_path / "smears"


def run(folder: Path, classifier: Classifier) -> ScreeningSummary:
    plan = ScreeningPlan((folder,), study=folder.parent / "s")
    return screen(plan, ClassifierSet((classifier,)), ScreeningEvents(), Cancel())


def leave_marks(folder: Path, *images: str) -> Path:
    marks = ReadingMarks(folder.parent / "s")
    for image in images:
        marks.begin(image)
    (path,) = folder.parent.glob("s.reading")
    return path


def test_what_was_being_read_when_a_run_broke_off_is_tried_alone_first(
    folder: Path, make_classifier: Callable[..., Classifier], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def survives(path: Path, _asked: Asked) -> bool:
        tried.append(path.name)
        return path.name != "evil.png"

    monkeypatch.setattr(file_run, "survives_decoding", survives)
    marks = leave_marks(folder, "b.png", "evil.png")

    summary = run(folder, make_classifier("vgg16"))

    assert sorted(tried) == ["b.png", "evil.png"]
    assert (summary.images, summary.unreadable) == (3, 1)
    with StudyStore.open_existing(folder.parent / "s") as store:
        evil = store.record("evil.png")
    assert evil is not None
    assert "breaks down over it" in evil.error
    assert len(evil.sha256) == 64
    assert not marks.exists()
    assert run(folder, make_classifier("vgg16")).kept == 3


def test_an_image_is_marked_only_while_it_is_read(
    folder: Path, make_classifier: Callable[..., Classifier], monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier, seen = make_classifier("vgg16"), list[list[str]]()
    answer = classifier.predict

    def look(image: RgbImage) -> Prediction:
        seen.append(json.loads((folder.parent / "s.reading").read_text(encoding="utf-8")))
        return answer(image)

    monkeypatch.setattr(classifier, "predict", look)
    run(folder, classifier)

    assert seen == [["a.png"], ["b.png"], ["evil.png"]]
    assert not (folder.parent / "s.reading").exists()


@pytest.mark.parametrize("content", ["", '["a.p', "7", '{"a.png": 1}', "[1, null]"])
def test_marks_that_were_cut_off_suspect_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "s.reading").write_text(content)

    assert ReadingMarks(tmp_path / "s").suspects == frozenset()


def test_a_readable_and_an_unreadable_file_come_through(folder: Path) -> None:
    (folder / "torn.png").write_bytes(b"torn")

    assert survives_decoding(folder / "a.png")
    assert survives_decoding(folder / "torn.png")


def test_a_crash_and_an_endless_decoder_do_not_come_through() -> None:
    assert not comes_through(signal.raise_signal, signal.SIGABRT)
    assert not comes_through(time.sleep, 600, timeout_s=0.5)


def test_an_abort_of_windows_c_runtime_which_ends_with_3_does_not_come_through() -> None:
    assert not comes_through(os._exit, 3)


def test_work_that_raises_comes_through() -> None:
    assert comes_through(int, "no number")
