"""A table as CSV that every spreadsheet opens right and that no spreadsheet runs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bloodsmear.reports.report_file import open_report
from bloodsmear.reports.report_kind import COMMA, CsvForm

# A spreadsheet takes text that begins so for a formula (OWASP, "CSV injection"); some take the full-width signs of
# Chinese and Japanese keyboards, too, and pass over blanks before them.
_SIGN = '[ \u00a0\u3000"\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]'


def write_table(
    target: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    form: CsvForm = COMMA,
    notice: str = "",
) -> int:
    """Write RFC 4180 (but for the form's separator) in UTF-8 with a byte order mark; returns the number of rows.

    A `notice` stands in a row before the header, so that neither a person nor a script overlooks it.

    `target` is replaced whole or not at all. Raises ReportError when it cannot be written.
    """
    written = 0
    starts = _starts(form)
    with open_report(target) as file:
        # A file name that is not Unicode (on Linux) is shown by its bytes: \udcff.
        text = io.TextIOWrapper(file, "utf-8-sig", errors="backslashreplace", newline="")
        writer = csv.writer(text, delimiter=form.separator, lineterminator="\r\n")
        if notice:
            writer.writerow([_guarded(notice, starts)])
        # The names of labels come from a classifier's card.
        writer.writerow([_guarded(name, starts) for name in header])
        for row in rows:
            writer.writerow([_guarded(cell, starts) for cell in row])
            written += 1
        text.flush()
        text.detach()
    return written


def _guarded(cell: str, starts: re.Pattern[str]) -> str:
    """The cell's text, with a ' where a spreadsheet would take what follows for a formula."""
    return starts.sub("'", cell)


def _starts(form: CsvForm) -> re.Pattern[str]:
    """Where a spreadsheet would find the start of a cell, or of a line, that it takes for a formula.

    At the cell's start, and behind what a spreadsheet with the other form parts a line at: `a;=1` from a file with
    commas is two cells to it.
    """
    other = "," if form.separator == ";" else ";"
    return re.compile(f"^(?=[\t\r\n])|(?:^|(?<=[{other}\t\r\n]))(?={_SIGN})")


def moment(value: datetime | None) -> str:
    """A time as `YYYY-MM-DDTHH:MM:SSZ`, in UTC; empty for None."""
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
