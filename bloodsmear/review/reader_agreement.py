"""Who agrees with whom: readers with each other, before and after a consensus read, and with the classifiers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from bloodsmear.review.decisions import BESIDE_LABELS, Decision
from bloodsmear.review.kappa import Kappa, cohen_kappa
from bloodsmear.review.records import ClassifierMark, ImageRecord, ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.standing import settled_decision, standing_decision

Kind = Literal["reader", "classifier", "consensus", "cells"]
_ByImage = Mapping[str, Decision]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reader beside another reader, a classifier or the consensus.

    Two readers are compared over every decision that both made, `unsure` and the like among them. With a classifier
    only images count that the reader gave a label, for it knows nothing else: `left_out` counts the others. `hidden` is
    the number of compared images that the reader decided without seeing an answer: a reader who sees the answers
    agrees with them more easily. `settled`: after the consensus read, which counts as both readers' decision for so
    many of the images; 0 for what they decided by themselves.

    Of kind `cells` two readers are compared over the names of single cells (bloodsmear.cells.agreement): cells stand
    then in place of images.
    """

    reader: str
    other: str
    kind: Kind
    kappa: Kappa
    left_out: int
    hidden: int
    settled: int = 0


@dataclass(frozen=True, slots=True)
class _Answerer:
    """A classifier or the consensus: its label for each image that it answered."""

    name: str
    kind: Kind
    labels: Mapping[str, str]


def compare_readers(replay: Replay, records: Sequence[ImageRecord]) -> tuple[Comparison, ...]:
    """Every pair of readers, then each reader with each classifier and the consensus, in the readers' order.

    A pair of which some image was settled in a consensus read comes twice: before and after it. Readers without a
    standing decision on `records` are left out.
    """
    listed = [ListedImage(record.image, record.case, record.status, record.sha256) for record in records]
    by_reader: dict[str, _ByImage] = {}
    for reader in replay.readers:
        standing = ((image.image, standing_decision(replay, reader, image)) for image in listed)
        decisions = {image: decision for image, decision in standing if decision is not None}
        if decisions:
            by_reader[reader] = decisions
    answerers = _answerers(records)
    settled = {
        one.image: decision for one in listed if (decision := settled_decision(replay, one)) is not None
    }
    return (
        *(
            comparison
            for one, other in combinations(by_reader, 2)
            for comparison in _two_readers(by_reader, one, other, settled)
        ),
        *(
            _with_answers(reader, decisions, answerer)
            for reader, decisions in by_reader.items()
            for answerer in answerers
        ),
    )


def _two_readers(
    by_reader: Mapping[str, _ByImage], one: str, other: str, settled: _ByImage
) -> Iterator[Comparison]:
    ours, theirs = by_reader[one], by_reader[other]
    common = [image for image in ours if image in theirs]
    pairs = [(ours[image].value, theirs[image].value) for image in common]
    hidden = sum(ours[image].answers_hidden and theirs[image].answers_hidden for image in common)
    yield Comparison(one, other, "reader", cohen_kappa(pairs), left_out=0, hidden=hidden)
    if count := sum(image in settled for image in common):
        after = [
            (settled[image].value, settled[image].value) if image in settled else pair
            for image, pair in zip(common, pairs, strict=True)
        ]
        yield Comparison(one, other, "reader", cohen_kappa(after), left_out=0, hidden=hidden, settled=count)


def _with_answers(reader: str, decisions: _ByImage, answerer: _Answerer) -> Comparison:
    answered = {image: decision for image, decision in decisions.items() if image in answerer.labels}
    labelled = {image: one for image, one in answered.items() if one.value not in BESIDE_LABELS}
    pairs = [(decision.value, answerer.labels[image]) for image, decision in labelled.items()]
    return Comparison(
        reader=reader,
        other=answerer.name,
        kind=answerer.kind,
        kappa=cohen_kappa(pairs),
        left_out=len(answered) - len(labelled),
        hidden=sum(decision.answers_hidden for decision in labelled.values()),
    )


def _answerers(records: Sequence[ImageRecord]) -> list[_Answerer]:
    by_mark: dict[ClassifierMark, dict[str, str]] = {}
    for record in records:
        for answer in record.answers:
            by_mark.setdefault(answer.classifier, {})[record.image] = answer.label
    found = [_Answerer(mark.name, "classifier", labels) for mark, labels in by_mark.items()]
    together = {
        record.image: record.consensus.label
        for record in records
        if record.consensus is not None and record.consensus.label is not None
    }
    # The consensus of one classifier is that classifier.
    return [*found, _Answerer("Consensus", "consensus", together)] if len(found) > 1 and together else found
