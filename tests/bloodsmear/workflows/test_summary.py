"""What the summary counts, and what it puts first."""

import json
from pathlib import Path

import pytest

from bloodsmear.errors import ReportError
from bloodsmear.review.records import Agreement, Consensus, Flag, ImageRecord
from bloodsmear.workflows.screening import ScreeningSummary
from bloodsmear.workflows.summary import LOOK_FIRST, StudySummary, summarise, write_summary
from desktop.cli.summary_lines import summary_lines

RUN = ScreeningSummary(Path("s"), images=4, screened=3, kept=1, unreadable=1, other_files=2, seconds=1.5)


def read(image: str, label: str | None, confidence: float | None, *flags: Flag) -> ImageRecord:
    agreement: Agreement = "disagree" if "disagreement" in flags else "agree"
    if label is None:
        agreement = "not_comparable"
    consensus = Consensus(agreement, label, confidence, flags)
    return ImageRecord(image, image.split("/")[0], "ok", consensus=consensus)


@pytest.fixture
def records() -> list[ImageRecord]:
    """Two cases with every kind of image."""
    return [
        read("10/a.png", "benign", 0.9),
        read("2/a.png", "pro_b", 0.55, "disagreement", "low_confidence"),
        read("2/b.png", "pro_b", 0.8, "exposure"),
        ImageRecord("2/c.png", "2", "unreadable", error="the file is empty."),
        ImageRecord("2/d.png", "2", "not_screened"),
    ]


def summary_of(records: list[ImageRecord]) -> StudySummary:
    return summarise(iter(records), RUN)


def test_images_labels_and_flags_are_counted(records: list[ImageRecord]) -> None:
    summary = summary_of(records)

    assert (summary.images, summary.ok, summary.unreadable, summary.not_screened) == (5, 3, 1, 1)
    assert summary.labels == {"benign": 1, "pro_b": 2}
    assert summary.agreement == {"agree": 2, "disagree": 1}
    assert summary.flags == {"disagreement": 1, "low_confidence": 1, "exposure": 1}


def test_each_case_is_counted_in_natural_order(records: list[ImageRecord]) -> None:
    two, ten = summary_of(records).cases

    assert (two.case, two.images, two.unreadable, two.flagged, two.labels) == ("2", 4, 1, 2, {"pro_b": 2})
    assert (ten.case, ten.images, ten.labels) == ("10", 1, {"benign": 1})


def test_labels_of_a_laboratorys_own_stand_in_their_order_with_their_names() -> None:
    names = {"hem": "Hämatogone", "all": "all"}
    summary = summarise([read("a.png", "all", 0.9), read("b.png", "hem", 0.9, "exposure")], RUN, names)
    assert list(summary.labels) == ["hem", "all"]
    assert summary.label_names == {"hem": "Hämatogone"}
    lines = list(summary_lines(summary))
    assert "Labels: Hämatogone 1, all 1" in lines
    assert "  b.png: exposure (Hämatogone 90.0 %)" in lines


def test_labels_stand_in_the_order_of_a_report_and_unknown_ones_after_them() -> None:
    labels = ("pro_b", "other_kind", "benign", "pre_b", "early_pre_b")

    counted = summary_of([read(f"{label}.png", label, 0.9) for label in labels]).labels

    assert list(counted) == ["benign", "early_pre_b", "pre_b", "pro_b", "other_kind"]


def test_unreadable_images_keep_their_reasons(records: list[ImageRecord]) -> None:
    (bad,) = summary_of(records).unreadable_images

    assert (bad.image, bad.reason) == ("2/c.png", "the file is empty.")


def test_most_flags_and_then_the_lowest_confidence_are_looked_at_first() -> None:
    several = [
        read("sure.png", "benign", 0.99),
        read("one.png", "benign", 0.9, "exposure"),
        read("one less sure.png", "benign", 0.7, "exposure"),
        read("two.png", "benign", 0.95, "exposure", "out_of_focus"),
        read("not comparable.png", None, None, "exposure"),
    ]

    first = [image.image for image in summary_of(several).look_first]

    assert first == ["two.png", "not comparable.png", "one less sure.png", "one.png"]


def test_of_thousands_that_ask_for_a_look_the_most_urgent_few_are_named() -> None:
    many = [read(f"{number}.png", "benign", 1 - number / 4000, "exposure") for number in range(2000)]

    first = [image.image for image in summary_of(many).look_first]

    assert first == [f"{number}.png" for number in range(1999, 1999 - LOOK_FIRST, -1)]


def test_the_rate_counts_what_was_screened_now(records: list[ImageRecord]) -> None:
    run = summary_of(records).run

    assert (run.screened, run.kept, run.images_per_second, run.other_files) == (3, 1, 2.0, 2)


def test_nothing_screened_has_no_rate() -> None:
    run = ScreeningSummary(Path("s"), images=1, screened=0, kept=1, unreadable=0, other_files=0, seconds=0.1)

    assert summarise([], run).run.images_per_second is None


def test_the_file_is_json_and_replaced_whole(records: list[ImageRecord], tmp_path: Path) -> None:
    target = tmp_path / "s.json"
    target.write_text("older")

    write_summary(target, summary_of(records))

    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["look_first"][0] == {
        "image": "2/a.png",
        "flags": ["disagreement", "low_confidence"],
        "label": "pro_b",
        "confidence": 0.55,
    }
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_is_a_sentence(records: list[ImageRecord], tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="Cannot write the summary"):
        write_summary(tmp_path / "nowhere" / "s.json", summary_of(records))
