"""From a study to its HTML report."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import ReportError, UsageError
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_cases, export_csv
from bloodsmear.workflows.html_export import HtmlChoices, export_html
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen


@pytest.fixture
def study(
    tmp_path: Path, draw_image: Callable[..., Path], make_classifier: Callable[..., Classifier]
) -> Path:
    """A study of two cases with three images, each decided."""
    for number, case in ((1, "Petrov"), (2, "Petrov"), (10, "Sidorova")):
        draw_image(tmp_path / "in" / case / f"{number}.png", seed=number)
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "s")
    screen(plan, ClassifierSet((make_classifier("vgg16"),)), ScreeningEvents(), Cancel())
    with StudyStore.open_existing(tmp_path / "s") as there:
        head, images = there.head, [listed.image for listed in there.listed_images()]
    with StudyStore.open_or_create(tmp_path / "s", head) as store:
        Reviewing(store, "Ada").decide(images, "benign")
    return tmp_path / "s"


def test_the_report_holds_a_picture_of_every_decided_image(study: Path, tmp_path: Path) -> None:
    told: list[Progress] = []

    assert export_html(study, tmp_path / "r.html", report=told.append).rows == 3

    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert html.count("data:image/jpeg;base64,") == 3
    assert "Petrov/1.png" in html
    assert "Review of <span" in html
    assert [progress.done for progress in told] == [0, 1, 2, 3]


def test_without_names_no_name_of_image_case_or_folder_stands_in_any_report(
    study: Path, tmp_path: Path
) -> None:
    export_html(study, tmp_path / "r.html", HtmlChoices(nameless=True))
    export_csv(study, tmp_path / "r.csv", nameless=True)
    export_cases(study, tmp_path / "cases.csv", nameless=True)

    for report in ("r.html", "r.csv", "cases.csv"):
        text = (tmp_path / report).read_text(encoding="utf-8")
        assert "Ada" in text or report == "cases.csv"
        assert [name for name in ("Petrov", "Sidorova", "10.png", str(tmp_path)) if name in text] == []


def test_a_file_that_is_gone_or_has_changed_is_not_shown(
    study: Path, tmp_path: Path, draw_image: Callable[..., Path]
) -> None:
    (tmp_path / "in" / "Petrov" / "1.png").unlink()
    draw_image(tmp_path / "in" / "Petrov" / "2.png", seed=77)

    export_html(study, tmp_path / "r.html")

    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert html.count("data:image/jpeg;base64,") == 1
    assert "no longer there" in html
    assert "has changed since it was read" in html


def test_a_report_that_is_stopped_leaves_no_file(study: Path, tmp_path: Path) -> None:
    cancel = Cancel()

    def stop(progress: Progress) -> None:
        if progress.done == 1:
            cancel.request()

    with pytest.raises(JobCancelled):
        export_html(study, tmp_path / "r.html", report=stop, cancel=cancel)

    assert not (tmp_path / "r.html").exists()


def test_targets_are_refused_before_a_picture_is_read(study: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no folder"):
        export_html(study, tmp_path / "nowhere" / "r.html")
    with pytest.raises(UsageError, match="replace the study"):
        export_html(study, study)
