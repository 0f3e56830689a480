"""The HTML report: what stands in it, and that nothing in it becomes a tag."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.reports.case_summary import summarise_cases
from bloodsmear.reports.html_report.content import EventsFound, ReportContent, ReportPicture, is_shown
from bloodsmear.reports.html_report.page import page_parts
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.decisions import Decision
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.kappa import Kappa
from bloodsmear.review.reader_agreement import Comparison
from bloodsmear.review.records import Answer, ClassifierMark, Consensus, Flag, ImageRecord
from bloodsmear.review.reported import ReportedDecision

KEYS = ("benign", "pre_b", "pro_b", "early_pre_b")
VGG16 = ClassifierMark("vgg16", "VGG16", "1.0+1a1a1a1a", "1a" * 32, KEYS)
UNET = ClassifierMark("unet", "U-Net", "1.1+2b2b2b2b", "2b" * 32, KEYS)
AT = datetime(2026, 11, 24, 9, 5, 7, tzinfo=UTC)
NASTY = "<script>alert('1')</script>&\"x\".png"


def ok(image: str, case: str = "case 1", flags: tuple[Flag, ...] = ()) -> ImageRecord:
    answers = (
        Answer(VGG16, Prediction((0.7, 0.1, 0.1, 0.1))),
        Answer(UNET, Prediction((0.05, 0.05, 0.05, 0.85))),
    )
    consensus = Consensus("disagree", "early_pre_b", 0.475, flags)
    return ImageRecord(image, case, "ok", sha256="ab" * 32, answers=answers, consensus=consensus)


def decided(value: str, **more: Any) -> ReportedDecision:
    return ReportedDecision(Decision("Ada", value, AT, 1, answers_hidden=True), **more)


def content(*rows: ReportRow, **changes: Any) -> ReportContent:
    given: dict[str, Any] = {
        "title": "smears",
        "head": ReportHead((VGG16, UNET), "0.1.0"),
        "made_at": AT,
        "rows": rows,
        "cases": summarise_cases(rows),
        "comparisons": (),
        "events": EventsFound(7, "c0" * 32),
        "pictures": tuple(ReportPicture(b"\xff\xd8", 40, 30) for row in rows if is_shown(row)),
    }
    return ReportContent(**(given | changes))


def page(*rows: ReportRow, **changes: Any) -> str:
    return "".join(page_parts(content(*rows, **changes)))


def text_of(html: str) -> str:
    """What a reader sees: the text between the tags, white space as one space."""
    pieces: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            pieces.append(data)

    Reader().feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    return re.sub(r"\s+", " ", " ".join(pieces))


def test_labels_of_a_laboratorys_own_are_called_by_their_names() -> None:
    own = ClassifierMark("own", "Own", "1.0+4d", "4d" * 32, ("hem", "all"), (), ("Häm", "ALL-Blast"))
    answers = (Answer(own, Prediction((0.1, 0.9))),)
    consensus = Consensus("single", "all", 0.9, ("low_confidence",))
    record = ImageRecord("a.png", "case 1", "ok", sha256="ab" * 32, answers=answers, consensus=consensus)
    text = text_of(page(ReportRow(record, decided("hem")), head=ReportHead((own,), "0.1.0")))
    assert "One classifier answered: ALL\u2011Blast 90.0" in text
    assert "Häm, ALL\u2011Blast" in text
    assert not re.search(r"\bhem\b", text)


def test_labels_in_another_order_on_another_card_keep_their_line_and_their_colour() -> None:
    first, other = (
        ClassifierMark(key, key, "1.0+4d", "4d" * 32, labels)
        for key, labels in (("a", ("hem", "all")), ("b", ("all", "hem")))
    )
    answers = (Answer(first, Prediction((0.1, 0.9))), Answer(other, Prediction((0.8, 0.2))))
    record = ImageRecord(
        "a.png", "case 1", "ok", answers=answers, consensus=Consensus("agree", "all", 0.85, ())
    )
    html = page(ReportRow(record, decided("hem")), head=ReportHead((first, other), "0.1.0"))
    bars = re.findall(r'"bar[^"]*"><span>(\w+)</span><i><b style="width:[\d.]+%;background:(#\w+)"', html)
    assert bars[:2] == bars[2:]
    assert [name for name, _ in bars] == ["hem", "all", "hem", "all"]


def test_the_research_use_sentence_stands_at_the_top_at_the_end_and_on_every_printed_page() -> None:
    html = page(ReportRow(ok("a.png")))

    assert text_of(html).count(RESEARCH_USE) == 2
    assert f'content: "{RESEARCH_USE}"' in html
    assert html.lower().count("diagnos") == html.count(RESEARCH_USE)


@pytest.mark.usefixtures("half_past_five_east")
def test_an_image_shows_its_picture_both_classifiers_the_decision_and_the_flags() -> None:
    signed = Event(9, 9, Entry("case_signed_off", "Ada", case="case 1"), AT, "", "")
    other = Decision("Grace", "unsure", AT, 2)
    reported = decided("pre_b", sign_off=signed, others=(other,), notes=(("Ada", "two nucleoli"),))

    html = page(ReportRow(ok("case 1/a.png", flags=("disagreement", "unlike_training")), reported))
    text = text_of(html)

    assert 'src="data:image/jpeg;base64,/9g="' in html
    assert "Pre-B · Ada, 2026-11-24 14:35 UTC+05:30, answers hidden" in text
    assert "Unsure · Grace, 2026-11-24 14:35 UTC+05:30, answers shown" in text
    assert "Signed off by Ada, 2026-11-24 14:35 UTC+05:30." in text
    assert "Ada notes: two nucleoli" in text
    assert "Case case 1" not in text
    assert "VGG16 1.0 Benign 70.0 % Early Pre\u2011B 10.0 % Pre\u2011B 10.0 % Pro\u2011B 10.0 %" in text
    assert "U-Net 1.1 Benign 5.0 % Early Pre\u2011B 85.0 %" in text
    assert "The image is unlike the training images" in text
    assert "ab" * 32 in text


def test_an_image_signed_off_with_an_older_version_says_whose_answers_stand_there() -> None:
    older = Entry(
        "case_signed_off", "Ada", case="case 1", text='[["vgg16", "0.9+0f"], ["unet", "1.1+2b2b2b2b"]]'
    )
    reported = decided("pre_b", sign_off=Event(9, 9, older, AT, "", ""))

    text = text_of(page(ReportRow(ok("case 1/a.png"), reported)))

    assert "Signed off with VGG16 0.9. The answers shown are of VGG16 1.0." in text


def test_no_name_and_no_note_turns_a_line_around() -> None:
    noted = ReportedDecision(notes=(("Ada", "first line\nsecond \u202eenil"),))
    html = page(
        ReportRow(ok("smear\u202egpj.exe\n", case="c\x1b[2J", flags=("exposure",)), noted), title="\u2066s"
    )

    assert not set(html) & set("\u202e\u2066\x1b")
    assert "smear\\u202egpj.exe\\n" in html
    assert "c\\x1b[2J" in html
    assert "first line\nsecond \\u202eenil" in html


def test_only_flagged_decided_and_noted_images_are_shown() -> None:
    rows = (
        ReportRow(ok("plain.png")),
        ReportRow(ok("flagged.png", flags=("low_confidence",))),
        ReportRow(ok("decided.png"), decided("benign")),
        ReportRow(ok("noted.png"), ReportedDecision(notes=(("Ada", "look"),))),
    )

    text = text_of(page(*rows))

    assert "plain.png" not in text
    assert [name for name in ("flagged.png", "decided.png", "noted.png") if name not in text] == []


def test_images_beyond_the_pictures_are_named_in_a_table() -> None:
    rows = tuple(ReportRow(ok(f"{number}.png"), decided("benign")) for number in range(5))

    html = page(*rows, pictures=(ReportPicture(reason="The file is gone."), ReportPicture(b"\xff\xd8", 4, 3)))

    assert html.count("<article") == 2
    assert "The file is gone." in html
    assert "A report holds 2 pictures; 3 more images stand here without." in text_of(html)
    assert "4.png" in text_of(html)


def test_an_unreadable_image_is_listed_with_its_reason_and_who_took_note() -> None:
    record = ImageRecord("torn.png", "case 1", "unreadable", error="the file is cut off.")

    text = text_of(page(ReportRow(record, ReportedDecision(acknowledged_by=("Ada",)))))

    assert "torn.png the file is cut off. Ada" in text


def test_versions_hashes_and_the_state_of_the_chain_are_named() -> None:
    text = text_of(page(ReportRow(ok("a.png"))))

    assert "Bloodsmear 0.1.0" in text
    assert "1a" * 32 in text
    assert "2b" * 32 in text
    assert "7. Every event fits to the one before." in text
    assert "c0" * 32 in text


def test_a_broken_chain_is_said_at_the_top() -> None:
    html = page(ReportRow(ok("a.png")), events=EventsFound(7, "c0" * 32, "Event 3 is missing."))

    assert "was changed outside of Bloodsmear. Event 3 is missing." in text_of(html)
    assert "Every event fits" not in html


@pytest.mark.parametrize(
    ("kappa", "words"),
    [
        (Kappa(10, 8, 0.6, 0.2, 1.0), "10 8 (80.0 %) 0.60 (0.20 to 1.00)"),
        (Kappa(10, 8, -0.0001, -0.2, 0.3), "10 8 (80.0 %) 0.00 (\u22120.20 to 0.30) 1 of 10"),
        (Kappa(3, 3, 1.0, None, None, "They agree."), "3 3 (100.0 %) 1.00. They agree. 1 of 3"),
        (Kappa(0, 0, None, None, None, "No image."), "0 – No image."),
    ],
)
def test_agreement_is_a_figure_with_its_interval_or_a_sentence(kappa: Kappa, words: str) -> None:
    comparison = Comparison("Ada", "VGG16", "classifier", kappa, left_out=0, hidden=1)

    text = text_of(page(ReportRow(ok("a.png")), comparisons=(comparison,)))

    assert f"Ada VGG16 {words}" in text


def test_no_name_note_or_reader_becomes_a_tag() -> None:
    reported = ReportedDecision(Decision(NASTY, "benign", AT, 1), notes=((NASTY, NASTY),))
    rows = (
        ReportRow(ok(NASTY, NASTY), reported),
        ReportRow(ImageRecord(NASTY, NASTY, "unreadable", error=NASTY)),
    )

    html = page(*rows, title=NASTY)

    assert "<script" not in html
    assert "alert('1')" not in html
    assert "<script>alert('1')</script>&\"x\".png notes:" in text_of(html)


def test_the_page_needs_nothing_but_itself_and_may_fetch_nothing() -> None:
    html = page(ReportRow(ok("a.png"), decided("benign")))

    assert "default-src 'none'" in html
    assert re.findall(r"(?:https?:)?//[a-z]", html) == []
    assert re.findall(r"<(?:script|link|iframe|object)\b", html) == []


def test_a_study_with_nothing_to_show_says_so() -> None:
    assert "Flagged and decided images There is none." in text_of(page(ReportRow(ok("a.png"))))


def test_a_picture_is_read_when_its_turn_comes_and_none_is_kept() -> None:
    read = 0

    def pictures() -> Iterator[ReportPicture]:
        nonlocal read
        for _ in range(200):
            read += 1
            yield ReportPicture(b"\xff\xd8" * 1000, 4, 3)

    rows = tuple(ReportRow(ok(f"{number}.png"), decided("benign")) for number in range(200))
    written, longest = 0, 0
    for part in page_parts(content(*rows, pictures=pictures())):
        written += part.count("<article")
        longest = max(longest, len(part))
        assert read <= written + 1
    assert written == 200
    # One picture of 2,000 bytes and its card.
    assert longest < 10_000
