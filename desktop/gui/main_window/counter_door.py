"""The way to the counter: what its keys count is kept in the open study, for its case and reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from bloodsmear.cells.names import BUILT_IN, OWN, NameSet, own_names
from bloodsmear.errors import ReviewError
from desktop.gui.cells import Counted, CounterPage, OwnNamesDialog, SetChoice
from desktop.gui.messages import Message, WayOut
from desktop.gui.preferences import Preferences
from desktop.gui.study import StudyController

_NO_STUDY = "No study is open. Open a folder first: what is counted is kept with its case."
_OF_THE_IMAGE = (
    "Nothing was changed: the counter is open, and in this window keys act on the whole image. Click on the counter "
    "to count on."
)


class CounterDoor(QObject):
    """Opens the counter over the window, and keeps it true to what is kept of its case. `said(Message)`: why a key did
    nothing.
    """

    said = Signal(Message)

    def __init__(self, controller: StudyController, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._preferences = preferences
        self._window = window
        self._page: CounterPage | None = None
        self._case = ""
        # Of these folders it is a case.
        self._folders: tuple[Path, ...] = ()
        # Until the reader says that keys in the window are meant for the image.
        self._counts = False
        controller.review.changed.connect(lambda _state: self._show())
        controller.review.refused.connect(self._say_problem)
        for changed in (controller.file.opened, controller.folder.begun):
            changed.connect(lambda *_: self._begin())

    def open(self, show_page: Callable[[QDialog], None]) -> None:
        """Show the counter, for the case of the chosen image."""
        page = CounterPage(self._window)
        page.set_target(int(self._preferences.settings.cells_to_count))
        keep_names(page.names, page.show_sets, self._preferences, page)
        page.counted.connect(self._count)
        page.taken_back.connect(lambda case: self._take_back(case, whole=False))
        page.all_taken_back.connect(lambda case: self._take_back(case, whole=True))
        page.case_chosen.connect(self._choose_case)
        page.target_chosen.connect(lambda number: self._preferences.change("cells_to_count", str(number)))
        page.finished.connect(lambda _code: self._forget(page))
        self._page, self._folders, self._counts = page, (), True
        self._begin()
        show_page(page)

    def lets_change(self) -> bool:
        """Whether a key that changes something is meant for the image. X counts a blast here, and N a neutrophil:
        who clicks on the picture while counting has the keys of the window.

        Who counts looks into the microscope, and the next cell may have the same key: so no second press means the
        image, a sound says that nothing was counted, and a button gives the keys to the image until a cell is counted.
        """
        if self._page is None or not self._counts:
            return True
        QApplication.beep()
        self.said.emit(
            Message("info", _OF_THE_IMAGE, WayOut("Keys for the image", self._let_image_have_keys))
        )
        return False

    def _let_image_have_keys(self) -> None:
        self._counts = False

    def _count(self, case: str, name: str) -> None:
        self._counts = True
        self._controller.review.act(lambda reviewing: reviewing.count_cell(case, name))

    def _begin(self) -> None:
        """Another study, or its images are known by now."""
        if self._page is None:
            return
        study = self._controller.study
        found = study.found
        cases = list(dict.fromkeys(each.case for each in found.values()))
        self._page.show_cases(cases)
        # Who looks into the microscope counts on for the same case, whatever had the study opened again.
        if found and (self._case not in cases or study.folders != self._folders):
            self._folders = study.folders
            chosen = found.get(self._controller.image.image or "")
            self._case = chosen.case if chosen is not None else next(iter(cases), "")
        self._show()

    def _choose_case(self, case: str) -> None:
        self._case = case
        self._show()

    def _show(self) -> None:
        if self._page is None:
            return
        reviewed = self._controller.review.reviewed
        events = reviewed.counted(self._case)
        counts = Counter(event.entry.decision for event in events)
        last = events[-1].entry.decision if events else ""
        hindrance = reviewed.hindrance(self._case) if self._controller.study.found else _NO_STUDY
        self._page.show_counted(Counted(self._case, counts, last, hindrance))

    def _take_back(self, case: str, whole: bool) -> None:
        self._controller.review.act(lambda reviewing: reviewing.take_back_count(case, whole))

    def _say_problem(self, sentence: str, _image: str) -> None:
        if self._page is not None:
            self._page.say_problem(sentence)

    def _forget(self, page: CounterPage) -> None:
        if self._page is page:
            self._page = None


def keep_names(
    choice: SetChoice,
    show: Callable[[Sequence[NameSet], str], None],
    preferences: Preferences,
    page: QWidget,
) -> None:
    """Show the sets of names with the one chosen last; keep another choice, and let the reader type their own."""

    def show_now() -> None:
        show(_name_sets(preferences), preferences.settings.cell_names)

    def keep_own(lines: tuple[str, ...]) -> None:
        preferences.change("own_cell_names", lines)
        preferences.change("cell_names", OWN)
        show_now()

    def ask() -> None:
        dialog = OwnNamesDialog(preferences.settings.own_cell_names, page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(keep_own)
        dialog.open()

    choice.chosen.connect(lambda chosen: preferences.change("cell_names", chosen))
    choice.own_wanted.connect(ask)
    show_now()


def _name_sets(preferences: Preferences) -> tuple[NameSet, ...]:
    """The built-in sets, and the reader's own where there is one that can be used."""
    try:
        return (*BUILT_IN, own_names(preferences.settings.own_cell_names))
    except ReviewError:
        return BUILT_IN
