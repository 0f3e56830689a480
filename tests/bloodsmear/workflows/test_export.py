"""From a study to its CSV."""

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import ReportError, StudyError, UsageError
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import Exported, export_cases, export_csv
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen


@pytest.fixture
def study(
    tmp_path: Path, draw_image: Callable[..., Path], make_classifier: Callable[..., Classifier]
) -> Path:
    """A finished study of three images."""
    for number in (1, 2, 10):
        draw_image(tmp_path / "in" / f"{number}.png", seed=number)
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "s")
    screen(plan, ClassifierSet((make_classifier("vgg16"),)), ScreeningEvents(), Cancel())
    return tmp_path / "s"


def test_the_report_has_a_row_for_each_image_in_natural_order(study: Path, tmp_path: Path) -> None:
    assert export_csv(study, tmp_path / "r.csv").rows == 3

    text = (tmp_path / "r.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["image"] for row in rows] == ["1.png", "2.png", "10.png"]
    assert {row["case"] for row in rows} == {"in"}
    assert {row["agreement"] for row in rows} == {"single"}


def test_exporting_twice_gives_the_same_bytes(study: Path, tmp_path: Path) -> None:
    export_csv(study, tmp_path / "1.csv")
    export_csv(study, tmp_path / "2.csv")

    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_a_study_that_is_not_there_leaves_no_report(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="There is no study"):
        export_csv(tmp_path / "none", tmp_path / "r.csv")

    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_written_is_refused(study: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no folder"):
        export_csv(study, tmp_path / "nowhere" / "r.csv")


def test_a_report_never_takes_the_place_of_its_study(
    study: Path, tmp_path: Path, make_link: Callable[[Path, Path], None]
) -> None:
    before = study.read_bytes()
    make_link(tmp_path / "another name.csv", study)

    for target in (study, tmp_path / "in" / ".." / "s", tmp_path / "another name.csv"):
        with pytest.raises(UsageError, match="replace the study itself"):
            export_csv(study, target)

    assert study.read_bytes() == before


@pytest.mark.parametrize("export", [export_csv, export_cases])
def test_a_study_that_was_changed_has_a_notice_before_the_header(
    study: Path, tmp_path: Path, export: Callable[[Path, Path], Exported]
) -> None:
    assert export(study, tmp_path / "r.csv").complaint == ""
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE images SET listed = 0 WHERE image = '2.png'")
        connection.commit()

    exported = export(study, tmp_path / "r.csv")

    first, header, *_rows = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
    assert "changed outside of Bloodsmear" in exported.complaint
    assert exported.complaint in first
    assert header.split(",")[0] in ("image", "case")


def test_a_damaged_event_costs_that_event_and_the_report_names_it(study: Path, tmp_path: Path) -> None:
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        ada = Reviewing(store, "Ada")
        ada.decide(["1.png"], "benign")
        ada.decide(["2.png"], "benign")
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE events SET at = 'once' WHERE number = 1")
        connection.commit()

    exported = export_csv(study, tmp_path / "r.csv")

    assert "Event 1" in exported.complaint
    lines = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [row["decision"] for row in csv.DictReader(lines)] == ["", "benign", ""]
