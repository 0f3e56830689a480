"""bloodsmear screen: classify folders of images and write the report."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import ClassifierError, FoldersGoneError, UsageError
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel, JobCancelled
from bloodsmear.reports.report_file import check_target
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_csv, refuse_study_as_target
from bloodsmear.workflows.screening import (
    ScreeningEvents,
    ScreeningPlan,
    ScreeningSummary,
    default_jobs,
    default_study_path,
    screen,
)
from bloodsmear.workflows.summary import summarise_study, write_summary
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.summary_lines import summary_lines
from desktop.cli.terminal import Terminal

# More streams than this only cost memory: each holds the activations of one image.
_MOST_STREAMS = 8


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


def add_screen(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `screen` to the commands."""
    parser = commands.add_parser(
        "screen",
        allow_abbrev=False,
        help="classify the images of folders and write a report; goes on where it stopped",
        description="Classify all images of the folders and write a report. The same command goes on where it "
        "stopped; run again when finished it writes the report anew and screens nothing.",
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
        default=default_jobs(),
        metavar="N",
        help="images decoded at once (default %(default)s)",
    )
    parser.add_argument(
        "--check-denoised", action="store_true", help="flag images whose label changes when denoised (slower)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary on the screen")
    parser.add_argument(
        "--summary", type=Path, metavar="FILE", help="the summary as JSON (default: beside the report)"
    )


def read_screen_arguments(parsed: argparse.Namespace) -> ScreenArguments:
    """The parsed words as data. Raises UsageError."""
    if parsed.jobs < 1:
        raise UsageError(f"--jobs must be 1 or more, not {parsed.jobs}.")
    return ScreenArguments(
        folders=tuple(parsed.folders),
        target=csv_target(parsed.output),
        classifiers=tuple(parsed.classifier),
        study=parsed.study,
        fresh=parsed.fresh,
        jobs=parsed.jobs,
        check_denoised=parsed.check_denoised,
        quiet=parsed.quiet,
        summary=_summary_target(parsed.summary, parsed.output),
    )


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


def run_screen(arguments: ScreenArguments, source: ClassifierSource, terminal: Terminal) -> ExitCode:
    """Screen and write the report. Raises what the engine refuses before the first image."""
    # What would end hours of work at its end, or is wrong anyhow, is found out before the classifiers load.
    Scan(arguments.folders)
    if arguments.study:
        refuse_study_as_target(arguments.study, arguments.target)
        refuse_study_as_target(arguments.study, arguments.summary)
    check_target(arguments.target)
    check_target(arguments.summary)
    cancel = Cancel()
    with ctrl_c_requests(cancel):
        classifiers = _load(arguments, source, cancel)
        for refused in classifiers.refused:
            terminal.complain(f"{refused.id} is left out. {refused.reason}")
        study = arguments.study or default_study_path(arguments.folders, classifiers.marks)
        plan = ScreeningPlan(
            folders=arguments.folders,
            study=arguments.study,
            fresh=arguments.fresh,
            check_denoised=arguments.check_denoised,
            jobs=arguments.jobs,
        )
        bar = ProgressBar(terminal, arguments.quiet)
        try:
            with bar:
                summary = screen(plan, classifiers, ScreeningEvents(report=bar.report), cancel)
        except JobCancelled:
            _report_what_is_there(arguments, study if bar.counted else None, terminal)
            return ExitCode.CANCELLED
        except (ClassifierError, FoldersGoneError) as error:
            terminal.complain(str(error))
            _report_what_is_there(arguments, study, terminal)
            return ExitCode.STOPPED_EARLY
    _hand_over(arguments, summary, terminal)
    return _complain_of_gaps(summary, classifiers, terminal)


def _hand_over(arguments: ScreenArguments, summary: ScreeningSummary, terminal: Terminal) -> None:
    """Write the report and the summary, and say what they hold."""
    export_csv(summary.study, arguments.target)
    counts = summarise_study(summary)
    write_summary(arguments.summary, counts)
    if arguments.quiet:
        return
    terminal.say(_summary_line(summary, arguments.target))
    for line in summary_lines(counts):
        terminal.say(line)


def _load(arguments: ScreenArguments, source: ClassifierSource, cancel: Cancel) -> ClassifierSet:
    """The classifiers asked for. Raises ClassifierError, and JobCancelled after Ctrl-C."""
    streams = min(_MOST_STREAMS, default_jobs())
    try:
        if arguments.classifiers:
            return source.named(arguments.classifiers, streams)
        return source.defaults(streams)
    finally:
        # Ctrl-C ends bloodsmear-convert, too; a classifier that is refused for that is not worth a word.
        cancel.checkpoint()


def _report_what_is_there(arguments: ScreenArguments, study: Path | None, terminal: Terminal) -> None:
    """The report of a run that stopped; `study` is None when it stopped while it was finding the images."""
    if study is None:
        terminal.complain("Stopped before the first image; no report was written.")
        return
    export_csv(study, arguments.target)
    terminal.complain(
        f"Stopped. What was finished is kept and stands in {arguments.target}; "
        "give the same command again to go on."
    )


def _summary_line(summary: ScreeningSummary, target: Path) -> str:
    other = f", {summary.other_files} other files passed over" if summary.other_files else ""
    return (
        f"{summary.images} images in {target}: {summary.screened} screened now in {summary.seconds:.0f} s, "
        f"{summary.kept} kept from before, {summary.unreadable} unreadable{other}. Study: {summary.study}"
    )


def _complain_of_gaps(summary: ScreeningSummary, classifiers: ClassifierSet, terminal: Terminal) -> ExitCode:
    for folder in summary.unreadable_folders:
        terminal.complain(f"The folder {folder} may not be read; its images are not in the report.")
    if summary.unreadable:
        terminal.complain(
            f"{summary.unreadable} of {summary.images} images could not be read; the report says why."
        )
    complete = not (summary.unreadable or summary.unreadable_folders or classifiers.refused)
    return ExitCode.DONE if complete else ExitCode.DONE_IN_PART
