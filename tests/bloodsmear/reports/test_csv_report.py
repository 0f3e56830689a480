"""The CSV report, byte by byte."""

import csv
import errno
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import NoReturn

import pytest

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ReportError
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.reports.csv_report import csv_header, write_csv
from bloodsmear.reports.csv_table import write_table
from bloodsmear.reports.report_file import check_target
from bloodsmear.reports.report_kind import SEMICOLON
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.decisions import Decision
from bloodsmear.review.records import Answer, ClassifierMark, Consensus, ImageRecord
from bloodsmear.review.reported import ReportedDecision

VGG16 = ClassifierMark(
    "vgg16", "VGG16", "1.0+1a2b3c4d", "1a" * 32, ("benign", "pre_b", "pro_b", "early_pre_b")
)
PETS = ClassifierMark("pets", "Pets", "2.1+00ff00ff", "00" * 32, ("dog", "cat"))
HEAD = ReportHead((VGG16, PETS), "0.1.0")


def ok_record(image: str = "case 1/a.png", **changes: object) -> ImageRecord:
    answers = (
        Answer(VGG16, Prediction((0.125, 0.5, 0.25, 0.1250004))),
        Answer(PETS, Prediction((0.3, 0.7))),
    )
    given: dict[str, object] = {
        "image": image,
        "case": "case 1",
        "status": "ok",
        "sha256": "ab" * 32,
        "width_px": 32,
        "height_px": 24,
        "quality": ImageQuality(1e9, 0.0, 0.0),
        "answers": answers,
        "consensus": consensus_of(answers, None),
        "screened_at": datetime(2026, 11, 23, 9, 5, 7, tzinfo=UTC),
    }
    return ImageRecord(**(given | changes))  # type: ignore[arg-type]  # a table of keyword arguments


def rows_of(target: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")))


def test_the_header_is_that_of_the_design_for_ours_and_for_other_labels() -> None:
    assert ",".join(csv_header(HEAD)) == (
        "image,case,status,error,sha256,width_px,height_px,flags,um_per_px,scale_from,"
        "vgg16_label,vgg16_confidence,vgg16_p_benign,vgg16_p_early_pre_b,vgg16_p_pre_b,vgg16_p_pro_b,vgg16_version,"
        "pets_label,pets_confidence,pets_p_dog,pets_p_cat,pets_version,"
        "agreement,consensus_label,consensus_confidence,"
        "decision,reviewer,decided_at,note,other_decisions,settled_by,marks,lengths,"
        "screened_at,app_version,intended_use"
    )


def test_a_row_holds_each_value_under_its_own_name(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"

    assert (
        write_csv(
            target, ReportHead((VGG16,), "0.1.0"), [ReportRow(ok_record(answers=ok_record().answers[:1]))]
        )
        == 1
    )

    (row,) = rows_of(target)
    assert row["image"] == "case 1/a.png"
    assert (row["status"], row["error"], row["width_px"], row["height_px"]) == ("ok", "", "32", "24")
    assert (row["vgg16_label"], row["vgg16_confidence"]) == ("pre_b", "0.500000")
    assert (row["vgg16_p_benign"], row["vgg16_p_early_pre_b"]) == ("0.125000", "0.125000")
    assert (row["vgg16_p_pre_b"], row["vgg16_p_pro_b"]) == ("0.500000", "0.250000")
    assert row["vgg16_version"] == "1.0+1a2b3c4d"
    assert (row["screened_at"], row["app_version"]) == ("2026-11-23T09:05:07Z", "0.1.0")
    assert row["intended_use"] == RESEARCH_USE
    assert row["decision"] == row["reviewer"] == row["decided_at"] == row["note"] == ""


def test_the_file_is_utf8_with_a_byte_order_mark_and_crlf_line_ends(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"

    write_csv(target, HEAD, [ReportRow(ok_record("Ж/图 😀[1].png"))])

    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfimage,case,")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert content.endswith(b"\r\n")
    assert rows_of(target)[0]["image"] == "Ж/图 😀[1].png"


def test_commas_quotes_and_line_ends_are_quoted_as_rfc_4180_says(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    name = 'a,"b"\nc.png'

    write_csv(target, HEAD, [ReportRow(ok_record(name))])

    assert b'\r\n"a,""b""\nc.png",case 1,' in target.read_bytes()
    assert rows_of(target)[0]["image"] == name


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "\u2212", " =", "\u3000＝"]
)
def test_text_that_a_spreadsheet_takes_for_a_formula_is_guarded(tmp_path: Path, start: str) -> None:
    target = tmp_path / "r.csv"

    write_csv(target, HEAD, [ReportRow(ok_record(f"{start}1+1.png", case=f"{start}case"))])

    assert rows_of(target)[0]["image"] == f"'{start}1+1.png"
    assert rows_of(target)[0]["case"] == f"'{start}case"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a;=1+1.png", "a;'=1+1.png"),
        ("a; @sum.png", "a;' @sum.png"),
        ("a\n＝1.png", "a\n'＝1.png"),
        ("a\t-1.png", "a\t'-1.png"),
        ("a, -1; b\r\n\r\nc", "a, -1; b\r\n\r\nc"),
    ],
)
def test_a_formula_behind_what_another_spreadsheet_parts_a_line_at_is_guarded(
    name: str, written: str, tmp_path: Path
) -> None:
    write_csv(tmp_path / "r.csv", HEAD, [ReportRow(ok_record(name))])
    assert rows_of(tmp_path / "r.csv")[0]["image"] == written


