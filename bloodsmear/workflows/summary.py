"""What a screening came to: counts, what could not be read and why, what to look at first. For people and as JSON."""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bloodsmear import RESEARCH_USE, __version__, atomic_file
from bloodsmear.classifiers.labels import LABELS, NO_NAMES, Names, label_name
from bloodsmear.errors import ReportError
from bloodsmear.images.natural_order import natural_key
from bloodsmear.review.decisions import names_of
from bloodsmear.review.records import FLAGS, Flag, ImageRecord
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.screening import ScreeningSummary

# Enough for the first minutes in the morning; the report's column `flags` has them all.
LOOK_FIRST = 20


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """One case: `labels` counts the consensus labels by key, `flagged` the images with any flag."""

    case: str
    images: int
    unreadable: int
    flagged: int
    labels: dict[str, int]


@dataclass(frozen=True, slots=True)
class UnreadableImage:
    """An image without an answer, and the reason."""

    image: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImageToLookAt:
    """A flagged image; label and confidence are the consensus', None where the classifiers cannot be compared."""

    image: str
    flags: tuple[Flag, ...]
    label: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class ScreeningFigures:
    """How a run went: `images_per_second` counts what was screened now, and is None where nothing was.

    `other_file_names` are the first thousand of the `other_files`, which are not images, relative to the root.
    `read_again` were screened now because an older decoder had read them, `kept_as_signed` were not, being signed off.
    """

    screened: int
    kept: int
    seconds: float
    images_per_second: float | None
    other_files: int
    other_file_names: tuple[str, ...]
    unreadable_folders: tuple[str, ...]
    read_again: int
    kept_as_signed: int


@dataclass(frozen=True, slots=True)
class StudySummary:
    """Counts over all images of a study; `labels` and `flags` hold only what occurs, in the order of a report;
    `label_names` are a classifier's own names of its labels."""

    images: int
    ok: int
    unreadable: int
    not_screened: int
    labels: dict[str, int]
    agreement: dict[str, int]
    flags: dict[str, int]
    cases: tuple[CaseCounts, ...]
    unreadable_images: tuple[UnreadableImage, ...]
    look_first: tuple[ImageToLookAt, ...]
    run: ScreeningFigures
    label_names: dict[str, str] = field(default_factory=dict)
    app_version: str = __version__
    intended_use: str = RESEARCH_USE


@dataclass(slots=True)
class _Tally:
    images: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    agreement: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    flagged: int = 0

    def count(self, record: ImageRecord) -> None:
        self.images += 1
        self.statuses[record.status] += 1
        consensus = record.consensus
        if consensus is None:
            return
        self.agreement[consensus.agreement] += 1
        self.flags.update(consensus.flags)
        self.flagged += bool(consensus.flags)
        if consensus.label is not None:
            self.labels[consensus.label] += 1


def summarise_study(run: ScreeningSummary) -> StudySummary:
    """The summary of the study that a run has just finished. Raises StudyError."""
    with StudyStore.open_existing(run.study) as store:
        return summarise(store.records(), run, names_of(store.head.classifiers))


def summarise(records: Iterable[ImageRecord], run: ScreeningSummary, names: Names = NO_NAMES) -> StudySummary:
    """Count `records` (in the order of the report); memory grows with the cases and the unreadable images only.

    `names` are those of the classifiers' labels by key, in the order to show.
    """
    total, cases, first = _Tally(), dict[str, _Tally](), _LookFirst()
    unreadable: list[UnreadableImage] = []
    for record in records:
        total.count(record)
        cases.setdefault(record.case, _Tally()).count(record)
        first.consider(record)
        if record.status == "unreadable":
            unreadable.append(UnreadableImage(record.image, record.error))
    return StudySummary(
        images=total.images,
        ok=total.statuses["ok"],
        unreadable=total.statuses["unreadable"],
        not_screened=total.statuses["not_screened"],
        labels=_ordered_labels(total.labels, names),
        agreement=dict(sorted(total.agreement.items())),
        flags={flag: total.flags[flag] for flag in FLAGS if total.flags[flag]},
        cases=tuple(_case_counts(case, cases[case], names) for case in sorted(cases, key=natural_key)),
        unreadable_images=tuple(unreadable),
        look_first=first.images(),
        run=_figures(run),
        label_names={key: name for key, name in names.items() if name != label_name(key)},
    )


def write_summary(target: Path, summary: StudySummary) -> None:
    """Write `summary` as JSON, whole or not at all. Raises ReportError."""
    content = msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n"
    try:
        atomic_file.write(target, content)
    except OSError as error:
        cause = error.strerror or str(error)
        raise ReportError(f"Cannot write the summary {target}: {cause}. Choose another place.") from error


class _LookFirst:
    """Keeps the few images that ask for a look most: by the number of flags, then the lowest confidence."""

    def __init__(self) -> None:
        self._kept: list[tuple[tuple[int, float, int], ImageToLookAt]] = []
        self._seen = 0

    def consider(self, record: ImageRecord) -> None:
        self._seen += 1
        consensus = record.consensus
        if consensus is None or not consensus.flags:
            return
        image = ImageToLookAt(record.image, consensus.flags, consensus.label, consensus.confidence)
        # Of equals the earlier one; the place is different for each, so that images are never compared.
        urgency = (len(consensus.flags), 1 - (consensus.confidence or 0.0), -self._seen)
        if len(self._kept) < LOOK_FIRST:
            heapq.heappush(self._kept, (urgency, image))
        else:
            heapq.heappushpop(self._kept, (urgency, image))

    def images(self) -> tuple[ImageToLookAt, ...]:
        return tuple(image for _, image in sorted(self._kept, reverse=True, key=lambda pair: pair[0]))


def _case_counts(case: str, tally: _Tally, names: Names) -> CaseCounts:
    return CaseCounts(
        case, tally.images, tally.statuses["unreadable"], tally.flagged, _ordered_labels(tally.labels, names)
    )


def _ordered_labels(labels: Counter[str], names: Names) -> dict[str, int]:
    known = dict.fromkeys([*(label.key for label in LABELS), *names])
    return {key: labels[key] for key in [*known, *sorted(set(labels) - set(known))] if labels[key]}


def _figures(run: ScreeningSummary) -> ScreeningFigures:
    rate = run.screened / run.seconds if run.screened and run.seconds > 0 else None
    return ScreeningFigures(
        screened=run.screened,
        kept=run.kept,
        seconds=round(run.seconds, 1),
        images_per_second=None if rate is None else round(rate, 2),
        other_files=run.other_files,
        other_file_names=run.other_names,
        unreadable_folders=run.unreadable_folders,
        read_again=run.read_again,
        kept_as_signed=run.kept_as_signed,
    )
