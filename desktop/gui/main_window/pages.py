"""The pages beside the work. They block nothing; one of them is open at a time, and the guide beside it."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from bloodsmear import paths
from desktop.gui.dialogs import AboutDialog, GuideDialog
from desktop.gui.placing import fit_page


class Pages(QObject):
    """What is open beside the window; `close` takes all of it away."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._page: QDialog | None = None
        self._guide: GuideDialog | None = None

    def show(self, page: QDialog) -> None:
        """Open a page in place of the one that is open."""
        if self._page is not None:
            self._page.close()
        self._page = page
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.finished.connect(self._forget)
        fit_page(page)
        page.show()

    def show_guide(self) -> None:
        """Open the guide as it was left."""
        if self._guide is None:
            self._guide = GuideDialog(paths.guide(), self._window)
            fit_page(self._guide)
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()

    def show_about(self) -> None:
        """Say what the program is."""
        self.show(AboutDialog(paths.logs(), self._window))

    def close(self) -> None:
        """The window closes."""
        for page in (self._page, self._guide):
            if page is not None:
                page.close()

    def _forget(self) -> None:
        self._page = None
