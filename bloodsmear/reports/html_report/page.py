"""The report as HTML, piece after piece: a picture is read when its turn comes, and none stays in memory."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from bloodsmear.cells.differential import limits_words, share_words
from bloodsmear.cells.names import cell_name
from bloodsmear.classifiers.labels import Names, unbroken
from bloodsmear.html_pages.environment import find_template
from bloodsmear.images.scale import round_length_um, um_words
from bloodsmear.reports.case_summary import CaseSummary, highest_mean, mean_words, progress_of
from bloodsmear.reports.html_report.content import ReportContent, is_shown
from bloodsmear.review.agreement_words import AGREEMENT_HEADER, agreement_row
from bloodsmear.review.decisions import BESIDE_LABELS, decision_choices, decision_name, names_of
from bloodsmear.review.records import Answer, ClassifierMark
from bloodsmear.review.sentences import consensus_sentence, flag_name, flag_sentences, percent
from bloodsmear.review.sign_off_versions import signed_with_sentence
from bloodsmear.time_words import zoned_words

_TEMPLATES = Path(__file__).with_name("templates")


def page_parts(content: ReportContent) -> Iterator[str]:
    """The page's text in pieces, in order."""
    shown = [row for row in content.rows if is_shown(row)]
    waiting = iter(shown)
    # The picture is asked for first: when there is none left, no row has been taken for it.
    pictured = ((row, picture) for picture, row in zip(content.pictures, waiting, strict=False))
    return find_template(_TEMPLATES, "report.html", _WORDS).generate(
        content=content,
        tiles=_tiles(content),
        pictured_cases=groupby(pictured, key=lambda pair: pair[0].record.case),
        waiting=waiting,
        shown_count=len(shown),
        crops_left_out=content.crops_left_out,
        names=names_of(content.head.classifiers),
    )


def _tiles(content: ReportContent) -> Iterator[tuple[int, str]]:
    cases = content.cases
    progress = progress_of(cases)
    yield len(content.rows), "images"
    yield len(cases), "cases"
    yield progress.decided, "decided"
    if progress.acknowledged:
        yield progress.acknowledged, "acknowledged"
    yield sum(case.undecided for case in cases), "undecided"
    yield sum(case.flagged for case in cases), "flagged"
    yield sum(case.disagree for case in cases), "disagreements"


def _decided_words(case: CaseSummary, classifiers: tuple[ClassifierMark, ...]) -> str:
    # The study's choices, then labels that were decided while other classifiers were in use.
    values = dict.fromkeys([*decision_choices(classifiers), *case.decisions])
    names = names_of(classifiers)
    told = [
        f"{unbroken(decision_name(value, names))} {case.decisions[value]}"
        for value in values
        if value in case.decisions
    ]
    return ", ".join([*told, f"acknowledged {case.acknowledged}"] if case.acknowledged else told)


def _in_order_of(names: Names, answer: Answer) -> Iterator[tuple[str, float]]:
    # Of the study: a label stands in one line, whatever the order of a classifier's outputs.
    by_key = dict(zip(answer.classifier.label_keys, answer.prediction.probabilities, strict=True))
    return ((key, by_key[key]) for key in names if key in by_key)


# What the templates say, by the names that they say it with.
_WORDS: dict[str, object] = {
    "agreement_header": AGREEMENT_HEADER,
    "agreement_row": agreement_row,
    "beside_labels": BESIDE_LABELS,
    "cell_name": cell_name,
    "consensus_sentence": consensus_sentence,
    "decided_words": _decided_words,
    "decision_name": decision_name,
    "flag_name": flag_name,
    "flag_sentences": flag_sentences,
    "highest_mean": highest_mean,
    "in_order_of": _in_order_of,
    "limits_words": limits_words,
    "share_words": share_words,
    "mean_words": mean_words,
    "percent": percent,
    "signed_with_sentence": signed_with_sentence,
    "round_length_um": round_length_um,
    "um_words": um_words,
    "zoned_words": zoned_words,
}
