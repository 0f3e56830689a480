"""What is said of each case, in reports and on the page of cases: counts of its images, of what the classifiers say and
of what was decided, and the mean probabilities.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.consensus import mean_probabilities
from bloodsmear.review.events import Event
from bloodsmear.review.sentences import percent
from bloodsmear.review.sign_off import ReviewProgress
from bloodsmear.teaching.intervals import student_t

# Of fewer images Student's t is wider than what the table of cases can say in a line.
_FEWEST_FOR_INTERVAL = 5


@dataclass(frozen=True, slots=True)
class MeanProbability:
    """The mean over a case's `images` of one label's probability, which is the mean of the classifiers' for an image.

    `low` and `high` are the 95 % interval of that mean over the images (Student's t, cut at 0 and 1), None for fewer
    than 5. It tells how far other images of the case would have moved the mean, and not how often it is right.
    """

    value: float
    low: float | None
    high: float | None
    images: int


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One case. Each image is decided, unreadable and acknowledged, or one of the `undecided`.

    `consensus` and `decisions` count images by label and by decision (that which the report names), `means` has the
    mean probability of each label that the classifiers know. `sign_offs` are the readers' sign-offs by which the named
    decisions are closed, each once.
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
    means: Mapping[str, MeanProbability] = field(default_factory=dict)


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
    probabilities: dict[str, list[float]] = field(default_factory=dict)


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
            means={label: mean_of(values) for label, values in counts.probabilities.items()},
        )
        for case, counts in counted.items()
    )


def highest_mean(summary: CaseSummary) -> tuple[str, MeanProbability] | None:
    """The label with the highest mean probability, ties to the first column of a report; None without an answer."""
    return max(summary.means.items(), key=lambda item: item[1].value, default=None)


def mean_words(mean: MeanProbability) -> str:
    """`83.1 % (74.0 to 90.2)`, without the interval where there is none."""
    words = f"{percent(mean.value)}\u00a0%"
    if mean.low is None or mean.high is None:
        return words
    return f"{words} ({percent(mean.low)} to {percent(mean.high)})"


def mean_of(values: Sequence[float]) -> MeanProbability:
    """The mean of probabilities (at least one), with its interval."""
    count = len(values)
    mean = math.fsum(values) / count
    if count < _FEWEST_FOR_INTERVAL:
        return MeanProbability(mean, None, None, count)
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    reach = student_t(count - 1) * math.sqrt(variance / count)
    return MeanProbability(mean, max(0.0, mean - reach), min(1.0, mean + reach), count)


def _count(counts: _Counting, row: ReportRow) -> None:
    record, reported = row.record, row.decision
    counts.images["all"] += 1
    counts.images[record.status] += 1
    if record.consensus is not None:
        counts.images["flagged"] += bool(record.consensus.flags)
        counts.images["disagree"] += record.consensus.agreement == "disagree"
        if record.consensus.label is not None:
            counts.consensus[record.consensus.label] += 1
    for label, probability in mean_probabilities(record.answers).items():
        counts.probabilities.setdefault(label, []).append(probability)
    if reported.decision is not None:
        counts.decisions[reported.decision.value] += 1
    elif record.status == "unreadable" and reported.acknowledged_by:
        counts.images["acknowledged"] += 1
    else:
        counts.images["undecided"] += 1
    if reported.sign_off is not None:
        counts.sign_offs[reported.sign_off.number] = reported.sign_off
