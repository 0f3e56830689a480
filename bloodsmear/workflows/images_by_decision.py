"""Copies of a study's images in folders by what was decided: from a reading a folder to train or teach on."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bloodsmear import RESEARCH_USE, __version__
from bloodsmear.classifiers.labels import label_name
from bloodsmear.count_words import count_words
from bloodsmear.errors import ImageError, ReportError, UsageError
from bloodsmear.file_names import as_one_file
from bloodsmear.images.image_names import file_and_page
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.known_folders import unknown_folders
from bloodsmear.reports.csv_table import moment, write_table
from bloodsmear.reports.report_kind import ReportScope
from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.decisions import BESIDE_LABELS
from bloodsmear.review.records import ListedImage
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.export import changed_sentence, part_sentence, report_rows
from bloodsmear.workflows.image_copies import begin_folder, copy_image

PROVENANCE = "provenance.csv"
_HEADER = (
    *("file", "image", "case", "sha256", "decision", "reader", "decided_at"),
    *("signed_off_by", "settled_by", "app_version", "intended_use"),
)
_NAMED = 3


@dataclass(frozen=True, slots=True)
class PlannedCopy:
    """A file and where its copy goes: `label/case/image`, below the new folder."""

    source: Path
    target: PurePosixPath
    row: ReportRow


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What would be copied, and sentences: how many of each label, and what is left out and why."""

    copies: tuple[PlannedCopy, ...]
    sentences: tuple[str, ...]


def plan_copies(head: StudyHead, rows: Sequence[ReportRow], listed: Iterable[ListedImage]) -> CopyPlan:
    """Which of the rows' images go where; `listed` are all images of the study.

    Only labels: what is unsure or other teaches nothing. The same bytes go once; where they were decided differently
    they go nowhere. Of a file with several pictures, all have to be decided alike, for the copy holds them all.
    """
    left_out: dict[str, list[str]] = defaultdict(list)
    by_file: dict[Path, list[ReportRow]] = defaultdict(list)
    for row in rows:
        if reason := _why_not(head, row):
            left_out[reason].append(row.record.image)
        else:
            by_file[file_and_page(head.root, row.record.image)[0]].append(row)
    pictures = Counter(file_and_page(head.root, one.image)[0] for one in listed)
    said: dict[str, set[str]] = defaultdict(set)
    for group in by_file.values():
        said[group[0].record.sha256] |= {_value(row) for row in group}
    copies: dict[str, PlannedCopy] = {}
    taken: set[str] = set()
    for file, group in by_file.items():
        first, images = group[0], [row.record.image for row in group]
        target = _target(first, file)
        if len(said[first.record.sha256]) > 1:
            left_out["the same bytes were decided differently"] += images
        elif len(group) < pictures[file]:
            left_out["other pictures of the file were not decided alike"] += images
        elif first.record.sha256 in copies:
            left_out["the same bytes are there already"] += images
        elif as_one_file(str(target)) in taken:
            left_out["another image has the same case and name"] += images
        else:
            copies[first.record.sha256] = PlannedCopy(file, target, first)
            taken.add(as_one_file(str(target)))
    counts = Counter(_value(copy.row) for copy in copies.values())
    words = [f"{label_name(value)} {count:,}" for value, count in sorted(counts.items())]
    told = (
        f"{count_words(len(copies), 'file')} to copy: {', '.join(words)}."
        if copies
        else "No image was decided as a label."
    )
    return CopyPlan(tuple(copies.values()), (told, *(_left_out_sentence(*item) for item in left_out.items())))


def copy_by_decision(
    study: Path,
    target: Path,
    scope: ReportScope | None = None,
    report: Report = report_nowhere,
    cancel: Cancel | None = None,
) -> tuple[int, tuple[str, ...]]:
    """Copy the study's images to `target`/label/case/image; how many, and sentences on what was left out.

    `target` is a new folder or an empty one; provenance.csv in it says of each copy where it comes from and who
    decided. Nothing is moved or written over. Raises UsageError for a study that was changed or whose folders nobody
    opened here, StudyError, ReportError, JobCancelled (what was copied until then stays, with its provenance).
    """
    cancel = cancel or Cancel()
    with StudyStore.open_existing(study) as store:
        head = store.head
        if complaint := changed_sentence(store.events.check()):
            raise UsageError(f"{complaint} Nothing was copied from it.")
        if unknown_folders(head.folders):
            raise UsageError("The study's folders were not opened on this PC before, so nothing was copied.")
        rows, listed = list(report_rows(store, scope=scope)), store.listed_images()
    part = part_sentence(scope, len(rows), len(listed))
    plan = plan_copies(head, rows, listed)
    if not plan.copies:
        raise ReportError(f"Nothing was copied. {' '.join(plan.sentences)}")
    begin_folder(target)
    written: list[list[str]] = []
    lost: list[str] = []
    try:
        for done, copy in enumerate(plan.copies):
            cancel.checkpoint()
            report(Progress(done, len(plan.copies), "copying images"))
            try:
                copy_image(copy.source, target / copy.target, copy.row.record.sha256)
            except ImageError as error:
                lost.append(f"{copy.row.record.image} ({error.reason})")
                continue
            written.append(_provenance(copy))
    finally:
        if written:
            write_table(target / PROVENANCE, _HEADER, written, notice=part)
    left = [
        *plan.sentences[1:],
        *([_left_out_sentence("the file could not be copied", lost)] if lost else []),
    ]
    return len(written), (*([part] if part else []), *left)


def _why_not(head: StudyHead, row: ReportRow) -> str:
    if row.decision.decision is None:
        return "nobody decided"
    if _value(row) in BESIDE_LABELS:
        return "what was decided is not a label"
    if row.record.status == "unreadable" or not row.record.sha256:
        return "the file was not read"
    file, _ = file_and_page(head.root, row.record.image)
    place = os.path.normpath(file)
    if not any(Path(place).is_relative_to(os.path.normpath(folder)) for folder in head.folders):
        return "the file lies outside of the study's folders"
    return ""


def _target(row: ReportRow, file: Path) -> PurePosixPath:
    """`label/case/…`: what stands below the case's folder stays below it."""
    case = row.record.case
    parts = PurePosixPath(row.record.image).parts
    below = parts[1:-1] if len(parts) > 1 and parts[0] == case else parts[:-1]
    return PurePosixPath(_value(row), case, *below, file.name)


def _value(row: ReportRow) -> str:
    assert row.decision.decision is not None
    return row.decision.decision.value


def _provenance(copy: PlannedCopy) -> list[str]:
    record, reported = copy.row.record, copy.row.decision
    assert reported.decision is not None
    return [
        str(copy.target),
        record.image,
        record.case,
        record.sha256,
        reported.decision.value,
        reported.decision.reader,
        moment(reported.decision.at),
        reported.sign_off.entry.reader if reported.sign_off is not None else "",
        reported.decision.reader if reported.is_settled else "",
        __version__,
        RESEARCH_USE,
    ]


def _left_out_sentence(reason: str, images: Sequence[str]) -> str:
    named = ", ".join(images[:_NAMED]) + (" …" if len(images) > _NAMED else "")
    return f"{count_words(len(images), 'image is', 'images are')} left out, for {reason} ({named})."
