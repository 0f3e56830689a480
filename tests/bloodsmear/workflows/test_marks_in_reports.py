"""Marks leave the study with every report: their number in the CSV, over the picture in the HTML, as GeoJSON files."""

import csv
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import ReportError
from bloodsmear.images.scale import SetScale
from bloodsmear.jobs import Cancel
from bloodsmear.reports.report_kind import SEMICOLON, ReportScope
from bloodsmear.review.marks import DrawnShape, MarkShape
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_csv
from bloodsmear.workflows.html_export import export_html
from bloodsmear.workflows.mark_export import export_marks
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen

FIRST, SECOND = "Petrov/1.png", "Petrov/2.png"


@pytest.fixture
def study(
    tmp_path: Path, draw_image: Callable[..., Path], make_classifier: Callable[..., Classifier]
) -> Path:
    """Three images; on the first one two readers have drawn."""
    for number in (1, 2, 3):
        draw_image(tmp_path / "in" / "Petrov" / f"{number}.png", seed=number)
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "s")
    screen(plan, ClassifierSet((make_classifier("vgg16"),)), ScreeningEvents(), Cancel())
    with StudyStore.open_existing(tmp_path / "s") as there:
        head, record = there.head, there.record(FIRST)
    assert record is not None
    assert record.width_px is not None
    assert record.height_px is not None
    size = (record.width_px, record.height_px)
    with StudyStore.open_or_create(tmp_path / "s", head) as store:
        ada, bela = Reviewing(store, "Ada"), Reviewing(store, "Bela")
        ada.draw(FIRST, DrawnShape("arrow", ((1.0, 2.0), (20.0, 30.0)), size, "<script>alert(1)</script>"))
        ada.draw(FIRST, DrawnShape("circle", ((5.0, 5.0), (15.0, 5.0)), size))
        bela.draw(FIRST, DrawnShape("box", ((3.0, 4.0), (9.0, 8.0)), size))
        ada.draw(SECOND, DrawnShape("point", ((3.0, 4.0),), size))
        ada.undo()
    return tmp_path / "s"


def marks_in_csv(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return {row["image"]: row["marks"] for row in csv.DictReader(rows)}


def test_the_csv_counts_the_marks_of_each_image(study: Path, tmp_path: Path) -> None:
    export_csv(study, tmp_path / "r.csv")

    assert marks_in_csv(tmp_path / "r.csv") == {FIRST: "3", SECOND: "", "Petrov/3.png": ""}


def test_the_html_report_lays_each_mark_over_its_picture_and_says_it_in_words(
    study: Path, tmp_path: Path
) -> None:
    export_html(study, tmp_path / "r.html")

    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    layers = [ET.fromstring("<svg" + part.split("</svg>")[0] + "</svg>") for part in html.split("<svg")[1:]]
    assert len(layers) == 3
    arrow, circle, box = layers
    assert circle.get("viewBox") == arrow.get("viewBox") == box.get("viewBox")
    [one, other] = circle.findall("g/circle")
    assert (one.get("cx"), one.get("cy"), one.get("r")) == ("10.0", "5.0", "5.00")
    assert one.attrib == other.attrib
    assert [path.get("d") for path in box.findall("g/path")] == ["M3.0 4.0H9.0V8.0H3.0Z"] * 2
    assert [text.text for text in arrow.findall("g/text")] == ["<script>alert(1)</script>"] * 2
    assert "<script" not in html
    assert 'Ada drew <span class="name">Circle, ⌀ 10.0 px</span>' in html
    assert 'Bela drew <span class="name">Box, 6.0 px × 4.0 px</span>' in html


def test_a_kept_length_stands_in_every_report_by_the_scale_of_its_image(study: Path, tmp_path: Path) -> None:
    with StudyStore.open_existing(study) as there:
        head, record = there.head, there.record(SECOND)
    assert record is not None
    size = (record.width_px or 0, record.height_px or 0)
    with StudyStore.open_or_create(study, head) as store:
        cy = Reviewing(store, "Dr. Cy")
        shapes: tuple[tuple[MarkShape, str], ...] = (("length", "rim"), ("diameter", ""))
        for shape, words in shapes:
            cy.draw(SECOND, DrawnShape(shape, ((1.0, 2.0), (4.0, 6.0)), size, words))
        store.set_scale(SetScale("", *size, 0.25, "typed"))

    export_csv(study, tmp_path / "r.csv", form=SEMICOLON)
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as rows:
        lengths = {row["image"]: row["lengths"] for row in csv.DictReader(rows, delimiter=";")}
    assert lengths == {FIRST: "Ada=⌀ 2,50 µm", SECOND: "Dr. Cy=1,25 µm;Dr. Cy=⌀ 1,25 µm", "Petrov/3.png": ""}

    export_html(study, tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert 'Dr. Cy drew <span class="name">Length: rim, 1.25 µm</span>' in html
    assert 'Dr. Cy drew <span class="name">Diameter, ⌀ 1.25 µm</span>' in html
    assert ">rim: 1.25 µm</text>" in html
    assert ">⌀ 1.25 µm</text>" in html

    export_marks(study, tmp_path / "out")
    content = json.loads((tmp_path / "out" / f"{SECOND}.geojson").read_text(encoding="utf-8"))
    feature, diameter = content["features"]
    assert diameter["geometry"]["type"] == "Polygon"
    assert feature["geometry"] == {"type": "LineString", "coordinates": [[1.0, 2.0], [4.0, 6.0]]}
    assert feature["properties"]["metadata"]["length"] == "5.0 px"


def test_the_marks_of_each_image_are_a_file_in_its_own_folder(study: Path, tmp_path: Path) -> None:
    exported = export_marks(study, tmp_path / "out")

    assert exported.rows == 1
    files = [file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.*")]
    assert files == [f"{FIRST}.geojson"]
    content = json.loads((tmp_path / "out" / files[0]).read_text(encoding="utf-8"))
    assert [one["properties"]["metadata"]["reader"] for one in content["features"]] == ["Ada", "Ada", "Bela"]


def test_marks_are_written_over_nothing(study: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")

    with pytest.raises(ReportError, match="not an empty folder"):
        export_marks(study, tmp_path / "out")


def test_where_no_image_has_a_mark_it_is_said_and_no_folder_is_made(study: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="No image has a mark"):
        export_marks(study, tmp_path / "out", ReportScope("one", frozenset({SECOND})))
    assert not (tmp_path / "out").exists()
