"""The way to the teaching page: made when it is first opened, and wired to the controller of teaching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.gui.placing import fit_page
from desktop.gui.teaching.controller import TeachingController

if TYPE_CHECKING:  # with it comes numpy, which the first picture does not wait for
    from desktop.gui.teaching.page import TeachingPage


class TeachingDoor(QObject):
    """Opens the page over the window `over`."""

    def __init__(self, controller: TeachingController, over: QWidget) -> None:
        super().__init__(over)
        self.controller = controller
        self.page: TeachingPage | None = None
        self._over = over

    def open(self) -> None:
        """Show the page as it was left, in front of the window."""
        if self.page is None:
            self.page = self._make_page()
        self.controller.look()
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def look_again(self) -> None:
        """Another study is open, or none: where the page is open it shows so."""
        if self.page is not None and self.page.isVisible():
            self.controller.look()
        else:
            # What is being taught behind a closed page would be kept in the study that is open by then.
            self.controller.follow()

    def see_hiding(self) -> None:
        """Another reader, or another way to read: where the page is open it shows what this one may see."""
        if self.page is not None and self.page.isVisible():
            self.controller.see_hiding()

    def close(self) -> bool:
        """Close the page and end what is under way. Says whether every thread ended."""
        if self.page is not None:
            self.page.close()
        return self.controller.close()

    def _make_page(self) -> TeachingPage:
        from desktop.gui.teaching.page import TeachingPage

        controller, page = self.controller, TeachingPage(self._over)
        controller.changed.connect(page.show_state)
        page.draw_wanted.connect(controller.draw)
        page.audit_wanted.connect(lambda _checked=False: controller.read_audit())
        page.give_up_wanted.connect(lambda _checked=False: controller.give_up_audit())
        page.following_wanted.connect(lambda _checked=False: controller.decide_following())
        page.teach_wanted.connect(controller.teach)
        page.stop_wanted.connect(lambda _checked=False: controller.stop())
        page.install_wanted.connect(lambda _checked=False: controller.install())
        page.show_state(controller.state)
        fit_page(page)
        return page
