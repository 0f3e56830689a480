"""The colours for the eye beside the open study: their page, and what is kept of them for each study."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import as_text, colours_in, count_colours
from desktop.gui.preferences import Preferences
from desktop.gui.study import StudyController
from desktop.gui.viewer import ViewerPanel

if TYPE_CHECKING:  # with it would come pyqtgraph, 0.4 s before the window stands (docs/adr/0004)
    from desktop.gui.viewer.colours_page import ColoursPage

# A slider that is moved writes no file at each of its steps.
_REST_MS = 500
# What a window manager puts above a page.
_EDGE_PX, _TITLE_PX = 16, 32


class ColoursDoor(QObject):
    """They are the reader's on this PC, as the screen is: no event, and nothing in the study's file (docs/adr/0041)."""

    def __init__(
        self, controller: StudyController, viewer: ViewerPanel, preferences: Preferences, window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._viewer = viewer
        self._colours = viewer.colours
        self._preferences = preferences
        self._window = window
        self._page: ColoursPage | None = None
        # As it was opened: by its folders, or by its file, of which the folders are read later.
        self._study = ""
        self._is_changed = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.keep)
        self._colours.changed.connect(self._take_change)
        self._colours.picking_changed.connect(self._show_picking)
        controller.folder.begun.connect(lambda _name: self._begin_study())
        controller.image.loading.connect(lambda _image: self._show_counts(None))
        controller.image.original_ready.connect(lambda _image, pixels: self._show_counts(pixels))

    def open(self, show_page: Callable[[QDialog], None]) -> None:
        """Show the page over the lower part of the list: at the right edge it would hide what is decided."""
        from desktop.gui.viewer.colours_page import ColoursPage

        page = ColoursPage(self._window)
        page.chosen.connect(self._colours.set)
        page.glass_wanted.connect(self.toggle_picking)
        page.finished.connect(lambda _code: self._forget())
        self._page = page
        page.show_colours(self._colours.now)
        picture = self._viewer.picture
        self._show_counts(None if picture is None else picture.pixels)
        show_page(page)
        corner = self._window.mapToGlobal(QPoint(0, self._window.height()))
        place = corner + QPoint(_EDGE_PX, -page.height() - 4 * _EDGE_PX)
        # On a low screen its own title must not be lost above the upper edge.
        screen = page.screen().availableGeometry()
        page.move(max(place.x(), screen.left()), max(place.y(), screen.top() + _TITLE_PX))

    def toggle_picking(self) -> None:
        """The next click on the picture is on glass; asked for again, it is not."""
        self._colours.set_picking(not self._colours.is_picking)
        if self._colours.is_picking:
            self._window.activateWindow()

    def keep(self) -> None:
        """Keep what was chosen, if it was not yet."""
        self._rest.stop()
        if self._is_changed:
            now = self._colours.now
            self._preferences.remember_colours(self._study, "" if now.are_the_files else as_text(now))
            self._is_changed = False

    def _begin_study(self) -> None:
        # What was changed last is of the study before.
        self.keep()
        self._study = " | ".join(str(folder.absolute()) for folder in self._controller.study.folders)
        self._colours.changed.disconnect(self._take_change)
        self._colours.set(colours_in(self._preferences.settings.colours_of(self._study)))
        self._colours.changed.connect(self._take_change)
        self._show_colours()

    def _take_change(self) -> None:
        self._is_changed = bool(self._study)
        self._rest.start()
        self._show_colours()

    def _show_colours(self) -> None:
        if self._page is not None:
            self._page.show_colours(self._colours.now)

    def _show_picking(self) -> None:
        if self._page is not None:
            self._page.show_picking(self._colours.is_picking)

    def _show_counts(self, pixels: RgbImage | None) -> None:
        if self._page is not None:
            self._page.show_counts(None if pixels is None else count_colours(pixels))

    def _forget(self) -> None:
        self._page = None
