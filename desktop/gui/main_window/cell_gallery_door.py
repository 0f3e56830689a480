"""The way to the gallery of cells: what is named there is kept in the open study, and seen in its image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from bloodsmear.cells.reader_cells import CellPlace, ReaderCell
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ImageRecord
from desktop.gui.cells import CellGalleryPage, Scope
from desktop.gui.gallery import GalleryPanel
from desktop.gui.main_window.counter_door import keep_names
from desktop.gui.messages import Message, WayOut
from desktop.gui.placing import fit_page
from desktop.gui.preferences import Preferences
from desktop.gui.study import StudyController
from desktop.gui.theme import Tokens
from desktop.gui.viewer import ViewerPanel

if TYPE_CHECKING:  # what keeps cells is not needed for the first picture
    from collections.abc import Mapping

    from bloodsmear.images.region import Region
    from bloodsmear.reports.cell_report import ImageCells
    from bloodsmear.workflows.cell_suggestions import Suggester, Suggestion

_NO_STUDY = "No study is open. Open a folder first."
_NO_AUDIT = "No audit set is drawn. `bloodsmear audit STUDY --draw --reader NAME` draws one."
_NOTHING_SAID = "Of the audit set's cells no classifier says anything, so they stand by image."
_OF_THE_IMAGE = (
    "Nothing was changed: here keys decide about the whole image, and cells are named in the gallery. Press the key "
    "once more if the image is meant."
)


class CellGalleryDoor(QObject):
    """Opens the gallery beside the window and keeps it true to the study. `said(Message)`: why a key did nothing."""

    said = Signal(Message)

    def __init__(
        self,
        controller: StudyController,
        preferences: Preferences,
        viewer: ViewerPanel,
        gallery: GalleryPanel,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._preferences = preferences
        self._viewer = viewer
        self._gallery = gallery
        self._window = window
        self._tokens: Tokens | None = None
        self.page: CellGalleryPage | None = None
        self._scope: Scope = "case"
        # What is shown: the image, or the case, or the study.
        self._shown: tuple[str, ...] = ()
        self._unreadable = 0
        # Which classifier may sort the cells.
        self._suggester: Suggester | None = None
        # Blind or not, and which audit set: what may be seen of suggestions hangs on it.
        self._seen_under = (False, 0)
        # The image to which the gallery has led, until a key was pressed there that changes something.
        self._led_to = ""
        self._wire()

    def open(self) -> None:
        """Show the gallery as it was left, in front of the window."""
        if self.page is None:
            self.page = self._make_page()
            self._begin()
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def show_cell(self, cell: CellPlace) -> None:
        """Show a cell in its image, from near by and framed, with the outlines of all."""
        self._led_to = cell.image
        self._viewer.point_at(cell.image, cell.box)
        self._gallery.select(cell.image)
        if not self._controller.cells.wanted:
            self._controller.cells.toggle()
        self._window.raise_()
        self._window.activateWindow()

    def lets_change(self) -> bool:
        """Whether a key that changes something is meant for the image. X names a blast in the gallery, and N a
        neutrophil: the first one after the gallery has led to a cell may be meant for that cell, and is asked about.
        """
        led_here = bool(self._led_to) and self._led_to == self._controller.image.image
        self._led_to = ""
        if led_here:
            self.said.emit(Message("info", _OF_THE_IMAGE, WayOut("Back to the gallery", self.open)))
        return not led_here

    def close(self) -> None:
        """The window closes."""
        if self.page is not None:
            self.page.close()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        if self.page is not None:
            self.page.set_tokens(tokens)

    def _make_page(self) -> CellGalleryPage:
        assert self._tokens is not None
        page = CellGalleryPage(self._tokens, self._window)
        page.choose_scope(self._scope)
        keep_names(page.names, page.show_sets, self._preferences, page)
        review = self._controller.review
        page.names_wanted.connect(
            lambda cells, name: review.act(lambda reviewing: reviewing.name_cells(cells, name))
        )
        page.note_wanted.connect(
            lambda cells, text: review.act(lambda reviewing: reviewing.note_cells(cells, text))
        )
        page.removal_wanted.connect(lambda cells: review.act(lambda reviewing: reviewing.remove_cells(cells)))
        page.undo_wanted.connect(lambda: review.undo(of_cells=True))
        page.cell_wanted.connect(self.show_cell)
        page.scope_chosen.connect(self._choose_scope)
        page.suggestions_wanted.connect(self._ask_suggester)
        page.model.crops_wanted.connect(self._want_crops)
        self._controller.cell_gallery.progressed.connect(page.show_progress)
        self._controller.cell_gallery.crops_ready.connect(page.model.put_crops)
        fit_page(page)
        return page

    def _wire(self) -> None:
        controller, gallery = self._controller, self._controller.cell_gallery
        gallery.found.connect(self._take)
        gallery.ended.connect(self._end)
        gallery.failed.connect(self._say_problem)
        gallery.suggester_known.connect(self._take_suggester)
        gallery.suggested.connect(self._take_suggestions)
        gallery.all_suggested.connect(self._end_suggestions)
        controller.review.refused.connect(lambda sentence, _image: self._say_problem(sentence))
        controller.review.mark_changed.connect(lambda image, _mark: self._say(image))
        controller.review.marks_changed.connect(lambda _marks: self._say_all())
        controller.review.changed.connect(lambda _state: self._follow_review())
        controller.image.loading.connect(lambda _image: self._follow())
        controller.records_changed.connect(self._compare)
        controller.folder.begun.connect(lambda _name: self._leave())
        controller.folder.finished.connect(lambda _others: self._begin())
        controller.file.camera_bits_found.connect(self._begin)

    # ---- which cells

    def _choose_scope(self, scope: str) -> None:
        self._scope = cast("Scope", scope)
        self._begin()

    def _wanted(self) -> tuple[tuple[str, ...], list[FoundImage]]:
        found = self._controller.study.found
        chosen = found.get(self._controller.image.image or "")
        if self._scope == "audit":
            audit = self._controller.review.reviewed.audit
            drawn = audit.names if audit is not None else frozenset()
            return ("audit", *sorted(drawn)), [each for each in found.values() if each.image in drawn]
        if self._scope == "study" or chosen is None:
            return ("study",), list(found.values())
        if self._scope == "image":
            return ("image", chosen.image), [chosen]
        return ("case", chosen.case), [each for each in found.values() if each.case == chosen.case]

    def _follow(self) -> None:
        """Another image was chosen: of another case perhaps."""
        if self.page is not None and self._wanted()[0] != self._shown:
            self._begin()

    def _begin(self) -> None:
        if self.page is None:
            return
        self._shown, images = self._wanted()
        self._unreadable = 0
        if not images:
            self._leave(_NO_STUDY if self._scope != "audit" else _NO_AUDIT)
            return
        self.page.begin()
        self._show_hindrance()
        self._controller.cell_gallery.begin(images)
        self._controller.cell_gallery.look_for_suggester()

    def _leave(self, why: str = _NO_STUDY) -> None:
        """There is nothing to show: nothing of what was shown before may stay, nor come after it."""
        self._controller.cell_gallery.forget()
        if self.page is not None:
            self.page.show_nothing(why)

    # ---- what a classifier of cells says: to sort by

    def _take_suggester(self, suggester: Suggester | None) -> None:
        self._suggester = suggester
        self._offer_suggestions()

    def _offer_suggestions(self) -> None:
        if self.page is not None:
            blind = self._controller.review.reviewed.wishes_blind
            self.page.offer_suggestions("" if self._suggester is None or blind else self._suggester.name)

    def _ask_suggester(self) -> None:
        from bloodsmear.workflows.cell_suggestions import CellsToAsk

        page = self.page
        if page is None or self._suggester is None:
            return
        asked = []
        for image in page.model.images_to_ask():
            cells, found = page.model.cells_of(image), self._controller.study.found.get(image)
            if cells is not None and found is not None and self._may_suggest(image):
                boxes = tuple(page.model.boxes_of(image))
                asked.append(CellsToAsk(found, boxes, cells.red_cell_px, cells.sha256))
        if self._scope == "audit":
            page.say_problem(_NOTHING_SAID)
        self._controller.cell_gallery.want_suggestions(self._suggester, asked)

    def _take_suggestions(self, of_image: tuple[str, Mapping[Region, Suggestion]]) -> None:
        image, said = of_image
        if self.page is not None and self._may_suggest(image):
            self.page.model.put_suggestions(image, said)

    def _may_suggest(self, image: str) -> bool:
        """Whether what a classifier says of the image's cells may be seen: never blind, nor of an audit set's image.

        That others of its images are still to be decided hides nothing here: it is measured on its own images alone.
        """
        reviewed = self._controller.review.reviewed
        is_drawn = reviewed.audit is not None and image in reviewed.audit.names
        return not reviewed.wishes_blind and not is_drawn

    def _end_suggestions(self) -> None:
        if self.page is not None:
            self.page.show_suggestions()

    def _follow_review(self) -> None:
        """Another reader, another image, blind reading or an audit set: what may be named and seen follows."""
        self._show_hindrance()
        reviewed = self._controller.review.reviewed
        seen = reviewed.wishes_blind, 0 if reviewed.audit is None else reviewed.audit.act
        if seen != self._seen_under:
            self._seen_under = seen
            if self.page is not None:
                self.page.offer_suggestions("")
            self._offer_suggestions()
            if self._scope == "audit":
                self._begin()

    # ---- what comes

    def _take(self, made: object) -> None:
        from bloodsmear.workflows.cell_gallery import GalleryImage

        page = self.page
        assert isinstance(made, GalleryImage)
        if page is None or made.cells.image not in self._controller.study.found:
            return
        if made.cells.error:
            self._unreadable += 1
        if made.crops:
            page.model.put_crops(made.cells.image, made.crops)
        page.model.put(made.cells, self._said_of(made.cells))

    def _end(self) -> None:
        if self.page is not None:
            self.page.end(self._unreadable, self._controller.review.reviewed.is_open)

    def _say_problem(self, sentence: str) -> None:
        if self.page is not None:
            self.page.say_problem(sentence)

    def _want_crops(self, image: str) -> None:
        if self.page is not None and (cells := self.page.model.cells_of(image)) is not None:
            self._controller.cell_gallery.want_crops(cells, self.page.model.boxes_of(image))

    def _say(self, image: str) -> None:
        if self.page is not None and (cells := self.page.model.cells_of(image)) is not None:
            self.page.model.say({image: self._said_of(cells)})

    def _said_of(self, cells: ImageCells) -> tuple[ReaderCell, ...]:
        # In the audit set what was named before the draw has to be named anew, and stands there without a name.
        audit = self._controller.review.reviewed.audit
        since = audit.act if audit is not None and self._scope == "audit" else 0
        return self._controller.review.reviewed.cells(cells.image, cells.sha256, since)

    def _compare(self, records: Sequence[ImageRecord]) -> None:
        """Images were read: where the bytes are not those in which cells were found, they are found anew."""
        if self.page is not None and any(map(self._has_other_bytes, records)):
            self._begin()

    def _has_other_bytes(self, record: ImageRecord) -> bool:
        cells = self.page.model.cells_of(record.image) if self.page is not None else None
        return cells is not None and "" != cells.sha256 != record.sha256 != ""

    def _say_all(self) -> None:
        if self.page is not None:
            model, found = self.page.model, self._controller.study.found
            shown = [
                cells for name in model.image_names() if name in found and (cells := model.cells_of(name))
            ]
            model.say({cells.image: self._said_of(cells) for cells in shown})
            if self.page.lacks_names:
                self._end()

    def _show_hindrance(self) -> None:
        if self.page is not None and self._controller.study.found:
            chosen = self._controller.study.found.get(self._controller.image.image or "")
            is_of_it = self._scope in ("image", "case")
            case = chosen.case if chosen is not None and is_of_it else ""
            self.page.set_hindrance(self._controller.review.reviewed.hindrance(case))
