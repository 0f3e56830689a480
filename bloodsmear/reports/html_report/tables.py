"""The report's tables: cases, agreement, classifiers, and the images that are named without a picture."""

from collections.abc import Iterable

from bloodsmear.classifiers.labels import label_name, unbroken
from bloodsmear.reports.case_summary import CaseSummary
from bloodsmear.reports.html_report.markup import Markup, element, table
from bloodsmear.reports.html_report.words import name, value_words
from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.agreement_words import AGREEMENT_HEADER, agreement_row
from bloodsmear.review.decisions import decision_choices, decision_name
from bloodsmear.review.reader_agreement import Comparison
from bloodsmear.review.records import ClassifierMark
from bloodsmear.review.sentences import flag_name
from bloodsmear.time_words import zoned_words

_NONE = "–"


def case_table(cases: Iterable[CaseSummary], classifiers: Iterable[ClassifierMark]) -> Markup:
    """A row for each case: how many images, what was decided, what is open, who signed off."""
    choices = decision_choices(classifiers)
    header = ("Case", "Images", "Flagged", "Decided", "Undecided", "Signed off")
    return table(header, (_case_row(case, choices) for case in cases))


def _case_row(case: CaseSummary, choices: tuple[str, ...]) -> tuple[str, ...]:
    # The study's choices, then labels that were decided while other classifiers were in use.
    values = dict.fromkeys([*choices, *case.decisions])
    decided = ", ".join(
        f"{unbroken(decision_name(value))} {case.decisions[value]}"
        for value in values
        if value in case.decisions
    )
    if case.acknowledged:
        decided = ", ".join(part for part in (decided, f"acknowledged {case.acknowledged}") if part)
    signed = "; ".join(f"{event.entry.reader}, {zoned_words(event.at)}" for event in case.sign_offs)
    images = f"{case.images}, {case.unreadable} unreadable" if case.unreadable else str(case.images)
    return (
        name(case.case),
        images,
        str(case.flagged),
        decided or _NONE,
        str(case.undecided),
        signed or _NONE,
    )


def agreement_table(comparisons: Iterable[Comparison]) -> Markup:
    """A row for each comparison: images, how many alike, kappa with its interval or why there is none."""
    return table(AGREEMENT_HEADER, map(agreement_row, comparisons))


def classifier_table(classifiers: Iterable[ClassifierMark]) -> Markup:
    """A row for each classifier, with the whole sha256 of its file."""
    header = (
        "Classifier",
        "Version",
        "Labels",
        "sha256 of model.keras (of the graph, where answers are fast)",
    )
    return table(
        header,
        (
            (
                f"{mark.name} ({mark.id})",
                mark.version_words,
                ", ".join(unbroken(label_name(key)) for key in mark.label_keys),
                element("span", mark.model_sha256, class_="hash"),
            )
            for mark in classifiers
        ),
    )


def unreadable_table(rows: Iterable[ReportRow]) -> Markup:
    """A row for each unreadable image: why, and who took note of it."""
    return table(
        ("Image", "Why it cannot be read", "Acknowledged by"),
        (
            (name(row.record.image), row.record.error, ", ".join(row.decision.acknowledged_by) or _NONE)
            for row in rows
        ),
    )


def more_images_table(rows: Iterable[ReportRow]) -> Markup:
    """A short row for each image that has no picture in the report."""
    return table(
        ("Image", "Case", "Flags", "Consensus", "Decision", "Reader"), (_more_row(row) for row in rows)
    )


def _more_row(row: ReportRow) -> tuple[str, ...]:
    consensus, decision = row.record.consensus, row.decision.decision
    return (
        name(row.record.image),
        name(row.record.case),
        ", ".join(flag_name(flag) for flag in consensus.flags) if consensus else "",
        value_words(consensus.label) if consensus and consensus.label else _NONE,
        value_words(decision.value) if decision else _NONE,
        decision.reader if decision else "",
    )
