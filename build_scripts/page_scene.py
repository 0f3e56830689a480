"""The map, the list in another order, and the pages beside the window, on the screened demo images."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QDialog, QLabel, QTableWidget
from review_scene import begin_review, decide
from window_stage import Stage

from bloodsmear.images.shown_colours import ShownColours
from bloodsmear.review.marks import DrawnShape
from desktop.gui.dialogs import AgreementDialog, ExportDialog, InformationDialog, KeysDialog, ScaleDialog
from desktop.gui.gallery import ListArrangement, ListShape
from desktop.gui.main_window.menus import ImageMenu
from desktop.gui.theme.wrapped_text import WrappedText
from desktop.gui.viewer.colours_page import ColoursPage
from desktop.gui.viewer.marks import Marks

Page = TypeVar("Page", bound=QDialog)

_MANY_CELLS = "synthetic-3/smear-1.jpg"
_CHOSEN, _WITH_A_BAR = "synthetic-1/smear-2.jpg", "synthetic-1/smear-1.jpg"
# Of the drawn images: a nucleus, from edge to edge.
_UM_PER_PX, _NUCLEUS_PX = 0.1, ((374.0, 690.0), (497.0, 690.0))
_SIZE_PX = (1024, 768)
_DRAWN = (
    DrawnShape("circle", ((365.0, 690.0), (505.0, 690.0)), _SIZE_PX, "lobes"),
    DrawnShape("arrow", ((590.0, 250.0), (445.0, 130.0)), _SIZE_PX, "a second one"),
    DrawnShape("box", ((700.0, 420.0), (890.0, 560.0)), _SIZE_PX),
)
_SECOND_READER = "Bela Novak"
# Of the first case; the second reader sees two of them otherwise.
_FIRST_DECISIONS = ("benign", "pre_b", "pre_b", "pro_b", "early_pre_b", "benign")
_SECOND_DECISIONS = ("benign", "pre_b", "early_pre_b", "pro_b", "early_pre_b", "unsure")


def show_order(stage: Stage) -> None:
    """The list under the headings of its labels, the least certain image of each first."""
    stage.window.gallery.choices.set_arrangement(ListArrangement("uncertainty", "label"))
    stage.choose(_CHOSEN)


def show_grid(stage: Stage) -> None:
    """The list as a grid, wider than usual."""
    window = stage.window
    window.columns.setSizes([430, 636, 300])
    window.gallery.set_shape(ListShape(is_grid=True, size="medium"))
    stage.choose(_CHOSEN)


def show_map(stage: Stage) -> None:
    """Where the second classifier looked."""
    laid: list[str] = []
    stage.window.controller.looking.ready.connect(lambda image, *_: laid.append(image))
    stage.choose(_CHOSEN)
    for _ in range(2):
        stage.window.actions_by_name["map"].trigger()
    stage.wait(lambda: _CHOSEN in laid, "the map is laid over the image")


def show_cells(stage: Stage) -> None:
    """The outlines of an image's cells, with their count."""
    outlined: list[str] = []
    stage.window.controller.cells.found.connect(lambda image, _found: outlined.append(image))
    stage.choose(_MANY_CELLS)
    stage.window.actions_by_name["cells"].trigger()
    stage.wait(lambda: _MANY_CELLS in outlined, "the cells are outlined")


def show_agreement(stage: Stage) -> None:
    """Two readers and two classifiers, compared."""
    begin_review(stage)
    _decide_all(stage, _FIRST_DECISIONS)
    review = stage.window.controller.review
    review.name_reader(_SECOND_READER)
    stage.wait(lambda: not review.state.decision, "the second reader has decided nothing")
    _decide_all(stage, _SECOND_DECISIONS)
    page = _open(stage, "agreement", AgreementDialog)
    stage.wait(lambda: "Comparing…" not in _words(page), "the figures are there")


def show_reports(stage: Stage) -> None:
    """The page of reports, with the first rows."""
    begin_review(stage)
    decide(stage, _CHOSEN, "pre_b")
    page = _open(stage, "reports", ExportDialog)
    table = page.findChild(QTableWidget)
    stage.wait(lambda: table is not None and table.rowCount() > 0, "the first rows are there")


