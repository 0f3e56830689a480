"""Everything the reader can ask for: one row each, with its menu, words, what it does, keys, and when it can be asked.

The menus, the shortcuts, the keys over the window and the page of keys are drawn from the table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from bloodsmear.classifiers.label_set import OURS
from bloodsmear.review.decisions import BESIDE_LABELS, NOT_EVALUABLE, OTHER, UNSURE, decision_name
from bloodsmear.review.marks import MarkShape
from desktop.gui.classifiers import ClassifiersDoor
from desktop.gui.decision import LABELS_WITH_KEY
from desktop.gui.gallery import GalleryPanel
from desktop.gui.main_window.cases_door import CasesDoor
from desktop.gui.main_window.cell_gallery_door import CellGalleryDoor
from desktop.gui.main_window.colours_door import ColoursDoor
from desktop.gui.main_window.competence_door import CompetenceDoor
from desktop.gui.main_window.counter_door import CounterDoor
from desktop.gui.main_window.export_door import ExportDoor
from desktop.gui.main_window.held_key import HeldKey
from desktop.gui.main_window.list_column import ListColumn
from desktop.gui.main_window.pages import Pages
from desktop.gui.main_window.picture_door import PictureDoor
from desktop.gui.main_window.picture_room import PictureRoom
from desktop.gui.main_window.references_door import ReferencesDoor
from desktop.gui.main_window.review_desk import ReviewDesk
from desktop.gui.main_window.scale_door import ScaleDoor
from desktop.gui.messages import Message, WayOut
from desktop.gui.preferences import Preferences
from desktop.gui.reading import ReadingPanel
from desktop.gui.review_state import ReviewState
from desktop.gui.study import StudyController
from desktop.gui.teaching import TeachingDoor
from desktop.gui.theme import Mode
from desktop.gui.training import TrainingDoor
from desktop.gui.viewer import ViewerPanel


class AskedWindow(Protocol):
    """What the rows ask: the window, by its parts and by what it does itself."""

    controller: StudyController
    gallery: GalleryPanel
    list_column: ListColumn
    viewer: ViewerPanel
    reading: ReadingPanel
    review: ReviewDesk
    reports: ExportDoor
    scales: ScaleDoor
    cases: CasesDoor
    references: ReferencesDoor
    competence: CompetenceDoor
    cells: CellGalleryDoor
    counter: CounterDoor
    pictures: PictureDoor
    colours: ColoursDoor
    room: PictureRoom
    pages: Pages
    preferences: Preferences
    training: TrainingDoor
    classifiers: ClassifiersDoor
    teaching: TeachingDoor

    def choose_folder(self) -> None: ...
    def show_reports(self) -> None: ...
    def show_agreement(self) -> None: ...
    def choose_theme(self, mode: Mode) -> None: ...
    def toggle_keys(self) -> None: ...
    def change_keys(self) -> None: ...
    def close(self) -> bool: ...


_DRAWS = (
    "The mouse draws a mark, so nothing was decided or noted. Leave drawing (Esc), then press the key again."
)

Place = Literal["picture", "list"]
PLACES: tuple[Place, ...] = ("picture", "list")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to ask for: what it does (`do`) is asked of the window.

    `group` separates lines inside a menu; the first key is the one shown. `can`: whether it can be asked for now;
    `ticked`: whether it is on; `held`: told with True while the key is down, and with False when it is let go.
    `on`: in which right-click menus it stands besides; `of_marked`: where images are marked, it is done to all of them.
    """

    name: str
    menu: str
    group: int
    text: str
    do: Callable[[AskedWindow], object]
    keys: tuple[str, ...] = ()
    can: Callable[[AskedWindow], bool] | None = None
    ticked: Callable[[AskedWindow], bool] | None = None
    held: Callable[[AskedWindow, bool], object] | None = None
    on: tuple[Place, ...] = ()
    of_marked: bool = False


def _of_the_image(change: Callable[[AskedWindow], object]) -> Callable[[AskedWindow], object]:
    """Change something, unless its key may be meant for a cell: gallery and counter have the same keys."""

    def change_if_meant(w: AskedWindow) -> None:
        if w.cells.lets_change() and w.counter.lets_change():
            change(w)

    return change_if_meant


def _unless_drawing(change: Callable[[AskedWindow], object]) -> Callable[[AskedWindow], object]:
    """As `_of_the_image`, and not while the mouse draws: who types a mark's words would decide the image."""

    def change_if_none_is_drawn(w: AskedWindow) -> None:
        marks = w.viewer.marks
        if marks.tool is None:
            change(w)
        else:
            w.controller.said.emit(Message("info", _DRAWS, WayOut("Leave drawing", marks.leave)))

    return _of_the_image(change_if_none_is_drawn)


