"""A study's signed decisions in place of a folder of folders."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear.classifiers.label_set import OURS, LabelSet
from bloodsmear.classifiers.labels import EARLY_PRE_B, PRE_B, PRO_B, Label
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.jobs import Cancel, report_nowhere
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from training.data.folder_labels import FolderLabels
from training.data.given_images import read_given, scan_given
from training.fitting.presets import default_config
from training.fitting.run import RunRequest, prepare_run

A_CASE = 4
KINDS = (PRE_B.key, EARLY_PRE_B.key, PRO_B.key)
THREE = LabelSet((EARLY_PRE_B, PRE_B, PRO_B), PRE_B.key)
CONFIG = default_config("unet", width_px=8, height_px=8)


def draw_image(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.random.default_rng(seed).integers(0, 200, (36, 48, 3), np.uint8))


@pytest.fixture
def study(tmp_path: Path, fake_classifiers: ClassifierSet) -> Path:
    """A screened study of nine cases with four images each."""
    for number in range(9 * A_CASE):
        draw_image(tmp_path / "in" / f"case-{number // A_CASE}" / f"{number}.png", seed=number)
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "s.bloodsmear")
    screen(plan, fake_classifiers, ScreeningEvents(), Cancel())
    return tmp_path / "s.bloodsmear"


def sign(study: Path, cases: range) -> None:
    """Three labels by turns, a case of each at a time."""
    with StudyStore.open_existing(study) as store:
        head = store.head
    with StudyStore.open_or_create(study, head) as store:
        reviewing = Reviewing(store, "Ada")
        images = [listed.image for listed in store.listed_images()]
        for case in cases:
            here = [image for image in images if image.startswith(f"case-{case}/")]
            reviewing.decide(here, KINDS[case % 3])
            reviewing.sign_off_case(f"case-{case}")


def test_signed_decisions_are_a_data_set_with_its_cases_and_bytes(study: Path) -> None:
    sign(study, range(9))
    data_set = read_given(study, FolderLabels((), THREE))
    assert data_set.label_keys == ("early_pre_b", "pre_b", "pro_b")
    assert [image.label for image in data_set.images[::12]] == ["early_pre_b", "pre_b", "pro_b"]
    assert {image.case for image in data_set.images} == {f"case-{number}" for number in range(9)}
    assert all(len(image.sha256) == 64 for image in data_set.images)


def test_labels_of_the_four_alone_are_the_four_and_the_one_that_lacks_is_missed(study: Path) -> None:
    sign(study, range(9))
    scan = scan_given(study, FolderLabels())
    assert scan.data_set.label_set is OURS
    assert not scan.wants_labels


def test_a_label_with_too_few_images_is_asked_about_unless_the_labels_are_named(study: Path) -> None:
    sign(study, range(8))
    with pytest.raises(DataSetError, match="Pro-B was left out: 8 signed images, at least 10 are needed"):
        read_given(study)
    two = LabelSet((EARLY_PRE_B, PRE_B))
    assert read_given(study, FolderLabels((), two)).label_keys == ("early_pre_b", "pre_b")


def test_a_signed_label_that_the_named_ones_lack_is_told(study: Path) -> None:
    sign(study, range(9))
    other = LabelSet((EARLY_PRE_B, Label("blast", "Blast")))
    with pytest.raises(DataSetError, match=r"Pre-B, Pro-B was signed in .*, and is not one of the labels"):
        read_given(study, FolderLabels((), other))


def test_images_that_are_gone_or_changed_are_named(study: Path) -> None:
    sign(study, range(9))
    labels = FolderLabels((), THREE)
    images = read_given(study, labels).images
    images[3].path.unlink()
    with pytest.raises(
        DataSetError, match=rf"1 images that were signed are not there.*{images[3].path.name}\."
    ):
        read_given(study, labels)
    draw_image(images[3].path, seed=777)
    with pytest.raises(
        DataSetError, match=rf"{images[3].path.name}: it is not the file any more that was decided on"
    ):
        prepare_run(RunRequest(study, study.parent / "run", CONFIG, labels=labels), report_nowhere)


def test_a_run_goes_on_with_what_was_signed_when_it_began(study: Path) -> None:
    sign(study, range(9))
    run = study.parent / "run"
    first = prepare_run(RunRequest(study, run, CONFIG, labels=FolderLabels((), THREE)), report_nowhere)
    with StudyStore.open_existing(study) as store:
        head = store.head
    with StudyStore.open_or_create(study, head) as store:
        Reviewing(store, "Ada").reopen_case("case-0", "to look again")
    again = prepare_run(RunRequest(study, run, CONFIG), report_nowhere)
    assert again.data_set == first.data_set
    assert again.split == first.split
    assert len(read_given(study, FolderLabels((), LabelSet((EARLY_PRE_B, PRO_B)))).images) == 24


def test_words_for_folders_are_refused_for_a_study(study: Path) -> None:
    with pytest.raises(UsageError, match="a study has none"):
        read_given(study, FolderLabels((("Pre", "pre_b"),)))
