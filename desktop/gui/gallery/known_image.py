"""What the list knows of an image, and what of it may be said. No Qt."""

from dataclasses import dataclass

from bloodsmear.review.records import ImageRecord
from desktop.gui.review_state import ImageMark


@dataclass(frozen=True, slots=True)
class KnownImage:
    """An image and its place in the folder's order. `mark` is None while it is to be decided."""

    number: int
    image: str
    case: str
    record: ImageRecord | None = None
    mark: ImageMark | None = None

    @property
    def confidence(self) -> float | None:
        """The consensus' confidence; where the answers cannot be compared, the lowest of theirs. None without one."""
        if self.record is None or self.record.consensus is None:
            return None
        if self.record.consensus.confidence is not None:
            return self.record.consensus.confidence
        return min((answer.confidence for answer in self.record.answers), default=None)


def shown_label(record: ImageRecord | None) -> str | None:
    """The label that a row shows: None where classifiers disagree, cannot be compared, or have not answered."""
    if record is None or record.consensus is None or record.consensus.agreement == "disagree":
        return None
    return record.consensus.label
