"""An image's record as rows of the study's tables, and back. Nothing that can be computed is stored.

A row that holds what the program never writes costs that one image: its record says that it is damaged.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord, ListedImage
from bloodsmear.storage import row_checks
from bloodsmear.storage.database import Row, Statement

LIST_IMAGE = (
    'INSERT INTO images (image, "case", listed, status, error, sha256) '
    "VALUES (?, ?, 1, 'not_screened', '', '') "
    'ON CONFLICT (image) DO UPDATE SET listed = 1, "case" = excluded."case"'
)
READ_ANEW = "UPDATE images SET status = 'not_screened' WHERE status <> 'not_screened'"
_SELECT_IMAGES = (
    'SELECT key, image, "case", status, error, sha256, width_px, height_px, '
    "sharpness, dark_share, bright_share, screened_at, {}, {}, {} FROM images WHERE key IN "
)
SELECT_PREDICTIONS = (
    "SELECT image, classifier, denoised, probabilities, feature_distance, unlike_training "
    "FROM predictions WHERE image IN "
)
# What was said about other bytes under the same name is gone with them, and what was said about other pixels of theirs.
_FORGET_OTHER_PIXELS = (
    "DELETE FROM predictions WHERE image IN "
    "(SELECT key FROM images WHERE image = ? AND (sha256 <> ? OR decoder <> ?))"
)
_PUT_IMAGE = (
    'INSERT INTO images (image, "case", listed, status, error, sha256, width_px, height_px, '
    "sharpness, dark_share, bright_share, screened_at, colour_profile, decoder, um_per_px) "
    "VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    'ON CONFLICT (image) DO UPDATE SET "case" = excluded."case", listed = 1, status = excluded.status, '
    "error = excluded.error, sha256 = excluded.sha256, width_px = excluded.width_px, "
    "height_px = excluded.height_px, sharpness = excluded.sharpness, dark_share = excluded.dark_share, "
    "bright_share = excluded.bright_share, screened_at = excluded.screened_at, "
    "colour_profile = excluded.colour_profile, decoder = excluded.decoder, um_per_px = excluded.um_per_px"
)
_PUT_PREDICTION = (
    "INSERT OR REPLACE INTO predictions "
    "(image, classifier, denoised, probabilities, feature_distance, unlike_training) VALUES ("
    "(SELECT key FROM images WHERE image = ?), "
    "(SELECT key FROM classifiers WHERE id = ? AND version_mark = ? AND model_sha256 = ?), ?, ?, ?, ?)"
)


_DAMAGED = "what the study holds of this image is damaged; screen its folder again."
_STATUSES = ("ok", "unreadable", "not_screened")
# Only the beginning of a damaged name is shown.
_SHOWN_LETTERS = 200


def select_images(with_profiles: bool, with_decoders: bool, with_scales: bool) -> str:
    """The query for the rows of images by their keys; a file of an older format has not all of these."""
    return _SELECT_IMAGES.format(
        "colour_profile" if with_profiles else "''",
        "decoder" if with_decoders else "0",
        "um_per_px" if with_scales else "NULL",
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
        record.colour_profile,
        record.decoder,
        record.um_per_px,
    )
    predictions = [_prediction_row(image, answer, False) for answer in record.answers]
    predictions += [_prediction_row(image, answer, True) for answer in record.denoised_answers]
    return [
        Statement(_FORGET_OTHER_PIXELS, [(image, record.sha256, record.decoder)]),
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
    """The record from a row of `select_images` and its rows of SELECT_PREDICTIONS.

    `classifiers` are those in use by their key, in the report's order. An image that one of them has not seen
    yet is not screened, whatever others said before. Answers on the denoised image count when `denoised`. A damaged row
    gives a record that is not screened, with the reason in `error`.
    """
    try:
        return _read_record(image_row, prediction_rows, classifiers, denoised)
    except (TypeError, ValueError, RecursionError):
        return ImageRecord(shown(image_row[1]), shown(image_row[2]), "not_screened", error=_DAMAGED)


def read_listed(row: Row) -> ListedImage:
    """An image, case, status and sha256 as a review needs them; a damaged row is an image that nobody has read yet."""
    image, case, status, sha256 = row
    with suppress(ValueError):
        if status in _STATUSES:
            return ListedImage(
                row_checks.image_name(image), row_checks.case_name(case), status, row_checks.sha256(sha256)
            )
    return ListedImage(shown(image), shown(case), "not_screened")


def shown(name: object) -> str:
    """A name of a row as it can be shown and sorted, however damaged."""
    try:
        return row_checks.case_name(name)
    except ValueError:
        return ascii(name)[:_SHOWN_LETTERS]


def _read_record(
    image_row: Row, prediction_rows: Sequence[Row], classifiers: Mapping[int, ClassifierMark], denoised: bool
) -> ImageRecord:
    *first, sharpness, dark, bright, screened_at, profile, decoder, um_per_px = image_row
    _, image, case, status, error, sha256, width_px, height_px = first
    image, case, decoder = row_checks.image_name(image), row_checks.case_name(case), row_checks.whole(decoder)
    row_checks.text(error)
    row_checks.text(profile, 200)
    row_checks.sha256(sha256)
    if status not in _STATUSES:
        raise ValueError("an unknown status")
    for side in (width_px, height_px):
        if side is not None:
            row_checks.whole(side)
    row_checks.stated_scale(um_per_px)
    quality = None
    if sharpness is not None:
        quality = ImageQuality(*(row_checks.number(one) for one in (sharpness, dark, bright)))
    screened = datetime.fromisoformat(row_checks.text(screened_at, 40)) if screened_at is not None else None
    answers = _read_answers(prediction_rows, classifiers, denoised=False)
    if status == "not_screened" or (status == "ok" and len(answers) < len(classifiers)):
        return ImageRecord(image, case, "not_screened")
    denoised_answers = _read_answers(prediction_rows, classifiers, denoised=True) if denoised else ()
    if len(denoised_answers) < len(classifiers):
        denoised_answers = ()
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
        screened_at=screened,
        colour_profile=profile,
        decoder=decoder,
        um_per_px=um_per_px,
    )


def _read_answers(
    rows: Sequence[Row], classifiers: Mapping[int, ClassifierMark], denoised: bool
) -> tuple[Answer, ...]:
    by_key = {row[1]: row for row in rows if row_checks.switch(row[2]) == denoised}
    return tuple(
        Answer(
            mark,
            Prediction(
                row_checks.probabilities(row[3], len(mark.label_keys)),
                None if row[4] is None else row_checks.number(row[4]),
                row_checks.switch(row[5]),
            ),
        )
        for key, mark in classifiers.items()
        if (row := by_key.get(key)) is not None
    )
