"""The splash: shown while the window's own parts are still being imported, so it costs no start time."""

from PySide6.QtCore import QEvent, QEventLoop, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QSplashScreen, QWidget

from bloodsmear import RESEARCH_USE, __version__

_WIDTH_PX = 440
_HEIGHT_PX = 160
_TEXT_PX = 13
# How long the start may wait for the splash to show; a desktop takes some milliseconds.
_PATIENCE_MS = 100
# Before the theme is there: its light surface, text and accent.
_SURFACE, _TEXT, _MUTED, _ACCENT = "#FFFFFF", "#1C2330", "#566072", "#0B5CAD"


class Splash(QSplashScreen):
    """`painted` each time it was drawn."""

    painted = Signal()

    def event(self, event: QEvent) -> bool:
        """As Qt's own, but showing it waits for nothing."""
        if event.type() == QEvent.Type.Show:
            # Qt sleeps here until its window is visible, which it becomes after this event: a whole second, always.
            return QWidget.event(self, event)
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint:
            self.painted.emit()
        return handled


def show_splash(device_pixel_ratio: float = 1.0) -> Splash:
    """Show the splash and return when it is on the screen, or after a tenth of a second."""
    splash = make_splash(device_pixel_ratio)
    waiting = QEventLoop()
    splash.painted.connect(lambda: QTimer.singleShot(0, waiting, waiting.quit))
    QTimer.singleShot(_PATIENCE_MS, waiting, waiting.quit)
    splash.show()
    waiting.exec()
    splash.painted.disconnect()
    return splash


def make_splash(device_pixel_ratio: float = 1.0) -> Splash:
    """A plain card with the name and the Research-Use sentence; painting it takes about a millisecond."""
    pixmap = QPixmap(round(_WIDTH_PX * device_pixel_ratio), round(_HEIGHT_PX * device_pixel_ratio))
    pixmap.setDevicePixelRatio(device_pixel_ratio)
    pixmap.fill(QColor(_SURFACE))
    painter = QPainter(pixmap)
    painter.fillRect(QRect(0, 0, 4, _HEIGHT_PX), QColor(_ACCENT))
    _write(painter, 32, 22, _TEXT, "Bloodsmear")
    _write(painter, 72, _TEXT_PX, _MUTED, f"Version {__version__}")
    _write(painter, 112, _TEXT_PX, _TEXT, RESEARCH_USE)
    painter.end()
    return Splash(pixmap, Qt.WindowType.WindowStaysOnTopHint)


def _write(painter: QPainter, top_px: int, size_px: int, colour: str, text: str) -> None:
    font = QFont(painter.font())
    font.setPixelSize(size_px)
    font.setBold(size_px > _TEXT_PX)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    where = QRect(32, top_px, _WIDTH_PX - 48, size_px + 12)
    painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
