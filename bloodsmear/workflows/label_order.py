"""Whether a classifier's labels stand in the order that its card says, tried on images whose labels are known.

A file of another program doesn't say the order of its labels, and a wrong one names them wrongly without any error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.labels import label_name
from bloodsmear.count_words import count_words
from bloodsmear.errors import DataSetError, ImageError
from bloodsmear.images.decode import decode_image
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.workflows.assignment import heaviest_rows
from bloodsmear.workflows.labelled_sample import IMAGES_PER_LABEL, LabelledSample, sample_labelled_folder

# Ten more, a quarter of all more, and half of all right together: a network that answers 20 images at random, whose
# best of 24 orders is right on some 40 %, is called wrong once in a hundred trials; with 40 images never.
_FAR_BETTER_SHARE = 0.25
_FAR_BETTER_IMAGES = 10
_FITS_SHARE = 0.5

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LabelOrderTrial:
    """What a trial said: how many of `images` answers are right in the order of the card, and in the best order.

    `said` and `best` are keys of labels in output order. `left_open` are the labels without images in the folder:
    two or more of them cannot be told apart, and keep their order. `other_folders` were passed over.
    """

    classifier_id: str
    folder: Path
    images: int
    unreadable: int
    said: tuple[str, ...]
    said_right: int
    best: tuple[str, ...]
    best_right: int
    left_open: tuple[str, ...]
    other_folders: tuple[str, ...]

    @property
    def another_order_fits_far_better(self) -> bool:
        """Whether the card's order is as good as certainly wrong."""
        more = self.best_right - self.said_right
        return (
            more >= max(_FAR_BETTER_IMAGES, _FAR_BETTER_SHARE * self.images)
            and self.best_right >= _FITS_SHARE * self.images
        )

    @property
    def no_order_fits(self) -> bool:
        """Whether the answers are wrong in every order: then the recipe is, or these are images of another kind."""
        return self.best_right < _FITS_SHARE * self.images


def try_label_order(
    classifier: Classifier,
    folder: Path,
    images_per_label: int = IMAGES_PER_LABEL,
    report: Report = report_nowhere,
    cancel: Cancel | None = None,
) -> LabelOrderTrial:
    """Ask the classifier about at most `images_per_label` images of each label below `folder`.

    DataSetError for a folder without labels that it knows or without a readable image, ClassifierError, JobCancelled.
    """
    cancel = cancel or Cancel()
    card = classifier.card
    sample = sample_labelled_folder(folder, card.label_keys, images_per_label, cancel)
    answered = np.zeros((len(card.labels), len(card.labels)), np.int64)
    for done, file in enumerate(sample.files):
        cancel.checkpoint()
        report(Progress(done, len(sample.files), "Trying the order of the labels"))
        try:
            pixels = decode_image(file.found.path, asked=file.found.asked).pixels
        except ImageError:
            continue
        output = int(np.argmax(classifier.predict(pixels).probabilities))
        answered[card.label_keys.index(file.label), output] += 1
    report(Progress(len(sample.files), len(sample.files), "Trying the order of the labels"))
    return _trial_of(card.id, card.label_keys, sample, answered)


def best_order(labels: Sequence[str], answered: Counts) -> tuple[str, ...]:
    """The order of the labels, one for each output, in which most answers are right.

    `answered[label, output]` counts the images of a label (a row, in the order of `labels`) by the output that was
    largest. Of equally good orders it is the one that moves the fewest labels. (The Hungarian method: with many
    labels there are too many orders to try.)
    """
    # A whole image outweighs all labels that would stay in their place.
    weights = answered * (len(labels) + 1) + np.eye(len(labels), dtype=np.int64)
    return tuple(labels[row] for row in heaviest_rows(weights))


def label_order_sentences(trial: LabelOrderTrial) -> tuple[str, ...]:
    """What a trial says, in sentences for people: the figures, and what to do."""
    said = [
        f"{trial.classifier_id} was tried on {count_words(trial.images, 'image')} of {trial.folder}: in the order "
        f"{', '.join(label_name(key) for key in trial.said)} it names {trial.said_right} right "
        f"({_percent(trial.said_right, trial.images)})."
    ]
    if trial.another_order_fits_far_better:
        said.append(
            f"In the order {', '.join(label_name(key) for key in trial.best)} it would be {trial.best_right} "
            f"({_percent(trial.best_right, trial.images)}), so the order is almost certainly wrong: "
            f"the labels should be {','.join(trial.best)}."
        )
    elif trial.no_order_fits:
        said.append(
            "No other order is right on half of them. See that size, resize method, scale and colour order are those "
            "of the network's maker, and that it was made for such images."
        )
    else:
        said.append("No other order fits far better.")
    if len(trial.left_open) > 1:
        said.append(
            f"Without images of {', '.join(label_name(key) for key in trial.left_open)} their order is not known."
        )
    if trial.unreadable:
        said.append(f"{count_words(trial.unreadable, 'image')} could not be read.")
    if trial.other_folders:
        said.append(
            f"Folders that are not among its labels were passed over: {', '.join(trial.other_folders)}."
        )
    return tuple(said)


def _trial_of(
    classifier_id: str, labels: tuple[str, ...], sample: LabelledSample, answered: Counts
) -> LabelOrderTrial:
    images = int(answered.sum())
    if not images:
        raise DataSetError(f"None of the images in {sample.folder} can be read; nothing was tried.")
    best = best_order(labels, answered)
    return LabelOrderTrial(
        classifier_id=classifier_id,
        folder=sample.folder,
        images=images,
        unreadable=len(sample.files) - images,
        said=labels,
        said_right=int(np.trace(answered)),
        best=best,
        best_right=int(sum(answered[labels.index(label), output] for output, label in enumerate(best))),
        left_open=tuple(label for label, row in zip(labels, answered, strict=True) if not row.sum()),
        other_folders=sample.other_folders,
    )


def _percent(part: int, whole: int) -> str:
    # 199 of 200 are not all.
    return f"{min(100 * part / whole, 99 if part < whole else 100):.0f}\u00a0%"
