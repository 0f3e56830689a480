"""What a report would hold: the rows as they will be written, and what is unfinished."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.jobs import Cancel
from bloodsmear.reports.report_kind import SEMICOLON, ReportKind, ReportWanted
from bloodsmear.review.events import Entry
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_cases, export_csv
from bloodsmear.workflows.report_preview import preview_report
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen

MARK = ClassifierMark("vgg16", "VGG16", "1.0", "1a" * 32, ("benign", "pre_b"))


@pytest.fixture
def study(
    tmp_path: Path, draw_image: Callable[..., Path], make_classifier: Callable[..., Classifier]
) -> Path:
    """Two cases with three images and a broken one; two images of the first case are decided, and it is signed off."""
    for number, case in ((1, "Petrov"), (2, "Petrov"), (10, "Sidorova")):
        draw_image(tmp_path / "in" / case / f"{number}.png", seed=number)
    (tmp_path / "in" / "Sidorova" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    plan = ScreeningPlan((tmp_path / "in",), study=tmp_path / "s")
    screen(plan, ClassifierSet((make_classifier("vgg16"),)), ScreeningEvents(), Cancel())
    with StudyStore.open_existing(tmp_path / "s") as there:
        head = there.head
    with StudyStore.open_or_create(tmp_path / "s", head) as store:
        reviewing = Reviewing(store, "Ada")
        reviewing.decide(["Petrov/1.png", "Petrov/2.png"], "benign")
        reviewing.sign_off_case("Petrov")
    return tmp_path / "s"


def written(file: Path) -> list[tuple[str, ...]]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return [tuple(row) for row in csv.reader(opened)]


def as_in(table: list[tuple[str, ...]], header: Sequence[str]) -> list[tuple[str, ...]]:
    """The table with its columns in the order of `header`, which has the same ones."""
    assert sorted(table[0]) == sorted(header)
    return [tuple(row[table[0].index(name)] for name in header) for row in table]


@pytest.mark.parametrize("kind", ["images", "cases"])
def test_the_rows_are_those_of_the_csv(kind: ReportKind, study: Path, tmp_path: Path) -> None:
    {"images": export_csv, "cases": export_cases}[kind](study, tmp_path / "r.csv")
    preview = preview_report(study, ReportWanted(kind), hide_answers=False)
    assert [preview.header, *preview.rows] == as_in(written(tmp_path / "r.csv"), preview.header)


def test_what_is_looked_at_stands_first(study: Path) -> None:
    preview = preview_report(study, ReportWanted("images"), hide_answers=False)
    assert preview.header[:6] == ("image", "case", "vgg16_label", "decision", "reviewer", "status")
    blind = preview_report(study, ReportWanted("images"), hide_answers=True)
    assert blind.header[:5] == ("image", "case", "decision", "reviewer", "status")
    cases = preview_report(study, ReportWanted("cases"), hide_answers=False)
    assert cases.header[:2] == ("case", "images")


def test_the_preview_has_the_decimals_of_the_form_and_says_what_parts_the_cells(study: Path) -> None:
    preview = preview_report(study, ReportWanted("images", SEMICOLON), hide_answers=False)
    assert "," in preview.rows[0][preview.header.index("vgg16_confidence")]
    assert preview.sentences[-1] == "Cells are parted by semicolons, and decimals have a comma."
    html = preview_report(study, ReportWanted("html", SEMICOLON), hide_answers=False)
    assert not any("semicolons" in sentence for sentence in html.sentences)


def test_who_decided_nothing_is_named(study: Path) -> None:
    sentences = preview_report(study, ReportWanted("images", reader="Grace"), hide_answers=False).sentences
    assert "Grace has decided about no image." in sentences
    assert not any("Ada" in sentence for sentence in sentences)


def test_what_is_unfinished_is_said(study: Path) -> None:
    assert preview_report(study, ReportWanted("images"), hide_answers=False).sentences == (
        "4 images in 2 cases: 2 of 4 decided.",
        "1 image cannot be read and has a row with the reason.",
        "Unfinished: 2 images undecided.",
        "Unfinished: 1 case not signed off.",
    )


def test_the_columns_are_those_of_all_cases_not_only_of_the_previewed_ones(tmp_path: Path) -> None:
    head = StudyHead(tmp_path, (tmp_path,), (MARK,))
    with StudyStore.open_or_create(tmp_path / "s", head) as store:
        images = [(f"case {number:02}/1.png", f"case {number:02}") for number in range(51)]
        store.list_images(images)
        for image, case in images:
            store.put(ImageRecord(image, case, "ok", sha256="ab" * 32))
        last = Entry("decided", "Ada", *images[-1], sha256="ab" * 32, decision="basophil")
        store.events.append(0, lambda _there: [last])
    export_cases(tmp_path / "s", tmp_path / "c.csv")
    preview = preview_report(tmp_path / "s", ReportWanted("cases"), hide_answers=False)
    assert "decision_basophil" in preview.header
    assert [preview.header, *preview.rows] == written(tmp_path / "c.csv")[:51]


def test_images_that_were_not_screened_are_unfinished(study: Path) -> None:
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        there_before = [(record.image, record.case) for record in store.records()]
        store.list_images([*there_before, ("Sidorova/11.png", "Sidorova"), ("Sidorova/12.png", "Sidorova")])
    sentences = preview_report(study, ReportWanted("images"), hide_answers=False).sentences
    assert sentences[0] == "6 images in 2 cases: 2 of 6 decided."
    assert "Unfinished: 2 images not screened." in sentences


def test_of_the_html_report_its_pictures_are_counted(study: Path) -> None:
    preview = preview_report(study, ReportWanted("html"), hide_answers=False)
    # The one that nobody decided is flagged: the fake classifier is never sure.
    assert preview.sentences[-1] == "3 pictures of the 3 flagged or decided images."
    assert [row[0] for row in preview.rows] == ["Petrov", "Sidorova"]


@pytest.mark.parametrize("kind", ["images", "cases", "html"])
def test_for_a_blind_reader_nothing_of_a_classifier_is_shown(study: Path, kind: ReportKind) -> None:
    preview = preview_report(study, ReportWanted(kind), hide_answers=True)
    said = ("flag", "vgg16", "agree", "consensus")
    assert [name for name in preview.header if any(word in name for word in said)] == []
    assert all(len(row) == len(preview.header) for row in preview.rows)
    assert "decision" in " ".join(preview.header)
    assert preview.sentences[-1].startswith("You read blind")
    assert not any("flagged or decided images." in sentence for sentence in preview.sentences)


def test_a_case_signed_off_with_an_older_version_is_counted(study: Path) -> None:
    with StudyStore.open_existing(study) as there:
        head = there.head
    newer = tuple(replace(mark, version_mark="9.0+ffffffff") for mark in head.classifiers)
    sentence = "1 case was signed off with other versions of the classifiers than those that answer here."
    assert sentence not in preview_report(study, ReportWanted("cases"), hide_answers=False).sentences
    StudyStore.open_or_create(study, replace(head, classifiers=newer)).close()
    assert sentence in preview_report(study, ReportWanted("cases"), hide_answers=False).sentences


@pytest.mark.parametrize("kind", ["images", "cases", "html", "folders"])
def test_who_reads_blind_or_for_consensus_sees_no_decision_of_others_before_an_own_one(
    study: Path, kind: ReportKind
) -> None:
    def count_benign(reader: str, blind: bool = False) -> tuple[int, bool]:
        preview = preview_report(study, ReportWanted(kind, reader=reader), hide_answers=blind)
        said = any("you have not decided stand here without" in sentence for sentence in preview.sentences)
        if kind in ("images", "folders"):
            return sum("benign" in row for row in preview.rows), said
        column = preview.header.index("decision_benign")
        return sum(int(row[column]) for row in preview.rows), said

    assert count_benign("Cara", blind=True) == (0, True)
    assert count_benign("Ada", blind=True) == (2, False)

    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        cara = Reviewing(store, "Cara")
        assert count_benign("Cara") == (2, False)
        cara.read_for_consensus(on=True)
        assert count_benign("Cara") == (0, True)
        assert count_benign("Bea") == (2, False)
        cara.decide(["Petrov/1.png"], "unsure")
        assert count_benign("Cara") == (1, True)
        cara.decide(["Petrov/2.png"], "unsure")
        assert count_benign("Cara") == (2, False)
