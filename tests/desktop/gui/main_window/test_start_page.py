"""The empty window: where to go on, and back at the image where the reader was."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.review.decisions import UNSURE
from bloodsmear.settings import read_settings
from desktop.gui.main_window import MainWindow
from desktop.gui.main_window.start_page import FolderButton, StartPage

MakeWindow = Callable[[], MainWindow]


def opened(window: MainWindow, folder: Path, qtbot: QtBot) -> MainWindow:
    with qtbot.waitSignal(window.controller.folder.finished):
        window.open_folders([folder])
    return window


def texts(page: StartPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if not label.isHidden()]


def test_the_empty_window_offers_the_folders_opened_last_with_their_progress(
    make_window: MakeWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    first = make_window()
    first.show()
    with qtbot.waitSignal(first.controller.file.opened):
        opened(first, smear_folder, qtbot)
    first.controller.review.name_reader("Ada")
    qtbot.waitUntil(lambda: first.controller.review.state.can_decide)
    with qtbot.waitSignal(first.controller.review.mark_changed):
        first.controller.review.decide(UNSURE)
    first.close()
    second = make_window()
    second.show()
    assert second.middle.currentWidget() is second.start_page
    assert second.start_page.folders == (smear_folder,)
    qtbot.waitUntil(lambda: "1 of 7 decided" in texts(second.start_page))
    shown = second.start_page.findChild(FolderButton)
    assert isinstance(shown, FolderButton)
    assert shown.accessibleName() == f"Open {smear_folder.name}, 1 of 7 decided"
    with qtbot.waitSignal(second.controller.folder.finished):
        shown.click()
    assert second.middle.currentWidget() is second.viewer


def test_the_demo_images_are_one_click_away(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    demo = window.start_page.findChild(QPushButton, "demo_images")
    assert isinstance(demo, QPushButton)
    with qtbot.waitSignal(window.controller.folder.reached):
        demo.click()
    assert window.controller.study.folders == (paths.demo_images(),)


def test_the_demo_images_are_offered_once(qtbot: QtBot) -> None:
    page = StartPage(Path("demo"))
    qtbot.addWidget(page)
    link = page.findChild(QPushButton, "demo_images")
    assert isinstance(link, QPushButton)
    page.show_folders([Path("smears"), Path("demo")])
    assert link.isHidden()
    page.show_folders([Path("smears")])
    assert not link.isHidden()


def test_a_training_that_waits_is_offered_and_leads_to_its_page(qtbot: QtBot) -> None:
    page = StartPage(Path("demo"))
    qtbot.addWidget(page)
    waiting = page.findChild(QPushButton, "waiting_training")
    assert isinstance(waiting, QPushButton)
    assert waiting.isHidden()
    assert "Go on with" not in texts(page)
    page.show_training("The training of “Ours & theirs” waits")
    assert waiting.text() == "The training of “Ours && theirs” waits"
    assert "Go on with" in texts(page)
    with qtbot.waitSignal(page.training_wanted):
        waiting.click()
    page.show_training("")
    assert waiting.isHidden()


def test_a_folder_that_is_opened_again_comes_back_to_the_last_image(
    make_window: MakeWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    first = opened(make_window(), smear_folder, qtbot)
    first.gallery.select("case 2/smear 3.png")
    first.close()
    second = opened(make_window(), smear_folder, qtbot)
    assert second.gallery.selected() == "case 2/smear 3.png"
    # Another folder begins with its own first image, and this one is come back to.
    opened(second, smear_folder / "case 1", qtbot)
    assert second.gallery.selected() == "smear 0.png"
    opened(second, smear_folder, qtbot)
    assert second.gallery.selected() == "case 2/smear 3.png"


def test_a_folder_comes_back_to_a_field_of_a_file_with_several(
    make_window: MakeWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    with Image.open(smear_folder / "case 1" / "smear 0.png") as picture:
        field = picture.convert("RGB")
    field.save(smear_folder / "case 2" / "fields.tif", save_all=True, append_images=[field, field])
    first = opened(make_window(), smear_folder, qtbot)
    first.gallery.select("case 2/fields.tif [3]")
    first.close()
    assert opened(make_window(), smear_folder, qtbot).gallery.selected() == "case 2/fields.tif [3]"


def test_an_image_that_was_named_comes_before_the_last_one(
    make_window: MakeWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    window = opened(make_window(), smear_folder / "case 1", qtbot)
    window.gallery.select("smear 2.png")
    opened(window, smear_folder, qtbot)
    with qtbot.waitSignal(window.controller.folder.finished):
        window.open_named([smear_folder / "case 1" / "smear 4.png"])
    assert window.gallery.selected() == "smear 4.png"


def test_where_the_reader_rests_is_kept_without_closing_the_window(
    make_window: MakeWindow, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened(make_window(), smear_folder, qtbot)
    window.gallery.select("case 2/smear 3.png")

    def is_kept() -> bool:
        kept = read_settings(tmp_path / "settings.json").settings
        return kept.last_image(smear_folder) == "case 2/smear 3.png"

    qtbot.waitUntil(is_kept)
