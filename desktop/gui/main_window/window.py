"""The main window: three columns, and the wires between the panels and the controller."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from bloodsmear import paths
from bloodsmear.known_folders import remember_folders
from desktop.gui.classifiers import ClassifiersController, ClassifiersDoor
from desktop.gui.dialogs import ExportDialog
from desktop.gui.gallery import GalleryPanel
from desktop.gui.main_window.actions import (
    ACTIONS,
    build_actions,
    show_review,
    show_standing,
)
from desktop.gui.main_window.cases_door import CasesDoor
from desktop.gui.main_window.cell_gallery_door import CellGalleryDoor
from desktop.gui.main_window.closing import UnderWay, what_would_end
from desktop.gui.main_window.colours_door import ColoursDoor
from desktop.gui.main_window.competence_door import CompetenceDoor
from desktop.gui.main_window.counter_door import CounterDoor
from desktop.gui.main_window.export_door import ExportDoor
from desktop.gui.main_window.footer import Footer, training_words
from desktop.gui.main_window.key_desk import KeyDesk
from desktop.gui.main_window.list_column import ListColumn
from desktop.gui.main_window.menus import CameraBitsMenu, RecentMenu, add_image_menus, build_menus
from desktop.gui.main_window.pages import Pages
from desktop.gui.main_window.picture_door import PictureDoor
from desktop.gui.main_window.picture_room import PictureRoom
from desktop.gui.main_window.references_door import ReferencesDoor
from desktop.gui.main_window.review_desk import ReviewDesk
from desktop.gui.main_window.scale_door import ScaleDoor
from desktop.gui.main_window.start_page import StartPage
from desktop.gui.main_window.study_follower import open_agreement
from desktop.gui.main_window.teaching_wires import make_teaching
from desktop.gui.main_window.top_bar import TopBar
from desktop.gui.main_window.wiring import Panels, show_kept_choices, wire_panels
from desktop.gui.messages import Message, MessageBar
from desktop.gui.placing import START_SIZE_PX, kept_place, place_window, scrolled
from desktop.gui.preferences import LastPlace, Preferences
from desktop.gui.questions import AskFiles
from desktop.gui.reading import ReadingPanel
from desktop.gui.review_state import ReviewState
from desktop.gui.study import StudyController
from desktop.gui.study.folders import StrangeFolders
from desktop.gui.theme import Mode, Tokens
from desktop.gui.theme.page_parts import line_across
from desktop.gui.theme.room import is_narrow
from desktop.gui.training import TrainingController, TrainingDoor
from desktop.gui.viewer import ViewerPanel

_COLUMNS_PX = (251, 815, 300)

ApplyLook = Callable[[Mode], Tokens]


@dataclass(frozen=True, slots=True)
class Controllers:
    """Who acts on what the window's parts say: one each for the open study, for training, for the classifiers."""

    study: StudyController
    training: TrainingController
    classifiers: ClassifiersController


