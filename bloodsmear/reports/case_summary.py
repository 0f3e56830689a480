"""What a report says of each case: counts of its images, of what the classifiers say and of what was decided."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.events import Event
from bloodsmear.review.sign_off import ReviewProgress


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One case. Each image is decided, unreadable and acknowledged, or one of the `undecided`.

    `consensus` and `decisions` count images by label and by decision (that which the report names). `sign_offs` are
    the readers' sign-offs by which the named decisions are closed, each once.
    """

    case: str
    images: int
    unreadable: int
    not_screened: int
    flagged: int
    disagree: int
    acknowledged: int
    undecided: int
    consensus: Mapping[str, int]
    decisions: Mapping[str, int]
    sign_offs: tuple[Event, ...]


def progress_of(cases: Iterable[CaseSummary]) -> ReviewProgress:
    """How far the review of all of them is, by whichever reader."""
    cases = tuple(cases)
    return ReviewProgress(
        images=sum(case.images for case in cases),
        decided=sum(sum(case.decisions.values()) for case in cases),
        acknowledged=sum(case.acknowledged for case in cases),
    )


@dataclass(slots=True)
class _Counting:
    images: Counter[str] = field(default_factory=Counter)
    consensus: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    sign_offs: dict[int, Event] = field(default_factory=dict)


def summarise_cases(rows: Iterable[ReportRow]) -> tuple[CaseSummary, ...]:
    """One summary for each case, in the order in which the cases come."""
    counted: dict[str, _Counting] = {}
    for row in rows:
        _count(counted.setdefault(row.record.case, _Counting()), row)
    return tuple(
        CaseSummary(
            case=case,
            images=counts.images["all"],
            unreadable=counts.images["unreadable"],
            not_screened=counts.images["not_screened"],
            flagged=counts.images["flagged"],
            disagree=counts.images["disagree"],
            acknowledged=counts.images["acknowledged"],
            undecided=counts.images["undecided"],
            consensus=counts.consensus,
            decisions=counts.decisions,
            sign_offs=tuple(counts.sign_offs.values()),
        )
        for case, counts in counted.items()
    )


def _count(counts: _Counting, row: ReportRow) -> None:
    record, reported = row.record, row.decision
    counts.images["all"] += 1
    counts.images[record.status] += 1
    if record.consensus is not None:
        counts.images["flagged"] += bool(record.consensus.flags)
        counts.images["disagree"] += record.consensus.agreement == "disagree"
        if record.consensus.label is not None:
            counts.consensus[record.consensus.label] += 1
    if reported.decision is not None:
        counts.decisions[reported.decision.value] += 1
    elif record.status == "unreadable" and reported.acknowledged_by:
        counts.images["acknowledged"] += 1
    else:
        counts.images["undecided"] += 1
    if reported.sign_off is not None:
        counts.sign_offs[reported.sign_off.number] = reported.sign_off
