"""One image of the report: its picture, the decision, what the classifiers say, and the flags in words."""

import base64
from collections.abc import Iterable, Sequence

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import label_name, reading_order, unbroken
from bloodsmear.reports.html_report.content import Picture
from bloodsmear.reports.html_report.markup import Markup, element, joined
from bloodsmear.reports.html_report.words import decided_words, name, percent_words, value_words
from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.review.reported import ReportedDecision
from bloodsmear.review.sentences import consensus_sentence, flag_sentences
from bloodsmear.review.signed_with import signed_with_sentence
from bloodsmear.time_words import zoned_words


def image_card(row: ReportRow, picture: Picture, classifiers: Sequence[ClassifierMark]) -> Markup:
    """The card of one image; `classifiers` are the study's, whose answers the report holds."""
    record = row.record
    text = element(
        "div",
        element("h4", name(record.image)),
        *_decision(row.decision),
        *_signed_with(row, classifiers),
        element("div", *(_answer(answer) for answer in record.answers), class_="answers"),
        *_consensus(record),
        *_profile(record),
        element("p", record.sha256, class_="hash"),
    )
    return element("article", _picture(picture, record.image), text, class_="card")


def _picture(picture: Picture, alternative: str) -> Markup:
    if not picture.jpeg:
        return element("figure", element("div", picture.reason, class_="none"))
    packed = base64.b64encode(picture.jpeg).decode("ascii")
    shown = element(
        "img",
        src=f"data:image/jpeg;base64,{packed}",
        alt=alternative,
        width=str(picture.width_px),
        height=str(picture.height_px),
    )
    return element("figure", shown)


def _decision(reported: ReportedDecision) -> Iterable[Markup]:
    decision = reported.decision
    if decision is None:
        yield element("p", "No decision.", class_="decision")
    else:
        told = element("span", f" · {decided_words(decision)}", class_="muted")
        yield element("p", element("b", value_words(decision.value)), told, class_="decision")
    if reported.sign_off is not None:
        sign_off = reported.sign_off
        yield element(
            "p", f"Signed off by {sign_off.entry.reader}, {zoned_words(sign_off.at)}.", class_="muted"
        )
    for other in reported.others:
        told = element("span", f" · {decided_words(other)}", class_="muted")
        yield element("p", value_words(other.value), told)
    for reader, text in reported.notes:
        yield element("p", f"{reader} notes: ", element("span", text, class_="name"))


def _signed_with(row: ReportRow, classifiers: Sequence[ClassifierMark]) -> Iterable[Markup]:
    if row.decision.sign_off is not None:
        answered_at = row.record.screened_at if row.record.answers else None
        sentence = signed_with_sentence(row.decision.sign_off, classifiers, answered_at)
        if sentence:
            yield element("p", sentence)


def _profile(record: ImageRecord) -> Iterable[Markup]:
    if record.colour_profile:
        told = f"Colours converted by the profile in the file: {record.colour_profile}."
        yield element("p", told, class_="muted")


def _answer(answer: Answer) -> Markup:
    mark = answer.classifier
    by_key = dict(zip(mark.label_keys, answer.prediction.probabilities, strict=True))
    bars = [_bar(key, by_key[key], key == answer.label) for key in reading_order(mark.label_keys)]
    return element("div", element("h5", mark.name, " ", element("span", mark.version_words)), *bars)


def _bar(key: str, probability: float, named: bool) -> Markup:
    filled = element("b", style=f"width:{100 * probability:.1f}%;background:{label_colour(key)}")
    return element(
        "div",
        element("span", unbroken(label_name(key))),
        element("i", filled),
        element("span", percent_words(probability)),
        class_="bar named" if named else "bar",
    )


def _consensus(record: ImageRecord) -> Iterable[Markup]:
    if record.status == "unreadable":
        yield element("p", f"The image cannot be read: {record.error}")
    elif record.consensus is not None:
        sentences = [
            consensus_sentence(record.consensus, record.answers),
            *flag_sentences(record.consensus.flags),
        ]
        yield element("p", joined([" ".join(sentences)]))
    else:
        yield element("p", "The classifiers have not seen the image.", class_="muted")
