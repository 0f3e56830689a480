"""Where readers differ from one another or from the classifiers, and the reader who is marked to settle it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from bloodsmear.count_words import count_words
from desktop.gui.review_state import ImageMark
from desktop.gui.study.review import StudyReview

_BEGUN = (
    "{reader} reads for consensus: {count} disputed. Decide for one by yourself first, then you see what the others "
    "decided, and settle it."
)
_ENDED = "{reader} reads for consensus no more. What was settled stays."


class ConsensusRead(QObject):
    """`disputes_changed(frozenset of images)`: those that this reader may know of as disputed.

    `said(sentence)`: the reader was marked as one who reads for consensus, or is no more.
    """

    disputes_changed = Signal(frozenset)
    said = Signal(str)

    def __init__(self, review: StudyReview, parent: QObject) -> None:
        super().__init__(parent)
        self._review = review
        self._reviewed = review.reviewed
        self._disputed: frozenset[str] = frozenset()
        review.marks_changed.connect(self._compare_all)
        review.mark_changed.connect(self._compare)

    def toggle(self) -> None:
        """Mark the reader as one who reads for consensus in this study, or take the mark away; kept in the study."""
        on = not self._review.state.for_consensus

        def say() -> None:
            count = len(self._disputed)
            words = count_words(count, "image is", "images are")
            self.said.emit((_BEGUN if on else _ENDED).format(reader=self._reviewed.reader, count=words))

        self._review.act(lambda reviewing: reviewing.read_for_consensus(on), kept=say)

    def _compare_all(self, _marks: Mapping[str, ImageMark]) -> None:
        self._tell(self._reviewed.disputed_images())

    def _compare(self, image: str, _mark: ImageMark | None) -> None:
        here = frozenset({image})
        self._tell(self._disputed | here if self._reviewed.is_disputed(image) else self._disputed - here)

    def _tell(self, disputed: frozenset[str]) -> None:
        if disputed != self._disputed:
            self._disputed = disputed
            self.disputes_changed.emit(disputed)
