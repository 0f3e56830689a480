"""The report as HTML, part after part: the pictures of a large study are never one text in memory."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bloodsmear import RESEARCH_USE
from bloodsmear.reports.case_summary import progress_of
from bloodsmear.reports.html_report.content import ReportContent, is_shown
from bloodsmear.reports.html_report.image_card import image_card
from bloodsmear.reports.html_report.markup import Markup, element, joined
from bloodsmear.reports.html_report.style import STYLE
from bloodsmear.reports.html_report.tables import (
    agreement_table,
    case_table,
    classifier_table,
    more_images_table,
    unreadable_table,
)
from bloodsmear.reports.html_report.words import name
from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.time_words import zoned_words

# Even if something came through the escaping, nothing in the page runs or is fetched.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page_parts(content: ReportContent) -> Iterator[str]:
    """The page's text in pieces, in order."""
    title = f"Review of {content.title}"
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{element('title', title)}<style>{STYLE}</style></head><body><main>"
    )
    yield element("h1", "Review of ", name(content.title))
    version = content.head.app_version
    yield element("p", f"Made {zoned_words(content.made_at)} by Bloodsmear {version}.", class_="muted")
    yield element("p", RESEARCH_USE, class_="use")
    yield from _overview(content)
    yield from _images(content)
    yield from _unreadable(content.rows)
    yield from _origin(content)
    yield element("footer", f"Bloodsmear {version} · {RESEARCH_USE}")
    yield "</main></body></html>\n"


def _overview(content: ReportContent) -> Iterator[Markup]:
    if content.events.complaint:
        sentence = f"This study was changed outside of Bloodsmear. {content.events.complaint}"
        yield element("p", sentence, class_="notice")
    cases = content.cases
    progress = progress_of(cases)
    figures = (
        (len(content.rows), "images"),
        (len(cases), "cases"),
        (progress.decided, "decided"),
        *(((progress.acknowledged, "acknowledged"),) if progress.acknowledged else ()),
        (sum(case.undecided for case in cases), "undecided"),
        (sum(case.flagged for case in cases), "flagged"),
        (sum(case.disagree for case in cases), "disagreements"),
    )
    tiles = [element("div", element("b", f"{count:,}"), element("span", words)) for count, words in figures]
    yield element("div", *tiles, class_="tiles")
    yield element("h2", "Cases")
    yield case_table(cases, content.head.classifiers)
    if content.comparisons:
        yield element("h2", "Agreement")
        yield agreement_table(content.comparisons)
        yield element(
            "p",
            "Kappa is agreement beyond what chance gives: 1 is full, 0 is chance. A reader who saw the answers agrees "
            "with them more easily; “decided blind” counts the decisions made without them.",
            class_="muted",
        )


def _images(content: ReportContent) -> Iterator[Markup]:
    shown = [row for row in content.rows if is_shown(row)]
    yield element("h2", "Flagged and decided images")
    if not shown:
        yield element("p", "There is none.", class_="muted")
        return
    pictured = zip(shown, content.pictures, strict=False)
    for case, cards in groupby(pictured, key=lambda pair: pair[0].record.case):
        yield element("h3", "Case ", name(case))
        for row, picture in cards:
            yield image_card(row, picture, content.head.classifiers)
    rest = shown[len(content.pictures) :]
    if rest:
        yield element("h2", "Further flagged and decided images")
        yield element(
            "p",
            f"A report holds {len(content.pictures):,} pictures; {len(rest):,} more images stand here without. The CSV "
            "has everything about them.",
            class_="muted",
        )
        yield more_images_table(rest)


def _unreadable(rows: Sequence[ReportRow]) -> Iterator[Markup]:
    unreadable = [row for row in rows if row.record.status == "unreadable"]
    if unreadable:
        yield element("h2", "Unreadable images")
        yield unreadable_table(unreadable)


def _origin(content: ReportContent) -> Iterator[Markup]:
    yield element("h2", "What this report rests on")
    yield classifier_table(content.head.classifiers)
    events = content.events
    chain = events.complaint or "Every event fits to the one before."
    told: list[tuple[str, str]] = [
        ("Events of the readers", f"{events.events:,}. {chain}"),
        (
            "Hash of the last event",
            element("span", events.last_hash, class_="hash") if events.events else "–",
        ),
        ("Probabilities", "Calibrated, of the original image. The hash under an image is its file’s sha256."),
        ("Sign-off", "Closes a review; the hashes show later changes and do not prevent them."),
    ]
    yield element("dl", joined(joined([element("dt", term), element("dd", text)]) for term, text in told))
