"""A run that goes on from a classifier on new images and keeps those in that the classifier was trained on."""

import dataclasses
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.jobs import report_nowhere
from training.data.folder_labels import FolderLabels
from training.fitting.prepared_run import PreparedRun
from training.fitting.presets import default_config
from training.fitting.run import RunRequest, prepare_run

Folder = Callable[[int], Path]
CONFIG = default_config("unet", width_px=8, height_px=8)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A labelled folder with ten pictures a label, other ones than those of `labelled_folder`."""
    random = np.random.default_rng(8)
    for folder in ("Benign", "Early", "Pre", "Pro"):
        (tmp_path / "old" / folder).mkdir(parents=True)
        for number in range(10):
            pixels = random.integers(0, 255, (36, 48, 3), np.uint8)
            cv2.imwrite(str(tmp_path / "old" / folder / f"old ({number}).png"), pixels)
    return tmp_path / "old"


@pytest.fixture
def classifier(old: Path, tmp_path: Path) -> Path:
    """The folder of a classifier that was trained on the old images, as the split by its seed has it."""
    trained = prepare_run(RunRequest(old, tmp_path / "old_run", CONFIG), report_nowhere)
    card = read_card(paths.shipped_classifiers() / "unet")
    (tmp_path / "earlier").mkdir()
    seen = replace(card.trained_on, fingerprints=trained.seen)
    write_card(tmp_path / "earlier", replace(card, name="First", trained_on=seen))
    return tmp_path / "earlier"


def parts_of(prepared: PreparedRun) -> dict[str, int]:
    return {part: len(prepared.part(part)[1]) for part in ("train", "validation", "held_out")}


def test_old_images_join_the_training_part_only_and_those_never_trained_on_stay_away(
    labelled_folder: Folder, old: Path, classifier: Path, tmp_path: Path
) -> None:
    new = labelled_folder(12)
    plain = prepare_run(RunRequest(new, tmp_path / "plain", CONFIG), report_nowhere)
    request = RunRequest(new, tmp_path / "run", CONFIG, weights=classifier, keep=old)
    prepared = prepare_run(request, report_nowhere)
    trained_on = set(read_card(classifier).trained_on.fingerprints)
    assert 20 < len(trained_on) < 40
    added = {"train": len(trained_on), "validation": 0, "held_out": 0}
    assert parts_of(prepared) == dict(Counter(parts_of(plain)) + Counter(added))
    assert prepared.kept is not None
    assert set(prepared.kept.record.images.values()) == trained_on
    assert len(prepared.own_part("train")[1]) == parts_of(plain)["train"]
    pixels, targets = prepared.part("train")
    assert np.array_equal(pixels[-1], prepared.kept.images.pictures.pixels[-1])
    assert targets[-len(trained_on) :].tolist() == prepared.kept.images.data_set.targets


def test_all_that_the_earlier_classifier_saw_was_seen_by_the_new_one_too(
    labelled_folder: Folder, old: Path, classifier: Path, tmp_path: Path
) -> None:
    new = labelled_folder(12)
    prepared = prepare_run(RunRequest(new, tmp_path / "run", CONFIG, weights=classifier), report_nowhere)
    fitted_and_chosen_by = parts_of(prepared)["train"] + parts_of(prepared)["validation"]
    earlier = set(read_card(classifier).trained_on.fingerprints)
    assert earlier < set(prepared.seen)
    assert len(prepared.seen) == fitted_and_chosen_by + len(earlier)


def test_a_run_remembers_what_it_keeps_in_and_where_it_starts(
    labelled_folder: Folder, old: Path, classifier: Path, tmp_path: Path
) -> None:
    request = RunRequest(labelled_folder(12), tmp_path / "run", CONFIG, weights=classifier, keep=old)
    first = prepare_run(request, report_nowhere)
    again = prepare_run(dataclasses.replace(request, weights=None, keep=None), report_nowhere)
    assert again.kept is not None
    assert first.kept is not None
    assert (again.kept.record, again.seen, again.earlier) == (first.kept.record, first.seen, first.earlier)
    assert again.earlier is not None
    assert again.earlier.weights == str(classifier)


def test_the_old_folder_may_move_but_another_one_is_refused(
    labelled_folder: Folder, old: Path, classifier: Path, tmp_path: Path
) -> None:
    request = RunRequest(labelled_folder(12), tmp_path / "run", CONFIG, weights=classifier, keep=old)
    first = prepare_run(request, report_nowhere).kept
    assert first is not None
    moved = old.rename(tmp_path / "moved")
    again = prepare_run(dataclasses.replace(request, keep=moved), report_nowhere).kept
    assert again is not None
    assert again.record == replace(first.record, folder=str(moved))
    remembered = prepare_run(dataclasses.replace(request, keep=None), report_nowhere).kept
    assert remembered is not None
    assert remembered.record == again.record
    with pytest.raises(DataSetError, match=r"of the \d+ images that the run keeps in are not in .*smears"):
        prepare_run(dataclasses.replace(request, keep=request.data), report_nowhere)


def test_images_are_not_kept_in_for_nobody(labelled_folder: Folder, old: Path, tmp_path: Path) -> None:
    request = RunRequest(labelled_folder(12), tmp_path / "run", CONFIG, keep=old)
    with pytest.raises(TrainingError, match="this fit starts from scratch"):
        prepare_run(request, report_nowhere)
    assert not (tmp_path / "run").exists()


def test_words_for_folders_hold_for_both_and_one_that_neither_has_is_named(
    labelled_folder: Folder, old: Path, classifier: Path, tmp_path: Path
) -> None:
    new = labelled_folder(12)
    (old / "Pre").rename(old / "Former")
    shutil.move(new / "Benign", new / "Haematogones")
    labels = FolderLabels((("Former", "pre_b"), ("Haematogones", "benign")))
    request = RunRequest(new, tmp_path / "run", CONFIG, labels=labels, weights=classifier, keep=old)
    assert prepare_run(request, report_nowhere).kept is not None
    slip = FolderLabels((*labels.pairs, ("Formre", "pro_b")))
    with pytest.raises(DataSetError, match="A label was given to the folder Formre"):
        prepare_run(dataclasses.replace(request, run=tmp_path / "other", labels=slip), report_nowhere)
