"""The window's own parts: what the bar, the foot and the choices show."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QDialog, QLabel, QListView, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bloodsmear import RESEARCH_USE
from bloodsmear.images.denoise_settings import DEFAULTS, FIRST_SHOWN, STRENGTHS
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ClassifierMark
from bloodsmear.settings import Settings, read_settings, write_settings
from desktop.gui.gallery import ListArrangement
from desktop.gui.main_window import MainWindow
from desktop.gui.main_window.footer import Footer
from desktop.gui.study import ScreeningState

MakeWindow = Callable[[], MainWindow]


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window()


def words(window: MainWindow) -> list[str]:
    return [label.text() for label in window.top_bar.findChildren(QLabel) if not label.isHidden()]


def button(window: MainWindow, text: str) -> QPushButton:
    return next(found for found in window.top_bar.findChildren(QPushButton) if found.text() == text)


def test_the_footer_says_the_research_use_sentence_exactly(window: MainWindow) -> None:
    sentence = window.footer.findChild(QLabel, "research_use")
    assert isinstance(sentence, QLabel)
    assert sentence.text() == RESEARCH_USE


def test_the_footer_names_the_classifiers_and_their_versions(qtbot: QtBot) -> None:
    footer = Footer(QAction("Stop screening"))
    qtbot.addWidget(footer)
    marks = [
        ClassifierMark("vgg16", "VGG16", "1.0+1a2b3c4d", "1a", ("benign",)),
        ClassifierMark("unet", "U-Net", "1.0+5e6f7a8b", "5e", ("benign",)),
    ]
    footer.show_classifiers(marks)
    shown = footer.findChild(QLabel, "classifiers")
    assert isinstance(shown, QLabel)
    assert shown.text() == "VGG16 1.0 · U-Net 1.0 · this PC only, no network"


def test_progress_shows_done_total_and_time_left(window: MainWindow) -> None:
    window.top_bar.show_screening(ScreeningState(True, False, 967, 1512, 245.0))
    assert words(window) == ["967 of 1,512 · 4 min left"]
    bar = window.top_bar.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert (bar.value(), bar.maximum()) == (967, 1512)


def test_a_screening_under_way_asks_for_no_wider_window(window: MainWindow) -> None:
    window.show()
    window.resize(800, 600)
    window.top_bar.show_screening(ScreeningState(True, False, 99_967, 100_512, 7_500.0))
    assert window.top_bar.minimumSizeHint().width() < 720
    assert window.width() == 800


def test_stop_keeps_its_place_while_the_words_about_progress_change(window: MainWindow, qtbot: QtBot) -> None:
    window.show()
    places = set()
    for state in (
        ScreeningState(True),
        ScreeningState(True, False, 9, 1512, None),
        ScreeningState(True, False, 967, 1512, 245.0),
        ScreeningState(True, False, 1511, 1512, 2.0),
        ScreeningState(True, True, 1511, 1512),
    ):
        window.top_bar.show_screening(state)
        qtbot.wait(20)
        places.add(button(window, "Stop").x())
    assert len(places) == 1


def test_the_first_key_presses_no_button(window: MainWindow, qtbot: QtBot) -> None:
    """Space on the button that Qt focuses first would open a folder."""
    with qtbot.waitExposed(window):
        window.show()
    assert not isinstance(window.focusWidget(), QPushButton)


def test_a_folder_without_images_was_opened_and_is_not_called_an_error(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "letters").mkdir()
    with qtbot.waitSignal(window.controller.folder.nothing_found):
        window.open_folders([tmp_path / "letters"])
    shown = [label.text() for label in window.gallery.findChildren(QLabel)]
    assert "No images here" in shown
    assert "This could not be opened" not in shown


def test_nothing_of_screening_shows_when_none_is_under_way(window: MainWindow) -> None:
    assert words(window) == []
    assert button(window, "Stop").isHidden()


def test_only_what_can_be_done_now_can_be_asked_for(window: MainWindow) -> None:
    enabled = {name for name, action in window.actions_by_name.items() if action.isEnabled()}
    assert {"open_folder", "next", "keys"} <= enabled
    assert not {"screen", "stop", "export"} & enabled
    assert not button(window, "Screen folder").isEnabled()


def test_the_chosen_look_is_kept_for_the_next_start(make_window: MakeWindow, settings_file: Path) -> None:
    first = make_window()
    first.actions_by_name["theme_dark"].trigger()
    assert read_settings(settings_file).settings.theme == "dark"
    second = make_window()
    assert second.actions_by_name["theme_dark"].isChecked()
    assert not second.actions_by_name["theme_light"].isChecked()


def test_the_chosen_view_and_denoiser_are_kept_for_the_next_start(
    make_window: MakeWindow, settings_file: Path
) -> None:
    first = make_window()
    assert (first.viewer.comparing.way, first.viewer.denoiser()) == ("compare", FIRST_SHOWN)
    first.viewer.denoiser_chosen.emit(DEFAULTS["median"])
    first.actions_by_name["original"].trigger()
    second = make_window()
    assert (second.viewer.comparing.way, second.controller.image.denoiser.settings) == ("original", None)
    second.actions_by_name["wipe"].trigger()
    third = make_window()
    assert (third.viewer.comparing.way, third.viewer.denoiser()) == ("wipe", DEFAULTS["median"])
    assert third.controller.image.denoiser.settings == DEFAULTS["median"]


def test_a_kept_strength_that_a_denoiser_does_not_have_becomes_its_gentle_one(
    make_window: MakeWindow, settings_file: Path
) -> None:
    write_settings(settings_file, Settings(denoiser="median", denoise_strength="medium"))
    assert make_window().viewer.denoiser() == STRENGTHS["median"]["gentle"]


def test_damaged_settings_are_said_and_the_defaults_used(
    make_window: MakeWindow, settings_file: Path
) -> None:
    settings_file.write_text("{")
    window = make_window()
    assert "settings" in window.message_bar.text
    assert window.viewer.denoiser() == FIRST_SHOWN


def test_the_recent_folders_lead_back(window: MainWindow, smear_folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.folder.finished):
        window.open_folders([smear_folder])
    assert [action.text() for action in window.recent.actions()] == [str(smear_folder)]
    with qtbot.waitSignal(window.controller.folder.finished):
        window.recent.actions()[0].trigger()


def test_opening_a_folder_asks_its_drive_nothing_on_the_windows_thread(
    window: MainWindow, smear_folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    asked: list[str] = []

    def note(name: str) -> None:
        ask = getattr(Path, name)

        def noted(path: Path) -> bool:
            if path.is_relative_to(smear_folder) and threading.current_thread() is threading.main_thread():
                asked.append(name)
            return bool(ask(path))

        monkeypatch.setattr(Path, name, noted)

    for name in ("is_file", "is_dir", "exists"):
        note(name)
    dropped = smear_folder / "case 1" / "smear 0.png"
    with qtbot.waitSignal(window.controller.folder.finished):
        window.open_named([dropped])
    # A share that does not answer would hold up the window for as long as the system waits for it.
    assert asked == []
    assert window.controller.study.folders == (dropped.parent,)
    assert [action.text() for action in window.recent.actions()] == [str(dropped.parent)]


def test_nothing_in_the_window_keeps_a_drop_for_itself(window: MainWindow) -> None:
    """The screen tests drop on the pictures; this looks at every part, fields and lists among them."""
    assert window.acceptDrops()
    assert [part for part in window.findChildren(QWidget) if part.acceptDrops() and not part.isWindow()] == []


def test_a_dropped_image_is_chosen_in_its_folder_which_gives_the_title(
    window: MainWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(smear_folder / "case 2" / "smear 3.png"))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
    )
    with qtbot.waitSignal(window.controller.folder.finished):
        window.dropEvent(drop)
    assert window.gallery.selected() == "smear 3.png"
    assert window.windowTitle() == "case 2 – Bloodsmear"
    # After a move the other program would delete the file.
    assert drop.dropAction() == Qt.DropAction.CopyAction


@pytest.mark.parametrize("name", ["change_keys", "about"])
def test_a_page_opens_beside_the_work_and_blocks_nothing(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()
    page = window.findChild(QDialog)
    assert isinstance(page, QDialog)
    assert page.isVisible()
    assert not page.isModal()
    page.close()


def test_the_message_stays_over_the_views_when_the_window_grows(window: MainWindow, qtbot: QtBot) -> None:
    window.show()
    window.say_problem("The folder is gone; look whether its drive is connected.")
    for size in ((1000, 620), (1500, 900)):
        window.resize(*size)
        qtbot.wait(20)
        corner = window.message_bar.mapTo(window, window.message_bar.rect().topLeft())
        views = window.middle.mapTo(window, window.middle.rect().topLeft())
        assert views.x() < corner.x()
        assert corner.y() + window.message_bar.height() < views.y() + window.middle.height()


def test_the_window_fits_a_small_screen_at_twice_its_scaling(window: MainWindow) -> None:
    least = window.minimumSizeHint()
    assert least.width() <= 1366 // 2 + 260
    assert least.height() <= 540


def test_order_and_headings_of_the_list_hold_at_the_next_start(
    make_window: MakeWindow, settings_file: Path
) -> None:
    write_settings(settings_file, Settings(list_grouping="case"))
    gallery = make_window().gallery
    gallery.add_images([FoundImage(Path("/r/12/a.png"), "12/a.png", "12")])
    view = gallery.findChild(QListView)
    assert view is not None
    assert view.model().index(0, 0).data() == "Case 12, 1 image"
    gallery.choices.arrangement_chosen.emit(ListArrangement("uncertainty", "label"))
    kept = read_settings(settings_file).settings
    assert (kept.list_order, kept.list_grouping) == ("uncertainty", "label")
