"""What is kept of each labelled image: features, the base's answer, its colours, and what finds near duplicates."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.appearance import appearance_of, colour_statistics
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.preprocess import fit_to_input, resize_image, scale_pixels
from bloodsmear.errors import ClassifierError, DataSetError, ImageError
from bloodsmear.images.decode import decoding
from bloodsmear.images.duplicates import compare_pictures
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.teaching.labelled_folder import LabelledImages

# As training finds near duplicates.
_REDUCED_SIDE_PX = 24
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Examples:
    """One row for each image that is taught, in their order.

    `features` float32 N×D; `base_probabilities` N×labels of the base, calibrated; `colours` N×9 and `appearances` N×30
    (appearance.py); `duplicates` int64 N numbers the groups of near duplicates; `fingerprints` are 16 hex digits each.
    """

    features: npt.NDArray[np.float32]
    base_probabilities: npt.NDArray[np.float64]
    colours: npt.NDArray[np.float64]
    appearances: npt.NDArray[np.float64]
    duplicates: npt.NDArray[np.int64]
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    features: npt.NDArray[np.float32]
    base: tuple[float, ...]
    colours: npt.NDArray[np.float64]
    appearance: npt.NDArray[np.float64]
    reduced: RgbImage
    fingerprint: int


def read_examples(
    images: LabelledImages, engine: Engine, base: Card, report: Report, cancel: Cancel
) -> Examples:
    """Decode every image and have `engine`, that of the base's `feature_graph`, answer it.

    DataSetError that names what cannot be read, or a picture that lies under two labels; ClassifierError, JobCancelled.
    """
    rows: list[_Row] = []
    unreadable: list[str] = []
    with one_thread_a_call(), ThreadPoolExecutor() as pool:
        answers = pool.map(_reader(engine, base, cancel), images.images, images.sha256s)
        for done, answer in enumerate(answers, 1):
            report(Progress(done, len(images.images), "reading images"))
            if isinstance(answer, _Row):
                rows.append(answer)
            else:
                unreadable.append(answer)
    if unreadable:
        named = " ".join([*unreadable[:_MOST_NAMED], *(["…"] if len(unreadable) > _MOST_NAMED else [])])
        raise DataSetError(f"{len(unreadable)} images cannot be read. Repair or remove them: {named}")
    fingerprints = np.array([row.fingerprint for row in rows], np.uint64)
    reduced = np.stack([row.reduced for row in rows])

    def heard(progress: Progress) -> None:
        cancel.checkpoint()
        report(progress)

    likeness = compare_pictures(reduced, fingerprints, images.targets, heard)
    for first, other in likeness.doubly_labelled:
        raise DataSetError(
            f"{images.images[first].path} and {images.images[other].path} show the same picture under two labels. "
            "Keep it under one of them."
        )
    return Examples(
        np.stack([row.features for row in rows]),
        np.array([row.base for row in rows]),
        np.stack([row.colours for row in rows]),
        np.stack([row.appearance for row in rows]),
        likeness.groups,
        tuple(f"{row.fingerprint:016x}" for row in rows),
    )


def _reader(engine: Engine, base: Card, cancel: Cancel) -> Callable[[FoundImage, str], _Row | str]:
    """What reads an image with these bytes (sha256; empty: any): its row, or a sentence why it cannot be used."""

    def read(found: FoundImage, sha256: str) -> _Row | str:
        cancel.checkpoint()
        try:
            with decoding(found.path, asked=found.asked) as decoded:
                if sha256 and decoded.sha256 != sha256:
                    return f"{found.path} is not the file any more that was decided on."
                return _row_of(decoded.pixels, engine, base)
        except ImageError as error:
            return str(error)

    return read


def _row_of(image: RgbImage, engine: Engine, base: Card) -> _Row:
    pixels = fit_to_input(image, base.recipe)
    answer = engine.run(scale_pixels(pixels, base.recipe))
    if answer.features is None:
        raise ClassifierError(f"The classifier {base.id} gave no features to teach on.")
    upright = np.ascontiguousarray(pixels[:, :, ::-1]) if base.recipe.channels == "bgr" else pixels
    return _Row(
        answer.features,
        calibrate(answer.probabilities, base.temperature),
        colour_statistics(upright),
        appearance_of(pixels, base.recipe),
        resize_image(image, _REDUCED_SIDE_PX, _REDUCED_SIDE_PX, "area"),
        fingerprint(image),
    )
