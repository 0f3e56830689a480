"""Which report, and in which form: said in one place, for what writes and for the window."""

from dataclasses import dataclass
from typing import Literal

ReportKind = Literal["images", "cases", "html"]


@dataclass(frozen=True, slots=True)
class CsvForm:
    """What parts the cells of a CSV, and the sign before the decimals of its probabilities.

    `COMMA` is RFC 4180 and what programs read; `SEMICOLON` is what a spreadsheet expects where decimals have a comma.
    """

    separator: str
    decimal: str


COMMA = CsvForm(",", ".")
SEMICOLON = CsvForm(";", ",")
CSV_FORMS = (COMMA, SEMICOLON)


@dataclass(frozen=True, slots=True)
class ReportWanted:
    """A report that somebody asks for: `reader` is who reads now, empty where nobody does."""

    kind: ReportKind = "images"
    form: CsvForm = COMMA
    reader: str = ""
