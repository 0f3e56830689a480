"""How well a reader reads: images whose labels are known, read blind under names that tell nothing, and scored."""

import hashlib
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bloodsmear.classifiers.labels import LABELS
from bloodsmear.errors import DataSetError, ImageError
from bloodsmear.images.decode import read_image_file
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.review.decisions import names_of
from bloodsmear.review.kappa import Kappa, cohen_kappa
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.standing import standing_decision
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.intervals import Share, share_of
from bloodsmear.workflows.image_copies import begin_folder, copy_image
from bloodsmear.workflows.labelled_sample import LabelledFile, sample_labelled_folder

# As good as all of a folder that a person can read through.
_ALL = 10_000
OUR_LABELS = tuple(label.key for label in LABELS)


@dataclass(frozen=True, slots=True)
class LabelScore:
    """One label: how many of the set's images have it, how many of them the reader decided blind, and what as.

    `right` is the share of those decided as the label, None where none was decided; `unsure` and the like are wrong.
    """

    label: str
    images: int
    decided: int
    named: Mapping[str, int]
    right: Share | None


@dataclass(frozen=True, slots=True)
class Competence:
    """A reader's score. `seen` images were decided with an answer of a classifier in sight and do not count.

    `unknown` images of the study are not in the labelled folder; `ambiguous` lie there under two labels, and count for
    none.
    """

    reader: str
    scores: tuple[LabelScore, ...]
    right: Share | None
    kappa: Kappa
    undecided: int
    seen: int
    unknown: int
    ambiguous: int


def make_set(
    labelled: Path,
    target: Path,
    labels: Sequence[str] = OUR_LABELS,
    report: Report = report_nowhere,
    cancel: Cancel | None = None,
) -> int:
    """Copy the images of a folder of label folders into the empty folder `target`, mixed, under numbers; how many.

    The same bytes come once. Nothing in `target` tells a label: it is scored against `labelled`. Raises DataSetError,
    ImageError, ReportError, JobCancelled.
    """
    cancel = cancel or Cancel()
    files = list(sample_labelled_folder(labelled, labels, _ALL, cancel).files)
    random.SystemRandom().shuffle(files)
    begin_folder(target)
    seen: set[str] = set()
    for done, file in enumerate(files):
        cancel.checkpoint()
        report(Progress(done, len(files), "copying images"))
        sha256 = hashlib.sha256(read_image_file(file.found.path)).hexdigest()
        if sha256 not in seen:
            seen.add(sha256)
            name = f"image {len(seen):04}{file.found.path.suffix.lower()}"
            copy_image(file.found.path, target / name, sha256)
    report(Progress(len(files), len(files)))
    return len(seen)


def score_reader(
    study: Path,
    labelled: Path,
    reader: str,
    report: Report = report_nowhere,
    cancel: Cancel | None = None,
) -> Competence:
    """Hold the reader's own decisions against the labels of the folder in which the same bytes lie.

    Raises StudyError, DataSetError where none of the study's images is there, JobCancelled.
    """
    cancel = cancel or Cancel()
    with StudyStore.open_existing(study) as store:
        listed = store.listed_images()
        replay = Replay(store.events.readable())
        labels = tuple(names_of(store.head.classifiers)) or OUR_LABELS
    files = sample_labelled_folder(labelled, labels, _ALL, cancel).files
    known = _labels_by_sha256(files, report, cancel)
    ours = [one for one in listed if one.sha256 in known]
    if not ours:
        raise DataSetError(
            f"None of the study's {len(listed):,} images lies in {labelled}. Give the folder that the set was made of."
        )
    clear = [(one, next(iter(known[one.sha256]))) for one in ours if len(known[one.sha256]) == 1]
    # Their scores are listed in the order in which the study lists the labels.
    clear.sort(key=lambda one: labels.index(one[1]))
    return _scored(replay, reader, clear, unknown=len(listed) - len(ours), ambiguous=len(ours) - len(clear))


def _labels_by_sha256(
    files: Sequence[LabelledFile], report: Report, cancel: Cancel
) -> Mapping[str, frozenset[str]]:
    known: dict[str, frozenset[str]] = {}
    for done, file in enumerate(files):
        cancel.checkpoint()
        report(Progress(done, len(files), "reading the labelled folder"))
        try:
            sha256 = hashlib.sha256(read_image_file(file.found.path)).hexdigest()
        except ImageError:
            # It cannot be one of the study's images that were read.
            continue
        known[sha256] = known.get(sha256, frozenset()) | {file.label}
    return known


def _scored(
    replay: Replay, reader: str, images: Sequence[tuple[ListedImage, str]], unknown: int, ambiguous: int
) -> Competence:
    decided: list[tuple[str, str]] = []
    undecided = seen = 0
    for listed, label in images:
        decision = standing_decision(replay, reader, listed)
        if decision is None:
            undecided += 1
        elif decision.answers_hidden:
            decided.append((label, decision.value))
        else:
            seen += 1
    there = Counter(label for _, label in images)
    scores = []
    for label in there:
        named = Counter(value for known, value in decided if known == label)
        scores.append(
            LabelScore(label, there[label], named.total(), named, _share(named[label], named.total()))
        )
    return Competence(
        reader=reader,
        scores=tuple(scores),
        right=_share(sum(known == value for known, value in decided), len(decided)),
        kappa=cohen_kappa(decided),
        undecided=undecided,
        seen=seen,
        unknown=unknown,
        ambiguous=ambiguous,
    )


def _share(right: int, of: int) -> Share | None:
    """Each image counts as independent: a set for competence is taken from many cases."""
    return share_of(np.arange(of) < right, np.arange(of)) if of else None
