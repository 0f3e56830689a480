"""A study's records as a CSV file: one row per image, the same columns in the same order everywhere."""

import csv
import errno
import io
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bloodsmear import RESEARCH_USE, __version__, atomic_file
from bloodsmear.classifiers.labels import reading_order
from bloodsmear.errors import ReportError
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord

_IMAGE_COLUMNS = ("image", "case", "status", "error", "sha256", "width_px", "height_px", "flags")
_CONSENSUS_COLUMNS = ("agreement", "consensus_label", "consensus_confidence")
_DECISION_COLUMNS = ("decision", "reviewer", "decided_at", "note", "other_decisions")
_ORIGIN_COLUMNS = ("screened_at", "app_version", "intended_use")
# A spreadsheet takes text that begins so for a formula (OWASP, "CSV injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands over a report: the classifiers in the study's order, and the program that writes it."""

    classifiers: tuple[ClassifierMark, ...]
    app_version: str = __version__


def csv_header(head: ReportHead) -> tuple[str, ...]:
    """The names of the columns, in order."""
    columns = [*_IMAGE_COLUMNS]
    for mark in head.classifiers:
        columns += [f"{mark.id}_label", f"{mark.id}_confidence"]
        columns += [f"{mark.id}_p_{key}" for key in reading_order(mark.label_keys)]
        columns.append(f"{mark.id}_version")
    return (*columns, *_CONSENSUS_COLUMNS, *_DECISION_COLUMNS, *_ORIGIN_COLUMNS)


def write_csv(target: Path, head: ReportHead, records: Iterable[ImageRecord]) -> int:
    """Write the records (in the order given) as RFC 4180 in UTF-8 with a byte order mark; returns the rows.

    `target` is replaced whole or not at all. Raises ReportError when it cannot be written.
    """
    check_target(target)
    rows = 0
    try:
        with atomic_file.open_replacing(target) as file:
            # A file name that is no Unicode (on Linux) is shown by its bytes: \udcff.
            text = io.TextIOWrapper(file, "utf-8-sig", errors="backslashreplace", newline="")
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(csv_header(head))
            for record in records:
                writer.writerow([_guarded(cell) for cell in _row(head, record)])
                rows += 1
            text.flush()
            text.detach()
    except OSError as error:
        raise ReportError(_sentence(target, error)) from error
    return rows


def check_target(target: Path) -> None:
    """Raise ReportError when a report cannot be written to `target`: to be known before hours of screening."""
    try:
        if target.is_dir():
            raise ReportError(
                f"Cannot write the report {target}: it is a folder. Name a file, such as R.csv."
            )
        if not target.parent.is_dir():
            raise ReportError(
                f"Cannot write the report {target}: there is no folder {target.parent}. Make it first."
            )
        if target.exists():
            # Asked of the mode itself: an administrator may write everything, and would replace it.
            if not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
                raise PermissionError(errno.EACCES, "read-only")
            # Opening for update changes nothing, and fails on Windows while a spreadsheet has the file.
            with target.open("r+b"):
                pass
        # The report is written beside the target first, whether or not there is an older one.
        _try_folder(target)
    except OSError as error:
        raise ReportError(_sentence(target, error)) from error


def _try_folder(target: Path) -> None:
    try:
        with atomic_file.open_replacing(target):
            raise _OnlyTrying
    except _OnlyTrying:
        pass


class _OnlyTrying(Exception):  # noqa: N818 - leaves the block so that nothing is replaced, it is no error
    pass


def _row(head: ReportHead, record: ImageRecord) -> list[str]:
    consensus = record.consensus
    cells = [
        record.image,
        record.case,
        record.status,
        record.error,
        record.sha256,
        _whole(record.width_px),
        _whole(record.height_px),
        ";".join(consensus.flags) if consensus else "",
    ]
    answers = {answer.classifier: answer for answer in record.answers}
    for mark in head.classifiers:
        cells += _answer_cells(mark, answers.get(mark))
    if consensus:
        cells += [consensus.agreement, consensus.label or "", _probability(consensus.confidence)]
    else:
        cells += [""] * len(_CONSENSUS_COLUMNS)
    cells += [""] * len(_DECISION_COLUMNS)
    return [*cells, _moment(record.screened_at), head.app_version, RESEARCH_USE]


def _answer_cells(mark: ClassifierMark, answer: Answer | None) -> list[str]:
    columns = reading_order(mark.label_keys)
    if answer is None:
        return [""] * (len(columns) + 3)
    by_key = dict(zip(mark.label_keys, answer.prediction.probabilities, strict=True))
    probabilities = [_probability(by_key[key]) for key in columns]
    return [answer.label, _probability(answer.confidence), *probabilities, mark.version_mark]


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _whole(value: int | None) -> str:
    return "" if value is None else str(value)


def _probability(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _moment(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sentence(target: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Cannot write the report {target}: the disk is full. Free some space or choose another place."
    if isinstance(error, PermissionError):
        return (
            f"Cannot write the report {target}: it is open in another program or may not be written. "
            "Close it there or choose another name."
        )
    return f"Cannot write the report {target}: {error.strerror or error}. Choose another place."
