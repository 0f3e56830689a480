"""What the controller reads of classifiers' folders: what a fit can start from, what came out beside those in use.

Starting points are networks from scratch, the classifiers of this PC, and files that the reader chooses.
Work for a job's thread: OpenCV and OpenVINO come with it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear.classifiers.labels import LABELS, label_name, unbroken
from bloodsmear.classifiers.zip_check import check_model_archive
from bloodsmear.errors import BloodsmearError, ClassifierError
from bloodsmear.jobs.training_messages import ARCHITECTURES
from desktop.gui.training.state import StartingPoint

if TYPE_CHECKING:
    from bloodsmear.classifiers.card import Card
from collections.abc import Mapping, Sequence

import msgspec

from bloodsmear import paths
from bloodsmear.classifiers.card import Card, Figure
from bloodsmear.json_file import read_json
from desktop.gui.training.state import FigureColumn, MadeClassifier

_IMAGENET_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
# The mark of Keras' weight files of that time, and the first layer of VGG16.
_LAYERS, _FIRST_LAYER = "layer_names", "block1_conv1"

# EfficientNet-Lite0 is fitted from what ImageNet taught it; from scratch nobody has measured it.
_FROM_SCRATCH = ("unet", "vgg16")


@dataclass(frozen=True, slots=True)
class KnownStarts:
    """What can be started from, from scratch first, and every id that is taken."""

    starts: tuple[StartingPoint, ...]
    ids: frozenset[str]


def read_known_starts() -> KnownStarts:
    """The architectures, then each classifier of this PC that a fit can go on from."""
    from bloodsmear.classifiers.card_file import MODEL_NAME, read_card
    from bloodsmear.workflows.classifier_set import classifier_folders

    starts = [StartingPoint(key, f"{ARCHITECTURES[key]}, from scratch", key) for key in _FROM_SCRATCH]
    folders = classifier_folders()
    for classifier_id, folder in folders.items():
        try:
            card = read_card(folder)
            _refuse_other_network(card)
        except BloodsmearError:
            # Opening it elsewhere says what is wrong with it; here it cannot be chosen.
            continue
        name, key = f"{card.name} {card.version}, go on from it", f"classifier:{classifier_id}"
        model, keys = folder / MODEL_NAME, card.label_keys
        starts.append(StartingPoint(key, name, card.architecture, model, is_classifier=True, label_keys=keys))
    return KnownStarts(tuple(starts), frozenset(folders))


def read_start_file(file: Path, place: Path) -> StartingPoint:
    """What a fit starts from with this file; a zip is unpacked below `place`, where it stays for a fit that goes on.

    Takes ImageNet's weights of VGG16 (.h5), the zip of an exported classifier, and model.keras or card.json in a
    classifier's folder. Nothing of a network is built. ClassifierError or CardError say why another file is refused.
    """
    match file.suffix.casefold():
        case ".h5" | ".hdf5":
            return _imagenet(file)
        case ".zip":
            try:
                folder = _unpacked(file, place)
            except OSError as error:
                raise ClassifierError(
                    f"{file} cannot be unpacked into {place} ({error.strerror}). Look whether the file is still there "
                    "and the disk has room, then choose it again."
                ) from error
            return _classifier(folder, f"from {file.name}", f"file:{file}")
    return _classifier(file.parent, f"in {file.parent}", f"file:{file.parent}")


def _imagenet(file: Path) -> StartingPoint:
    import h5py

    try:
        with h5py.File(file, "r") as saved:
            fits = _LAYERS in saved.attrs and _FIRST_LAYER in saved
    except OSError as error:
        raise ClassifierError(f"{file} cannot be read, or is damaged. Copy it once more.") from error
    if not fits:
        raise ClassifierError(
            f"{file} does not hold ImageNet's weights of VGG16 ({_IMAGENET_FILE}), the only .h5 file that a training "
            "starts from. For a classifier, choose the zip that was exported with it."
        )
    return StartingPoint(f"file:{file}", "VGG16 with ImageNet's weights", "vgg16", file)


def _unpacked(file: Path, place: Path) -> Path:
    from bloodsmear.adding.archive import unpack_classifier
    from bloodsmear.classifiers.card_file import MODEL_NAME, read_card

    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=place, ignore_cleanup_errors=True) as scratch:
        unpacked = Path(scratch) / "unpacked"
        unpacked.mkdir()
        unpack_classifier(file, unpacked)
        card = read_card(unpacked)
        # A taught classifier has no model.keras to look at.
        _refuse_other_network(card)
        check_model_archive(unpacked / MODEL_NAME)
        # The folder of a classifier has its id for a name.
        folder = place / card.model_sha256[:12] / card.id
        if not folder.is_dir():
            folder.parent.mkdir(exist_ok=True)
            unpacked.rename(folder)
        return folder


def _classifier(folder: Path, origin: str, key: str) -> StartingPoint:
    from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME
    from bloodsmear.classifiers.folder import read_checked_card

    if not (folder / CARD_NAME).is_file():
        raise ClassifierError(
            f"{folder} holds no {CARD_NAME}, so nobody knows which network this is. Choose the zip that was exported "
            "with the classifier, or a classifier's folder as it is."
        )
    card = read_checked_card(folder)
    _refuse_other_network(card)
    shown = f"{card.name} {card.version}, {origin}"
    model, keys = folder / MODEL_NAME, card.label_keys
    return StartingPoint(key, shown, card.architecture, model, is_classifier=True, label_keys=keys)


def other_labels_sentence(start: StartingPoint) -> str:
    """Why no fit of the chosen images can go on from this classifier."""
    answers = ", ".join(unbroken(label_name(key)) for key in start.label_keys)
    return (
        f"{start.name} answers other labels than those of your images, or in another order ({answers}), so a training "
        "cannot start from it."
    )


def _refuse_other_network(card: Card) -> None:
    """ClassifierError where no fit of this program can go on from the classifier."""

    if card.architecture not in ARCHITECTURES:
        raise ClassifierError(
            f"{card.name} is another network than the ones that are trained here "
            f"({', '.join(ARCHITECTURES.values())}), so a training cannot start from it."
        )


class _Measured(msgspec.Struct, frozen=True):
    """What is read of an evaluation.json: an evaluation holds more."""

    figures: tuple[Figure, ...]


def read_outcome(folder: Path, beside: Mapping[str, Path], page: Path | None) -> MadeClassifier:
    """The new classifier's figures, and beside them those of the classifiers in use. Raises CardError.

    `beside` says for the id of each of these where its figures on the same images are; where there are none, those of
    its card are taken.
    """
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.workflows.classifier_set import classifier_folders

    new = read_card(folder)
    columns, left_out = [_column_of(new.name, new.figures, same_images=True)], []
    there = classifier_folders()
    for classifier_id, measured in beside.items():
        if classifier_id not in there:
            continue
        try:
            card = read_card(there[classifier_id])
        except BloodsmearError:
            continue
        if set(card.label_keys) != set(new.label_keys):
            left_out.append(f"{card.name} {card.version}")
            continue
        figures = _figures_in(measured)
        columns.append(
            _column_of(f"{card.name} {card.version}", figures or card.figures, same_images=bool(figures))
        )
    own = set(new.label_keys) != {label.key for label in LABELS}
    names = tuple((label.key, label.name) for label in new.labels) if own else ()
    return MadeClassifier(new.id, folder, tuple(columns), page, _is_installed(new), names, tuple(left_out))


def _is_installed(new: Card) -> bool:
    from bloodsmear.classifiers.card_file import read_card

    try:
        return read_card(paths.user_classifiers() / new.id).version_mark == new.version_mark
    except BloodsmearError:
        return False


def _figures_in(measured: Path) -> tuple[Figure, ...]:
    """The figures of an evaluation's folder, none where there is none that can be read."""
    from bloodsmear.classifiers.folder_files import EVALUATION_NAME

    try:
        return read_json(measured / EVALUATION_NAME, _Measured).figures
    except (OSError, ValueError):
        return ()


def _column_of(name: str, measured: Sequence[Figure], *, same_images: bool) -> FigureColumn:
    figures = {figure.name: (figure.value, figure.low, figure.high) for figure in measured}
    images = max((figure.images for figure in measured), default=0)
    return FigureColumn(name, images, figures, same_images)


def install(folder: Path) -> Path:
    """Put the classifier among the user's own, checked as a stranger's would be; returns where it lies.

    Raises CardError and ClassifierError with what is wrong.
    """
    from bloodsmear.adding.installing import add_classifier

    return add_classifier(folder).folder
