"""From one file to one record: the only path, for one image and for a hundred thousand, in window and CLI."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bloodsmear.classifiers.classifier import Classifier, FittedImage, predict_all
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodedImage, decoding
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DEFAULTS
from bloodsmear.images.fingerprint import fingerprint_of_grey
from bloodsmear.images.formats.reader_contract import DECODER
from bloodsmear.images.image_quality import grey_of, measure_quality
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ImageRecord
from bloodsmear.storage.kept_features import FeatureRow
from bloodsmear.teaching.example_row import made_by, row_of_answered
from bloodsmear.workflows.classifier_set import answering_mark

# What `--check-denoised` compares with: the reference pipeline's denoiser with its own settings.
CHECK_DENOISER = DEFAULTS["non_local_means"]


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """An image to read; `check_denoised` asks for the answers on the denoised image as well (seconds an image).

    `keep` gets what teaching needs of the image, where a classifier answers that as well; on the reading thread.
    """

    found: FoundImage
    check_denoised: bool = False
    keep: Callable[[FeatureRow], None] | None = None


def read_image(request: ReadRequest, classifiers: Sequence[Classifier]) -> ImageRecord:
    """Decode one file and ask every classifier. A bad file is a record with status unreadable, never an error.

    Raises ClassifierError when a classifier cannot answer.
    """
    try:
        with decoding(request.found.path, asked=request.found.asked) as decoded:
            return read_pixels(decoded, request, classifiers)
    except ImageError as error:
        return unreadable_record(request.found, error)


def unreadable_record(found: FoundImage, error: ImageError) -> ImageRecord:
    """The record of an image that cannot be read."""
    return ImageRecord(
        image=found.image,
        case=found.case,
        status="unreadable",
        error=error.reason,
        sha256=error.sha256,
        screened_at=_now(),
        decoder=DECODER,
    )


def read_pixels(
    decoded: DecodedImage, request: ReadRequest, classifiers: Sequence[Classifier]
) -> ImageRecord:
    """The record of an image that is decoded already. Without classifiers its consensus is None."""
    fitted, grey = FittedImage(decoded.pixels), grey_of(decoded.pixels)
    quality = measure_quality(decoded.pixels, grey)
    if request.keep is not None:
        fitted.fingerprint = fingerprint_of_grey(grey)
    del grey
    answers = _answers_of(fitted, classifiers)
    if request.keep is not None:
        bits = request.found.camera_bits
        for classifier, answer in zip(classifiers, answers, strict=True):
            row = row_of_answered(fitted, classifier.card, answer.prediction)
            if row is not None:
                request.keep(FeatureRow(made_by(classifier.card, bits), decoded.sha256, row.to_bytes()))
    denoised_answers: tuple[Answer, ...] = ()
    if request.check_denoised and classifiers:
        denoised_answers = answers_of(denoise_image(decoded.pixels, CHECK_DENOISER), classifiers)
    return ImageRecord(
        image=request.found.image,
        case=request.found.case,
        status="ok",
        sha256=decoded.sha256,
        width_px=decoded.width_px,
        height_px=decoded.height_px,
        quality=quality,
        answers=answers,
        denoised_answers=denoised_answers,
        consensus=consensus_of(answers, quality, denoised_answers) if answers else None,
        screened_at=_now(),
        colour_profile=decoded.colour_profile,
        decoder=DECODER,
        um_per_px=decoded.scale.um_per_px if decoded.scale.counts else None,
    )


def answers_of(pixels: RgbImage, classifiers: Sequence[Classifier]) -> tuple[Answer, ...]:
    """What each classifier says about these pixels, in the classifiers' order. Raises ClassifierError."""
    return _answers_of(FittedImage(pixels), classifiers)


def _answers_of(image: FittedImage, classifiers: Sequence[Classifier]) -> tuple[Answer, ...]:
    predictions = predict_all(image, classifiers)
    return tuple(
        Answer(answering_mark(classifier), prediction)
        for classifier, prediction in zip(classifiers, predictions, strict=True)
    )


def _now() -> datetime:
    # Whole seconds: reports show no more, and a stored record then equals the fresh one.
    return datetime.now(UTC).replace(microsecond=0)
