"""bloodsmear cells: find the nucleated cells of every image in folders, and write one row for each."""

import argparse
from contextlib import ExitStack
from pathlib import Path

from bloodsmear.count_words import count_words
from bloodsmear.errors import FoldersGoneError, StudyError, UsageError
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.reports.report_file import check_target
from bloodsmear.workflows.cell_finding import CellPlan, CellRun, CellSummary
from bloodsmear.workflows.screening import default_jobs
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.screen_arguments import (
    add_camera_bits,
    add_csv_separator,
    csv_form,
    csv_target,
)
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal


def add_cells_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `cells`."""
    parser.description = (
        "Find the nucleated cells of every image of the folders and write one row for each cell. The same command goes "
        "on where it stopped; run again when finished it writes the rows anew and looks at changed images only."
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a folder of images")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="CELLS.csv", help="the rows")
    parser.add_argument(
        "--jobs", type=int, metavar="N", help=f"images read at once (default {default_jobs()})"
    )
    add_camera_bits(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary on the screen")
    add_csv_separator(parser)


def run_cells(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Find the cells and write them. Raises what the engine refuses before the first image, and ReportError."""
    target = csv_target(parsed.output)
    jobs = default_jobs() if parsed.jobs is None else parsed.jobs
    if jobs < 1:
        raise UsageError(f"--jobs must be 1 or more, not {jobs}.")
    check_target(target)
    cancel = Cancel()
    bar = ProgressBar(terminal, quiet=parsed.quiet, words=_words)
    with ctrl_c_requests(cancel), ExitStack() as closing:
        if jobs > 1:
            closing.enter_context(one_thread_a_call())
        run = closing.enter_context(
            CellRun(CellPlan(tuple(parsed.folders), jobs, parsed.camera_bits), cancel)
        )
        try:
            with bar:
                summary = run.find(bar.report)
        except (JobCancelled, FoldersGoneError, StudyError) as error:
            is_stop = isinstance(error, JobCancelled)
            if not is_stop:
                terminal.complain(str(error))
            if not bar.counted:
                terminal.complain("Stopped before the first image; nothing was written.")
            else:
                run.write(target, csv_form(parsed.csv_separator))
                terminal.complain(
                    f"Stopped. What was finished is kept and stands in {target}; give the same command again to go on."
                )
            return ExitCode.CANCELLED if is_stop else ExitCode.STOPPED_EARLY
        run.write(target, csv_form(parsed.csv_separator))
    if not parsed.quiet:
        terminal.say(
            f"{count_words(summary.cells, 'nucleated cell')} of {count_words(summary.images, 'image')} in {target}: "
            f"{count_words(summary.kept, 'image')} kept from before, {summary.unreadable:,} unreadable."
        )
    return _complain_of_gaps(summary, terminal)


def _complain_of_gaps(summary: CellSummary, terminal: Terminal) -> ExitCode:
    for folder in summary.unreadable_folders:
        terminal.complain(f"The folder {folder} may not be read; the cells of its images are left out.")
    if summary.unreadable:
        terminal.complain(
            f"{summary.unreadable} of {summary.images} images could not be read; their rows say why."
        )
    complete = not (summary.unreadable or summary.unreadable_folders)
    return ExitCode.DONE if complete else ExitCode.DONE_IN_PART


def _words(progress: Progress) -> str:
    """What the bar says, without the image's name, which is a patient's on some PCs."""
    if progress.total is None:
        return f"Finding images {progress.done:,}"
    return f"Finding cells {progress.done:,}/{progress.total:,}"
