"""Reports of cells: a row for each that a reader named, differentials by case and reader, and a section of the page."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.cells.reader_cells import CellPlace
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.images.region import Region
from bloodsmear.images.scale import SetScale
from bloodsmear.known_folders import remember_folders
from bloodsmear.reports.report_kind import SEMICOLON, ReportScope, ReportWanted
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.cell_export import export_cells
from bloodsmear.workflows.html_export import HtmlChoices, export_html
from bloodsmear.workflows.reviewing import Reviewing

CLASSIFIER = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
FIRST, SECOND = "case 1/1.png", "case 2/2.png"
Rows = Callable[[Path], list[dict[str, str]]]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Ada and Ben named cells of one image, Ada counted for the other case."""
    path = tmp_path / "smears.bloodsmear"
    with StudyStore.open_or_create(path, StudyHead(tmp_path, (tmp_path,), (CLASSIFIER,))) as store:
        store.list_images([(FIRST, "case 1"), (SECOND, "case 2")])
        answers = (Answer(CLASSIFIER, Prediction((0.8, 0.2))),)
        record = ImageRecord(
            FIRST, "case 1", "ok", "", "ab" * 32, 640, 480, ImageQuality(12.5, 0.25, 0.5), answers
        )
        store.put(record)
        store.set_scale(SetScale("", 640, 480, 0.25, "typed"))
        ada, ben = Reviewing(store, "Ada"), Reviewing(store, "Ben")
        boxes = [Region(100 * place + 10, 10, 20 + place, 30) for place in range(5)]
        places = [CellPlace(FIRST, box) for box in boxes]
        ada.name_cells(places[:3], "lymphocyte")
        ada.name_cells(places[3:4], "erythroblast")
        ada.remove_cells(places[4:])
        ada.add_cell(CellPlace(FIRST, Region(300, 300, 40, 40)))
        ada.note_cells(places[:1], "=Auer rod")
        ben.name_cells(places[:2], "lymphocyte")
        ben.name_cells(places[2:3], "blast")
        for name in ("neutrophil", "neutrophil", "=1+1"):
            ada.count_cell("case 2", name)
    return path


def test_each_named_or_added_cell_has_a_row_with_its_box_and_size(
    study: Path, tmp_path: Path, rows_of: Rows
) -> None:
    target = tmp_path / "cells.csv"
    assert export_cells(study, target, ReportWanted("cells")).rows == 8
    rows = rows_of(target)
    assert [(row["reader"], row["name"], row["left_px"]) for row in rows] == [
        ("Ada", "lymphocyte", "10"),
        ("Ada", "lymphocyte", "110"),
        ("Ada", "lymphocyte", "210"),
        ("Ada", "erythroblast", "310"),
        ("Ada", "", "300"),
        ("Ben", "lymphocyte", "10"),
        ("Ben", "lymphocyte", "110"),
        ("Ben", "blast", "210"),
    ]
    first, added = rows[0], rows[4]
    assert (first["image"], first["case"], first["counts_as"]) == (FIRST, "case 1", "white_cell")
    assert (first["width_px"], first["width_um"], first["height_um"]) == ("20", "5.00", "7.50")
    assert first["scale_from"] == "typed, for the study"
    # A note that a spreadsheet would run is shown, and not run.
    assert [row["note"] for row in rows if row["note"]] == [first["note"]] == ["'=Auer rod"]
    assert (first["added_by_reader"], added["added_by_reader"], added["counts_as"]) == ("no", "yes", "")
    assert rows[3]["counts_as"] == "beside"


def test_where_no_reader_set_a_scale_the_one_that_the_file_states_counts(
    study: Path, tmp_path: Path, rows_of: Rows
) -> None:
    with StudyStore.open_or_create(study, StudyHead(tmp_path, (tmp_path,), (CLASSIFIER,))) as store:
        record = store.record(FIRST)
        assert record is not None
        # What was set is for images of another size.
        store.put(replace(record, width_px=1280, height_px=960, um_per_px=0.5))
    target = tmp_path / "cells.csv"
    export_cells(study, target, ReportWanted("cells"))
    first = rows_of(target)[0]
    assert (first["width_um"], first["height_um"]) == ("10.00", "15.00")
    assert first["scale_from"] == "as the file states it"


def test_without_names_numbers_stand_for_image_and_case_and_the_sizes_stay(
    study: Path, tmp_path: Path, rows_of: Rows
) -> None:
    target = tmp_path / "cells.csv"
    export_cells(study, target, ReportWanted("cells"), nameless=True)
    told = {(row["image"], row["case"], row["width_um"] != "", row["scale_from"]) for row in rows_of(target)}
    assert told == {("1", "1", True, "typed")}


