"""Whatever happens while a page is open beside the window: in blind reading nothing of a classifier is on it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.main_window import MainWindow

# Classifiers by id and name, and the columns and flags by which a report tells of them.
OF_A_CLASSIFIER = (
    "vgg16",
    "VGG16",
    "unet",
    "U-Net",
    "consensus",
    "Consensus",
    "flags",
    "disagree",
    "low_confidence",
    "out_of_focus",
    "exposure",
    "unlike_training",
)
BLIND_SENTENCES = ("and not in this preview.", "when every image of the study is decided.")
SECOND = "case 1/smear 2.png"


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """The window on the screened folder; Ada has decided its first image and sees the answers."""
    window = open_smears()
    window.controller.review.name_reader("Ada")
    with qtbot.waitSignal(window.controller.screening.ended):
        window.controller.screening.start()
    decide(window, qtbot)
    return window


def decide(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("benign")


def words_of(page: QDialog) -> list[str]:
    """Everything on the page that can be read, pointed at, or heard."""
    found = [page.windowTitle()]
    for part in (page, *page.findChildren(QWidget)):
        found += [part.toolTip(), part.accessibleName(), part.accessibleDescription()]
        if isinstance(part, QLabel | QPushButton):
            found.append(part.text())
        if isinstance(part, QTableWidget):
            found += cells_of(part)
    return found


def cells_of(table: QTableWidget) -> list[str]:
    columns = range(table.columnCount())
    items = [table.horizontalHeaderItem(column) for column in columns]
    items += [table.item(row, column) for row in range(table.rowCount()) for column in columns]
    return [f"{item.text()} {item.toolTip()}" for item in items if item is not None]


def leaks(page: QDialog) -> list[str]:
    return [words for words in words_of(page) if any(word in words for word in OF_A_CLASSIFIER)]


def says_blind(page: QDialog) -> bool:
    """Whether the sentence above the page says why nothing of a classifier is there."""
    return any(words.endswith(BLIND_SENTENCES) for words in words_of(page))


def open_page(window: MainWindow, action: str, qtbot: QtBot) -> QDialog:
    """The page with what it says of the classifiers while the reader does not read blind."""
    before = set(window.findChildren(QDialog))
    window.actions_by_name[action].trigger()
    (page,) = (dialog for dialog in window.findChildren(QDialog) if dialog not in before)
    qtbot.waitUntil(lambda: bool(leaks(page)))
    return page


@pytest.fixture
def seen_blind() -> Iterator[Callable[[MainWindow, QDialog], list[str]]]:
    """Look at a page at each change of the review and in each turn of Qt's loop; the list fills with what leaks."""
    timers: list[QTimer] = []

    def watch(window: MainWindow, page: QDialog) -> list[str]:
        found: list[str] = []
        review = window.controller.review

        def look() -> None:
            if review.reviewed.blind and page.isVisible():
                found.extend(leaks(page))

        # Behind the page's own connection: what stands before it is never painted.
        review.changed.connect(look)
        timers.append(QTimer(window))
        timers[-1].timeout.connect(look)
        timers[-1].start(0)
        return found

    yield watch
    for timer in timers:
        timer.stop()


@pytest.mark.parametrize("action", ["reports", "agreement"])
def test_no_word_of_a_classifier_stands_on_an_open_page(
    action: str,
    window: MainWindow,
    seen_blind: Callable[[MainWindow, QDialog], list[str]],
    qtbot: QtBot,
) -> None:
    page = open_page(window, action, qtbot)
    found = seen_blind(window, page)
    blind = window.actions_by_name["blind"]
    blind.trigger()
    qtbot.waitUntil(lambda: says_blind(page))
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(SECOND)
    decide(window, qtbot)
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.undo()
    window.controller.review.name_reader("Ben")
    qtbot.wait(700)
    # Off and on again before what was asked for in between can be there.
    blind.trigger()
    blind.trigger()
    qtbot.waitUntil(lambda: says_blind(page))
    window.open_folders(window.controller.study.folders)
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
    qtbot.waitUntil(lambda: says_blind(page))
    assert found == []
    blind.trigger()
    qtbot.waitUntil(lambda: bool(leaks(page)))