def _undo(w: AskedWindow) -> None:
    # In the gallery the same key may be meant for a name, and takes it back here, too.
    if w.counter.lets_change():
        w.controller.review.undo()


def _decide(choice: str) -> Callable[[AskedWindow], object]:
    return _unless_drawing(lambda w: w.review.panel.choose(choice))


def _decide_label(number: int) -> Callable[[AskedWindow], object]:
    return _unless_drawing(lambda w: w.review.choose_label(number))


def _draw(shape: MarkShape) -> Callable[[AskedWindow], object]:
    return lambda w: w.viewer.marks.toggle(shape)


def _draws(shape: MarkShape) -> Callable[[AskedWindow], bool]:
    return lambda w: w.viewer.marks.tool == shape


def _has_mark(w: AskedWindow) -> bool:
    return w.viewer.marks.chosen_mark is not None


def _label_row(number: int) -> Row:
    """1 to 9 and 0 for the first ten labels, with Alt for the next ten; more are chosen with the mouse."""
    key = f"{'Alt+' if number > 10 else ''}{number % 10}"
    which = ("first", "second", "third", "fourth")
    words = f"the {which[number - 1]} label" if number <= len(which) else f"label {number}"
    return Row(
        f"label_{number}",
        "Decision",
        1,
        f"Decide: {words}",
        _decide_label(number),
        (key,),
        on=PLACES,
        of_marked=True,
    )


def _has_theme(mode: Mode) -> Callable[[AskedWindow], bool]:
    return lambda w: w.preferences.settings.theme == mode


def _can_export(w: AskedWindow) -> bool:
    return w.controller.can_export


