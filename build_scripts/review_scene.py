"""A reader's review of the demo images, for the documentation's pictures."""

from __future__ import annotations

from window_stage import Stage

_READER = "Ada Lindqvist"
_CASE = "synthetic-1"
_DECIDED = (("smear-1.jpg", "benign"), ("smear-2.jpg", "pre_b"), ("smear-10.jpg", "unsure"))


def show_deciding(stage: Stage) -> None:
    """Three images of a case are decided, the last one just now and with a note."""
    begin_review(stage)
    for name, value in _DECIDED:
        decide(stage, f"{_CASE}/{name}", value)
    review = stage.window.controller.review
    review.note("smudge cells, better in the next field")
    stage.wait(lambda: bool(review.state.note), "the note is kept")


def show_blind(stage: Stage) -> None:
    """Blind reading: one image is decided, and the chosen one is not."""
    begin_review(stage)
    stage.window.controller.review.set_blind(True)
    decide(stage, f"{_CASE}/smear-1.jpg", "benign")
    stage.choose(f"{_CASE}/smear-2.jpg")


def show_marked(stage: Stage) -> None:
    """Every image is marked and a decision for all of them proposed, which is not confirmed yet."""
    begin_review(stage)
    stage.choose(f"{_CASE}/smear-1.jpg")
    stage.window.gallery.marked.mark_all()
    stage.window.review.panel.choose("benign")


def begin_review(stage: Stage) -> None:
    """A reader with a name."""
    review = stage.window.controller.review
    review.name_reader(_READER)
    stage.wait(lambda: review.reviewed.is_open, "the study's events are read")


def decide(stage: Stage, image: str, value: str) -> None:
    """Choose the image and decide it, once it is shown."""
    review = stage.window.controller.review
    stage.choose(image)
    review.decide(value)
    stage.wait(lambda: review.state.decision == value, f"{image} is decided")
