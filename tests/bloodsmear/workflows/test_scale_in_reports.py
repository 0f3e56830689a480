"""The scale of each image stands in the reports, with where it comes from: set by a reader, or stated by the file."""

import csv
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import tifffile

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.images.scale import SetScale
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_csv
from bloodsmear.workflows.html_export import export_html
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen

STATED, PLAIN, OTHER = "Petrov/stated.tif", "Petrov/plain.png", "Sidorova/plain.png"


@pytest.fixture
def study(
    tmp_path: Path, draw_image: Callable[..., Path], make_classifier: Callable[..., Classifier]
) -> Path:
    """One image states its scale, as ImageJ does; two of another case and of one size do not."""
    draw_image(tmp_path / "in" / PLAIN, seed=1)
    draw_image(tmp_path / "in" / OTHER, seed=2)
    tifffile.imwrite(
        tmp_path / "in" / STATED,
        np.full((96, 128, 3), 180, np.uint8),
        photometric="rgb",
        description="ImageJ=1.54f\nunit=micron\n",
        metadata=None,
        resolution=(4, 4),
        resolutionunit=1,
    )
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "s")
    screen(plan, ClassifierSet((make_classifier("vgg16"),)), ScreeningEvents(), Cancel())
    with StudyStore.open_existing(tmp_path / "s") as there:
        head, record = there.head, there.record(PLAIN)
    assert record is not None
    assert record.width_px is not None
    assert record.height_px is not None
    with StudyStore.open_or_create(tmp_path / "s", head) as store:
        store.set_scale(SetScale("Petrov", record.width_px, record.height_px, 0.1625, "bar"))
        Reviewing(store, "Ada").decide([STATED, PLAIN, OTHER], "benign")
        assert store.events.check().whole
    return tmp_path / "s"


def scales_in(file: Path) -> dict[str, tuple[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return {row["image"]: (row["um_per_px"], row["scale_from"]) for row in csv.DictReader(rows)}


def test_the_csv_has_the_scale_of_each_image_and_where_it_comes_from(study: Path, tmp_path: Path) -> None:
    export_csv(study, tmp_path / "r.csv")

    assert scales_in(tmp_path / "r.csv") == {
        STATED: ("0.250000", "as the file states it"),
        PLAIN: ("0.162500", "from the burnt-in bar, for the folder Petrov"),
        OTHER: ("", ""),
    }


def test_without_names_no_folder_stands_in_the_scale(study: Path, tmp_path: Path) -> None:
    export_csv(study, tmp_path / "r.csv", nameless=True)

    assert {words for _, words in scales_in(tmp_path / "r.csv").values()} == {
        "as the file states it",
        "from the burnt-in bar",
        "",
    }


def test_the_html_report_says_the_scale_below_the_picture(study: Path, tmp_path: Path) -> None:
    export_html(study, tmp_path / "r.html")

    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "0.1625 µm a pixel, from the burnt-in bar, for the folder Petrov" in html
    assert "0.25 µm a pixel, as the file states it; 128 × 96 px" in html
    assert html.count(" a pixel, ") == 2
    # 128 px of 0.25 µm: a quarter is 8 µm, and 5 µm of that are 20 px.
    bars = re.findall(r'aria-label="([^"]+)".*?class="bar-line".*?width="([0-9.]+)"', html, re.DOTALL)
    assert ("5 µm", "20.00") in bars
    assert len(bars) == 2


def test_a_stated_scale_that_was_changed_from_outside_shows(study: Path) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE images SET um_per_px = 0.5 WHERE um_per_px IS NOT NULL")
        connection.commit()

    with StudyStore.open_existing(study) as store:
        assert not store.events.check().whole


@pytest.mark.parametrize("value", ["'wide'", "1e300", "-1", "0"])
def test_a_stated_scale_that_the_program_does_not_write_costs_that_image_alone(
    study: Path, value: str
) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute(f"UPDATE images SET um_per_px = {value} WHERE um_per_px IS NOT NULL")
        connection.commit()

    with StudyStore.open_existing(study) as store:
        assert {record.image: record.status for record in store.records()} == {
            STATED: "not_screened",
            PLAIN: "ok",
            OTHER: "ok",
        }
