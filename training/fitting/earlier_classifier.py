"""What a fit starts from, and the images behind it: none of them can be held out any more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card_file import CARD_NAME, read_card
from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.jobs.training_files import SPLIT_FILE, WHOLE_WEIGHTS
from bloodsmear.json_file import read_json, write_json
from training.data.data_set import DataSet
from training.data.fingerprint_texts import fingerprint_texts
from training.data.kept_images import recall_kept, require_known
from training.data.split import Part, Split, read_split
from training.fitting.history import read_history

EARLIER_FILE = "earlier.json"


class EarlierClassifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `weights` that a run starts from (a path), and the images behind them.

    `name` is what to call it in a sentence, `fingerprints` (16 hex digits) are those of all images that it has seen;
    both are empty where nobody knows. `label_keys` and `architecture` are a classifier's.
    """

    weights: Annotated[str, msgspec.Meta(max_length=4_000)]
    name: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    fingerprints: tuple[str, ...] = ()
    label_keys: tuple[str, ...] = ()
    architecture: str = ""

    def has_other_labels(self, label_keys: tuple[str, ...]) -> bool:
        """Whether it is a classifier whose outputs are not these labels in this order: its head is of no use then."""
        return bool(self.label_keys) and self.label_keys != label_keys


def earlier_classifier(run: Path, weights: Path | None) -> EarlierClassifier | None:
    """What the run starts from: `weights` where they are named now, else what the run remembers; None: from scratch.

    Once an epoch is finished the weights are the run's own, and what it remembers counts. CardError, DataSetError or
    TrainingError for a file that cannot be read.
    """
    file = run / EARLIER_FILE
    begun = bool(read_history(run))
    if file.is_file() and (weights is None or begun):
        earlier = _read(file)
        if not begun:
            require_known(Path(earlier.weights), run, "bloodsmear-train fit --weights")
        return earlier
    return None if weights is None else look_at_weights(weights)


def look_at_weights(weights: Path) -> EarlierClassifier:
    """What stands behind weights: the card of a classifier (its folder or model.keras) or the run that they lie in.

    Any other file tells nothing. CardError or DataSetError where card or run cannot be read.
    """
    place = str(weights.absolute())
    folder = weights if weights.is_dir() else weights.parent
    if (folder / CARD_NAME).is_file():
        card = read_card(folder)
        seen = tuple(card.trained_on.fingerprints)
        return EarlierClassifier(
            place, f"the classifier {card.name}", seen, card.label_keys, card.architecture
        )
    if (folder / SPLIT_FILE).is_file():
        return EarlierClassifier(place, "an earlier run", tuple(sorted(set(_seen_in_run(folder)))))
    return EarlierClassifier(place)


def write_earlier(run: Path, earlier: EarlierClassifier) -> None:
    """Keep it in the run's folder, where it stays: it names a place on this PC. Raises OSError."""
    write_json(run / EARLIER_FILE, earlier)


def refuse_other_labels(
    earlier: EarlierClassifier | None, label_keys: tuple[str, ...], architecture: str
) -> None:
    """Raise TrainingError where the fit starts from a classifier of other labels that has no convolutions to give.

    Of VGG16 a VGG16 takes the convolutions, whatever the labels are; its head then starts fresh.
    """
    if earlier is None or not earlier.has_other_labels(label_keys):
        return
    if earlier.architecture == architecture == "vgg16":
        return
    raise TrainingError(
        f"The classifier in {earlier.weights} answers {', '.join(earlier.label_keys)}, and this fit is of "
        f"{', '.join(label_keys)}. Start from one with the same labels in the same order, from a VGG16 where a VGG16 "
        "is fitted, from ImageNet's weights, or from scratch."
    )


def refuse_seen_images(
    earlier: EarlierClassifier | None, split: Split, data_set: DataSet, fingerprints: npt.NDArray[np.uint64]
) -> None:
    """Raise DataSetError where held-out images were seen by what the fit starts from (None: from scratch).

    `fingerprints` uint64 N are those of the data set.
    """
    if earlier is None:
        return
    seen, texts = set(earlier.fingerprints), fingerprint_texts(fingerprints)
    held_out = split.indices(data_set, "held_out")
    leaked = [place for place in held_out if texts[place] in seen]
    if leaked:
        raise DataSetError(
            f"{len(leaked)} of the {len(held_out)} held-out images were seen by {earlier.name}, which the fit starts "
            f"from, {data_set.images[leaked[0]].path} first: figures on them would prove nothing. Start from scratch, "
            "or leave out the images that it was trained on."
        )


def require_known_images(earlier: EarlierClassifier | None) -> EarlierClassifier:
    """The same; TrainingError where there is none, or it doesn't say what it was trained on: nothing can be kept in."""
    if earlier is None:
        raise TrainingError(
            "Images are kept in for a classifier that was trained on them, and this fit starts from scratch. Name the "
            "classifier's folder to start from, or keep no images in."
        )
    if not earlier.fingerprints:
        raise TrainingError(
            f"{earlier.weights} doesn't say which images it was trained on, so it is not known which to keep in. Name "
            "the folder of a classifier whose card names them."
        )
    return earlier


def _seen_in_run(run: Path) -> Iterator[str]:
    """The fingerprints of what a run fits on, chooses by and started from; an older run does not know them."""
    split = read_split(run / SPLIT_FILE)
    seen: tuple[Part, ...] = ("train", "validation")
    if (run / WHOLE_WEIGHTS).is_file():
        seen = (*seen, "held_out", "left_out")
    yield from (text for name, text in split.fingerprints.items() if split.parts[name] in seen)
    kept = recall_kept(run)
    if kept is not None:
        yield from kept.images.values()
    if (run / EARLIER_FILE).is_file():
        yield from _read(run / EARLIER_FILE).fingerprints


def _read(file: Path) -> EarlierClassifier:
    try:
        return read_json(file, EarlierClassifier)
    except (OSError, ValueError) as error:
        raise TrainingError(f"{file} cannot be read: {error}. Begin a new run in another folder.") from error
