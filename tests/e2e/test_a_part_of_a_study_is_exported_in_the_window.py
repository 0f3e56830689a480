"""Reports and copies of a selection, of what a filter shows, and of a case, from the page of reports."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.dialogs import ExportDialog
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.theme.segmented_choice import SegmentedChoice

FIRST, THIRD, OTHER = "case 1/smear 0.png", "case 1/smear 2.png", "case 2/smear 1.png"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], target: Path, qtbot: QtBot) -> MainWindow:
    """Ada decided the first image; reports go where they are suggested, copies to a folder beside them."""
    ask = AskFiles(
        report=lambda _parent, suggested: target / suggested.name,
        new_folder=lambda _parent, _start: target / "copies",
    )
    window = open_smears(ask)
    window.controller.review.name_reader("Ada")
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("benign")
    return window


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ExportDialog:
    window.actions_by_name["reports"].trigger()
    page = window.findChildren(ExportDialog)[-1]
    qtbot.waitUntil(lambda: "7 images" in sentences(page))
    return page


def sentences(page: ExportDialog) -> str:
    (found,) = page.findChildren(QLabel, "export_sentences")
    return found.text()


def press(page: ExportDialog, words: str) -> None:
    (found,) = (
        button
        for choice in page.findChildren(SegmentedChoice)
        for button in choice.findChildren(QPushButton)
        if button.text() == words
    )
    found.click()


def save(window: MainWindow, page: ExportDialog, qtbot: QtBot) -> str:
    (button,) = page.findChildren(QPushButton, "save_report")
    with qtbot.waitSignal(window.controller.file.exported) as said:
        button.click()
    return str(said.args[0])


def lines(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return list(csv.reader(opened))


def test_of_the_marked_images_alone(
    window: MainWindow, page: ExportDialog, target: Path, qtbot: QtBot
) -> None:
    window.gallery.select(FIRST)
    view = window.gallery._view
    view.selectionModel().select(view.index_of(OTHER), view.selectionModel().SelectionFlag.Select)
    assert set(window.gallery.marked.images()) == {FIRST, OTHER}
    press(page, "Marked")
    qtbot.waitUntil(lambda: "2 of the study's 7 images, those marked in the list." in sentences(page))
    save(window, page, qtbot)
    notice, header, *rows = lines(target / "smears.csv")
    assert notice == ["This is a selection: 2 of the study's 7 images, those marked in the list."]
    assert header[0] == "image"
    assert {row[0] for row in rows} == {FIRST, OTHER}
    page.close()


def test_without_a_marked_image_it_says_what_to_do(
    window: MainWindow, page: ExportDialog, target: Path
) -> None:
    press(page, "Marked")
    (button,) = page.findChildren(QPushButton, "save_report")
    button.click()
    (problem,) = page.findChildren(QLabel, "export_problem")
    assert "Mark some in the list" in problem.text()
    assert not list(target.iterdir())
    page.close()


def test_of_what_the_filter_shows_as_html(
    window: MainWindow, page: ExportDialog, target: Path, qtbot: QtBot
) -> None:
    field = window.gallery.findChild(QLineEdit)
    assert field is not None
    field.setText("smear 2")
    qtbot.waitUntil(lambda: window.gallery.shown_images() == (THIRD,))
    press(page, "HTML report")
    press(page, "Shown in the list")
    qtbot.waitUntil(lambda: "1 of the study's 7 images" in sentences(page))
    save(window, page, qtbot)
    text = (target / "smears.html").read_text(encoding="utf-8")
    assert "those that the list shows (“smear 2”)" in text
    assert "smear 4.png" not in text
    page.close()


def test_of_a_case(window: MainWindow, page: ExportDialog, target: Path, qtbot: QtBot) -> None:
    press(page, "This case")
    press(page, "CSV, a row a case")
    qtbot.waitUntil(lambda: "those of case 1" in sentences(page))
    save(window, page, qtbot)
    _, _, *rows = lines(target / "smears cases.csv")
    assert [row[:2] for row in rows] == [["case 1", "3"]]
    page.close()


def test_images_are_copied_into_a_folder_for_each_label(
    window: MainWindow, page: ExportDialog, target: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    press(page, "Images by decision")
    qtbot.waitUntil(lambda: "1 file to copy: Benign 1." in sentences(page))
    said = save(window, page, qtbot)
    assert said.startswith("Copied 1 image to")
    copied = target / "copies" / "benign" / "case 1" / "smear 0.png"
    assert copied.read_bytes() == (smear_folder / FIRST).read_bytes()
    assert (target / "copies" / "provenance.csv").is_file()
    page.close()


def test_the_preview_follows_the_chosen_case_which_is_what_is_saved(
    window: MainWindow, page: ExportDialog, qtbot: QtBot
) -> None:
    # What is read of an image has it previewed anew by itself.
    for image in (OTHER, FIRST):
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.gallery.select(image)
    qtbot.wait(1000)
    press(page, "This case")
    qtbot.waitUntil(lambda: "case 1" in sentences(page))
    window.gallery.select(OTHER)
    qtbot.waitUntil(lambda: "case 2" in sentences(page))