def show_scale(stage: Stage) -> None:
    """A nucleus under the ruler, the bar of the program's own, and the page on which the scale was set."""
    stage.choose(_CHOSEN)
    scales, ruler = stage.window.controller.scales, stage.window.viewer.ruler
    stage.wait(lambda: not scales.hindrance, "the study is open")
    scales.set(_UM_PER_PX, "typed", for_folder=False)
    stage.wait(lambda: scales.um_per_px == _UM_PER_PX, "the scale is kept")
    ruler.toggle("circle")
    ruler.begin(QPointF(*_NUCLEUS_PX[0]))
    ruler.move(QPointF(*_NUCLEUS_PX[1]))


def show_marks(stage: Stage) -> None:
    """What a reader drew on an image."""
    begin_review(stage)
    stage.choose(_CHOSEN)
    marks, shown = stage.window.controller.marks, stage.window.viewer.marks
    for number, drawn in enumerate(_DRAWN, 1):
        marks.draw(_CHOSEN, drawn, 0)
        stage.wait(partial(_has_marks, shown, number), "the mark is kept")


def show_scale_page(stage: Stage) -> None:
    """The page on which the scale is set."""
    show_scale(stage)
    stage.window.viewer.ruler.leave()
    stage.choose(_WITH_A_BAR)
    page = _open(stage, "scale", ScaleDialog)
    stage.wait(
        lambda: "Looking for" not in " ".join(one.text() for one in page.findChildren(QLabel)), "the bar"
    )


def show_colours(stage: Stage) -> None:
    """The page of the colours for the eye: more contrast, and white glass."""
    stage.choose(_CHOSEN)
    stage.window.viewer.colours.set(ShownColours(brightness=-6, contrast=24, glass=(232, 224, 236)))
    _open(stage, "colours", ColoursPage)


def show_information(stage: Stage) -> None:
    """What the chosen image's file says of itself."""
    show_scale(stage)
    page = _open(stage, "information", InformationDialog)
    stage.wait(lambda: any("sha256" in words.lower() for words in _words(page)), "the file is read")
    root = stage.window.controller.study.root
    assert root is not None
    for value in page.findChildren(WrappedText):
        # Nothing of this PC.
        if value.text().startswith(str(root.parent)):
            value.say(value.text().replace(str(root.parent), "…"))


def show_image_menu(stage: Stage) -> None:
    """The right-click menu of the list where several images are marked."""
    stage.choose(_CHOSEN)
    window = stage.window
    window.gallery.marked.mark_all()
    window.gallery.menu_wanted.emit(QPoint(300, 300))
    stage.shown = next(menu for menu in window.gallery.findChildren(ImageMenu) if menu.isVisible())


def show_overview(stage: Stage) -> None:
    """A part of the image, the whole of it small in the corner."""
    stage.choose(_CHOSEN)
    window = stage.window
    for action in ("original", "one_to_one", "zoom_in", "zoom_in"):
        window.actions_by_name[action].trigger()
    window.viewer.view_range.go_to(QPointF(*_NUCLEUS_PX[0]))


def show_key_overlay(stage: Stage) -> None:
    """All keys over the window."""
    stage.choose(_CHOSEN)
    stage.window.actions_by_name["keys"].trigger()


def show_keys(stage: Stage) -> None:
    """The page on which keys are changed."""
    _open(stage, "change_keys", KeysDialog)


def _decide_all(stage: Stage, decisions: tuple[str, ...]) -> None:
    for image, value in zip(stage.window.controller.study.found, decisions, strict=False):
        decide(stage, image, value)


def _has_marks(marks: Marks, number: int) -> bool:
    return len(marks.shown) == number


def _open(stage: Stage, action: str, kind: type[Page]) -> Page:
    stage.window.actions_by_name[action].trigger()
    page = stage.window.findChild(kind)
    assert isinstance(page, kind)
    stage.shown = page
    return page


def _words(page: QDialog) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]