# One row, one line where it can be: it is found by one search, and read at a glance.
# fmt: off
ACTIONS: tuple[Row, ...] = (
    Row("open_folder", "File", 1, "Open folder…", lambda w: w.choose_folder(), ("Ctrl+O",)),
    Row("reports", "File", 2, "Export a report…", lambda w: w.show_reports(), ("Ctrl+P",), _can_export,
        on=("list",), of_marked=True),
    Row("export", "File", 2, "Export CSV…", lambda w: w.reports.save("images"), ("Ctrl+E",), _can_export),
    Row("export_cases", "File", 2, "Export CSV of the cases…", lambda w: w.reports.save("cases"), can=_can_export),
    Row("export_cells", "File", 2, "Export CSV of named cells…", lambda w: w.reports.save("cells"), can=_can_export),
    Row("export_differentials", "File", 2, "Export CSV of differentials…", lambda w: w.reports.save("differentials"),
        can=_can_export),
    Row("export_html", "File", 2, "Export HTML report…", lambda w: w.reports.save("html"), ("Ctrl+Shift+E",),
        can=_can_export),
    Row("export_marks", "File", 2, "Export marks for QuPath…", lambda w: w.reports.save("marks"), can=_can_export),
    Row("print", "File", 2, "Print the view…", lambda w: w.pictures.print_view(), ("Ctrl+Shift+P",), on=("picture",)),
    Row("classifiers", "File", 2, "Classifiers…", lambda w: w.classifiers.open(), ("Ctrl+L",)),
    Row("train", "File", 2, "Train a classifier…", lambda w: w.training.open(), ("Ctrl+T",)),
    Row("teach", "File", 2, "Teach a classifier…", lambda w: w.teaching.open(), ("Ctrl+Shift+T",)),
    Row("quit", "File", 3, "Quit", lambda w: w.close(), ("Ctrl+Q",)),
    Row("screen", "Images", 1, "Screen folder", lambda w: w.controller.screening.start(), ("F5",),
        can=lambda w: w.controller.can_screen),
    Row("watch", "Images", 1, "Watch this folder…", lambda w: w.reports.watch(), ("Shift+F5",),
        can=lambda w: w.controller.screening.can_watch),
    Row("stop", "Images", 1, "Stop screening or watching", lambda w: w.controller.screening.stop(), ("Esc",),
        can=lambda w: w.controller.screening.running),
    Row("next", "Images", 2, "Next image", lambda w: w.gallery.select_next(), ("J", "Down")),
    Row("previous", "Images", 2, "Previous image", lambda w: w.gallery.select_previous(), ("K", "Up")),
    Row("next_to_decide", "Images", 2, "Next image to decide", lambda w: w.gallery.select_next_to_decide(), ("T",)),
    Row("next_disputed", "Images", 2, "Next disputed image", lambda w: w.gallery.select_next_disputed(), ("Shift+T",)),
    Row("find", "Images", 2, "Find an image", lambda w: w.list_column.look_for_image(), ("Ctrl+F",)),
    Row("mark_all", "Images", 2, "Mark all images shown", lambda w: w.gallery.marked.mark_all(), ("Ctrl+A",),
        on=("list",), of_marked=True),
    Row("unmark", "Images", 2, "Unmark", lambda w: w.gallery.marked.unmark(), ("Ctrl+Shift+A",), on=("list",),
        of_marked=True),
    Row("cases", "Images", 2, "Cases…", lambda w: w.cases.open(w.pages.show), ("Ctrl+K",), _can_export),
    Row("copy_view", "Images", 3, "Copy the view", lambda w: w.pictures.copy_view(), ("Ctrl+C",), on=("picture",)),
    Row("copy_picture", "Images", 3, "Copy the picture", lambda w: w.pictures.copy_picture(), ("Ctrl+Shift+C",),
        on=PLACES),
    Row("copy_name", "Images", 3, "Copy the name", lambda w: w.pictures.copy_name(), ("Ctrl+Shift+N",), on=PLACES,
        of_marked=True),
    Row("save_view", "Images", 3, "Save view as…", lambda w: w.pictures.save_view(), ("Ctrl+S",), on=("picture",)),
    Row("show_in_folder", "Images", 3, "Show in folder", lambda w: w.pictures.show_in_folder(), ("Ctrl+Shift+F",),
        on=PLACES),
    Row("open_elsewhere", "Images", 3, "Open in another program", lambda w: w.pictures.open_elsewhere(),
        ("Ctrl+Shift+O",), on=PLACES),
    Row("clear_cache", "Images", 4, "Clear cached pictures", lambda w: w.controller.clear_cache()),
    *(_label_row(number) for number in range(1, LABELS_WITH_KEY + 1)),
    Row("unsure", "Decision", 1, "Decide: unsure", _decide(UNSURE), ("U",), on=PLACES, of_marked=True),
    Row("other", "Decision", 1, "Decide: other", _decide(OTHER), ("O",), on=PLACES, of_marked=True),
    Row("not_evaluable", "Decision", 1, "Decide: not evaluable", _decide(NOT_EVALUABLE), ("X",), on=PLACES,
        of_marked=True),
    Row("acknowledge", "Decision", 2, "Acknowledge as unreadable",
        _unless_drawing(lambda w: w.controller.review.acknowledge()), ("A",)),
    Row("confirm", "Decision", 2, "Confirm and next", _unless_drawing(lambda w: w.review.confirm()),
        ("Enter", "Return")),
    Row("note", "Decision", 2, "Note", _unless_drawing(lambda w: w.review.panel.begin_note()), ("N",)),
    Row("undo", "Decision", 2, "Undo", _undo, ("Ctrl+Z",)),
    Row("blind", "Decision", 3, "Blind reading", lambda w: w.review.toggle_blind(), ("Ctrl+B",),
        ticked=lambda w: w.review.panel.state.blind),
    Row("consensus", "Decision", 3, "Read for consensus", lambda w: w.controller.consensus.toggle(),
        ticked=lambda w: w.review.panel.state.for_consensus),
    Row("sign_off_case", "Decision", 4, "Sign off this case…", lambda w: w.review.sign_off(whole_study=False)),
    Row("sign_off_study", "Decision", 4, "Sign off the study…", lambda w: w.review.sign_off(whole_study=True)),
    Row("reopen_case", "Decision", 4, "Reopen this case…", lambda w: w.review.panel.begin_reopening(),
        can=lambda w: w.review.panel.state.can_reopen),
    Row("agreement", "Decision", 4, "Agreement of readers and classifiers…", lambda w: w.show_agreement()),
    Row("competence", "Decision", 4, "Competence set…", lambda w: w.competence.open(w.pages.show)),
    Row("cell_gallery", "Cells", 1, "Gallery of cells…", lambda w: w.cells.open(), ("Ctrl+Shift+D",)),
    Row("counter", "Cells", 1, "Counter…", lambda w: w.counter.open(w.pages.show), ("Ctrl+D",)),
    Row("cell_click", "Cells", 2, "A click adds or removes a cell", lambda w: w.controller.cells.toggle_clicking(),
        ("Shift+E",), ticked=lambda w: w.controller.cells.clicking),
    Row("fit", "View", 1, "Fit", lambda w: w.viewer.view_range.fit(), ("F", "Ctrl+0")),
    Row("one_to_one", "View", 1, "1:1", lambda w: w.viewer.view_range.one_to_one(), ("Z", "Ctrl+1")),
    Row("zoom_in", "View", 1, "Zoom in", lambda w: w.viewer.view_range.zoom_in(), ("+", "=", "Ctrl++", "Ctrl+=")),
    Row("zoom_out", "View", 1, "Zoom out", lambda w: w.viewer.view_range.zoom_out(), ("-", "Ctrl+-")),
    Row("original", "View", 2, "Original", lambda w: w.viewer.comparing.ask_for("original"), ("R",)),
    Row("both", "View", 2, "Compare", lambda w: w.viewer.comparing.ask_for("compare"), ("C", "S")),
    Row("wipe", "View", 2, "Wipe", lambda w: w.viewer.comparing.ask_for("wipe"), ("W",)),
    Row("blink", "View", 2, "Blink: the other picture", lambda w: w.viewer.comparing.ask_for("blink"), ("B",)),
    Row("difference", "View", 2, "Difference", lambda w: w.viewer.comparing.ask_for("difference"), ("D",)),
    Row("other_picture", "View", 2, "The other picture, while held", lambda _w: None, ("Space",),
        held=lambda w, on: w.viewer.comparing.show_other(on)),
    Row("pin", "View", 2, "Pin this image", lambda w: w.viewer.toggle_pinned(), ("P",),
        ticked=lambda w: bool(w.viewer.pinned.name), on=("picture",)),
    Row("references", "View", 2, "Reference images…", lambda w: w.references.open(w.pages.show), ("Ctrl+R",)),
    Row("map", "View", 2, "Map of the next classifier", lambda w: w.reading.map_choice.choose_next(), ("M",)),
    Row("cells", "View", 2, "Outlines of cells", lambda w: w.controller.cells.toggle(), ("E",),
        ticked=lambda w: w.controller.cells.wanted),
    Row("ruler", "View", 3, "Ruler", lambda w: w.viewer.ruler.toggle("line"), ("G",),
        ticked=lambda w: w.viewer.ruler.kind == "line"),
    Row("ruler_circle", "View", 3, "Ruler for circles", lambda w: w.viewer.ruler.toggle("circle"), ("Shift+G",),
        ticked=lambda w: w.viewer.ruler.kind == "circle"),
    Row("scale", "View", 3, "Scale…", lambda w: w.scales.open(w.pages.show), ("Ctrl+G",)),
    Row("information", "View", 3, "Image information", lambda w: w.scales.show_information(w.pages.show), ("Ctrl+I",),
        on=PLACES),
    Row("colours", "View", 4, "Colours for the eye…", lambda w: w.colours.open(w.pages.show), ("V",), on=("picture",)),
    Row("files_colours", "View", 4, "Colours of the file, and back", lambda w: w.viewer.colours.toggle(), ("Shift+V",),
        on=("picture",)),
    Row("channel", "View", 4, "Next single channel", lambda w: w.viewer.colours.next_channel(), ("Y",)),
    Row("invert", "View", 4, "Invert", lambda w: w.viewer.colours.invert(), ("I",),
        ticked=lambda w: w.viewer.colours.now.inverted),
    Row("white_balance", "View", 4, "White balance: click on glass", lambda w: w.colours.toggle_picking(), ("Shift+W",),
        ticked=lambda w: w.viewer.colours.is_picking),
    Row("magnifier", "View", 5, "Magnifier", lambda w: w.viewer.magnifier.toggle(), ("Q",),
        ticked=lambda w: w.viewer.magnifier.is_on),
    Row("overview", "View", 5, "Overview while zoomed in",
        lambda w: w.viewer.overview.set_wanted(not w.viewer.overview.is_wanted), ("Shift+Q",),
        ticked=lambda w: w.viewer.overview.is_wanted),
    Row("full_screen", "View", 5, "Full screen", lambda w: w.room.toggle_full_screen(), ("F11",),
        ticked=lambda w: w.room.is_full_screen),
    Row("picture_alone", "View", 5, "The picture alone", lambda w: w.room.toggle_alone(), ("H",),
        ticked=lambda w: w.room.is_alone),
    Row("second_window", "View", 5, "Second window", lambda w: w.room.toggle_second_window(), ("F12",),
        ticked=lambda w: w.room.has_second_window),
    Row("list", "View", 6, "Image list", lambda w: w.list_column.toggle(), ("L",),
        ticked=lambda w: not w.list_column.is_folded),
    Row("grid", "View", 6, "Images as a grid", lambda w: w.gallery.toggle_grid(), ("Shift+L",),
        ticked=lambda w: w.gallery.shape.is_grid),
    Row("smaller_thumbnails", "View", 6, "Smaller thumbnails", lambda w: w.gallery.resize_thumbnails(-1), (",",)),
    Row("larger_thumbnails", "View", 6, "Larger thumbnails", lambda w: w.gallery.resize_thumbnails(1), (".",)),
    Row("theme_light", "View", 7, "Light", lambda w: w.choose_theme("light"), ticked=_has_theme("light")),
    Row("theme_dark", "View", 7, "Dark", lambda w: w.choose_theme("dark"), ticked=_has_theme("dark")),
    Row("theme_system", "View", 7, "As the system", lambda w: w.choose_theme("system"), ticked=_has_theme("system")),
    Row("draw_arrow", "Marks", 1, "Arrow", _draw("arrow"), ("Shift+A",), ticked=_draws("arrow"), on=("picture",)),
    Row("draw_circle", "Marks", 1, "Circle", _draw("circle"), ("Shift+C",), ticked=_draws("circle"), on=("picture",)),
    Row("draw_box", "Marks", 1, "Box", _draw("box"), ("Shift+B",), ticked=_draws("box"), on=("picture",)),
    Row("draw_point", "Marks", 1, "Point", _draw("point"), ("Shift+P",), ticked=_draws("point"), on=("picture",)),
    Row("draw_text", "Marks", 1, "Text", _draw("text"), ("Shift+X",), ticked=_draws("text"), on=("picture",)),
    Row("keep_length", "Marks", 2, "Keep the measured length", lambda w: w.viewer.keep_length(), ("Shift+K",),
        can=lambda w: bool(w.viewer.ruler.measured), on=("picture",)),
    Row("mark_words", "Marks", 2, "Words of the mark…", lambda w: w.viewer.marks.ask_for_words(), ("Shift+N",),
        can=_has_mark, on=("picture",)),
    Row("erase_mark", "Marks", 2, "Erase the mark", _of_the_image(lambda w: w.viewer.marks.erase()), ("Del",),
        _has_mark, on=("picture",)),
    Row("hide_marks", "Marks", 3, "Hide marks", lambda w: w.viewer.marks.toggle_hidden(), ("Shift+H",),
        ticked=lambda w: w.viewer.marks.hidden),
    Row("guide", "Help", 1, "Guide", lambda w: w.pages.show_guide()),
    Row("keys", "Help", 1, "Keys", lambda w: w.toggle_keys(), ("F1", "?")),
    Row("change_keys", "Help", 1, "Change keys…", lambda w: w.change_keys()),
    Row("about", "Help", 2, "About Bloodsmear", lambda w: w.pages.show_about()),
)
# fmt: on