def test_differentials_are_of_a_case_and_a_reader_named_and_counted(
    study: Path, tmp_path: Path, rows_of: Rows
) -> None:
    target = tmp_path / "differentials.csv"
    export_cells(study, target, ReportWanted("differentials"))
    told = [
        (row["case"], row["reader"], row["how"], row["name"], row["cells"], row["per_100_white_cells"])
        for row in rows_of(target)
    ]
    assert told == [
        ("case 1", "Ada", "named", "lymphocyte", "3", "100.0"),
        ("case 1", "Ada", "named", "erythroblast", "1", "33.3"),
        ("case 1", "Ben", "named", "lymphocyte", "2", "66.7"),
        ("case 1", "Ben", "named", "blast", "1", "33.3"),
        ("case 2", "Ada", "counted", "neutrophil", "2", "66.7"),
        # A name that a spreadsheet would run is shown, and not run.
        ("case 2", "Ada", "counted", "'=1+1", "1", "33.3"),
    ]


def test_of_a_part_of_the_study_only_its_cells_are_told_and_the_file_says_so(
    study: Path, tmp_path: Path
) -> None:
    target = tmp_path / "differentials.csv"
    scope = ReportScope("those marked in the list", frozenset({SECOND}))
    export_cells(study, target, ReportWanted("differentials", SEMICOLON, scope=scope))
    text = target.read_bytes().decode("utf-8-sig")
    assert text.startswith("This is a selection: 1 of the study's 2 images")
    assert "case 1" not in text
    assert ";66,7;" in text


def test_the_page_has_a_section_for_each_differential_and_the_readers_agreement_on_cells(
    study: Path, tmp_path: Path
) -> None:
    target = tmp_path / "report.html"
    export_html(study, target)
    page = target.read_text("utf-8")
    assert "cells named in images" in page
    assert "cells counted at the counter" in page
    agreement = page[page.index("<h2>Agreement</h2>") : page.index("<h2>Differentials</h2>")]
    assert "Ben, names of cells" in agreement
    assert "3 cells, 1 named by one alone" in agreement


@pytest.fixture
def demo_study(tmp_path: Path) -> Path:
    """Ada named both cells of a synthetic image that is there."""
    folder = tmp_path / "smears"
    (folder / "case 1").mkdir(parents=True)
    content = (paths.demo_images() / "synthetic-2" / "smear-2.jpg").read_bytes()
    (folder / FIRST).write_bytes(content)
    remember_folders([folder])
    path = tmp_path / "demo.bloodsmear"
    with StudyStore.open_or_create(path, StudyHead(folder, (folder,), (CLASSIFIER,))) as store:
        store.list_images([(FIRST, "case 1")])
        answers = (Answer(CLASSIFIER, Prediction((0.8, 0.2))),)
        sha256 = hashlib.sha256(content).hexdigest()
        store.put(ImageRecord(FIRST, "case 1", "ok", "", sha256, 1024, 768, None, answers))
        boxes = [cell.box for cell in find_cells(decode_image(folder / FIRST).pixels).cells]
        ada = Reviewing(store, "Ada")
        ada.name_cells([CellPlace(FIRST, box) for box in boxes], "lymphocyte")
        ada.note_cells([CellPlace(FIRST, boxes[0])], "<b>Auer rod")
    return path


def crops_in(page: Path) -> int:
    """How many pictures of cells there are."""
    text = page.read_text("utf-8")
    return text.partition('<div class="cells">')[2].partition("</div>")[0].count("data:image/jpeg;base64,")


def test_the_page_shows_each_named_cell_as_far_as_there_is_room(demo_study: Path, tmp_path: Path) -> None:
    export_html(demo_study, tmp_path / "all.html")
    assert crops_in(tmp_path / "all.html") == 2
    assert (tmp_path / "all.html").read_text("utf-8").count("<br>&lt;b&gt;Auer rod</figcaption>") == 1
    export_html(demo_study, tmp_path / "one.html", HtmlChoices(most_crops=1))
    assert crops_in(tmp_path / "one.html") == 1
    assert "Of 1 more named cells the report holds no picture" in (tmp_path / "one.html").read_text("utf-8")


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_of_a_file_that_is_gone_or_another_now_no_cell_is_shown(
    demo_study: Path, tmp_path: Path, change: str
) -> None:
    file = tmp_path / "smears" / FIRST
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes((paths.demo_images() / "synthetic-2" / "smear-1.jpg").read_bytes())
    export_html(demo_study, tmp_path / "report.html")
    assert crops_in(tmp_path / "report.html") == 0
    assert "cells named in images" in (tmp_path / "report.html").read_text("utf-8")
