"""One decision for many images at once: one act, and one undo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from bloodsmear.classifiers.labels import unbroken
from bloodsmear.review.decisions import NOT_EVALUABLE, decision_name
from desktop.gui.messages import count_words
from desktop.gui.study_controller.open_study import OpenStudy
from desktop.gui.study_controller.study_review import StudyReview

_NAMED = 3


class ManyDeciding(QObject):
    """Decides for the images that the reader marked in the list and confirmed.

    `decided(sentence)` once it is kept; `StudyReview` says the rest.
    """

    decided = Signal(str)

    def __init__(self, study: OpenStudy, review: StudyReview) -> None:
        super().__init__(review)
        self._study = study
        self._review = review

    def decide(self, images: Sequence[str], value: str) -> None:
        """Decide for all of them or, with a sentence, for none."""
        records = self._study.records
        unread = [image for image in images if image not in records]
        if unread:
            self._review.refused.emit(_unread_sentence(unread, len(images)), unread[0])
            return
        unreadable = [image for image in images if records[image].status == "unreadable"]
        hidden = frozenset(image for image in images if self._review.reviewed.answers_were_hidden(image))
        first_unreadable = unreadable[0] if unreadable and value != NOT_EVALUABLE else ""
        decided = f"{unbroken(decision_name(value))} for {count_words(len(images), 'image')}"
        sentence = f"{decided} is kept. Undo takes it back."
        self._review.act(
            lambda reviewing: reviewing.decide(images, value, hidden),
            lambda: first_unreadable,
            lambda: self.decided.emit(sentence),
        )


def _unread_sentence(unread: Sequence[str], chosen: int) -> str:
    named = ", ".join(unread[:_NAMED]) + (" …" if len(unread) > _NAMED else "")
    verb = "has" if len(unread) == 1 else "have"
    return (
        f"{len(unread):,} of {count_words(chosen, 'image')} {verb} not been read yet ({named}), so nothing was "
        "decided. Screen the folder first, or leave them out."
    )
