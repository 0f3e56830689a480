"""What is kept of an image to teach on: features, the base's answer, its colours, and what finds near duplicates.

Screening makes it of an image that it answers anyway, and teaching of one that it reads itself: the same bytes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.appearance import APPEARANCE_COUNT, colour_statistics
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import FittedImage
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.classifiers.preprocess import resize_image
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.formats.reader_contract import DECODER
from bloodsmear.images.rgb_image import RgbImage

# As training finds near duplicates.
_REDUCED_SIDE_PX = 24
# Raised when anything below would give another row of the same pixels.
_ROW_VERSION = 2
# Ways of reducing that look at some pixels only; every other one leaves a picture that can be reduced on, at a
# thirtieth of the time.
_POINTS = ("nearest", "bilinear_cv2", "bicubic_cv2")
_COLOURS = 9


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """One image's. `features` float16 D, `base` its calibrated probabilities, `colours` 9, `appearance` 30, `reduced`
    uint8 24×24×3.
    """

    features: npt.NDArray[np.float16]
    base: tuple[float, ...]
    colours: npt.NDArray[np.float64]
    appearance: npt.NDArray[np.float64]
    reduced: RgbImage
    fingerprint: int

    def to_bytes(self) -> bytes:
        """As it is kept: 4 kB for VGG16."""
        numbers = np.concatenate([self.base, self.colours, self.appearance])
        return b"".join(
            (
                self.fingerprint.to_bytes(8, "little"),
                self.reduced.tobytes(),
                numbers.astype("<f8").tobytes(),
                self.features.astype("<f2").tobytes(),
            )
        )

    @classmethod
    def from_bytes(cls, kept: bytes, labels: int) -> "ExampleRow":
        """The same row; `labels` is how many the base has."""
        of_picture = _REDUCED_SIDE_PX * _REDUCED_SIDE_PX * 3
        numbers_end = 8 + of_picture + 8 * (labels + _COLOURS + APPEARANCE_COUNT)
        numbers = np.frombuffer(kept[8 + of_picture : numbers_end], "<f8")
        picture = np.frombuffer(kept[8 : 8 + of_picture], np.uint8)
        return cls(
            np.frombuffer(kept[numbers_end:], "<f2").astype(np.float16),
            tuple(numbers[:labels].tolist()),
            numbers[labels : labels + _COLOURS],
            numbers[labels + _COLOURS :],
            picture.reshape(_REDUCED_SIDE_PX, _REDUCED_SIDE_PX, 3),
            int.from_bytes(kept[:8], "little"),
        )


def row_of_answered(image: FittedImage, base: Card, answer: Prediction) -> ExampleRow | None:
    """The row of an image that the classifier `base` has answered; None where it gave no deviations with it."""
    deviations = image.deviations.get(base.id)
    if deviations is None:
        return None
    pixels = image.pixels(base.recipe)
    upright = np.ascontiguousarray(pixels[:, :, ::-1]) if base.recipe.channels == "bgr" else pixels
    return ExampleRow(
        np.clip(deviations, 0, np.finfo(np.float16).max).astype(np.float16),
        answer.probabilities,
        colour_statistics(upright),
        image.appearance(base.recipe),
        resize_image(
            image.image if base.recipe.resize in _POINTS else upright,
            _REDUCED_SIDE_PX,
            _REDUCED_SIDE_PX,
            "area",
        ),
        fingerprint(image.image) if image.fingerprint is None else image.fingerprint,
    )


def made_by(base: Card, camera_bits: int | None) -> str:
    """What made a row: the network, this module's version, the decoder, and the camera's bits that a reader set."""
    return f"{base.model_sha256[:16]}-{_ROW_VERSION}-{DECODER}-{camera_bits or 0}"