class MainWindow(QMainWindow):
    """Shows the open study. `painted` is emitted once, after the window was first drawn."""

    painted = Signal()

    def __init__(
        self,
        controllers: Controllers,
        preferences: Preferences,
        apply_look: ApplyLook,
        ask: AskFiles,
    ) -> None:
        super().__init__()
        self.controller = controllers.study
        self.preferences = preferences
        self._apply_look = apply_look
        self._ask = ask
        self._was_painted = False
        self._last_place = LastPlace(preferences)
        self.pages = Pages(self)
        tokens = apply_look(self._mode())
        self.training = TrainingDoor(controllers.training, preferences, ask, self)
        self.classifiers = ClassifiersDoor(
            controllers.classifiers, preferences, ask, controllers.study.load_classifiers, self
        )
        self.gallery, self.viewer, self.reading = (
            GalleryPanel(tokens),
            ViewerPanel(tokens),
            ReadingPanel(tokens),
        )
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.list_column = ListColumn(self.gallery, self.columns)
        self.review = ReviewDesk(self.controller, self.gallery, self.reading, preferences, tokens)
        self.review.setParent(self)
        self.actions_by_name = build_actions(self, self)
        self.top_bar, self.footer = TopBar(self.actions_by_name), Footer(self.actions_by_name["stop"])
        menus = build_menus(self.top_bar.menu_bar, self.actions_by_name)
        file_menu, images_menu = menus["File"], menus["Images"]
        self.recent = RecentMenu(self.preferences.recent_folders, self.open_folders, file_menu)
        file_menu.insertMenu(file_menu.actions()[1], self.recent)
        self.camera_bits = CameraBitsMenu(self.controller.set_camera_bits, images_menu)
        images_menu.insertMenu(self.actions_by_name["clear_cache"], self.camera_bits)
        self.viewer.set_camera_menu(self.camera_bits)
        self.start_page = StartPage(paths.demo_images())
        self.middle = QStackedWidget()
        centre = self._lay_out()
        self.message_bar = MessageBar(centre, over=self.middle)
        self._make_doors(ask)
        self.keys = KeyDesk(self.actions_by_name, self.review.panel, preferences, centre)
        self._wire()
        self._restore()
        self.show_readiness()

    # ---- what the reader asks for

    def appear(self) -> None:
        """Show the window in its last place on the screen, or where it fits."""
        place_window(self, self.preferences.settings.window_geometry)
        self.show()

    def open_named(self, named: Sequence[Path]) -> None:
        """Open what was dropped or named: folders together, images with their folder, a study by its file."""
        if named:
            self.controller.open_named([Path(os.path.normpath(path.absolute())) for path in named])

    def open_folders(self, folders: Sequence[Path]) -> None:
        """Open these folders together, or a study by its file."""
        self.controller.open_folders(folders)

    def ask_for_folders(self, strange: StrangeFolders) -> None:
        """Open a study from elsewhere once the reader has said yes to its folders."""

        if self._ask.strange_folders(self, strange.sentence):
            remember_folders(strange.folders)
            self.open_folders([strange.study])

    def choose_folder(self) -> None:
        """Ask for a folder and open it."""
        recent = self.preferences.recent_folders
        folder = self._ask.folder(self, recent[0].parent if recent else Path.home())
        if folder is not None:
            self.open_folders([folder])

    def show_reports(self) -> None:
        """Preview a report before it is written."""
        self.reports.open(self.pages.show, ExportDialog("images", self))

    def show_agreement(self) -> None:
        """Compare the readers and the classifiers."""
        open_agreement(self.controller, self.pages.show, self)

    def toggle_keys(self) -> None:
        """Show the keys over the window, or take them away."""
        self.keys.toggle_overlay()

    def change_keys(self) -> None:
        """Open the page on which keys are changed."""
        self.keys.open_page(self.pages.show, self)

    def choose_theme(self, mode: Mode) -> None:
        """Change the look now and for the next start."""
        self.preferences.change("theme", mode)
        self.show_theme()

    # ---- what the wires show

    def say_problem(self, sentence: str) -> None:
        """Say in place what went wrong and what to do."""
        self.message_bar.say(Message("problem", sentence))

    def show_readiness(self) -> None:
        """Let the reader ask only for what can be done now."""
        show_standing(self.actions_by_name, self)
        self.camera_bits.setEnabled(self.controller.can_screen)
        self.camera_bits.show_bits(self.controller.study.camera_bits)

    def show_theme(self) -> None:
        """Bring every part into the chosen look."""
        tokens = self._apply_look(self._mode())
        for panel in (self.gallery, self.reading, self.review.panel, self.training, self.cells):
            panel.set_tokens(tokens)
        show_standing(self.actions_by_name, self)

    # ---- what Qt tells the window

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Say once that the window stands."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where it is narrow the list makes room for the picture."""
        super().resizeEvent(event)
        self.list_column.set_narrow(is_narrow(self.width()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept what lies on this PC."""
        # What is dragged out of the list is open here already.
        if event.source() is None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take what was dropped."""
        # A copy, also where a move was proposed: the other program would delete its files after one.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        dropped = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.classifiers.take_dropped(dropped)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape, where nothing else took it: the picture gives the room back."""
        if event.key() != Qt.Key.Key_Escape or not self.room.leave():
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask where work would end; keep what is typed, the window's place, what is finished; 3 seconds at most."""
        ends = self._what_would_end()
        if ends and not self._ask.to_close(self, ends):
            event.ignore()
            return
        # Before anything is closed: the fields lose their focus too late, when nothing can be kept any more.
        self.review.panel.take_typed()
        self.viewer.take_typed()
        self.pages.close()
        self.room.close()
        self._last_place.keep()
        self.colours.keep()
        self.preferences.change("window_geometry", kept_place(self))
        if self.list_column.is_as_usual:
            layout = bytes(self.columns.saveState().toBase64().data()).decode()
            self.preferences.change("window_layout", layout)
        for door in (self.cells, self.training, self.classifiers, self.teaching):
            door.close()
        self.controller.close()
        super().closeEvent(event)

    def _what_would_end(self) -> tuple[str, ...]:
        training, classifiers = self.training.controller, self.classifiers.controller
        return what_would_end(
            UnderWay(training.state, self.controller.screening.state, classifiers.state.work)
        )

    # ---- how it is put together

    def _make_doors(self, ask: AskFiles) -> None:
        """The ways to the pages, and to what leaves the program."""
        self.reports = ExportDoor(self.controller, self.preferences, ask, self, self.gallery)
        around = (self.top_bar, self.list_column, self.review.column)
        self.room = PictureRoom(self, self.viewer, around)
        self.room.show_all_for(self.actions_by_name[row.name] for row in ACTIONS if row.menu == "Decision")
        self.counter = CounterDoor(self.controller, self.preferences, self)
        self.cells = CellGalleryDoor(self.controller, self.preferences, self.viewer, self.gallery, self)
        self.scales = ScaleDoor(self.controller, self.viewer, self.preferences, self)
        self.teaching = make_teaching(self.controller, self.gallery, self.preferences, self)
        self.cases = CasesDoor(self.controller, self.gallery, self.review, self)
        self.pictures = PictureDoor(self.controller, self.viewer, self.gallery, self.preferences, ask)
        self.competence = CompetenceDoor(self.controller, ask, self)
        self.references = ReferencesDoor(self.controller, self.viewer, self.preferences, ask, self)
        self.colours = ColoursDoor(self.controller, self.viewer, self.preferences, self)

    def _lay_out(self) -> QWidget:
        self.setWindowTitle("Bloodsmear")
        self.setAcceptDrops(True)
        for page in (self.start_page, self.viewer):
            self.middle.addWidget(page)
        for panel in (self.middle, self.review.column):
            self.columns.addWidget(panel)
        self.columns.setHandleWidth(1)
        self.columns.setChildrenCollapsible(False)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes(list(_COLUMNS_PX))
        centre = QWidget()
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = scrolled(self.columns)
        for part in (self.top_bar, line_across(), middle, line_across(), self.footer):
            column.addWidget(part, 1 if part is middle else 0)
        self.setCentralWidget(centre)
        # Pictures, lists and fields would else refuse what is dropped on them, or take a folder's name as text.
        for inner in centre.findChildren(QWidget):
            inner.setAcceptDrops(False)
        # The first key goes to no button: Space must not open a folder. Only inside the window this is remembered.
        centre.setFocus()
        self.resize(START_SIZE_PX)
        return centre

    def _wire(self) -> None:
        panels = Panels(self.gallery, self.viewer, self.reading, self.top_bar, self.footer)
        show_kept_choices(panels, self.controller, self.preferences)
        wire_panels(panels, self.controller, self.preferences)
        self.controller.said.connect(self.message_bar.say)
        folder, file, screening = self.controller.folder, self.controller.file, self.controller.screening
        for changed in (folder.begun, folder.finished, folder.nothing_found, folder.failed, file.opened):
            changed.connect(lambda *_: self.show_readiness())
        for changed in (screening.changed, self.controller.classifiers_ready):
            changed.connect(lambda *_: self.show_readiness())
        self.controller.review.changed.connect(self._show_review)
        folder.begun.connect(self._begin_folder)
        self.controller.last_image_of = self.preferences.last_image_of
        self.gallery.image_selected.connect(
            lambda image: self._last_place.note(self.controller.study.lone_folder, image)
        )
        self.start_page.folder_wanted.connect(lambda folder: self.open_folders([folder]))
        self.start_page.training_wanted.connect(self.training.open)
        self.training.controller.changed.connect(
            lambda state: self.start_page.show_training(training_words(state))
        )
        self.start_page.show_folders(self.preferences.recent_folders)
        self.painted.connect(self._read_progress)
        self.controller.folder.reached.connect(lambda _folders: self._remember_folder())
        # Later: the job that found them has to end first.
        self.controller.folder.asked.connect(self.ask_for_folders, Qt.ConnectionType.QueuedConnection)
        self.controller.image_wanted.connect(self.gallery.select)
        self.preferences.complained.connect(self.say_problem)
        for part in (self.gallery, self.pictures, self.cells, self.counter):
            part.said.connect(self.message_bar.say)
        add_image_menus(self.actions_by_name, self.viewer, self.gallery, self.pictures.images)
        self.classifiers.others_dropped.connect(self.open_named)
        self.classifiers.complained.connect(self.say_problem)
        self.training.controller.changed.connect(self.footer.show_training)
        self.footer.training_wanted.connect(self.training.open)
        self.painted.connect(self.training.controller.look_for_unfinished)
        self.classifiers.controller.use_wanted.connect(self.training.controller.making.compare_with)
        colours = self.viewer.colours
        for ticked in (
            *(self.list_column.folded, self.viewer.marks.chosen),
            *(self.viewer.ruler.chosen, self.viewer.ruler.ended),
            self.viewer.pinned.changed,
            *(colours.changed, colours.picking_changed),
            *(self.controller.cells.chosen, self.gallery.shape_changed),
            *(self.viewer.magnifier.changed, self.viewer.overview.changed, self.room.changed),
        ):
            ticked.connect(lambda *_: show_standing(self.actions_by_name, self))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.show_theme)

    def _restore(self) -> None:
        settings = self.preferences.settings
        if settings.window_layout:
            self.columns.restoreState(QByteArray.fromBase64(settings.window_layout.encode()))
        self.show_theme()
        if complaint := self.preferences.complaint or self.keys.complaint:
            self.say_problem(complaint)

    def _mode(self) -> Mode:
        return self.preferences.settings.theme

    def _show_review(self, state: ReviewState) -> None:
        show_review(self.actions_by_name, state)
        show_standing(self.actions_by_name, self)

    def _read_progress(self) -> None:
        if self.middle.currentWidget() is self.start_page and self.start_page.folders:
            self.controller.read_progress(self.start_page.folders, self.start_page.show_progress)

    def _begin_folder(self, name: str) -> None:
        self._last_place.leave()
        self.middle.setCurrentWidget(self.viewer)
        self.message_bar.hide()
        self.setWindowTitle(f"{name} – Bloodsmear")

    def _remember_folder(self) -> None:
        """A folder that exists and was opened alone can be opened again from the menu."""
        if (folder := self.controller.study.lone_folder) is not None:
            self.preferences.remember_folder(folder.absolute())
            self.recent.show_folders(self.preferences.recent_folders)
