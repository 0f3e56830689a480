"""Which report, and in which form: said in one place, for what writes and for the window."""

from dataclasses import dataclass
from typing import Literal

# Two are no file but a folder: copies of the images by decision, and the marks as GeoJSON.
ReportKind = Literal["images", "cases", "cells", "differentials", "html", "folders", "marks"]


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
class ReportScope:
    """A part of a study's images that a report is about; `words` say which: `those marked in the list`."""

    words: str
    images: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReportWanted:
    """A report that somebody asks for: `reader` is who reads now, empty where nobody does; `scope` None is all."""

    kind: ReportKind = "images"
    form: CsvForm = COMMA
    reader: str = ""
    scope: ReportScope | None = None
