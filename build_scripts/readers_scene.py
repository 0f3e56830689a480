"""Readers of the demo images: cases, what they differ on, how well one reads, examples, and two images side by side."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget
from review_scene import begin_review, decide
from window_stage import Stage

from bloodsmear.images.decode import read_image_file
from bloodsmear.workflows.competence import score_reader
from bloodsmear.workflows.reference_images import add_reference
from desktop.gui.cases import CasesPage
from desktop.gui.dialogs import CompetencePage, ReferencesPage

_SECOND_READER, _THIRD_READER = "Bela Novak", "Chidi Obi"
_PAGE_PX = (1330, 560)
_COMPETENCE_PX = (860, 460)
# Of the folder's first images: the known label, and what the reader decides.
_KNOWN = (
    *(("Benign", "benign"), ("Pre", "pre_b"), ("Early", "pre_b"), ("Pro", "pro_b"), ("Benign", "benign")),
    *(
        ("Early", "early_pre_b"),
        ("Pro", "unsure"),
        ("Benign", "benign"),
        ("Pre", "pre_b"),
        ("Early", "early_pre_b"),
    ),
)
_EXAMPLES = (
    ("synthetic-1/smear-1.jpg", "benign"),
    ("synthetic-2/smear-1.jpg", "early_pre_b"),
    ("synthetic-1/smear-10.jpg", "pre_b"),
    ("synthetic-3/smear-1.jpg", "pro_b"),
)
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


def show_competence(stage: Stage) -> None:
    """What a reader named of images whose labels are known."""
    begin_review(stage)
    review, study = stage.window.controller.review, stage.window.controller.study
    review.set_blind(True)
    # The first one saw the answers before reading was blind.
    review.name_reader(_SECOND_READER)
    for image, (_, value) in zip(study.found, _KNOWN, strict=False):
        decide(stage, image, value)
    assert study.root is not None
    assert study.path is not None
    labelled = study.root.parent / "known"
    for image, (label, _) in zip(study.found, _KNOWN, strict=False):
        (labelled / label).mkdir(parents=True, exist_ok=True)
        shutil.copy(study.root / image, labelled / label / image.replace("/", " "))
    found = score_reader(study.path, labelled, review.reviewed.reader)
    stage.window.actions_by_name["competence"].trigger()
    (page,) = stage.window.findChildren(CompetencePage)
    page.show_score(found)
    page.resize(*_COMPETENCE_PX)
    stage.shown = page


def show_references(stage: Stage) -> None:
    """The laboratory's own examples of each label."""
    stage.choose(_DISPUTED)
    root = stage.window.controller.study.root
    assert root is not None
    # A name alone: the picture shows nothing of this PC.
    folder = Path("reference images")
    stage.window.preferences.change("reference_folder", str(folder))
    with contextlib.chdir(root.parent):
        for image, label in _EXAMPLES:
            content = read_image_file(root / image)
            add_reference(folder, root / image, hashlib.sha256(content).hexdigest(), label)
        stage.window.actions_by_name["references"].trigger()
        (page,) = stage.window.findChildren(ReferencesPage)
        (shown,) = page.findChildren(QListWidget)
        stage.shown = page
        stage.wait(
            lambda: (
                shown.count() == len(_EXAMPLES)
                and not any(shown.item(row).icon().isNull() for row in range(shown.count()))
            ),
            "the examples have their pictures",
        )
