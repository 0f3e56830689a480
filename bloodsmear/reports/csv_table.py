"""A table as CSV that every spreadsheet opens right and that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bloodsmear.reports.report_file import open_report

# A spreadsheet takes text that begins so for a formula (OWASP, "CSV injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_table(target: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write RFC 4180 in UTF-8 with a byte order mark; returns the number of rows.

    `target` is replaced whole or not at all. Raises ReportError when it cannot be written.
    """
    written = 0
    with open_report(target) as file:
        # A file name that is no Unicode (on Linux) is shown by its bytes: \udcff.
        text = io.TextIOWrapper(file, "utf-8-sig", errors="backslashreplace", newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([guarded(cell) for cell in row])
            written += 1
        text.flush()
        text.detach()
    return written


def guarded(cell: str) -> str:
    """The cell's text, with a leading ' where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def moment(value: datetime | None) -> str:
    """A time as `YYYY-MM-DDTHH:MM:SSZ`, in UTC; empty for None."""
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