def build_actions(window: QWidget, asked: AskedWindow) -> dict[str, QAction]:
    """One QAction per row, added to the window so that its keys work."""
    actions: dict[str, QAction] = {}
    for row in ACTIONS:
        action = QAction(row.text, window)
        action.setObjectName(row.name)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setCheckable(row.ticked is not None)
        # The signal's `checked` is dropped: the part that is asked says what is on.
        action.triggered.connect(lambda _checked=False, row=row: row.do(asked))
        if row.held is not None:
            HeldKey(action, partial(row.held, asked), window)
        window.addAction(action)
        actions[row.name] = action
    show_review(actions, ReviewState())
    return actions


def show_standing(actions: Mapping[str, QAction], asked: AskedWindow) -> None:
    """Let the reader ask only for what can be done now, and tick what is on."""
    for row in ACTIONS:
        if row.can is not None:
            actions[row.name].setEnabled(row.can(asked))
        if row.ticked is not None:
            actions[row.name].setChecked(row.ticked(asked))


def show_review(actions: Mapping[str, QAction], state: ReviewState) -> None:
    """Call the decisions by the open study's labels, by number before one is open."""
    labels = [choice for choice in state.choices if choice not in BESIDE_LABELS]
    there = len(labels) or len(OURS.labels)
    for place, row in enumerate(row for row in ACTIONS if row.name.startswith("label_")):
        action = actions[row.name]
        action.setText(
            f"Decide: {decision_name(labels[place], state.names)}" if place < len(labels) else row.text
        )
        # A study of two labels has no third.
        action.setVisible(place < there)
