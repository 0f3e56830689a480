"""What a Dask worker does: read one image with the very classifiers that were asked for."""

import os
import platform
import threading
from pathlib import Path

from bloodsmear import paths
from bloodsmear.errors import BloodsmearError, ClassifierError
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ClassifierMark
from bloodsmear.workflows.classifier_set import ClassifierSet, load_named_classifiers
from bloodsmear.workflows.cluster_answers import answer_of, question_of, refusal_of
from bloodsmear.workflows.reading import ReadRequest, read_image

_lock = threading.Lock()
# The classifiers of this process by what they are; loading them takes a second, an image a tenth of it.
_loaded: dict[tuple[ClassifierMark, ...], ClassifierSet] = {}


def read_on_worker(asked: bytes) -> bytes:
    """Read one image; see `read_image`. The answer says, too, where this PC has other classifiers."""
    question = question_of(asked)
    found = FoundImage(
        Path(question.path), question.image, question.case, question.page, question.camera_bits
    )
    try:
        classifiers = _classifiers(question.marks)
        return answer_of(read_image(ReadRequest(found, question.check_denoised), classifiers.classifiers))
    except BloodsmearError as error:
        return refusal_of(error)


def _classifiers(marks: tuple[ClassifierMark, ...]) -> ClassifierSet:
    """The classifiers with these marks, by their models' sha256; kept until others are asked for."""
    with _lock:
        if not _loaded:
            # The worker is Dask's program, which knows nothing of whose folders these are.
            paths.close_to_others()
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
