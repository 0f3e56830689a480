"""From a study to a report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bloodsmear.errors import UsageError
from bloodsmear.images.scale import Scale, SetScale, StatedScale, scale_of
from bloodsmear.reports.case_report import write_cases
from bloodsmear.reports.csv_report import write_csv
from bloodsmear.reports.report_file import check_target
from bloodsmear.reports.report_kind import COMMA, CsvForm, ReportScope
from bloodsmear.reports.report_rows import ReportHead, ReportRow, without_names
from bloodsmear.review.records import ImageRecord, ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.reported import reported_decision
from bloodsmear.storage.event_chain import ChainCheck
from bloodsmear.storage.study_store import StudyStore


@dataclass(frozen=True, slots=True)
class Exported:
    """A report that was written: its `rows`, and a sentence where the study was changed outside of Bloodsmear."""

    rows: int
    complaint: str = ""


def export_csv(
    study: Path,
    target: Path,
    nameless: bool = False,
    form: CsvForm = COMMA,
    scope: ReportScope | None = None,
) -> Exported:
    """Write the report of a saved study to `target`. A study that was changed gets a notice before the header, and so
    does a report of a part of it (`scope`).

    `nameless` puts numbers in place of images' and cases' names. Raises UsageError, StudyError, ReportError.
    """
    return _export(study, target, nameless, scope, partial(write_csv, form=form))


def export_cases(
    study: Path,
    target: Path,
    nameless: bool = False,
    form: CsvForm = COMMA,
    scope: ReportScope | None = None,
) -> Exported:
    """Write one row for each case of a saved study. As `export_csv` otherwise."""
    return _export(study, target, nameless, scope, partial(write_cases, form=form))


def _export(
    study: Path,
    target: Path,
    nameless: bool,
    scope: ReportScope | None,
    write: Callable[[Path, ReportHead, Iterable[ReportRow]], int],
) -> Exported:
    check_export(study, target)
    with StudyStore.open_existing(study) as store:
        check = store.events.check()
        complaint = changed_sentence(check)
        listed = store.listed_images()
        part = part_sentence(scope, _count(scope, listed), len(listed))
        notice = " ".join(sentence for sentence in (notice_of(check), part) if sentence)
        head = ReportHead(store.head.classifiers, notice=notice)
        return Exported(write(target, head, report_rows(store, nameless, scope)), complaint)


def changed_sentence(check: ChainCheck) -> str:
    """What a report says of a study whose chain doesn't fit; empty where it does, or somebody took note of it."""
    if check.whole:
        return ""
    return (
        f"This study was changed outside of Bloodsmear, and its report cannot be relied on. {check.complaint}"
    )


def notice_of(check: ChainCheck) -> str:
    """What stands at the top of a report: what doesn't fit, and what did not and somebody took note of."""
    noted = f"This study was changed outside of Bloodsmear. {check.noted}"
    return changed_sentence(check) or (noted if check.acknowledged else "")


def part_sentence(scope: ReportScope | None, images: int, of: int) -> str:
    """What stands at the top of a report of a part of a study, lest it is taken for the whole; empty for all of it."""
    if scope is None:
        return ""
    return f"This is a selection: {images:,} of the study's {of:,} images, {scope.words}."


def _count(scope: ReportScope | None, listed: Sequence[ListedImage]) -> int:
    return sum(scope is None or one.image in scope.images for one in listed)


def report_rows(
    store: StudyStore, nameless: bool = False, scope: ReportScope | None = None
) -> Iterator[ReportRow]:
    """Every image of the study, or of the `scope`, in natural order, with what the readers decided. StudyError."""
    rows = _named_rows(store, Replay(store.events.readable()))
    if scope is not None:
        rows = (row for row in rows if row.record.image in scope.images)
    return without_names(rows) if nameless else rows


def idle_sentences(study: Path, reader: str = "") -> tuple[str, ...]:
    """A sentence for each reader of a saved study without a decision, and for `reader`, who reads now. StudyError."""
    with StudyStore.open_existing(study) as store:
        return idle_reader_sentences(Replay(store.events.readable()), reader)


def idle_reader_sentences(replay: Replay, reader: str = "") -> tuple[str, ...]:
    """A sentence for each reader who decided about no image: their name in a study says that they did.

    They may have named or counted cells, so that it may not be said that they did nothing.
    """
    names = dict.fromkeys([*replay.readers, *([reader] if reader else [])])
    return tuple(f"{name} has decided about no image." for name in names if not replay.decided_images(name))


def check_export(study: Path, target: Path) -> None:
    """Raise UsageError or ReportError when no report of the study can be written to `target`."""
    refuse_study_as_target(study, target)
    check_target(target)


def refuse_study_as_target(study: Path, target: Path) -> None:
    """Raise UsageError when the report would take the place of the study that it is about."""
    if study.resolve() == target.resolve():
        raise UsageError(f"The report {target} would replace the study itself. Give it another name.")


def _named_rows(store: StudyStore, replay: Replay) -> Iterator[ReportRow]:
    for record in store.records():
        listed = ListedImage(record.image, record.case, record.status, record.sha256)
        yield ReportRow(record, reported_decision(replay, listed), _scale(record, store.head.scales))


def _scale(record: ImageRecord, set_scales: Sequence[SetScale]) -> Scale | None:
    if record.width_px is None or record.height_px is None:
        return None
    stated = StatedScale(record.um_per_px, counts=True)
    return scale_of(record.image, (record.width_px, record.height_px), set_scales, stated)
