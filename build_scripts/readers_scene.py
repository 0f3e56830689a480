"""Several readers of the demo images: their cases, what they differ on, and two images side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from review_scene import begin_review, decide
from window_stage import Stage

from desktop.gui.cases import CasesPage

_SECOND_READER, _THIRD_READER = "Bela Novak", "Chidi Obi"
_PAGE_PX = (1160, 560)
_FIRST, _DISPUTED = "synthetic-1/smear-1.jpg", "synthetic-1/smear-2.jpg"


def show_cases_page(stage: Stage) -> None:
    """The table of cases, and one with what is decided of it."""
    begin_review(stage)
    for image, value in ((_FIRST, "benign"), (_DISPUTED, "pre_b")):
        decide(stage, image, value)
    stage.window.actions_by_name["cases"].trigger()
    (page,) = stage.window.findChildren(CasesPage)
    page.resize(*_PAGE_PX)
    stage.shown = page
    stage.wait(lambda: page.table.rowCount() > 0, "the cases are read")
    images = page.grid.images
    role = Qt.ItemDataRole.DecorationRole

    def is_painted() -> bool:
        pictures = [images.index(row).data(role).pixmap(96, 72).toImage() for row in range(images.rowCount())]
        return all(picture.pixelColor(picture.rect().center()).alpha() for picture in pictures)

    stage.wait(is_painted, "the small pictures are there")


def show_consensus(stage: Stage) -> None:
    """A third reader has decided alone, and sees what the two others decided."""
    begin_review(stage)
    decide(stage, _DISPUTED, "pre_b")
    review = stage.window.controller.review
    for reader, value in ((_SECOND_READER, "early_pre_b"), (_THIRD_READER, "pre_b")):
        review.name_reader(reader)
        stage.wait(lambda: not review.state.decision, "this reader has decided nothing")
        if reader == _THIRD_READER:
            stage.window.actions_by_name["consensus"].trigger()
            stage.wait(lambda: review.state.disputed, "the image is disputed")
        decide(stage, _DISPUTED, value)
    stage.wait(lambda: review.state.settles, "the others' decisions are seen")
    stage.window.message_bar.hide()


def show_pinned(stage: Stage) -> None:
    """An image is pinned beside the one that is looked at."""
    stage.choose(_FIRST)
    stage.window.actions_by_name["pin"].trigger()
    stage.window.gallery.select(_DISPUTED)
    # Nothing is denoised meanwhile, which `choose` would wait for.
    image = stage.window.controller.image
    stage.wait(lambda: image.image == _DISPUTED and image.shown is not None, "the other image is shown")
