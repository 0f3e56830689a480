"""The words of `bloodsmear screen`, as data."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import UsageError
from bloodsmear.reports.report_kind import COMMA, CSV_FORMS, CsvForm
from bloodsmear.workflows.cluster import SCHEME, TLS_SCHEME
from bloodsmear.workflows.screening import default_jobs


@dataclass(frozen=True, slots=True)
class ScreenArguments:
    """What was asked for on the command line."""

    folders: tuple[Path, ...]
    target: Path
    classifiers: tuple[str, ...]
    study: Path | None
    fresh: bool
    jobs: int
    check_denoised: bool
    quiet: bool
    summary: Path
    watch: bool
    cluster: str
    fast: bool
    form: CsvForm
    camera_bits: int | None
    cells: Path | None


def add_csv_separator(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the CSV's form."""
    parser.add_argument(
        "--csv-separator",
        choices=[form.separator for form in CSV_FORMS],
        default=COMMA.separator,
        help="';' for a spreadsheet where decimals have a comma: the probabilities get one, too (default ',')",
    )


def add_camera_bits(parser: argparse.ArgumentParser, kept: str = "") -> None:
    """Add the bits of the camera."""
    parser.add_argument(
        "--camera-bits",
        type=int,
        choices=range(9, 17),
        metavar="N",
        help=f"how many bits the camera gave (9 to 16), for 16-bit files that don't say so{kept}",
    )


def csv_form(separator: str) -> CsvForm:
    """The form with this separator, one of those that `add_csv_separator` offers."""
    return next(form for form in CSV_FORMS if form.separator == separator)


def add_screen_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `screen`."""
    parser.description = (
        "Classify all images of the folders and write a report. The same command goes on where it stopped; run again "
        "when finished it writes the report anew and screens nothing."
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a folder of images")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="R.csv", help="the report")
    parser.add_argument(
        "--classifier", action="append", default=[], metavar="ID", help="use this one (repeatable)"
    )
    parser.add_argument("--study", type=Path, metavar="FILE", help="keep the study in this file")
    parser.add_argument("--fresh", action="store_true", help="start a new study; the old one is kept")
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help=f"images read at once (default {default_jobs()}, with --fast {default_jobs(fast=True)})",
    )
    parser.add_argument(
        "--check-denoised", action="store_true", help="flag images whose label changes when denoised (slower)"
    )
    add_camera_bits(parser, "; kept with the study")
    parser.add_argument(
        "--watch",
        action="store_true",
        help="go on until Ctrl-C: screen what comes into the folders and keep the report up to date",
    )
    parser.add_argument(
        "--executor",
        default="",
        metavar="dask://HOST:PORT",
        help="have the workers of this Dask cluster read the images; tls://… with certificates (docs/cluster.md)",
    )
    parser.add_argument(
        "--fast",
        action="store_true",
        help="answer with the int8 graphs where they are sure: quicker on images like those of the training, a little "
        "different, marked in every row, and in a study of their own",
    )
    parser.add_argument(
        "--cells",
        type=Path,
        metavar="CELLS.csv",
        help="find the nucleated cells in the same reading of each file, and write a row for each (docs/cells.md)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary on the screen")
    parser.add_argument(
        "--summary", type=Path, metavar="FILE", help="the summary as JSON (default: beside the report)"
    )
    add_csv_separator(parser)


def read_screen_arguments(parsed: argparse.Namespace) -> ScreenArguments:
    """The parsed words as data. Raises UsageError."""
    jobs = default_jobs(parsed.fast) if parsed.jobs is None else parsed.jobs
    if jobs < 1:
        raise UsageError(f"--jobs must be 1 or more, not {jobs}.")
    if parsed.fast and parsed.executor:
        raise UsageError(
            "--fast is for this PC: the workers of a cluster give exact answers. Leave one of them out."
        )
    if parsed.cells is not None and (parsed.executor or parsed.watch):
        raise UsageError("--cells is for a run on this PC that ends. Leave --executor and --watch out.")
    if parsed.cells is not None and parsed.cells == parsed.output:
        raise UsageError(f"The report and its cells cannot both be {parsed.cells}. Give one another name.")
    return ScreenArguments(
        folders=tuple(parsed.folders),
        target=csv_target(parsed.output),
        classifiers=tuple(parsed.classifier),
        study=parsed.study,
        fresh=parsed.fresh,
        jobs=jobs,
        check_denoised=parsed.check_denoised,
        quiet=parsed.quiet,
        summary=_summary_target(parsed.summary, parsed.output),
        watch=parsed.watch,
        cluster=_cluster_address(parsed.executor),
        fast=parsed.fast,
        form=csv_form(parsed.csv_separator),
        camera_bits=parsed.camera_bits,
        cells=None if parsed.cells is None else csv_target(parsed.cells),
    )


def _cluster_address(named: str) -> str:
    if named and not re.fullmatch(rf"({SCHEME}|{TLS_SCHEME})[^/\s]+:\d+", named):
        raise UsageError(
            f"--executor must be {SCHEME}HOST:PORT, the address of a Dask scheduler, or {TLS_SCHEME}HOST:PORT with "
            f"certificates, not {named!r}."
        )
    return named


def csv_target(target: Path) -> Path:
    """`target`, when its name says CSV: no image or study is ever replaced by a report. Raises UsageError."""
    if target.suffix.lower() != ".csv":
        raise UsageError(f"The report's name must end in .csv, not {target.name!r}.")
    return target


def _summary_target(named: Path | None, report: Path) -> Path:
    if named is None:
        return report.with_suffix(".summary.json")
    if named.suffix.lower() != ".json":
        raise UsageError(f"The summary's name must end in .json, not {named.name!r}.")
    return named
