"""What `bloodsmear screen` leaves behind: the report, the summary, and sentences on what is missing."""

from pathlib import Path

from bloodsmear import paths
from bloodsmear.count_words import count_words
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_csv
from bloodsmear.workflows.screening import ScreeningSummary, absolute_folders
from bloodsmear.workflows.study_choice import elsewhere_sentence, look_at_studies, unread_sentence
from bloodsmear.workflows.summary import StudySummary, summarise_study, write_summary
from desktop.cli.exit_code import ExitCode
from desktop.cli.screen_arguments import ScreenArguments
from desktop.cli.summary_lines import summary_lines
from desktop.cli.terminal import Terminal


def hand_over(arguments: ScreenArguments, summary: ScreeningSummary, terminal: Terminal) -> ExitCode:
    """Write the report and the summary, and say what they hold; DONE_IN_PART where the study was changed."""
    exported = export_csv(summary.study, arguments.target, form=arguments.form)
    counts = summarise_study(summary)
    write_summary(arguments.summary, counts)
    if not arguments.quiet:
        _say_what_is_there(arguments, summary, counts, terminal)
    if not exported.complaint:
        return ExitCode.DONE
    terminal.complain(exported.complaint)
    return ExitCode.DONE_IN_PART


def _say_what_is_there(
    arguments: ScreenArguments, summary: ScreeningSummary, counts: StudySummary, terminal: Terminal
) -> None:
    terminal.say(_summary_line(summary, arguments.target))
    if summary.decoder_sentence:
        terminal.say(summary.decoder_sentence)
    for line in summary_lines(counts):
        terminal.say(line)
    if sentence := _decisions_elsewhere(arguments, summary.study):
        terminal.say(sentence)


def report_what_is_there(arguments: ScreenArguments, study: Path | None, terminal: Terminal) -> None:
    """The report of a run that stopped; `study` is None when it stopped while it was finding the images."""
    if study is None:
        terminal.complain("Stopped before the first image; no report was written.")
        return
    exported = export_csv(study, arguments.target, form=arguments.form)
    if exported.complaint:
        terminal.complain(exported.complaint)
    terminal.complain(
        f"Stopped. What was finished is kept and stands in {arguments.target}; "
        "give the same command again to go on."
    )
    if sentence := _decisions_elsewhere(arguments, study):
        terminal.complain(sentence)


def complain_of_gaps(summary: ScreeningSummary, classifiers: ClassifierSet, terminal: Terminal) -> ExitCode:
    """Name what was left out; returns the exit code that says so."""
    for folder in summary.unreadable_folders:
        terminal.complain(f"The folder {folder} may not be read; its images are not in the report.")
    if summary.unreadable:
        terminal.complain(
            f"{summary.unreadable} of {summary.images} images could not be read; the report says why."
        )
    complete = not (summary.unreadable or summary.unreadable_folders or classifiers.refused)
    return ExitCode.DONE if complete else ExitCode.DONE_IN_PART


def _decisions_elsewhere(arguments: ScreenArguments, study: Path) -> str:
    # Only fast answers have a study of their own: nobody should take readers' decisions for lost.
    if not arguments.fast:
        return "" if arguments.study else unread_sentence(look_at_studies(paths.studies()).unread)
    return elsewhere_sentence(study, paths.studies(), absolute_folders(arguments.folders))


def _summary_line(summary: ScreeningSummary, target: Path) -> str:
    other = f", {count_words(summary.other_files, 'other file')} passed over" if summary.other_files else ""
    return (
        f"{count_words(summary.images, 'image')} in {target}: {summary.screened} screened now in "
        f"{summary.seconds:.0f} s, {summary.kept} kept from before, {summary.unreadable} unreadable{other}. "
        f"Study: {summary.study}"
    )
