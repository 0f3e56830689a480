"""What is kept of each labelled image: features, the base's answer, its colours, and what finds near duplicates."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.appearance import appearance_of, colour_statistics
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import AnswersFor, Card
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.preprocess import fit_to_input, resize_image, scale_pixels
from bloodsmear.count_words import count_words
from bloodsmear.errors import ClassifierError, DataSetError, ImageError
from bloodsmear.images.decode import decoding
from bloodsmear.images.duplicates import (
    NEAR_DUPLICATE_CORRELATION,
    SAME_PICTURE_CORRELATION,
    Likeness,
    compare_pictures,
)
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.teaching.taught_graph import base_answers

# As training finds near duplicates.
_REDUCED_SIDE_PX = 24
_MOST_NAMED = 20
# Raised when anything below would give another row of the same pixels.
ROW_VERSION = 1
_COLOURS, _APPEARANCES = 9, 30


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

    def taught_on(self, with_answers: bool) -> npt.NDArray[np.float64]:
        """The features, and `with_answers` beside them what the base answered: N×D or N×(D + the base's labels)."""
        features = self.features.astype(np.float64)
        if not with_answers:
            return features
        return np.concatenate([features, base_answers(self.base_probabilities)], axis=1)


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
        numbers_end = 8 + of_picture + 8 * (labels + _COLOURS + _APPEARANCES)
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


class KeptRows(Protocol):
    """Where rows are kept, so that an image is read once; by the sha256 of its bytes and its page."""

    def get(self, found: FoundImage, sha256: str) -> ExampleRow | None:
        """The row that was kept of these bytes."""

    def keep(self, found: FoundImage, sha256: str, row: ExampleRow) -> None:
        """Keep it."""


class _NothingKept:
    def get(self, _found: FoundImage, _sha256: str) -> ExampleRow | None:
        return None

    def keep(self, _found: FoundImage, _sha256: str, _row: ExampleRow) -> None:
        return


NOTHING_KEPT: KeptRows = _NothingKept()


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads images' rows: `engine` is that of the feature graph of `base`."""

    engine: Engine
    base: Card
    kept: KeptRows = NOTHING_KEPT

    def read(
        self, images: Sequence[FoundImage], sha256s: Sequence[str], report: Report, cancel: Cancel
    ) -> list[ExampleRow]:
        """The rows in the images' order; where a sha256 is not empty it must be that of the file's bytes.

        DataSetError that names what cannot be read, ClassifierError, JobCancelled.
        """
        rows: list[ExampleRow] = []
        unreadable: list[str] = []
        with one_thread_a_call(), ThreadPoolExecutor() as pool:
            answers = pool.map(self._reader(cancel), images, sha256s)
            for done, answer in enumerate(answers, 1):
                report(Progress(done, len(images), "reading images"))
                if isinstance(answer, ExampleRow):
                    rows.append(answer)
                else:
                    unreadable.append(answer)
        if unreadable:
            named = " ".join([*unreadable[:_MOST_NAMED], *(["…"] if len(unreadable) > _MOST_NAMED else [])])
            raise DataSetError(
                f"{count_words(len(unreadable), 'image')} cannot be read. Repair or remove each: {named}"
            )
        return rows

    def _reader(self, cancel: Cancel) -> Callable[[FoundImage, str], ExampleRow | str]:
        """What reads an image with these bytes: its row, or a sentence why it cannot be used."""

        def read(found: FoundImage, sha256: str) -> ExampleRow | str:
            cancel.checkpoint()
            kept = self.kept.get(found, sha256) if sha256 else None
            if kept is not None:
                return kept
            try:
                with decoding(found.path, asked=found.asked) as decoded:
                    if sha256 and decoded.sha256 != sha256:
                        return f"{found.path} is not the file any more that was decided on."
                    row = self.row_of(decoded.pixels)
            except ImageError as error:
                return str(error)
            if sha256:
                self.kept.keep(found, sha256, row)
            return row

        return read

    def row_of(self, image: RgbImage) -> ExampleRow:
        """The row of a decoded picture. ClassifierError where the base gives no features."""
        base = self.base
        pixels = fit_to_input(image, base.recipe)
        answer = self.engine.run(scale_pixels(pixels, base.recipe))
        if answer.features is None:
            raise ClassifierError(f"The classifier {base.id} gave no features to teach on.")
        upright = np.ascontiguousarray(pixels[:, :, ::-1]) if base.recipe.channels == "bgr" else pixels
        return ExampleRow(
            np.clip(answer.features, 0, np.finfo(np.float16).max).astype(np.float16),
            calibrate(answer.probabilities, base.temperature),
            colour_statistics(upright),
            appearance_of(pixels, base.recipe),
            resize_image(image, _REDUCED_SIDE_PX, _REDUCED_SIDE_PX, "area"),
            fingerprint(image),
        )


def likeness_of(
    rows: Sequence[ExampleRow],
    targets: npt.NDArray[np.int64],
    answers_for: AnswersFor,
    report: Report,
    cancel: Cancel,
) -> Likeness:
    """Which of the rows are near duplicates, and which the same picture under two labels. JobCancelled."""

    def heard(progress: Progress) -> None:
        cancel.checkpoint()
        report(progress)

    fingerprints = np.array([row.fingerprint for row in rows], np.uint64)
    reduced = np.stack([row.reduced for row in rows])
    # Two cells in the middle of a crop are alike by that alone: at 0.9 chains of them made one case of all, at 0.95 no
    # two of 418 were one, and each copy (saved again, blurred, brightened) correlates at 0.98 (docs/adr/0047).
    near = SAME_PICTURE_CORRELATION if answers_for == "cell" else NEAR_DUPLICATE_CORRELATION
    return compare_pictures(reduced, fingerprints, targets, heard, near)


def examples_of(rows: Sequence[ExampleRow], duplicates: npt.NDArray[np.int64]) -> Examples:
    """The rows as tables, in their order; `duplicates` int64 N numbers the groups of near duplicates."""
    return Examples(
        np.stack([row.features for row in rows]).astype(np.float32),
        np.array([row.base for row in rows]),
        np.stack([row.colours for row in rows]),
        np.stack([row.appearance for row in rows]),
        duplicates,
        tuple(f"{row.fingerprint:016x}" for row in rows),
    )
