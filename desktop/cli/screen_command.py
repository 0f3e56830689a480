"""bloodsmear screen: classify folders of images and write the report."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bloodsmear.errors import ClassifierError, ClusterError, FoldersGoneError
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel, JobCancelled, Progress, report_nowhere
from bloodsmear.reports.report_file import check_target
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.cell_finding import CellPlan, CellRun
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.cluster import Cluster
from bloodsmear.workflows.export import refuse_study_as_target
from bloodsmear.workflows.screening import (
    ScreeningEvents,
    ScreeningPlan,
    default_jobs,
    default_study_path,
    screen,
)
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.screen_arguments import ScreenArguments
from desktop.cli.screen_outcome import complain_of_gaps, hand_over, report_what_is_there
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal
from desktop.cli.watch_command import WatchRequest, watch_folders

# More streams than this only cost memory: each holds the activations of one image.
_MOST_STREAMS = 8


def run_screen(arguments: ScreenArguments, source: ClassifierSource, terminal: Terminal) -> ExitCode:
    """Screen and write the report. Raises what the engine refuses before the first image."""
    # What would end hours of work at its end, or is wrong anyhow, is found out before the classifiers load.
    Scan(arguments.folders)
    if arguments.study:
        refuse_study_as_target(arguments.study, arguments.target)
        refuse_study_as_target(arguments.study, arguments.summary)
    for target in filter(None, (arguments.target, arguments.summary, arguments.cells)):
        check_target(target)
    cancel = Cancel()
    with ctrl_c_requests(cancel), ExitStack() as closing:
        cluster = closing.enter_context(Cluster(arguments.cluster)) if arguments.cluster else None
        if arguments.jobs > 1:
            closing.enter_context(one_thread_a_call())
        classifiers = _load(arguments, source, cancel)
        for refused in classifiers.refused:
            terminal.complain(f"{refused.id} is left out. {refused.reason}")
        study = arguments.study or default_study_path(arguments.folders, classifiers.marks, arguments.fresh)
        wanted = CellPlan(arguments.folders, arguments.jobs, arguments.camera_bits)
        cells = closing.enter_context(CellRun(wanted, cancel)) if arguments.cells else None
        plan = _plan(arguments, cluster, cells)
        if arguments.watch:
            return watch_folders(WatchRequest(plan, classifiers, arguments), terminal, cancel)
        bar = ProgressBar(terminal, quiet=arguments.quiet, words=screening_words)
        try:
            with bar:
                summary = screen(plan, classifiers, ScreeningEvents(report=bar.report), cancel)
                _write_cells(arguments, cells, summary.study, terminal)
        except JobCancelled:
            report_what_is_there(arguments, study if bar.counted else None, terminal)
            return ExitCode.CANCELLED
        except (ClassifierError, ClusterError, FoldersGoneError) as error:
            terminal.complain(str(error))
            report_what_is_there(arguments, study, terminal)
            return ExitCode.STOPPED_EARLY
    handed_over = hand_over(arguments, summary, terminal)
    return max(handed_over, complain_of_gaps(summary, classifiers, terminal))


def _write_cells(arguments: ScreenArguments, cells: CellRun | None, study: Path, terminal: Terminal) -> None:
    """Those of images that were kept from before are looked for now, where they are not known."""
    if cells is None or arguments.cells is None:
        return
    found = cells.find(report_nowhere)
    with StudyStore.open_existing(study) as store:
        scales = store.head.scales
    cells.write(arguments.cells, arguments.form, scales)
    if not arguments.quiet:
        terminal.say(f"{found.cells:,} nucleated cells in {arguments.cells}.")


def _plan(arguments: ScreenArguments, cluster: Cluster | None, cells: CellRun | None) -> ScreeningPlan:
    plan = ScreeningPlan(
        folders=arguments.folders,
        study=arguments.study,
        fresh=arguments.fresh,
        check_denoised=arguments.check_denoised,
        jobs=arguments.jobs,
        camera_bits=arguments.camera_bits,
    )
    if cluster is None:
        return plan if cells is None else replace(plan, read=cells.read_image)
    # Here a thread only waits; twice as many as work there keep a worker from waiting for its next image.
    return replace(plan, read=cluster.read, jobs=max(arguments.jobs, 2 * cluster.threads))


def screening_words(progress: Progress) -> str:
    """What the bar says: `Screening 7/35`. Not the image's name, which is a patient's on some PCs."""
    if progress.total is None:
        return f"Finding images {progress.done:,}"
    return f"Screening {progress.done:,}/{progress.total:,}"


def _load(arguments: ScreenArguments, source: ClassifierSource, cancel: Cancel) -> ClassifierSet:
    """The classifiers asked for. Raises ClassifierError, and JobCancelled after Ctrl-C."""
    streams = min(_MOST_STREAMS, default_jobs())
    try:
        if arguments.fast:
            return source.fast(arguments.classifiers, streams)
        if arguments.classifiers:
            return source.named(arguments.classifiers, streams)
        return source.defaults(streams)
    finally:
        # Ctrl-C ends bloodsmear-convert, too; a classifier that is refused for that is not worth a word.
        cancel.checkpoint()
