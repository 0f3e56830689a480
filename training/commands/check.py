"""`bloodsmear-train check`: what is in a labelled folder, and whether a fit may start on it."""

from dataclasses import dataclass
from pathlib import Path

from bloodsmear.jobs import Cancel, Progress
from bloodsmear.jobs.training_messages import DataChecked, Note
from training.backend import missing_backend
from training.command_output import Speaker
from training.data.findings import judge_data
from training.data.folder_labels import FolderLabels
from training.data.given_images import scan_given
from training.data.inspection import inspect_images
from training.data.split import SplitSettings
from training.fitting.config import FitConfig


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The labelled folder or study, what the user says of its folders' names, and further studies."""

    data: Path
    labels: FolderLabels
    more_studies: tuple[Path, ...] = ()


def check(options: CheckOptions, speaker: Speaker, cancel: Cancel) -> bool:
    """Say all that is found out about the folder; whether a fit may start.

    Raises DataSetError where there is no such folder, JobCancelled when asked to stop.
    """

    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    scan = scan_given(options.data, options.labels, cancel, options.more_studies)
    inspection = inspect_images(scan.data_set.images, report, cancel)
    # The split that a fit makes unless it is told another seed.
    findings = judge_data(scan, inspection, SplitSettings(FitConfig().seed), report)
    for sentence in findings.notes:
        speaker.say(Note(sentence))
    # A warning only: the images may be fitted with another Python, which the window asks for afterwards.
    warnings = tuple(filter(None, (missing_backend(), *findings.warnings)))
    speaker.say(
        DataChecked(findings.counts, findings.errors, warnings, findings.wants_labels, findings.names)
    )
    return not findings.errors
