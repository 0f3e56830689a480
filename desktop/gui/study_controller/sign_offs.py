"""Closing a review, and opening it again with a reason."""

from __future__ import annotations

from bloodsmear.review.sentences import case_words
from desktop.gui.review_state import SignOffCounts
from desktop.gui.study_controller.open_study import OpenStudy
from desktop.gui.study_controller.study_review import StudyReview


class SignOffs:
    """Of the chosen image's case, or of the whole study. `StudyReview` says what came of it."""

    def __init__(self, study: OpenStudy, review: StudyReview) -> None:
        self._study = study
        self._review = review

    def counts(self, whole_study: bool) -> SignOffCounts | None:
        """What there is to confirm; None where `sign_off` would refuse whatever was decided, and says why."""
        state = self._review.state
        if (
            not state.image
            or not state.reader
            or state.waiting
            or (state.whole_locked if whole_study else state.locked)
        ):
            return None
        what = "the study" if whole_study else case_words(state.case)
        return self._review.reviewed.sign_off_counts(what, self._images(whole_study))

    def sign_off(self, whole_study: bool) -> None:
        """Close the review; where it is refused, the first image that lacks something is the one to go to."""
        case = self._review.state.case
        images = self._images(whole_study)

        def first_lacking() -> str:
            lacking = self._review.reviewed.lacking(images)
            return next(iter(lacking.undecided + lacking.unreadable), "")

        if whole_study:
            self._review.act(lambda reviewing: reviewing.sign_off_study(), first_lacking)
        else:
            self._review.act(lambda reviewing: reviewing.sign_off_case(case), first_lacking)

    def reopen(self, whole_study: bool, reason: str) -> None:
        """Open the chosen image's case again, or the study."""
        case = self._review.state.case
        if whole_study:
            self._review.act(lambda reviewing: reviewing.reopen_study(reason))
        else:
            self._review.act(lambda reviewing: reviewing.reopen_case(case, reason))

    def _images(self, whole_study: bool) -> list[str]:
        case = self._review.state.case
        return [each.image for each in self._study.found.values() if whole_study or each.case == case]
