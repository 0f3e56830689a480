"""The wrong answers that were given with most confidence, and small pictures of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bloodsmear.classifiers.preprocess import resize_image
from bloodsmear.images.decode import decode_image
from training.data.data_set import DataSet, LabelledImage
from training.evaluation.evaluation import Mistake
from training.evaluation.figures import Probabilities, Targets

MOST_MISTAKES = 24
_LONGER_SIDE_PX = 176
_JPEG_QUALITY = 82


@dataclass(frozen=True, slots=True)
class MistakePicture:
    """A small picture (JPEG) of an image, and the image's name below the data set's root."""

    name: str
    jpeg: bytes


def worst_mistakes(
    probabilities: Probabilities, targets: Targets, label_keys: tuple[str, ...]
) -> tuple[Mistake, ...]:
    """At most 24 wrong answers, the most confident first. `probabilities` calibrated, N×labels."""
    answered = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    wrong = np.flatnonzero(answered != targets)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:MOST_MISTAKES]
    return tuple(
        Mistake(
            place=int(place),
            label=label_keys[targets[place]],
            answered=label_keys[answered[place]],
            confidence=round(float(confidence[place]), 4),
        )
        for place in worst
    )


def thumbnails_of(
    mistakes: Sequence[Mistake], data_set: DataSet, places: Sequence[int]
) -> tuple[MistakePicture, ...]:
    """A thumbnail for each mistake; `places` says where in the data set the images lie that were measured on.

    Raises ImageError for an image that cannot be read any more.
    """
    images = [data_set.images[places[mistake.place]] for mistake in mistakes]
    return tuple(MistakePicture(data_set.name_of(image), _small_jpeg(image)) for image in images)


def _small_jpeg(image: LabelledImage) -> bytes:
    picture = decode_image(image.path, asked=image.asked).pixels
    height, width = picture.shape[:2]
    factor = min(1.0, _LONGER_SIDE_PX / max(height, width))
    small = resize_image(picture, max(1, round(width * factor)), max(1, round(height * factor)), "area")
    blue_first = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    _, packed = cv2.imencode(".jpg", blue_first, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return packed.tobytes()
