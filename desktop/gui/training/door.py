"""The way to the training page: made when it is first opened, and wired to the controller of training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bloodsmear import paths
from desktop.gui.placing import fit_page
from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles, not_opened_words
from desktop.gui.theme import Tokens
from desktop.gui.training.controller import TrainingController
from desktop.gui.training.state import FolderLabel, OwnLabel

if TYPE_CHECKING:  # with it would come pyqtgraph, 0.4 s before the window stands (docs/adr/0004)
    from desktop.gui.training.page import TrainingPage


class TrainingDoor(QObject):
    """Opens the page over the window `over`; what the page asks for reaches the controller, the kept Python too."""

    def __init__(
        self, controller: TrainingController, preferences: Preferences, ask: AskFiles, over: QWidget
    ) -> None:
        super().__init__(over)
        self.controller = controller
        self.page: TrainingPage | None = None
        self._preferences = preferences
        self._ask = ask
        self._over = over
        self._tokens: Tokens | None = None
        controller.use_python(preferences.settings.training_python)

    def open(self) -> None:
        """Show the page as it was left, in front of the window."""
        if self.page is None and self._tokens is not None:
            self.page = self._make_page(self._tokens)
        if self.page is None:
            return
        self.controller.look_around()
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        if self.page is not None:
            self.page.set_tokens(tokens)

    def close(self) -> bool:
        """Close the page and end what is under way. Says whether every thread ended."""
        if self.page is not None:
            self.page.close()
        return self.controller.close()

    def _make_page(self, tokens: Tokens) -> TrainingPage:
        from desktop.gui.training.page import TrainingPage

        controller = self.controller
        page = TrainingPage(controller.state, tokens, self._over)
        controller.changed.connect(page.show_state)
        page.choice_wanted.connect(controller.choose_again)
        data, choice, fit, outcome = page.data_step, page.choice_step, page.fit_step, page.outcome_step
        data.folder_wanted.connect(self._choose_folder)
        data.study_wanted.connect(self._choose_study)
        data.labels_wanted.connect(self._look_again)
        data.put_away_wanted.connect(controller.put_away)
        choice.python_wanted.connect(self._choose_python)
        choice.own_program_wanted.connect(lambda: self._use_python(""))
        choice.file_wanted.connect(self._choose_file)
        choice.keep_wanted.connect(self._choose_kept)
        choice.keep_nothing_wanted.connect(lambda: controller.keep_images(None))
        choice.start_wanted.connect(controller.start)
        fit.stop_wanted.connect(controller.keep_best)
        fit.way_out_wanted.connect(controller.take_way_out)
        fit.best_wanted.connect(controller.keep_best)
        outcome.install_wanted.connect(controller.install)
        outcome.page_wanted.connect(self._open_evaluation)
        for step in (data, fit):
            step.go_on_wanted.connect(controller.go_on)
        for leaving in (fit, outcome):
            leaving.anew_wanted.connect(controller.begin_anew)
        fit_page(page)
        return page

    def _open_evaluation(self, page: Path) -> None:
        if not self._ask.open_file(page):
            self.controller.complain(not_opened_words(page))

    def _choose_folder(self) -> None:
        data = self.controller.state.data
        start = data.folder.parent if data is not None else Path.home()
        folder = self._ask.training_folder(self.page or self._over, start)
        if folder is not None:
            self.controller.check(folder)

    def _choose_study(self) -> None:
        data = self.controller.state.data
        start = data.folder.parent if data is not None else paths.studies()
        study = self._ask.training_study(self.page or self._over, start)
        if study is not None:
            self.controller.check(study)

    def _look_again(
        self, labels: tuple[FolderLabel, ...], own: tuple[OwnLabel, ...], matters_first: str
    ) -> None:
        data = self.controller.state.data
        if data is not None:
            self.controller.check(data.folder, labels, own, matters_first)

    def _choose_file(self) -> None:
        start = self.controller.state.file_start
        place = start.weights.parent if start is not None and start.weights is not None else Path.home()
        file = self._ask.start_file(self.page or self._over, place)
        if file is not None:
            self.controller.start_from_file(file)

    def _choose_kept(self) -> None:
        data, keep = self.controller.state.data, self.controller.state.keep
        beside = keep or (data.folder if data is not None else None)
        folder = self._ask.training_folder(self.page or self._over, beside.parent if beside else Path.home())
        if folder is not None:
            self.controller.keep_images(folder)

    def _choose_python(self) -> None:
        kept = self._preferences.settings.training_python
        start = Path(kept).parent if kept else Path.home()
        python = self._ask.python(self.page or self._over, start)
        if python is not None:
            self._use_python(str(python))

    def _use_python(self, python: str) -> None:
        self._preferences.change("training_python", python)
        self.controller.use_python(python)
