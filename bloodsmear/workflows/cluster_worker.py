"""What a Dask worker does: read one image with the very classifiers that were asked for."""

import os
import platform
import threading
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import ClassifierError
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.workflows.classifier_set import ClassifierSet, load_named_classifiers
from bloodsmear.workflows.reading import ReadRequest, read_image

_lock = threading.Lock()
# The classifiers of this process by what they are; loading them takes a second, an image a tenth of it.
_loaded: dict[tuple[ClassifierMark, ...], ClassifierSet] = {}


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


def read_on_worker(asked: RemoteRead) -> ImageRecord:
    """Read one image; see `read_image`. Raises ClassifierError where this PC has other classifiers."""
    classifiers = _classifiers(asked.marks)
    found = FoundImage(Path(asked.path), asked.image, asked.case, asked.page, asked.camera_bits)
    return read_image(ReadRequest(found, asked.check_denoised), classifiers.classifiers)


def _classifiers(marks: tuple[ClassifierMark, ...]) -> ClassifierSet:
    """The classifiers with these marks, by their models' sha256; kept until others are asked for."""
    with _lock:
        known = _loaded.get(marks)
        if known is not None:
            return known
        loaded = load_named_classifiers([mark.id for mark in marks], streams=os.cpu_count() or 1)
        for asked, there in zip(marks, loaded.marks, strict=True):
            if asked.model_sha256 != there.model_sha256:
                raise ClassifierError(
                    f"The worker {platform.node()} has the classifier {there.id} {there.version_mark}, and "
                    f"{asked.version_mark} is asked for. Install the same one on every worker."
                )
        _loaded.clear()
        _loaded[marks] = loaded
        return loaded
