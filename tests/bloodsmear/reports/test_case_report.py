"""The CSV with a row for each case, and reports without names."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.reports.case_report import case_header, write_cases
from bloodsmear.reports.report_kind import SEMICOLON
from bloodsmear.reports.report_rows import ReportHead, ReportRow, without_names
from bloodsmear.review.decisions import Decision
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.records import Answer, ClassifierMark, Consensus, ImageRecord
from bloodsmear.review.reported import ReportedDecision

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b", "pro_b", "early_pre_b"))
HEAD = ReportHead((MARK,), "0.1.0")
AT = datetime(2026, 11, 24, 9, 5, 7, tzinfo=UTC)
WITH = '[["vgg16", "0.9+0f"], ["unet", "1.0+2b"]]'
SIGNED = Event(9, 9, Entry("case_signed_off", "Ada", case="=1", text=WITH), AT, "0.1.0", "")


def decided(value: str, signed: Event | None = None) -> ReportedDecision:
    return ReportedDecision(Decision("Ada", value, AT, 1), signed)


def ok(image: str, case: str, label: str, *flags: str) -> ImageRecord:
    agreement = "disagree" if "disagreement" in flags else "agree"
    return ImageRecord(image, case, "ok", consensus=Consensus(agreement, label, 0.9, flags))  # type: ignore[arg-type]  # plain words for flags


ROWS = [
    ReportRow(ok("=1/a.png", "=1", "benign"), decided("benign", SIGNED)),
    ReportRow(ok("=1/b.png", "=1", "pre_b", "disagreement"), decided("unsure", SIGNED)),
    ReportRow(ImageRecord("=1/c.png", "=1", "unreadable"), ReportedDecision(acknowledged_by=("Ada",))),
    ReportRow(ok("Petrov/a.png", "Petrov", "pre_b")),
    ReportRow(ImageRecord("Petrov/b.png", "Petrov", "unreadable")),
    ReportRow(ImageRecord("Petrov/c.png", "Petrov", "not_screened")),
]


def rows_of(target: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")))


def test_the_header_names_every_label_and_every_decision() -> None:
    assert ",".join(case_header(HEAD, ())) == (
        "case,images,unreadable,not_screened,flagged,disagree,"
        "consensus_benign,consensus_early_pre_b,consensus_pre_b,consensus_pro_b,"
        "mean_p_benign,mean_p_benign_low,mean_p_benign_high,"
        "mean_p_early_pre_b,mean_p_early_pre_b_low,mean_p_early_pre_b_high,"
        "mean_p_pre_b,mean_p_pre_b_low,mean_p_pre_b_high,mean_p_pro_b,mean_p_pro_b_low,mean_p_pro_b_high,"
        "decision_benign,decision_early_pre_b,decision_pre_b,decision_pro_b,decision_unsure,decision_other,"
        "decision_not_evaluable,acknowledged,undecided,signed_off_by,signed_off_at,signed_off_with,app_version,intended_use"
    )


def test_a_case_is_counted_and_its_sign_off_named(tmp_path: Path) -> None:
    assert write_cases(tmp_path / "r.csv", HEAD, ROWS) == 2

    first, second = rows_of(tmp_path / "r.csv")
    assert first["case"] == "'=1"
    assert (first["images"], first["unreadable"], first["flagged"], first["disagree"]) == ("3", "1", "1", "1")
    assert (first["consensus_benign"], first["consensus_pre_b"], first["consensus_pro_b"]) == ("1", "1", "0")
    assert (first["decision_benign"], first["decision_unsure"], first["undecided"]) == ("1", "1", "0")
    assert first["acknowledged"] == "1"
    assert (first["signed_off_by"], first["signed_off_at"]) == ("Ada", "2026-11-24T09:05:07Z")
    assert first["signed_off_with"] == "vgg16 0.9+0f, unet 1.0+2b"
    assert first["intended_use"] == RESEARCH_USE
    assert (second["not_screened"], second["undecided"], second["signed_off_by"]) == ("1", "3", "")


def test_the_mean_probabilities_have_the_decimals_of_the_form(tmp_path: Path) -> None:
    answer = Answer(MARK, Prediction((0.1, 0.6, 0.2, 0.1)))
    rows = [ReportRow(ImageRecord(f"c/{number}.png", "c", "ok", answers=(answer,))) for number in range(5)]
    write_cases(tmp_path / "r.csv", HEAD, rows)
    write_cases(tmp_path / "s.csv", HEAD, rows, SEMICOLON)

    (row,) = rows_of(tmp_path / "r.csv")
    assert (row["mean_p_pre_b"], row["mean_p_pre_b_low"], row["mean_p_early_pre_b"]) == (
        "0.600000",
        "0.600000",
        "0.100000",
    )
    assert ";0,600000;" in (tmp_path / "s.csv").read_text(encoding="utf-8-sig")


def test_a_label_of_classifiers_no_longer_in_use_keeps_its_count(tmp_path: Path) -> None:
    write_cases(tmp_path / "r.csv", HEAD, [*ROWS, ReportRow(ok("z", "z", "benign"), decided("blast"))])

    assert [row["decision_blast"] for row in rows_of(tmp_path / "r.csv")] == ["0", "0", "1"]


def test_without_names_images_and_cases_are_numbers(tmp_path: Path) -> None:
    numbered = list(without_names(ROWS))

    assert [row.record.image for row in numbered] == ["1", "2", "3", "4", "5", "6"]
    assert [row.record.case for row in numbered] == ["1", "1", "1", "2", "2", "2"]
    assert numbered[0].decision == ROWS[0].decision
    write_cases(tmp_path / "r.csv", HEAD, numbered)
    assert b"Petrov" not in (tmp_path / "r.csv").read_bytes()
