"""bloodsmear report: the report of a saved study."""

import argparse
from pathlib import Path

from bloodsmear.count_words import count_words
from bloodsmear.errors import UsageError
from bloodsmear.jobs import Cancel
from bloodsmear.known_folders import remember_folders
from bloodsmear.reports.report_kind import COMMA, CsvForm, ReportWanted
from bloodsmear.workflows.cell_crops import export_cell_crops
from bloodsmear.workflows.cell_export import export_cells
from bloodsmear.workflows.export import Exported, export_cases, export_csv, idle_sentences
from bloodsmear.workflows.html_export import HtmlChoices, export_html
from bloodsmear.workflows.mark_export import export_marks
from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.screen_arguments import add_csv_separator, csv_form
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal

_ENDINGS = (".csv", ".html")


def add_report_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `report`."""
    parser.description = (
        "Write the report of a saved study: every image as .csv, or as .html the flagged and decided ones with "
        "pictures, which prints to PDF from any browser."
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help="the study's file")
    parser.add_argument(
        "-o", "--output", required=True, type=Path, metavar="R.csv|R.html|FOLDER", help="the report"
    )
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--cases", action="store_true", help="one row for each case (.csv)")
    kinds.add_argument(
        "--named-cells", action="store_true", help="one row for each cell that a reader named (.csv)"
    )
    kinds.add_argument(
        "--differentials", action="store_true", help="one row for each name, by case and reader (.csv)"
    )
    kinds.add_argument(
        "--marks",
        action="store_true",
        help="the readers' marks as GeoJSON for QuPath, a file for each image that has any; -o is a new folder",
    )
    kinds.add_argument(
        "--cell-crops",
        action="store_true",
        help="crops of the named cells in folders by name, to teach or train a classifier on; -o is a new folder",
    )
    parser.add_argument(
        "--without-names", action="store_true", help="numbers in place of the images' and cases' names"
    )
    parser.add_argument(
        "--trust-folders",
        action="store_true",
        help="take the pictures of an .html report from the study's folders, although nobody opened them on this PC",
    )
    add_csv_separator(parser)


def _ask_for_folders(study: Path, agreed: bool, terminal: Terminal) -> None:
    """A report's pictures come from folders that the study names; those that were never opened here are asked for."""
    strange = unknown_folders_of(study)
    if not strange:
        return
    sentence = strange_folders_sentence(study, strange)
    if agreed or (terminal.can_ask and terminal.agrees(f"{sentence} Take the pictures from there?")):
        remember_folders(strange)
    else:
        terminal.complain(f"{sentence} The report has no pictures; --trust-folders takes them from there.")


def _write_table(parsed: argparse.Namespace, form: CsvForm) -> tuple[Exported, str]:
    """What was written, and what one of its rows is."""
    study, target, nameless = parsed.study, parsed.output, parsed.without_names
    if parsed.cases:
        return export_cases(study, target, nameless, form=form), "case"
    if parsed.named_cells:
        return export_cells(study, target, ReportWanted("cells", form), nameless), "cell"
    if parsed.differentials:
        return export_cells(study, target, ReportWanted("differentials", form), nameless), "row"
    return export_csv(study, target, nameless, form=form), "image"


def run_report(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Write the report; DONE_IN_PART where the study was changed outside of Bloodsmear.

    Raises UsageError, StudyError, ReportError, and JobCancelled after Ctrl-C.
    """
    study: Path = parsed.study
    target: Path = parsed.output
    nameless: bool = parsed.without_names
    form = csv_form(parsed.csv_separator)
    if not study.is_file():
        raise UsageError(f"There is no study {study}. See that its name is right.")
    if parsed.marks or parsed.cell_crops:
        return _write_folder(parsed, terminal)
    if target.suffix.lower() not in _ENDINGS:
        raise UsageError(f"The report's name must end in .csv or .html, not {target.name!r}.")
    if target.suffix.lower() == ".html":
        for word in ("cases", "named_cells", "differentials"):
            if getattr(parsed, word):
                raise UsageError(
                    f"--{word.replace('_', '-')} goes with a report that ends in .csv; an .html one has the cases and "
                    "differentials anyway."
                )
        if parsed.csv_separator != COMMA.separator:
            raise UsageError("--csv-separator goes with a report that ends in .csv.")
        _ask_for_folders(study, parsed.trust_folders, terminal)
        cancel = Cancel()
        with ctrl_c_requests(cancel):
            exported = export_html(study, target, HtmlChoices(nameless), cancel=cancel)
        what = "image"
    else:
        exported, what = _write_table(parsed, form)
    return _told(exported, f"{count_words(exported.rows, what)} in {target}.", study, terminal)


def _write_folder(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """What goes into a folder of its own."""
    study, target = parsed.study, parsed.output
    if parsed.without_names:
        if parsed.marks:
            raise UsageError(
                "--marks names its files after the images, so --without-names does not go with it."
            )
        raise UsageError("--cell-crops has a folder for each case, so --without-names does not go with it.")
    if parsed.marks:
        exported = export_marks(study, target)
        return _told(
            exported, f"The marks of {count_words(exported.rows, 'image')} are in {target}.", study, terminal
        )
    _ask_for_folders(study, parsed.trust_folders, terminal)
    cancel = Cancel()
    with ctrl_c_requests(cancel), ProgressBar(terminal) as bar:
        made = export_cell_crops(study, target, bar.report, cancel)
    cells = count_words(made.counts.total(), "cell is", "cells are")
    names = ", ".join(f"{name} {count:,}" for name, count in sorted(made.counts.items()))
    terminal.say(f"{cells} in {target}: {names}.")
    for sentence in made.left_out:
        terminal.say(sentence)
    return ExitCode.DONE


def _told(exported: Exported, sentence: str, study: Path, terminal: Terminal) -> ExitCode:
    terminal.say(sentence)
    for idle in idle_sentences(study):
        terminal.say(idle)
    if not exported.complaint:
        return ExitCode.DONE
    terminal.complain(exported.complaint)
    return ExitCode.DONE_IN_PART
