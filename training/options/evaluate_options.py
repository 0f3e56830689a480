"""The words of `bloodsmear-train evaluate`."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import UsageError
from training.options.check_options import DATA_HELP, add_labels


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """The classifier's folder, the labelled folder, and what of it is measured on; `beside`: those asked as well.

    `split` is a split made before, `run` the folder of the fit: its split is used where no other is named, and its
    epochs are drawn. `target` is the folder that the page and its data go into. Where there are classifiers beside the
    first, it is their consensus that is measured. `label_words` say which of their labels a folder stands for.
    """

    classifier: Path
    data: Path
    all_images: bool = False
    split: Path | None = None
    run: Path | None = None
    target: Path | None = None
    label_words: tuple[str, ...] = ()
    beside: tuple[Path, ...] = ()

    @property
    def classifiers(self) -> tuple[Path, ...]:
        """The folders of all that answer, in the order of the command."""
        return (self.classifier, *self.beside)


def add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    evaluate = commands.add_parser(
        "evaluate", help="measure a classifier on a labelled folder; writes a page"
    )
    evaluate.add_argument(
        "classifiers",
        type=Path,
        nargs="+",
        metavar="CLASSIFIER",
        help="the classifier's folder; of several, what they say together is measured",
    )
    evaluate.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    evaluate.add_argument(
        "--all",
        dest="all_images",
        action="store_true",
        help="all images of a folder that was not trained on, instead of the held-out runs of the training folder",
    )
    evaluate.add_argument(
        "--split",
        type=Path,
        help="the split.json of the fit; without it the split is made anew by the card's seed",
    )
    evaluate.add_argument("--run", type=Path, help="the folder of the fit: its split and its training curves")
    evaluate.add_argument(
        "-o",
        "--target",
        type=Path,
        help="the folder for evaluation.html and evaluation.json (evaluation-ID in the current folder)",
    )
    add_labels(evaluate)


def evaluate_options_of(options: argparse.Namespace) -> EvaluateOptions:
    """What was asked for. UsageError where the words contradict each other."""
    if options.run is not None and len(options.classifiers) > 1:
        raise UsageError(
            "--run names the fit of one classifier. Measure several with the split that each card names, or with "
            "--split."
        )
    if options.all_images and options.split is not None:
        raise UsageError("--all measures on every image, --split on its held-out part. Give one of them.")
    return EvaluateOptions(
        classifier=options.classifiers[0],
        data=options.data,
        all_images=options.all_images,
        split=options.split,
        run=options.run,
        target=options.target,
        label_words=tuple(options.labels),
        beside=tuple(options.classifiers[1:]),
    )
