"""Pictures for the views, and a panel whose two views can be looked at and turned the wheel over."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme import LIGHT
from desktop.gui.viewer import ViewerPanel
from desktop.gui.viewer.denoised_pane import DenoisedPane
from desktop.gui.viewer.picture_pane import PicturePane


class OpenPanel(ViewerPanel):
    """The panel, with its views in the open."""

    def original(self) -> PicturePane:
        """The left view."""
        panes = self.findChildren(PicturePane)
        return next(pane for pane in panes if not isinstance(pane, DenoisedPane))

    def denoised(self) -> DenoisedPane:
        """The right view."""
        return self.findChildren(DenoisedPane)[0]

    @staticmethod
    def wheel(pane: PicturePane, at: QPointF, units: int) -> None:
        """Turn the mouse's wheel over a place of a view."""
        event = QWheelEvent(
            at,
            pane.view.mapToGlobal(at),
            QPoint(0, 0),
            QPoint(0, units),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(pane.view.viewport(), event)


@pytest.fixture
def panel_of_width(qtbot: QtBot) -> Callable[[int], OpenPanel]:
    """`panel_of_width(px)`: the panel, shown, 640 px high, without a picture."""

    def make(width_px: int) -> OpenPanel:
        panel = OpenPanel(LIGHT)
        qtbot.addWidget(panel)
        panel.resize(width_px, 640)
        panel.show()
        # Where another test has left the cursor no move is seen that ends there.
        QTest.mouseMove(panel, QPoint(0, 0))
        return panel

    return make


@pytest.fixture
def make_picture() -> Callable[..., RgbImage]:
    """`make_picture(value, width_px, height_px)`: red counts the columns, green the rows, blue is the value."""

    def make(value: int = 0, width_px: int = 320, height_px: int = 240) -> RgbImage:
        picture = np.zeros((height_px, width_px, 3), np.uint8)
        picture[..., 0] = np.arange(width_px) % 256
        picture[..., 1] = (np.arange(height_px) % 256)[:, None]
        picture[..., 2] = value
        return picture

    return make
