"""What a screening and a Dask worker tell each other: msgspec's bytes. The screening believes none of it unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import BloodsmearError, ClassifierError
from bloodsmear.images.formats.reader_contract import DECODER
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage import row_checks

# A record takes some 400 bytes, a sentence less than 1,000.
_MOST_BYTES = 100_000
_LONGEST_SENTENCE = 2_000


@dataclass(frozen=True, slots=True)
class RemoteRead:
    """An image to read on a worker: its absolute path there, and by which classifiers, in which versions."""

    path: str
    image: str
    case: str
    check_denoised: bool
    marks: tuple[ClassifierMark, ...]
    page: int = 0
    camera_bits: int | None = None


class _Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="read"):
    """A record without what the screening knows itself: the image's name, the classifiers, the time."""

    status: Literal["ok", "unreadable"]
    error: str
    sha256: str
    width_px: int | None
    height_px: int | None
    quality: ImageQuality | None
    predictions: tuple[Prediction, ...]
    denoised_predictions: tuple[Prediction, ...]
    colour_profile: str
    decoder: int
    um_per_px: float | None = None


class _Refused(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="refused"):
    sentence: str


_ANSWERS = msgspec.msgpack.Decoder(_Read | _Refused)
_QUESTIONS = msgspec.msgpack.Decoder(RemoteRead)
encode = msgspec.msgpack.encode


def question_of(asked: bytes) -> RemoteRead:
    """What a worker is asked."""
    return _QUESTIONS.decode(asked)


def answer_of(record: ImageRecord) -> bytes:
    """What a worker says of an image."""
    return encode(
        _Read(
            "unreadable" if record.status == "unreadable" else "ok",
            record.error,
            record.sha256,
            record.width_px,
            record.height_px,
            record.quality,
            tuple(answer.prediction for answer in record.answers),
            tuple(answer.prediction for answer in record.denoised_answers),
            record.colour_profile,
            record.decoder,
            record.um_per_px,
        )
    )


def refusal_of(error: BloodsmearError) -> bytes:
    """What a worker says where it has other classifiers, or none that answers."""
    return encode(_Refused(str(error)))


def record_of(answer: object, asked: RemoteRead) -> ImageRecord:
    """The record in a worker's answer, every value of it looked at.

    Raises ClassifierError where the worker refused, and ValueError for what no worker of Bloodsmear says.
    """
    if not isinstance(answer, bytes) or len(answer) > _MOST_BYTES:
        raise ValueError("no bytes, or too many")
    # What msgspec raises is a ValueError.
    said = _ANSWERS.decode(answer)
    if isinstance(said, _Refused):
        raise ClassifierError(row_checks.text(said.sentence, _LONGEST_SENTENCE))
    if said.decoder != DECODER:
        raise ValueError("a worker that decodes otherwise")
    readable = said.status == "ok"
    quality = _checked_quality(said.quality) if readable else None
    answers = _answers(said.predictions, asked.marks) if readable else ()
    denoised = _answers(said.denoised_predictions, asked.marks) if readable and asked.check_denoised else ()
    return ImageRecord(
        image=asked.image,
        case=asked.case,
        status=said.status,
        error=row_checks.text(said.error),
        sha256=row_checks.sha256(said.sha256),
        width_px=row_checks.whole(said.width_px, least=1) if readable else None,
        height_px=row_checks.whole(said.height_px, least=1) if readable else None,
        quality=quality,
        answers=answers,
        denoised_answers=denoised,
        consensus=consensus_of(answers, quality, denoised) if quality else None,
        screened_at=datetime.now(UTC).replace(microsecond=0),
        colour_profile=row_checks.text(said.colour_profile, 200),
        decoder=said.decoder,
        um_per_px=row_checks.stated_scale(said.um_per_px) if readable else None,
    )


def _checked_quality(quality: ImageQuality | None) -> ImageQuality:
    if quality is None:
        raise ValueError("an image that was read has a quality")
    return ImageQuality(
        *(row_checks.number(one) for one in (quality.sharpness, quality.dark_share, quality.bright_share))
    )


def _answers(predictions: Sequence[Prediction], marks: Sequence[ClassifierMark]) -> tuple[Answer, ...]:
    for mark, prediction in zip(marks, predictions, strict=True):
        row_checks.one_for_each_label(prediction.probabilities, len(mark.label_keys))
        if prediction.feature_distance is not None:
            row_checks.number(prediction.feature_distance)
    return tuple(map(Answer, marks, predictions))
