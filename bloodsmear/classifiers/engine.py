"""What runs a network: the protocol that the OpenVINO engine and the TensorFlow reference share."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import Card
from bloodsmear.errors import ClassifierError


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """What goes into a network and comes out: one image of this size (px), this many labels.

    `feature_layer` is the layer whose output is the second answer, or None.
    """

    height_px: int
    width_px: int
    label_count: int
    feature_layer: str | None = None


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One image's answer, float32: probabilities before calibration (one per label), features and deviations.

    `features` (D) is None where the card has no `unlike_training`; `deviations` (deviations.py) where they were not
    asked for, or the network has none.
    """

    probabilities: npt.NDArray[np.float32]
    features: npt.NDArray[np.float32] | None
    deviations: npt.NDArray[np.float32] | None = None


class Engine(Protocol):
    """One network, loaded. The same input gives the same bits, however many callers there are."""

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        """Answer one prepared image (float32 H×W×3, C-contiguous). Blocks; safe from any thread.

        ClassifierError when the input's shape doesn't fit, or when there isn't exactly one row with one
        column per label.
        """
        ...


def shape_of(card: Card) -> NetworkShape:
    """The shape that a card asks for."""
    layer = card.unlike_training.layer if card.unlike_training is not None else None
    return NetworkShape(card.recipe.height_px, card.recipe.width_px, len(card.labels), layer)


def check_input(prepared: npt.NDArray[np.float32], shape: NetworkShape) -> None:
    """ClassifierError unless `prepared` is float32 of the network's size, H×W×3."""
    wanted = (shape.height_px, shape.width_px, 3)
    if prepared.shape != wanted or prepared.dtype != np.float32:
        raise ClassifierError(
            f"The classifier takes one float32 image of the shape {wanted}, "
            f"got {prepared.dtype} of the shape {prepared.shape}; prepare it by the card's recipe."
        )


def single_row(output: npt.NDArray[np.float32], columns: int | None, what: str) -> npt.NDArray[np.float32]:
    """The one row of an output, copied: it must be 1×`columns`, or 1×anything where `columns` is None.

    A network that was exported with its batch baked in answers several images with one row and no error
    (Keras' OpenVINO export does this), so the shape is looked at for every image.
    """
    fits = output.ndim == 2 and output.shape[0] == 1 and (columns is None or output.shape[1] == columns)
    if not fits:
        raise ClassifierError(
            f"The classifier must give one row with {columns or 'its'} {what} for an image, "
            f"but it gave the shape {tuple(output.shape)}; its model and its card do not belong together."
        )
    return np.array(output[0], dtype=np.float32)
