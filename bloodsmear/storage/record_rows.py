"""An image's record as rows of the study's tables, and back. Nothing that can be computed is stored."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage.database import Row, Statement

LIST_IMAGE = (
    'INSERT INTO images (image, "case", listed, status, error, sha256) '
    "VALUES (?, ?, 1, 'not_screened', '', '') "
    'ON CONFLICT (image) DO UPDATE SET listed = 1, "case" = excluded."case"'
)
SELECT_IMAGES = (
    'SELECT key, image, "case", status, error, sha256, width_px, height_px, '
    "sharpness, dark_share, bright_share, screened_at FROM images WHERE key IN "
)
SELECT_PREDICTIONS = (
    "SELECT image, classifier, denoised, probabilities, feature_distance, unlike_training "
    "FROM predictions WHERE image IN "
)
# What was said about other bytes under the same name is gone with them.
_FORGET_OTHER_BYTES = (
    "DELETE FROM predictions WHERE image IN (SELECT key FROM images WHERE image = ? AND sha256 <> ?)"
)
_PUT_IMAGE = (
    'INSERT INTO images (image, "case", listed, status, error, sha256, width_px, height_px, '
    "sharpness, dark_share, bright_share, screened_at) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    'ON CONFLICT (image) DO UPDATE SET "case" = excluded."case", listed = 1, status = excluded.status, '
    "error = excluded.error, sha256 = excluded.sha256, width_px = excluded.width_px, "
    "height_px = excluded.height_px, sharpness = excluded.sharpness, dark_share = excluded.dark_share, "
    "bright_share = excluded.bright_share, screened_at = excluded.screened_at"
)
_PUT_PREDICTION = (
    "INSERT OR REPLACE INTO predictions "
    "(image, classifier, denoised, probabilities, feature_distance, unlike_training) VALUES ("
    "(SELECT key FROM images WHERE image = ?), "
    "(SELECT key FROM classifiers WHERE id = ? AND version_mark = ? AND model_sha256 = ?), ?, ?, ?, ?)"
)


def statements_for(record: ImageRecord) -> list[Statement]:
    """What to write so that `record` is the image's record."""
    image = record.image
    quality = record.quality
    image_row = (
        image,
        record.case,
        record.status,
        record.error,
        record.sha256,
        record.width_px,
        record.height_px,
        quality.sharpness if quality else None,
        quality.dark_share if quality else None,
        quality.bright_share if quality else None,
        record.screened_at.isoformat() if record.screened_at else None,
    )
    predictions = [_prediction_row(image, answer, False) for answer in record.answers]
    predictions += [_prediction_row(image, answer, True) for answer in record.denoised_answers]
    return [
        Statement(_FORGET_OTHER_BYTES, [(image, record.sha256)]),
        Statement(_PUT_IMAGE, [image_row]),
        Statement(_PUT_PREDICTION, predictions),
    ]


def _prediction_row(image: str, answer: Answer, denoised: bool) -> Row:
    mark, prediction = answer.classifier, answer.prediction
    return (
        image,
        mark.id,
        mark.version_mark,
        mark.model_sha256,
        denoised,
        # Python writes the shortest digits that read back as the same double: bit-equal.
        json.dumps(prediction.probabilities),
        prediction.feature_distance,
        prediction.unlike_training,
    )


def read_record(
    image_row: Row, prediction_rows: Sequence[Row], classifiers: Mapping[int, ClassifierMark], denoised: bool
) -> ImageRecord:
    """The record from a row of SELECT_IMAGES and its rows of SELECT_PREDICTIONS.

    `classifiers` are those in use by their key, in the report's order. An image that one of them has not seen
    yet is not screened, whatever others said before. Answers on the denoised image count when `denoised`.
    """
    _, image, case, status, error, sha256, width_px, height_px, *measured, screened_at = image_row
    answers = _read_answers(prediction_rows, classifiers, denoised=False)
    if status == "not_screened" or (status == "ok" and len(answers) < len(classifiers)):
        return ImageRecord(image, case, "not_screened")
    denoised_answers = _read_answers(prediction_rows, classifiers, denoised=True) if denoised else ()
    if len(denoised_answers) < len(classifiers):
        denoised_answers = ()
    quality = None if measured[0] is None else ImageQuality(*measured)
    readable = status == "ok"
    return ImageRecord(
        image=image,
        case=case,
        status=status,
        error=error,
        sha256=sha256,
        width_px=width_px,
        height_px=height_px,
        quality=quality,
        answers=answers if readable else (),
        denoised_answers=denoised_answers if readable else (),
        consensus=consensus_of(answers, quality, denoised_answers) if readable and answers else None,
        screened_at=datetime.fromisoformat(screened_at) if screened_at else None,
    )


def _read_answers(
    rows: Sequence[Row], classifiers: Mapping[int, ClassifierMark], denoised: bool
) -> tuple[Answer, ...]:
    by_key = {row[1]: row for row in rows if bool(row[2]) == denoised}
    return tuple(
        Answer(mark, Prediction(tuple(json.loads(row[3])), row[4], bool(row[5])))
        for key, mark in classifiers.items()
        if (row := by_key.get(key)) is not None
    )
