"""Where in an image the evidence for a label came from: where, not why."""

from dataclasses import dataclass
from math import log2
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.explaining.activation_graph import Head, SeenByHead
from bloodsmear.images.cell_look import outlined
from bloodsmear.images.cells import find_cells
from bloodsmear.images.nucleus_mask import nucleus_mask
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import smear_mask

FloatArray = npt.NDArray[np.float32]
Method = Literal["class_activation", "occlusion"]

# A coarser map covers several cells with each value: a share on nuclei would tell nothing about it.
_FINE_FROM = 16


@dataclass(frozen=True, slots=True)
class ActivationMap:
    """What each part of an image speaks for a label: `values` float32 h×w, below zero what speaks against it.

    Value (row, column) is that of the part of the image from row × `row_step` to (row + 1) × `row_step` of its height,
    and so for the columns. By class activation the values are shares of the label's logit; by occlusion how much the
    logarithm of its probability falls when the part is covered.
    """

    values: FloatArray
    row_step: float
    column_step: float
    label_key: str
    method: Method

    @property
    def is_fine(self) -> bool:
        """Whether it has 16 × 16 values at least."""
        height, width = self.values.shape
        return bool(height >= _FINE_FROM and width >= _FINE_FROM)

    def laid_over(self, height: int, width: int) -> FloatArray:
        """The map as it lies over the decoded image, or over a picture of it in any size: float32 height × width.

        0 is not evidence for the label, or some against it; 1 is the strongest. The recipe stretched the whole image to
        the input's size, so the way back is a stretch of the map.
        """
        positive = np.maximum(self.values, 0.0)
        strongest = float(positive.max())
        if strongest <= 0.0:
            return np.zeros((height, width), np.float32)
        # Centres of the pixels, in values of the map; beyond its outermost values it goes on as they are.
        rows = ((np.arange(height) + 0.5) / height / self.row_step - 0.5).astype(np.float32)
        columns = ((np.arange(width) + 0.5) / width / self.column_step - 0.5).astype(np.float32)
        laid = cv2.remap(
            positive / np.float32(strongest),
            np.tile(columns, (height, 1)),
            np.tile(rows[:, np.newaxis], (1, width)),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(laid, np.float32)


@dataclass(frozen=True, slots=True)
class NucleusShare:
    """Shares from 0 to 1: how much of a map's evidence, and how much of the image, lies on stained nuclei.

    A burnt-in scale bar is not part of either.
    """

    of_map: float
    of_image: float


def share_on_nuclei(activation: ActivationMap, image: RgbImage) -> NucleusShare | None:
    """How much of the evidence for the label lies on nuclei; None for a map below 16 × 16 or without such evidence.

    `image` is the decoded one (uint8 H×W×3). Nuclei are those of the cells that are outlined in it, without platelets;
    where no red cell's size is seen, by which cells are told, what is stained as nuclei are. A map that lies no more on
    nuclei than the image itself does has not found them.
    """
    if not activation.is_fine:
        return None
    found = find_cells(image)
    mask = outlined(found, image) if found.red_cell_px else nucleus_mask(image)
    laid = activation.laid_over(*mask.shape)
    smear = smear_mask(image, mask.shape)
    mask, laid = mask[smear], laid[smear]
    total = float(laid.sum(dtype=np.float64))
    if total <= 0.0:
        return None
    return NucleusShare(float(laid[mask].sum(dtype=np.float64)) / total, float(mask.mean()))


def class_activation(seen: SeenByHead, head: Head, label: int) -> FloatArray:
    """What each place of the finest maps adds to the logit of the label (its column), float32 h×w.

    maps × W₁ · diag(hidden₁ > 0) · … · Wₙ[:, label] (Zhou et al. 2016, doi:10.1109/CVPR.2016.319, with hidden layers).
    It is exact, since relu is linear where it is known which units fire: the sum of all places is the logit less what
    the biases add. What a place of coarser maps adds is spread evenly over the places that it covers.
    """
    weights = head.weights[-1][:, label].astype(np.float64)
    for kernel, units in zip(reversed(head.weights[:-1]), reversed(seen.hidden), strict=True):
        weights = kernel.astype(np.float64) @ np.where(units > 0, weights, 0.0)
    if not head.pooled:
        (maps,) = seen.maps
        return np.asarray(np.sum(maps * weights.reshape(maps.shape), axis=2), np.float32)
    finest = max((maps.shape[:2] for maps in seen.maps), key=min)
    total, first = np.zeros(finest), 0
    for maps in seen.maps:
        height, width, channels = maps.shape
        values = maps.astype(np.float64) @ weights[first : first + channels] / (height * width)
        total += _spread(values, finest)
        first += channels
    return np.asarray(total, np.float32)


def _spread(values: npt.NDArray[np.float64], finest: tuple[int, int]) -> npt.NDArray[np.float64]:
    """`values` of coarser maps on the grid of the finest ones; the sum stays.

    Maps are halved, and what a halving leaves over lies beyond the last place of the coarser ones.
    """
    rows, columns = (
        2 ** round(log2(fine / coarse)) for fine, coarse in zip(finest, values.shape, strict=True)
    )
    wide = np.repeat(np.repeat(values / (rows * columns), rows, axis=0), columns, axis=1)
    spread = np.zeros(finest)
    spread[: wide.shape[0], : wide.shape[1]] = wide
    return spread
