"""The work that leaves the window's thread: plain functions of the engine, called inside jobs.

What brings in OpenCV and OpenVINO is imported on the job's thread: half a second that the window does not wait
for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear import paths
from bloodsmear.errors import ImageError, NoStudyError, ScanError
from bloodsmear.images.denoise_settings import DenoisedKey, DenoiseSettings
from bloodsmear.images.image_names import READ_FORMATS, has_image_name
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.images.thumbnail import read_thumbnail
from bloodsmear.jobs import Cancel
from bloodsmear.paths import is_study_name
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ImageRecord
from desktop.gui.messages import count_words
from desktop.gui.study_controller.denoising_jobs import find_denoised

if TYPE_CHECKING:
    from bloodsmear.classifiers.classifier import Classifier
    from bloodsmear.images.decode import DecodedImage
    from bloodsmear.images.rgb_image import RgbImage
    from bloodsmear.storage.study_store import StudyStore

# The first pictures stand in the list at once; later batches are as large as keeps the list quick.
_FIRST_BATCH = 12
_BATCH = 500
_BATCH_INTERVAL_S = 0.1
_WHAT_OPENS = f"Open {READ_FORMATS} images, a folder that holds some, or a study."


@dataclass(frozen=True, slots=True)
class ScanBegun:
    """The folders that are searched, and the root that the images' names are relative to.

    `study` is the study's file where the reader named that in place of folders.
    """

    folders: tuple[Path, ...]
    root: Path
    study: Path | None = None


@dataclass(frozen=True, slots=True)
class StrangeFolders:
    """The folders that a study names and nobody opened on this PC before; `sentence` shows them."""

    study: Path
    folders: tuple[Path, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """What was in the folders beside the images."""

    images: int
    other_files: int
    unreadable_folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What paths stand for that somebody dropped or named: what to open, and the image to begin with (None: the first).

    `left_out` is a sentence about what is not opened, empty where all is.
    """

    to_open: tuple[Path, ...]
    image: Path | None = None
    left_out: str = ""


def look_at(named: Sequence[Path]) -> Named:
    """Tell folders, studies and images apart: an image stands for its folder. Raises ScanError where there is none."""
    images = [path for path in named if _is_image_name(path) and _is_file(path)]
    others = [path for path in named if path not in images and not is_study_name(path) and _is_file(path)]
    to_open = dict.fromkeys(path.parent if path in images else path for path in named if path not in others)
    if not to_open:
        raise ScanError(f"{_not_an_image(others)}, so nothing was opened. {_WHAT_OPENS}")
    left_out = f"{_not_an_image(others)}, so it was left out. {_WHAT_OPENS}" if others else ""
    return Named(tuple(to_open), images[0] if images else None, left_out)


def scan_folders(dropped: Sequence[Path], say: Callable[[object], None], cancel: Cancel) -> ScanOutcome:
    """Find the images: says `ScanBegun` and then lists of FoundImage. Raises ScanError, and StudyError of a study.

    A study's file stands for the folders that it is about. Where they were never opened on this PC it says
    `StrangeFolders` and touches none of them.
    """
    study = _study_among(dropped)
    folders = _folders_of_study(study, say) if study else tuple(dict.fromkeys(dropped))
    scan = Scan(folders, cancel)
    say(ScanBegun(folders, scan.root, study))
    images, batch, said_at = 0, list[FoundImage](), time.monotonic()
    for found in scan:
        images += 1
        batch.append(found)
        first = images <= _FIRST_BATCH
        if first or len(batch) >= _BATCH or time.monotonic() - said_at > _BATCH_INTERVAL_S:
            say(batch)
            batch, said_at = [], time.monotonic()
    if batch:
        say(batch)
    return ScanOutcome(images, scan.other_files, tuple(scan.unreadable_folders))


def _study_among(dropped: Sequence[Path]) -> Path | None:
    studies = [path for path in dropped if is_study_name(path) and not _is_folder(path)]
    if studies and len(dropped) > 1:
        raise ScanError(f"{studies[0].name} is a study, which knows its folders. Open it alone.")
    return studies[0].absolute() if studies else None


def _folders_of_study(study: Path, say: Callable[[object], None]) -> tuple[Path, ...]:
    from bloodsmear.workflows.study_choice import folders_of_study
    from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of

    strange = unknown_folders_of(study)
    if strange:
        sentence = strange_folders_sentence(study, strange)
        say(StrangeFolders(study, strange, sentence))
        raise NoStudyError(f"{sentence} Nothing there was opened.")
    return folders_of_study(study)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # The scan says in a sentence why it cannot be opened.
        return False


def _is_image_name(path: Path) -> bool:
    return has_image_name(path) and not path.name.startswith(".")


def _not_an_image(others: Sequence[Path]) -> str:
    more = f" (and {count_words(len(others) - 1, 'other file')})" if len(others) > 1 else ""
    return f"{others[0].name}{more} is not an image by its name"


def progress_words(folders: Sequence[Path], reader: str, cancel: Cancel) -> dict[Path, str]:
    """How far the reader is in folders that were opened before: `16 of 35 decided`; by their studies alone."""
    from bloodsmear.workflows.folder_progress import read_progress

    found = read_progress(paths.studies(), folders, reader, cancel)
    return {folder: one.words for folder, one in found.items()}


def make_thumbnail(found: FoundImage, side_px: int) -> tuple[RgbImage | None, str, ImageRecord | None]:
    """A small picture for the list, None where there is none, and the sha256 of the file's bytes, if they were read.

    Of bytes that are no picture their record as well: what the list shows no picture of it shall not call unread.
    """

    try:
        made = read_thumbnail(found.path, side_px, found.asked)
    except ImageError as error:
        record = read_unreadable(found) if error.sha256 else None
        return None, error.sha256, record if record is not None and record.status == "unreadable" else None
    return made.pixels, made.sha256, None


def read_decoded(decoded: DecodedImage, found: FoundImage, classifiers: Sequence[Classifier]) -> ImageRecord:
    """The record of a decoded image, by the same path as the command line's. Raises ClassifierError."""
    from bloodsmear.workflows.reading import ReadRequest, read_pixels

    return read_pixels(decoded, ReadRequest(found), classifiers)


def set_camera_bits(store: StudyStore, bits: int | None) -> None:
    """Have every image of the study read anew. Raises ScreenedElsewhereError and StudyError."""
    from bloodsmear.workflows import screening

    screening.set_camera_bits(store, bits)


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
