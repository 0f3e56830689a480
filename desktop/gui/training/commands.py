"""How the training program is called, and what it is told to do, as words of its command line."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bloodsmear import paths
from bloodsmear.jobs.training_files import SPLIT_FILE
from desktop.gui.training.run_folder import LABEL_FILE, TrainingPlan, TrainingRun
from desktop.gui.training.state import FolderLabel

PROGRAM = "bloodsmear-train"


def program_words(python: str) -> tuple[str, ...]:
    """How the program is called: with a training environment's Python where one is chosen, else our own."""
    return (python, "-m", "training.program") if python else (str(paths.program(PROGRAM)),)


def gpu_words(backend: str) -> Sequence[str]:
    """Say which GPU a backend sees: exit status 0 and its name, or 1."""
    return ("--messages", "gpu", backend)


def label_words(labels: Sequence[FolderLabel]) -> list[str]:
    """What the reader said of folders whose names are not labels."""
    # One word each: a folder's name may begin with a dash.
    return [f"--label={folder}={label}" for folder, label in labels]


def check_words(folder: Path, labels: Sequence[FolderLabel], label_file: Path | None) -> Sequence[str]:
    """Look at a labelled folder; `label_file` names labels of the reader's own."""
    own = ("--labels", str(label_file)) if label_file is not None else ()
    return ("--messages", "check", str(folder), *label_words(labels), *own)


def fit_words(plan: TrainingPlan, run: Path) -> Sequence[str]:
    """Fit, or go on with the run."""
    words = ["--messages", "fit", plan.data, "--run", str(run), "--architecture", plan.architecture]
    words += ["--preset", plan.settings, *label_words(plan.labels)]
    words += ["--size", str(plan.side_px), "--epochs", str(plan.epochs), "--batch", str(plan.batch_images)]
    if plan.peak_rate:
        words += ["--rate", str(plan.peak_rate)]
    if plan.precision:
        words += ["--precision", plan.precision]
    if plan.own:
        words += ["--labels", str(run / LABEL_FILE)]
    if plan.keep:
        words += ["--keep", plan.keep]
    return [*words, "--weights", plan.weights] if plan.weights else words


def export_words(run: TrainingRun) -> Sequence[str]:
    """Make the classifier of the run's best epoch, and the file that carries it."""
    plan = run.plan
    words = ["--messages", "export", str(run.folder), "--data", plan.data, "-o", str(run.target)]
    return [*words, "--id", plan.classifier_id, f"--name={plan.name}", "--zip", str(run.archive)]


def beside_of(run: Path, classifier_id: str) -> Path:
    """Where the figures go that a classifier in use reaches on the run's held-out images."""
    return run / "beside" / classifier_id


def beside_words(plan: TrainingPlan, run: Path, classifier_id: str) -> Sequence[str]:
    """Measure a classifier in use on the same images as the new one."""
    own = paths.user_classifiers() / classifier_id
    folder = own if own.is_dir() else paths.shipped_classifiers() / classifier_id
    words = ["--messages", "evaluate", str(folder), "--data", plan.data, "--split", str(run / SPLIT_FILE)]
    return [*words, *label_words(plan.labels), "-o", str(beside_of(run, classifier_id))]


class ProgramCall:
    """The words that begin every call, and the folder it is called in. `python` may be changed at any time."""

    def __init__(
        self, runs: Path, words_for: Callable[[str], Sequence[str]] = program_words, python: str = ""
    ) -> None:
        self.runs = runs
        self.python = python
        self._words_for = words_for

    def of(self, words: Sequence[str]) -> tuple[str, ...]:
        """The whole call of a command. Raises OSError where the folder of runs cannot be made."""
        self.runs.mkdir(parents=True, exist_ok=True)
        return (*self._words_for(self.python), *words)
