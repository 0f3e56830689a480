"""Found images and records for the list."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import Agreement, Answer, ClassifierMark, Consensus, Flag, ImageRecord

RecordMaker = Callable[..., ImageRecord]


@pytest.fixture
def found() -> list[FoundImage]:
    """Six images in two cases."""
    return [
        FoundImage(Path(f"/root/case {n % 2}/Snap_{n}.jpg"), f"case {n % 2}/Snap_{n}.jpg", f"case {n % 2}")
        for n in range(6)
    ]


@pytest.fixture
def make_record() -> RecordMaker:
    """A record of an image that was read: `make_record(image, agreement, label, *flags)`."""
    mark = ClassifierMark("vgg16", "VGG16", "1.0+00000000", "0" * 64, ("benign", "early_pre_b"))

    def make(
        image: str, agreement: Agreement = "agree", label: str | None = "benign", *flags: Flag
    ) -> ImageRecord:
        answers = (Answer(mark, Prediction((0.9, 0.1))),)
        confidence = None if label is None else 0.9
        consensus = Consensus(agreement, label, confidence, flags)
        return ImageRecord(image, "case 0", "ok", answers=answers, consensus=consensus)

    return make
