"""Where the window and its pages stand: within the screen, with everything in reach, whatever its size and scaling."""

from PySide6.QtCore import QByteArray, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QMainWindow, QScrollArea, QVBoxLayout, QWidget

START_SIZE_PX = QSize(1366, 768)
# What a system puts around a window, title bar included. None tells it before the window is shown.
_FRAME_PX = QSize(16, 48)
_SCROLL_BAR_PX = 10
_LAID_OUT_MS = 50


def place_window(window: QMainWindow, kept: str) -> None:
    """Give the window its kept place (`kept_place`) where that still fits, else its first size; the whole screen where
    neither does.
    """
    if kept and window.restoreGeometry(QByteArray.fromBase64(kept.encode())):
        # Who closed it in full screen is not met by a window without a title.
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
        available = _available_at(window.geometry())
        fits = window.isMaximized() or available.contains(window.geometry())
    else:
        available = _available_at(window.geometry())
        room = available.size() - _FRAME_PX
        fits = START_SIZE_PX.boundedTo(room) == START_SIZE_PX
        window.resize(START_SIZE_PX.boundedTo(room))
    if not fits:
        # Whole on the screen it cannot be too large; taken down again it has the size that fits.
        window.setGeometry(QRect(available.topLeft(), window.size().boundedTo(available.size() - _FRAME_PX)))
        window.setWindowState(Qt.WindowState.WindowMaximized)


def kept_place(window: QMainWindow) -> str:
    """The window's place as the settings keep it."""
    return bytes(window.saveGeometry().toBase64().data()).decode()


def scrolled(parts: QWidget) -> QScrollArea:
    """The parts in an area that scrolls where the screen is smaller than they can get; elsewhere it is not seen."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(parts)
    return area


def make_way(page: QWidget, window: QWidget) -> None:
    """Close a page that lies over the window: the image that it led to would be behind it. Beside it, it stays."""
    if page.frameGeometry().intersects(window.frameGeometry()):
        page.close()


def bring_into_sight(part: QWidget) -> None:
    """Scroll to a part once it is laid out: what was pressed may stand far away from it, and nothing would seem to
    happen on a small screen.
    """

    def scroll() -> None:
        around = part.parentWidget() if part.isVisible() else None
        while around is not None:
            if isinstance(around, QScrollArea):
                around.ensureWidgetVisible(part)
            around = around.parentWidget()

    QTimer.singleShot(_LAID_OUT_MS, part, scroll)


def fit_page(page: QDialog) -> None:
    """Let a page beside the window be as small as its screen wants it; what it holds scrolls then."""
    room = page.screen().availableGeometry().size() - _FRAME_PX
    layout = page.layout()
    needed = page.minimumSize().expandedTo(page.minimumSizeHint())
    if layout is not None and layout.hasHeightForWidth():
        # Of texts that wrap Qt counts one line; in a page that is narrow they have more.
        width_px = min(max(page.width(), needed.width()), room.width())
        needed = needed.expandedTo(QSize(0, layout.totalMinimumHeightForWidth(width_px)))
    if layout is not None and needed.boundedTo(room) != needed:
        inner = QWidget()
        # It takes the layout away from the page, with all that is in it.
        inner.setLayout(layout)
        inner.setMinimumSize(page.minimumSize())
        page.setMinimumSize(0, 0)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(inner))
        # It has no size of its own to ask for any more.
        page.resize(page.size().expandedTo(needed + QSize(_SCROLL_BAR_PX, 0)).boundedTo(room))
    else:
        # A page of the window begins lower than its own layout wants.
        page.resize(page.size().expandedTo(needed).boundedTo(room))


def _available_at(place: QRect) -> QRect:
    screen = QGuiApplication.screenAt(place.center()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()
