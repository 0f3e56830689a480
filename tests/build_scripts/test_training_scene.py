"""The scene of the training page: its images, and what happens when its training cannot start."""

import contextlib
from pathlib import Path

import pytest
import training_scene
from PySide6.QtWidgets import QApplication
from window_stage import PictureError, Setting, Stage

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.training import ProgramCall, TrainingTools


def test_the_labelled_images_are_the_same_at_every_run(tmp_path: Path) -> None:
    for name in ("first", "second"):
        training_scene.draw_labelled(tmp_path / name, images_a_label=1)
    labels = sorted(folder.name for folder in (tmp_path / "first").iterdir())
    assert labels == ["Benign", "Early Pre-B", "Pre-B", "Pro-B"]
    for label in labels:
        first, second = (tmp_path / name / label / "smear-1.png" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_without_its_training_program_there_is_no_picture_but_a_reason(
    qapp: QApplication, tmp_path: Path, fake_classifiers: ClassifierSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_scene, "_IMAGES_A_LABEL", 1)
    nowhere = ProgramCall(tmp_path / "runs", lambda _python: (str(tmp_path / "no-program"),))
    setting = Setting(training=TrainingTools(nowhere, (training_scene.PRESET,)))
    stage = Stage(qapp, tmp_path, lambda: fake_classifiers, setting)
    with contextlib.closing(stage):
        stage.show(1366, 768)
        with pytest.raises(PictureError, match="did not start"):
            training_scene.show_fit(stage, tmp_path / "labelled")
