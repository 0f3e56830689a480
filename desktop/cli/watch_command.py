"""bloodsmear screen --watch: screen what comes into the folders until Ctrl-C, with the report kept up to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.count_words import count_words
from bloodsmear.errors import ClassifierError, ReportError
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.export import export_csv
from bloodsmear.workflows.screening import ScreeningPlan, default_study_path
from bloodsmear.workflows.watching import WatchEvents, WatchTiming, watch
from desktop.cli.exit_code import ExitCode
from desktop.cli.screen_arguments import ScreenArguments
from desktop.cli.screen_outcome import hand_over, report_what_is_there
from desktop.cli.terminal import Terminal


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What to watch, with what; `timing` None is the clock of the PC."""

    plan: ScreeningPlan
    classifiers: ClassifierSet
    arguments: ScreenArguments
    timing: WatchTiming | None = None


def watch_folders(request: WatchRequest, terminal: Terminal, cancel: Cancel) -> ExitCode:
    """Watch until `cancel` is requested. Raises ScanError, StudyError, and ReportError for the last report."""
    arguments = request.arguments
    if not arguments.quiet:
        terminal.say(f"Watching {', '.join(map(str, arguments.folders))}. Ctrl-C ends it.")
    waited_for: set[str] = set()

    def say_waiting(images: Sequence[FoundImage]) -> None:
        for image in images:
            if image.image not in waited_for and not arguments.quiet:
                terminal.say(f"Waiting for {image.image}, which is not complete yet.")
            waited_for.add(image.image)

    events = WatchEvents(
        updated=lambda study: _keep_up_to_date(study, arguments, terminal),
        trouble=terminal.complain,
        waiting=say_waiting,
    )
    try:
        summary = watch(request.plan, request.classifiers, events, cancel, request.timing)
    except ClassifierError as error:
        terminal.complain(str(error))
        marks = request.classifiers.marks
        study = request.plan.study or default_study_path(request.plan.folders, marks, request.plan.fresh)
        report_what_is_there(arguments, study, terminal)
        return ExitCode.STOPPED_EARLY
    if summary.images == 0:
        terminal.complain("Stopped. No image came; no report was written.")
        return ExitCode.CANCELLED
    hand_over(arguments, summary, terminal)
    terminal.complain("Stopped. Give the same command again to go on watching.")
    return ExitCode.CANCELLED


def _keep_up_to_date(study: Path, arguments: ScreenArguments, terminal: Terminal) -> None:
    """Write the report anew. One that is open in a spreadsheet does not stop the watch: the next round writes it."""
    try:
        exported = export_csv(study, arguments.target, form=arguments.form)
    except ReportError as error:
        terminal.complain(f"{error} The images are kept; the report is written with the next ones.")
        return
    if not arguments.quiet:
        terminal.say(f"{count_words(exported.rows, 'image')} in {arguments.target}")
    if exported.complaint:
        terminal.complain(exported.complaint)
