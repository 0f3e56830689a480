"""The marks on the image that is shown: those that its readers drew, and the reader's own that are being drawn."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bloodsmear.review.marks import DrawnMark, DrawnShape
from desktop.gui.study.image_reading import ImageReading
from desktop.gui.study.review import StudyReview

_NO_READER = "Enter the reader's name first: every mark is kept with it."


class DrawnMarks(QObject):
    """`changed(image, marks, reader)`: these DrawnMarks are to be seen on the image; the reader's own can be changed.

    `counted(dict)`: how many marks are to be seen on each image that has any.

    A mark is of the bytes on which it was drawn, which are those that are shown and not those of the image's record.
    """

    changed = Signal(str, tuple, str)
    counted = Signal(dict)

    def __init__(self, review: StudyReview, image: ImageReading) -> None:
        super().__init__(review)
        self._review = review
        self._counts: dict[str, int] = {}
        # The image that was shown last, and the sha256 of its bytes. It stays while another one is read: words that
        # were being typed are kept as it is left.
        self._image, self._sha256 = "", ""
        self._told: tuple[DrawnMark, ...] = ()

        def begin(shown: str, _pixels: object) -> None:
            self._image, self._sha256 = shown, image.sha256

        self._blind = review.reviewed.blind
        image.original_ready.connect(begin)
        # Counted along: to count ten thousand images anew takes a quarter of a second.
        review.mark_changed.connect(lambda image, _mark: self._count(image))
        review.marks_changed.connect(lambda _marks: self._count_all())
        review.changed.connect(lambda _state: self._follow())

    @property
    def hindrance(self) -> str:
        """Why no mark can be kept now; empty where one can."""
        state = self._review.state
        return state.waiting or state.locked or ("" if state.reader else _NO_READER)

    def refuse(self) -> None:
        """Say why no mark can be kept now."""
        self._review.refused.emit(self.hindrance, "")

    def tell(self) -> None:
        """Say again what is to be seen."""
        reviewed = self._review.reviewed
        self._told = reviewed.drawn_marks(self._image, self._sha256)
        self.changed.emit(self._image, self._told, reviewed.reader)
        if reviewed.blind != self._blind:
            self._blind = reviewed.blind
            self._count_all()

    def _follow(self) -> None:
        # What is being kept is seen until its own news come: those of another window would take it away, and the first
        # letter of its words would be a key.
        marks = self._review.reviewed.drawn_marks(self._image, self._sha256)
        if marks != self._told or not self._review.is_busy:
            self.tell()

    def _count_all(self) -> None:
        reviewed = self._review.reviewed
        counts = {image: reviewed.drawn_count(image) for image in reviewed.drawn_images}
        self._take({image: count for image, count in counts.items() if count})

    def _count(self, image: str) -> None:
        count = self._review.reviewed.drawn_count(image)
        if count != self._counts.get(image, 0):
            others = {one: there for one, there in self._counts.items() if one != image}
            self._take({**others, image: count} if count else others)

    def _take(self, counts: dict[str, int]) -> None:
        if counts != self._counts:
            self._counts = counts
            self.counted.emit(counts)

    def draw(self, image: str, drawn: DrawnShape, number: int) -> None:
        """Keep a mark on the shown image, in the place of the reader's own with this number where it is not 0."""
        if image == self._image:
            sha256, hidden = self._sha256, self._review.reviewed.answers_were_hidden(image)
            self._review.act(
                lambda reviewing: reviewing.draw(
                    image, drawn, replaces=number or None, sha256=sha256, hidden=hidden
                )
            )

    def erase(self, image: str, number: int) -> None:
        """Take the reader's own mark with this number off the shown image."""
        if image == self._image:
            sha256 = self._sha256
            self._review.act(lambda reviewing: reviewing.erase(image, number, sha256))
