"""Closing a review, and opening it again with a reason."""

from __future__ import annotations

from desktop.gui.study_controller.open_study import OpenStudy
from desktop.gui.study_controller.study_review import StudyReview


class SignOffs:
    """Of the chosen image's case, or of the whole study. `StudyReview` says what came of it."""

    def __init__(self, study: OpenStudy, review: StudyReview) -> None:
        self._study = study
        self._review = review

    def sign_off(self, whole_study: bool) -> None:
        """Close the review; where it is refused, the first image that lacks something is the one to go to."""
        case = self._review.state.case
        images = [each.image for each in self._study.found.values() if whole_study or each.case == case]

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
