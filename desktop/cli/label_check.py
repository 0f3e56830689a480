"""--check-on FOLDER: a classifier's label order, tried on a labelled folder."""

import argparse
from pathlib import Path

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.errors import ClassifierError
from bloodsmear.jobs import Cancel, Report
from bloodsmear.workflows.label_order import LabelOrderTrial, label_order_sentences, try_label_order
from bloodsmear.workflows.labelled_sample import IMAGES_PER_LABEL
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal


def add_check_on(words: argparse._ActionsContainer, afterwards: str) -> None:
    """Add --check-on; `afterwards` says what happens where another order fits far better."""
    words.add_argument(
        "--check-on",
        type=Path,
        metavar="FOLDER",
        help=f"try the labels' order on at most {IMAGES_PER_LABEL} images of each label, in folders named after the "
        f"labels; where another order fits far better, {afterwards}",
    )


class LabelCheck:
    """Tries a classifier before it is added and refuses a wrong order; `trial` is what it found, None before."""

    def __init__(self, folder: Path, report: Report, cancel: Cancel) -> None:
        self._folder = folder
        self._report = report
        self._cancel = cancel
        self.trial: LabelOrderTrial | None = None

    def __call__(self, classifier: Classifier) -> None:
        """Raises ClassifierError where another order fits far better, DataSetError, JobCancelled."""
        trial = try_label_order(classifier, self._folder, report=self._report, cancel=self._cancel)
        if trial.another_order_fits_far_better:
            sentences = " ".join(label_order_sentences(trial))
            raise ClassifierError(
                f"{sentences} Nothing was added. Give --labels {','.join(trial.best)}; or, if you know that the "
                "folder is wrong, leave out --check-on."
            )
        self.trial = trial


def say_trial(trial: LabelOrderTrial, terminal: Terminal) -> ExitCode:
    """Say what a trial found; on stderr what casts doubt on the classifier."""
    text = " ".join(label_order_sentences(trial))
    if trial.another_order_fits_far_better or trial.no_order_fits:
        terminal.complain(text)
        return ExitCode.DONE_IN_PART
    terminal.say(text)
    return ExitCode.DONE


def check_order_of_all(folders: dict[str, Path], labelled: Path, terminal: Terminal) -> ExitCode:
    """Try each installed classifier on the labelled folder. ClassifierError, CardError, DataSetError."""
    code = ExitCode.DONE
    cancel = Cancel()
    for folder in folders.values():
        with ctrl_c_requests(cancel), ProgressBar(terminal) as bar:
            trial = try_label_order(open_classifier(folder), labelled, report=bar.report, cancel=cancel)
        code = max(code, say_trial(trial, terminal))
    return code
