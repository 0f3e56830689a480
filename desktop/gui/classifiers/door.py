"""The way to the classifiers page: made when it is first opened, and wired to the controller of the classifiers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from bloodsmear.adding.typed_words import NETWORK_ENDINGS
from desktop.gui.classifiers.controller import ClassifiersController
from desktop.gui.classifiers.page import ClassifiersPage
from desktop.gui.placing import fit_page
from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles, not_opened_words

# By the name alone: a network drive that does not answer must not hold up the window.
_CLASSIFIER_ENDINGS = (*NETWORK_ENDINGS, ".zip")


class ClassifiersDoor(QObject):
    """Opens the page over the window `over`. What is to be compared is kept; `load_anew` lets the study use it at once.

    It takes a classifier's file out of what was dropped on the window: `others_dropped(paths)` where there is none,
    `complained(sentence)` where it can neither be added nor opened.
    """

    others_dropped = Signal(list)
    complained = Signal(str)

    def __init__(
        self,
        controller: ClassifiersController,
        preferences: Preferences,
        ask: AskFiles,
        load_anew: Callable[[], None],
        over: QWidget,
    ) -> None:
        super().__init__(over)
        self.controller = controller
        self.page: ClassifiersPage | None = None
        self._preferences = preferences
        self._ask = ask
        self._load_anew = load_anew
        self._over = over
        self._start = Path.home()
        controller.use_wanted.connect(self._use)

    def open(self) -> None:
        """Show the page as it was left, in front of the window."""
        if self.page is None:
            self.page = self._make_page()
        self.controller.look_around()
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def take_dropped(self, dropped: Sequence[Path]) -> None:
        """Add a classifier's file that was dropped on the window; hand on what holds none."""
        files = [path for path in dropped if path.suffix.lower() in _CLASSIFIER_ENDINGS]
        if not dropped:
            # The other program ended before it had handed over what was dragged.
            self.complained.emit(
                "Nothing of what was dropped has arrived. Drop it again, or press Open folder…."
            )
        elif not files:
            self.others_dropped.emit(list(dropped))
        elif len(dropped) > 1:
            self.complained.emit(
                f"{files[0].name} is a classifier's file. Drop it alone, so that it can be added; images are dropped "
                "by themselves."
            )
        else:
            self.open()
            self.controller.add(files[0])

    def close(self) -> bool:
        """Close the page and end what is under way. Says whether every thread ended."""
        if self.page is not None:
            self.page.close()
        return self.controller.close()

    def _make_page(self) -> ClassifiersPage:
        controller = self.controller
        page = ClassifiersPage(controller.state, self._over)
        controller.changed.connect(page.show_state)
        page.add_wanted.connect(controller.add)
        overview, form, offers, details = page.overview, page.form, page.offers, page.overview.details
        overview.use_wanted.connect(controller.use)
        overview.add_file_wanted.connect(lambda: self._choose(self._ask.classifier_file))
        overview.add_folder_wanted.connect(lambda: self._choose(self._ask.classifier_folder))
        details.verify_wanted.connect(controller.verify)
        details.order_wanted.connect(
            lambda one: self._choose_labelled(lambda folder: controller.try_order(one, folder))
        )
        details.remove_wanted.connect(controller.remove)
        details.page_wanted.connect(self._open_evaluation)
        form.add_wanted.connect(controller.add)
        form.back_wanted.connect(controller.put_file_away)
        form.folder_wanted.connect(lambda: self._choose_labelled(controller.check_on))
        form.no_folder_wanted.connect(lambda: controller.check_on(None))
        offers.download_wanted.connect(controller.add)
        for view in (overview, form, offers):
            view.messages.stop_wanted.connect(controller.stop)
            view.messages.replace_wanted.connect(controller.replace_taken)
            view.messages.keep_wanted.connect(controller.keep_present)
        fit_page(page)
        return page

    def _open_evaluation(self, page: Path) -> None:
        if not self._ask.open_file(page):
            self.controller.complain(not_opened_words(page))

    def _choose(self, ask: Callable[[QWidget, Path], Path | None]) -> None:
        source = ask(self.page or self._over, self._start)
        if source is not None:
            self._start = source.parent
            self.controller.add(source)

    def _choose_labelled(self, use: Callable[[Path], None]) -> None:
        folder = self._ask.labelled_folder(self.page or self._over, self._start)
        if folder is not None:
            use(folder)

    def _use(self, ids: tuple[str, ...]) -> None:
        self._preferences.change("default_classifiers", ids)
        self._load_anew()
