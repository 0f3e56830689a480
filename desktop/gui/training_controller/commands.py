"""What the training program is told to do, as words of its command line."""

import json
from collections.abc import Sequence
from pathlib import Path

from bloodsmear import RESEARCH_USE, atomic_file, paths
from desktop.gui.training_controller.run_folder import TrainingPlan

PROGRAM = "bloodsmear-train"
LIMITS = (
    "Trained on the images of one folder; how it answers on another laboratory's stain and camera is not known.",
    "Colour alone tells many such images apart: read every accuracy beside the colour-only baseline.",
    "Benign here means hematogones, no blasts; it does not mean healthy.",
    "Early Pre-B, Pre-B and Pro-B are the data set's labels; a smear alone does not establish them.",
)
_GOLDEN_IMAGES = ("synthetic-1/smear-1.jpg", "synthetic-2/smear-1.jpg", "synthetic-3/smear-2.png")


def program_words(python: str) -> tuple[str, ...]:
    """How the program is called: with a training environment's Python where one is chosen, else our own."""
    return (python, "-m", "training.start") if python else (str(paths.program(PROGRAM)),)


def check_words(folder: Path) -> Sequence[str]:
    """Look at a labelled folder."""
    return ("--messages", "check", str(folder))


def fit_words(plan: TrainingPlan, run: Path) -> Sequence[str]:
    """Fit, or go on with the run."""
    words = ["--messages", "fit", plan.data, "--run", str(run), "--architecture", plan.architecture]
    words += ["--size", str(plan.side_px), "--epochs", str(plan.epochs), "--batch", str(plan.batch_images)]
    return [*words, "--weights", plan.weights] if plan.weights else words


def target_of(plan: TrainingPlan, run: Path) -> Path:
    """The folder that the export writes the classifier into."""
    return run / "classifier" / plan.classifier_id


def export_words(plan: TrainingPlan, run: Path) -> Sequence[str]:
    """Make the classifier of the run's best epoch. Writes its maker's words beside the run; raises OSError."""
    words_file = run / "words.toml"
    atomic_file.write(words_file, _makers_words(plan).encode())
    target = str(target_of(plan, run))
    return ("--messages", "export", str(run), "--data", plan.data, "-o", target, "--words", str(words_file))


def _makers_words(plan: TrainingPlan) -> str:
    words: dict[str, str | list[str]] = {
        "id": plan.classifier_id,
        "name": plan.name,
        "version": "1.0",
        # The folder's name alone: what travels with a classifier holds no path.
        "data_set": Path(plan.data).name,
        "licence": "not stated",
        "citation": "none",
        "limits": [RESEARCH_USE, *LIMITS],
        "golden_images": list(_GOLDEN_IMAGES),
        "command": "bloodsmear-train evaluate CLASSIFIER --data FOLDER",
    }
    # A JSON text or list of texts is one of TOML, too.
    return "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in words.items())
