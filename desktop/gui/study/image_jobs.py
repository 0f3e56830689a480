"""The reading of one image, off the window's thread: plain functions of the engine, called inside jobs.

What brings in OpenVINO is imported on the job's thread: half a second that the window does not wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear import paths
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodedImage, decode_image
from bloodsmear.images.denoise_settings import DenoisedKey, DenoiseSettings
from bloodsmear.images.denoised_store import DenoisedStore
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ImageRecord

if TYPE_CHECKING:
    from bloodsmear.classifiers.classifier import Classifier
    from bloodsmear.images.denoising import Denoising
    from bloodsmear.images.rgb_image import RgbImage


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A decoded file, and by what it is known that the file was not changed since: its time and its bytes."""

    decoded: DecodedImage
    modified_ns: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that cannot be read: the sentence why, and whether setting the camera's bits is the way out."""

    sentence: str
    wants_camera_bits: bool


@dataclass(frozen=True, slots=True)
class FoundDenoised:
    """What there is of a denoised picture: all of it as it was kept, or what remains to be done."""

    pixels: RgbImage | None
    remaining: Denoising | None


def read_file(found: FoundImage, known: ReadFile | None) -> ReadFile:
    """Decode the file, or give back what is known of it where it has not changed. Raises ImageError."""

    try:
        status = found.path.stat()
        stamp = status.st_mtime_ns, status.st_size
    except OSError:
        # Decoding says in a sentence what is wrong with it.
        stamp = 0, 0
    if known is not None and (known.modified_ns, known.file_bytes) == stamp:
        return known
    return ReadFile(decode_image(found.path, asked=found.asked), *stamp)


def read_chosen(found: FoundImage, known: ReadFile | None) -> ReadFile | UnreadFile:
    """The same, with the reason in place of an error."""
    try:
        return read_file(found, known)
    except ImageError as error:
        # The list shows where the file lies; a long path would only hide the reason.
        shown = ImageError(Path(error.path.name), error.reason)
        return UnreadFile(str(shown), error.wants_camera_bits)


def read_decoded(decoded: DecodedImage, found: FoundImage, classifiers: Sequence[Classifier]) -> ImageRecord:
    """The record of a decoded image, by the same path as the command line's. Raises ClassifierError."""
    from bloodsmear.workflows.reading import ReadRequest, read_pixels

    return read_pixels(decoded, ReadRequest(found), classifiers)


def read_unreadable(found: FoundImage) -> ImageRecord:
    """The record of a file that could not be decoded, by the same path as the command line's."""
    from bloodsmear.workflows.reading import ReadRequest, read_image

    return read_image(ReadRequest(found), ())


def ask_on_denoised(denoised: RgbImage, classifiers: Sequence[Classifier]) -> tuple[Answer, ...]:
    """What each classifier says about the denoised image. Raises ClassifierError."""
    from bloodsmear.workflows.reading import answers_of

    return answers_of(denoised, classifiers)


def ask_as_the_check_does(
    decoded: DecodedImage, classifiers: Sequence[Classifier], cancel: Cancel
) -> tuple[Answer, ...]:
    """What each classifier says about the image denoised as `screen --check-denoised` does. Raises ClassifierError.

    Taken from the kept pictures where it is there; on one thread else, since nobody waits for it.
    """
    from bloodsmear.workflows.reading import CHECK_DENOISER, answers_of

    found = find_denoised(DenoisedKey(decoded.picture, CHECK_DENOISER), decoded.pixels)
    if found.remaining is not None:
        found.remaining.run(lambda _tile: None, cancel)
        return answers_of(found.remaining.pixels, classifiers)
    return () if found.pixels is None else answers_of(found.pixels, classifiers)


def with_denoised_answers(record: ImageRecord, answers: tuple[Answer, ...]) -> ImageRecord:
    """The record with its answers on the denoised image, and the consensus that follows from them."""

    consensus = consensus_of(record.answers, record.quality, answers)
    return replace(record, denoised_answers=answers, consensus=consensus)


def is_check_denoiser(settings: DenoiseSettings) -> bool:
    """Whether this is the denoiser that `screen --check-denoised` compares with."""
    from bloodsmear.workflows.reading import CHECK_DENOISER

    return settings == CHECK_DENOISER


def find_denoised(key: DenoisedKey, original: RgbImage) -> FoundDenoised:
    """The denoised picture from the disk, or the work that makes it."""
    from bloodsmear.images.denoising import Denoising

    if key.settings.slow:
        kept = DenoisedStore(paths.denoised_pictures()).read(key)
        if kept is not None and kept.shape == original.shape:
            return FoundDenoised(kept, None)
    return FoundDenoised(None, Denoising(original, key.settings))


def keep_denoised(key: DenoisedKey, pixels: RgbImage) -> None:
    """Keep a denoised picture on the disk."""

    DenoisedStore(paths.denoised_pictures()).keep(key, pixels)


def clear_denoised() -> int:
    """Remove every denoised picture from the disk; says how many bytes that freed."""

    return DenoisedStore(paths.denoised_pictures()).clear()


def make_preview(original: RgbImage, settings: DenoiseSettings) -> RgbImage:
    """About the denoised picture, at once."""
    from bloodsmear.images.denoise_preview import denoise_preview

    return denoise_preview(original, settings)
