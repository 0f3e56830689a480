"""Labelled images as tables of what their rows hold, and what reads those rows, kept or from the files."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import AnswersFor, Card
from bloodsmear.classifiers.classifier import EngineClassifier, FittedImage
from bloodsmear.count_words import count_words
from bloodsmear.errors import ClassifierError, DataSetError, ImageError
from bloodsmear.images.decode import decoding
from bloodsmear.images.duplicates import (
    NEAR_DUPLICATE_CORRELATION,
    SAME_PICTURE_CORRELATION,
    Likeness,
    compare_pictures,
)
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.teaching.example_row import ExampleRow, row_of_answered
from bloodsmear.teaching.taught_graph import base_answers, no_features

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

    def taught_on(self, with_answers: bool) -> npt.NDArray[np.float64]:
        """The features, and `with_answers` beside them what the base answered: N×D or N×(D + the base's labels)."""
        features = self.features.astype(np.float64)
        if not with_answers:
            return features
        return np.concatenate([features, base_answers(self.base_probabilities)], axis=1)


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


class RowReader:
    """Reads images' rows by the classifier `base`; `open_base` opens it, once and only where a row is not kept yet."""

    def __init__(
        self, base: Card, open_base: Callable[[], EngineClassifier], kept: KeptRows = NOTHING_KEPT
    ) -> None:
        self._base = base
        self._open_base = open_base
        self._kept = kept
        self._opened: EngineClassifier | None = None
        self._opening = threading.Lock()

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
            kept = self._kept.get(found, sha256) if sha256 else None
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
                self._kept.keep(found, sha256, row)
            return row

        return read

    def row_of(self, image: RgbImage) -> ExampleRow:
        """The row of a decoded picture. ClassifierError where the base gives no features."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open_base()
        fitted = FittedImage(image)
        row = row_of_answered(fitted, self._base, self._opened.predict_fitted(fitted))
        if row is None:
            raise ClassifierError(no_features(f"The classifier {self._base.id}"))
        return row


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
