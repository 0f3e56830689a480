"""A study's signed decisions in place of a folder of folders."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from bloodsmear.classifiers.card import CardLabel
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
    return screened(tmp_path / "in", fake_classifiers, seed=0)


def screened(folder: Path, classifiers: ClassifierSet, seed: int) -> Path:
    for number in range(9 * A_CASE):
        draw_image(folder / f"case-{number // A_CASE}" / f"{number}.png", seed=seed + number)
    study = folder.with_suffix(".bloodsmear")
    screen(ScreeningPlan((folder,), study=study), classifiers, ScreeningEvents(), Cancel())
    return study


def sign(study: Path, cases: Sequence[int], kinds: Sequence[str] = KINDS) -> None:
    """Three labels by turns, a case of each at a time."""
    with StudyStore.open_existing(study) as store:
        head = store.head
    with StudyStore.open_or_create(study, head) as store:
        reviewing = Reviewing(store, "Ada")
        images = [listed.image for listed in store.listed_images()]
        for case in cases:
            here = [image for image in images if image.startswith(f"case-{case}/")]
            reviewing.decide(here, kinds[case % 3])
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


@pytest.fixture
def second(tmp_path: Path, fake_classifiers: ClassifierSet) -> Path:
    """A study of other images with the same names of cases."""
    return screened(tmp_path / "second", fake_classifiers, seed=1000)


def test_studies_are_fitted_together_and_a_run_remembers_them(study: Path, second: Path) -> None:
    sign(study, range(9))
    sign(second, range(9))
    run, labels = study.parent / "run", FolderLabels((), THREE)
    request = RunRequest(study, run, CONFIG, labels=labels, more_studies=(second, study))
    prepared = prepare_run(request, report_nowhere)
    assert len(prepared.data_set.images) == 2 * 9 * A_CASE
    assert len({prepared.data_set.name_of(one) for one in prepared.data_set.images}) == 2 * 9 * A_CASE
    assert prepared.data_set.told == (
        f"Cases of the same name in several studies count as one patient: "
        f"{', '.join(f'case-{number}' for number in range(9))}.",
    )
    parts = {
        (one.case, prepared.split.parts[prepared.data_set.name_of(one)]) for one in prepared.data_set.images
    }
    assert len(parts) == 9
    assert prepare_run(RunRequest(second, run, CONFIG), report_nowhere).data_set == prepared.data_set


def test_what_two_studies_say_differently_of_the_same_bytes_is_left_out(
    study: Path, tmp_path: Path, fake_classifiers: ClassifierSet
) -> None:
    # The pictures of the last two cases are those of the second folder's first two.
    second = screened(tmp_path / "second", fake_classifiers, seed=7 * A_CASE)
    sign(study, range(9))
    sign(second, range(9))
    data_set = read_given(study, FolderLabels((), THREE), more_studies=(second,))
    assert len(data_set.images) == (9 + 9 - 4) * A_CASE
    assert data_set.told[0] == f"{4 * A_CASE} images were left out: their decisions are not the same."


def test_studies_of_other_labels_are_refused_unless_the_labels_are_named(
    study: Path, tmp_path: Path, fake_classifiers: ClassifierSet
) -> None:
    sign(study, range(9))
    others, one = [], fake_classifiers.classifiers[0]
    for place, name in enumerate(("Blast", "Young cell")):
        named = {"blast": name, "pre_b": "Pre-B", "early_pre_b": "Early Pre-B", "x": "X"}
        labels = tuple(CardLabel(key=key, name=each) for key, each in named.items())
        one.card = msgspec.structs.replace(one.card, labels=labels)  # type: ignore[misc]
        others.append(screened(tmp_path / name, ClassifierSet((one,)), seed=1000 + 100 * place))
        sign(others[-1], range(9), ("blast", "pre_b", "early_pre_b"))
    with pytest.raises(
        DataSetError, match=r"(?s)in.bloodsmear does not have Blast among its labels.*by --labels"
    ):
        read_given(study, more_studies=others[:1])
    with pytest.raises(
        DataSetError, match="The label blast is called Blast in one study and Young cell in ano"
    ):
        read_given(others[0], more_studies=others[1:])
    four = LabelSet((*THREE.labels, Label("blast", "Blast")))
    assert len(read_given(study, FolderLabels((), four), more_studies=others).images) == 27 * A_CASE


def test_a_folder_beside_a_study_is_refused(study: Path) -> None:
    for given in ((study, study.parent / "in"), (study.parent / "in", study)):
        with pytest.raises(UsageError, match=r"/in is not a study, and only studies \(.bloodsmear\)"):
            read_given(given[0], more_studies=given[1:])
