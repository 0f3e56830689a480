"""bloodsmear report: the report of a saved study."""

import csv
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.review.marks import DrawnShape
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.reviewing import Reviewing

Run = Callable[..., int]


@pytest.fixture
def study(run: Run, smear_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A screened study, and its report as screen wrote it in screened.csv."""
    run("screen", smear_folder, "-o", tmp_path / "screened.csv", "--study", tmp_path / "study.bloodsmear")
    capsys.readouterr()
    return tmp_path / "study.bloodsmear"


def test_the_report_of_a_study_is_what_screen_wrote(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", study, "-o", tmp_path / "again.csv") == 0

    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "screened.csv").read_bytes()
    assert capsys.readouterr().out.startswith("7 images")


def test_with_semicolons_decimals_have_a_comma(
    run: Run, study: Path, tmp_path: Path, smear_folder: Path
) -> None:
    assert run("report", study, "-o", tmp_path / "r.csv", "--csv-separator", ";") == 0
    screened = ("screen", smear_folder, "-o", tmp_path / "s.csv", "--study", study, "--csv-separator", ";")
    assert run(*screened) == 1  # one image of the folder is torn

    with (tmp_path / "r.csv").open(newline="", encoding="utf-8-sig") as file:
        row = next(csv.DictReader(file, delimiter=";"))
    assert re.fullmatch(r"0,\d{6}", row["vgg16_confidence"])
    assert (tmp_path / "s.csv").read_bytes() == (tmp_path / "r.csv").read_bytes()


def test_the_csvs_separator_is_one_of_two_and_no_matter_of_html(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", study, "-o", tmp_path / "r.csv", "--csv-separator", "|") == 2
    assert run("report", study, "-o", tmp_path / "r.html", "--csv-separator", ";") == 2
    assert "goes with a report that ends in .csv" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_a_reader_who_decided_nothing_is_named(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        image = store.listed_images()[0].image
        Reviewing(store, "Ada").decide([image], "benign")
        grace = Reviewing(store, "Grace")
        grace.decide([image], "benign")
        grace.undo()

    assert run("report", study, "-o", tmp_path / "r.csv") == 0

    assert capsys.readouterr().out.splitlines()[1:] == ["Grace has decided about no image."]


def test_a_study_that_is_not_there_ends_with_2(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", tmp_path / "none", "-o", tmp_path / "r.csv") == 2
    assert "There is no study" in capsys.readouterr().err


def test_a_file_that_is_not_a_study_ends_with_2(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", tmp_path / "screened.csv", "-o", tmp_path / "r.csv") == 2
    assert "not a study of Bloodsmear" in capsys.readouterr().err


def test_a_target_that_cannot_be_written_ends_with_3(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", study, "-o", tmp_path / "nowhere" / "r.csv") == 3
    assert "there is no folder" in capsys.readouterr().err


def test_an_html_report_is_written_when_the_name_says_so(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", study, "-o", tmp_path / "r.html") == 0

    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert capsys.readouterr().out.startswith("7 images")


def test_a_row_for_each_case_and_reports_without_names(
    run: Run, study: Path, tmp_path: Path, rows_of: Callable[[Path], list[dict[str, str]]]
) -> None:
    assert run("report", study, "-o", tmp_path / "c.csv", "--cases") == 0
    assert run("report", study, "-o", tmp_path / "n.csv", "--without-names") == 0
    assert run("report", study, "-o", tmp_path / "n.html", "--without-names") == 0

    assert [row["case"] for row in rows_of(tmp_path / "c.csv")] == ["case 1", "case 2"]
    assert [row["image"] for row in rows_of(tmp_path / "n.csv")] == list("1234567")
    assert "torn" not in (tmp_path / "n.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["-o", "r.txt"], "end in .csv or .html"), (["-o", "r.html", "--cases"], "goes with a report")],
)
def test_words_that_do_not_go_together_end_with_2(
    run: Run, study: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", study, *words) == 2
    assert sentence in capsys.readouterr().err


def test_the_report_of_a_study_that_was_changed_ends_with_1_and_says_so(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE predictions SET probabilities = '[1.0, 0.0, 0.0, 0.0]'")
        connection.commit()

    for name in ("r.csv", "r.html"):
        assert run("report", study, "-o", tmp_path / name) == 1
        assert "What classifiers answered was changed" in capsys.readouterr().err
        assert "What classifiers answered was changed" in (tmp_path / name).read_text("utf-8-sig")
    assert run("doctor", "--study", study) == 1


def test_folders_that_were_never_opened_here_give_pictures_only_when_they_are_trusted(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.known_folders().unlink()

    assert run("report", study, "-o", tmp_path / "r.html") == 0
    assert "which nobody has opened on this PC before" in capsys.readouterr().err
    assert run("report", study, "-o", tmp_path / "r.html", "--trust-folders") == 0
    assert capsys.readouterr().err == ""
    assert run("report", study, "-o", tmp_path / "again.html") == 0
    assert capsys.readouterr().err == ""


def test_marks_are_written_as_geojson_into_an_empty_folder(
    run: Run, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", study, "-o", tmp_path / "marks", "--marks") == 3
    assert "No image has a mark" in capsys.readouterr().err
    with StudyStore.open_existing(study) as store:
        head, image = store.head, store.listed_images()[0].image
    with StudyStore.open_or_create(study, head) as store:
        Reviewing(store, "Ada").draw(image, DrawnShape("point", ((1.0, 2.0),), (64, 48)))

    assert run("report", study, "-o", tmp_path / "marks", "--marks") == 0

    assert (tmp_path / "marks" / f"{image}.geojson").is_file()
    assert "The marks of 1 image are in" in capsys.readouterr().out
    assert run("report", study, "-o", tmp_path / "marks", "--marks") == 3
    assert run("report", study, "-o", tmp_path / "other", "--marks", "--without-names") == 2
    assert not (tmp_path / "other").exists()