def test_with_semicolons_a_formula_behind_a_comma_is_guarded(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", HEAD, [ReportRow(ok_record("a,=1;=2.png"))], SEMICOLON)
    row = next(
        csv.reader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[1]), delimiter=";")
    )
    assert row[0] == "a,'=1;=2.png"


def test_a_label_of_a_foreign_card_is_guarded_in_the_header(tmp_path: Path) -> None:
    write_table(tmp_path / "r.csv", ["image", "=cmd|' /C calc'!A0", "＝1"], [])
    assert (tmp_path / "r.csv").read_text("utf-8-sig") == "image,'=cmd|' /C calc'!A0,'＝1\n"


def test_semicolons_come_with_decimal_commas_and_quoted_flags(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    consensus = Consensus("disagree", "benign", 0.5, ("disagreement", "low_confidence"))

    write_csv(target, HEAD, [ReportRow(ok_record(consensus=consensus))], SEMICOLON)

    text = target.read_bytes().decode("utf-8-sig")
    assert text.startswith("image;case;status;")
    (row,) = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert (row["vgg16_p_pre_b"], row["consensus_confidence"]) == ("0,500000", "0,500000")
    assert (row["flags"], row["vgg16_version"]) == ("disagreement;low_confidence", "1.0+1a2b3c4d")


def test_an_unreadable_file_keeps_its_row_with_empty_answers(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    record = ImageRecord("a.png", "c", "unreadable", error="the file is empty", sha256="00" * 32)

    write_csv(target, HEAD, [ReportRow(record)])

    (row,) = rows_of(target)
    named = {"image", "case", "status", "error", "sha256", "app_version", "intended_use"}
    assert (row["status"], row["error"], row["sha256"]) == ("unreadable", "the file is empty", "00" * 32)
    assert {name for name, cell in row.items() if cell} == named


def test_answers_that_cannot_be_compared_leave_the_consensus_empty(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"

    write_csv(target, HEAD, [ReportRow(ok_record())])

    (row,) = rows_of(target)
    assert (row["agreement"], row["consensus_label"], row["consensus_confidence"]) == (
        "not_comparable",
        "",
        "",
    )
    assert (row["pets_label"], row["pets_p_dog"], row["pets_p_cat"]) == ("cat", "0.300000", "0.700000")


def test_flags_are_joined_by_semicolons(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    consensus = Consensus("disagree", "benign", 0.5, ("disagreement", "low_confidence"))

    write_csv(target, HEAD, [ReportRow(ok_record(consensus=consensus))])

    assert rows_of(target)[0]["flags"] == "disagreement;low_confidence"


def test_times_are_in_utc_whatever_their_zone(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    moment = datetime(2026, 11, 24, 1, 0, tzinfo=timezone(timedelta(hours=3, minutes=30)))

    write_csv(target, HEAD, [ReportRow(ok_record(screened_at=moment))])

    assert rows_of(target)[0]["screened_at"] == "2026-11-23T21:30:00Z"


def test_a_report_that_fails_half_way_leaves_the_older_one(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    target.write_text("older")

    def records() -> Iterator[ReportRow]:
        yield ReportRow(ok_record())
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ReportError, match="disk is full"):
        write_csv(target, HEAD, records())

    assert target.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_a_folder_as_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="it is a folder"):
        check_target(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_or_a_device_as_target_is_refused_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "r.csv"
    os.mkfifo(pipe)
    for target in (pipe, Path(os.devnull)):
        with pytest.raises(ReportError, match="it is a device or a pipe"):
            check_target(target)
    assert pipe.is_fifo()


def test_a_target_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="there is no folder"):
        check_target(tmp_path / "nowhere" / "r.csv")


def test_a_read_only_target_is_refused_and_stays(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    target.write_text("older")
    target.chmod(0o444)

    with pytest.raises(ReportError, match="may not be written"):
        write_csv(target, HEAD, [ReportRow(ok_record())])

    assert target.read_text() == "older"


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="an administrator may write everywhere"
)
def test_a_target_in_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)

    with pytest.raises(ReportError, match="may not be written"):
        check_target(folder / "r.csv")


def test_an_older_report_in_a_folder_that_takes_no_new_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**options: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    (tmp_path / "r.csv").write_text("older")
    monkeypatch.setattr(tempfile, "mkstemp", refuse)

    with pytest.raises(ReportError, match="may not be written"):
        check_target(tmp_path / "r.csv")


def test_a_target_that_another_program_holds_open_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As Windows answers when a spreadsheet has opened the file since the work began.
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(ReportError, match="open in another program"):
        write_csv(tmp_path / "r.csv", HEAD, [ReportRow(ok_record())])

    assert list(tmp_path.iterdir()) == []


def test_looking_whether_a_target_can_be_written_leaves_nothing(tmp_path: Path) -> None:
    check_target(tmp_path / "r.csv")
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "r.csv").write_text("older")
    check_target(tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text() == "older"


def test_the_readers_decisions_stand_in_their_columns(tmp_path: Path) -> None:
    at = datetime(2026, 11, 24, 1, 0, tzinfo=timezone(timedelta(hours=3, minutes=30)))
    decision = ReportedDecision(
        Decision("Ada", "pre_b", at, 1),
        others=(Decision("-Grace", "unsure", at, 2), Decision("Eve", "other", at, 3)),
        notes=(("Eve", "not this"), ("Ada", "=cmd|' /C calc'!A0\nsecond line")),
    )

    write_csv(tmp_path / "r.csv", HEAD, [ReportRow(ok_record(), decision)])

    (row,) = rows_of(tmp_path / "r.csv")
    assert (row["decision"], row["reviewer"], row["decided_at"]) == ("pre_b", "Ada", "2026-11-23T21:30:00Z")
    assert row["note"] == "'=cmd|' /C calc'!A0\nsecond line"
    assert row["other_decisions"] == "'-Grace=unsure;Eve=other"


def test_a_note_stands_there_though_nobody_decided(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", HEAD, [ReportRow(ok_record(), ReportedDecision(notes=(("Ada", "look"),)))])

    (row,) = rows_of(tmp_path / "r.csv")
    assert (row["decision"], row["reviewer"], row["note"]) == ("", "", "look")
