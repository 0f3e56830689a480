"""Two screenings of one study at the same time: the second is refused before its first image."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.errors import ScreenedElsewhereError
from bloodsmear.jobs import Cancel
from bloodsmear.review.records import ImageRecord
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from bloodsmear.workflows.watching import WatchEvents, watch


def refused_while_screening(
    plan: ScreeningPlan, classifiers: ClassifierSet, second: Callable[[], object]
) -> list[str]:
    """The sentences that refuse `second`, begun at each image of a screening of `plan`."""
    refusals: list[str] = []

    def try_second(_record: ImageRecord) -> None:
        with pytest.raises(ScreenedElsewhereError) as refused:
            second()
        refusals.append(str(refused.value))

    summary = screen(plan, classifiers, ScreeningEvents(record_ready=try_second), Cancel())
    assert summary.screened == len(refusals)
    return refusals


@pytest.mark.parametrize("fresh", [False, True])
def test_a_second_screening_of_a_folder_is_refused_and_changes_nothing(
    fresh: bool, smear_folder: Path, fake_classifiers: ClassifierSet
) -> None:
    plan = ScreeningPlan((smear_folder,))
    second = replace(plan, fresh=fresh)
    refusals = refused_while_screening(
        plan, fake_classifiers, lambda: screen(second, fake_classifiers, ScreeningEvents(), Cancel())
    )
    assert refusals[0].startswith(f"{smear_folder} is being screened already")
    assert len(list(paths.studies().glob("*.bloodsmear"))) == 1
    # Once it has ended, the next one may begin.
    assert screen(plan, fake_classifiers, ScreeningEvents(), Cancel()).kept == len(refusals)


def test_a_watch_of_a_folder_that_is_being_screened_is_refused(
    smear_folder: Path, fake_classifiers: ClassifierSet
) -> None:
    plan = ScreeningPlan((smear_folder,))
    assert refused_while_screening(
        plan, fake_classifiers, lambda: watch(plan, fake_classifiers, WatchEvents(), Cancel())
    )


def test_one_folder_into_two_studies_is_screened_twice_as_asked(
    smear_folder: Path, fake_classifiers: ClassifierSet, tmp_path: Path
) -> None:
    images: list[int] = []

    def screen_into_another(_record: ImageRecord) -> None:
        if not images:
            other = ScreeningPlan((smear_folder,), tmp_path / "other.bloodsmear")
            images.append(screen(other, fake_classifiers, ScreeningEvents(), Cancel()).images)

    events = ScreeningEvents(record_ready=screen_into_another)
    assert screen(ScreeningPlan((smear_folder,)), fake_classifiers, events, Cancel()).images == images[0]


def test_a_cache_that_cannot_be_written_hinders_no_screening(
    smear_folder: Path, fake_classifiers: ClassifierSet
) -> None:
    paths.cache().mkdir(parents=True)
    (paths.cache() / "studies").write_text("no folder")
    assert screen(ScreeningPlan((smear_folder,)), fake_classifiers, ScreeningEvents(), Cancel()).images
