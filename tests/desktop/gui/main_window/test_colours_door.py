"""The page of colours beside the open study, and what is kept of them: per study, on this PC, in no study's file."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton, QSlider
from pytestqt.qtbot import QtBot

from bloodsmear.images.shown_colours import FILES_COLOURS, ShownColours
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from desktop.gui.main_window import MainWindow
from desktop.gui.viewer.colours_page import ColoursPage
from desktop.gui.viewer.histogram import Histogram

MakeWindow = Callable[[], MainWindow]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders with an image each: all of it has one colour."""
    made = (tmp_path / "one", tmp_path / "other")
    for folder in made:
        folder.mkdir()
        pixels = np.full((48, 64, 3), (220, 210, 230), np.uint8)
        (folder / "a.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return made


def open_folder(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.image.original_ready):
        window.open_folders([folder])


def page_of(window: MainWindow) -> ColoursPage:
    window.actions_by_name["colours"].trigger()
    [page] = window.findChildren(ColoursPage)
    return page


def test_each_study_has_its_own_colours_and_keeps_them_for_the_next_start(
    make_window: MakeWindow, folders: tuple[Path, Path], qtbot: QtBot
) -> None:
    window = make_window()
    open_folder(window, folders[0], qtbot)
    window.actions_by_name["invert"].trigger()
    assert window.actions_by_name["invert"].isChecked()
    open_folder(window, folders[1], qtbot)
    assert window.viewer.colours.now == FILES_COLOURS
    window.viewer.colours.set(ShownColours(brightness=30))
    window.close()

    again = make_window()
    open_folder(again, folders[0], qtbot)
    assert again.viewer.colours.now == ShownColours(inverted=True)
    open_folder(again, folders[1], qtbot)
    assert again.viewer.colours.now == ShownColours(brightness=30)
    again.viewer.colours.set(FILES_COLOURS)
    again.close()
    kept = again.preferences.settings.colours
    assert [line.partition("\n")[0] for line in kept] == [str(folders[0])]


def test_a_study_that_was_opened_by_its_file_keeps_its_colours_by_that(
    make_window: MakeWindow,
    folders: tuple[Path, Path],
    fake_classifiers: ClassifierSet,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    file = tmp_path / "night.bloodsmear"
    screen(ScreeningPlan((folders[0],), file), fake_classifiers, ScreeningEvents(), Cancel())
    window = make_window()
    for colours in (ShownColours(inverted=True), ShownColours(brightness=9)):
        open_folder(window, file, qtbot)
        assert window.controller.study.named == file
        window.viewer.colours.set(colours)
        open_folder(window, folders[0], qtbot)
        assert window.viewer.colours.now == FILES_COLOURS
    open_folder(window, file, qtbot)
    assert window.viewer.colours.now == ShownColours(brightness=9)
    window.close()


def test_the_page_shows_what_the_keys_choose_and_the_views_what_it_chooses(
    make_window: MakeWindow, folders: tuple[Path, Path], qtbot: QtBot
) -> None:
    window = make_window()
    open_folder(window, folders[0], qtbot)
    page = page_of(window)
    brightness = page.findChild(QSlider, "brightness")
    gamma = page.findChild(QSlider, "gamma")
    files = page.findChild(QPushButton, "files_colours")
    assert isinstance(brightness, QSlider)
    assert isinstance(gamma, QSlider)
    assert isinstance(files, QPushButton)
    assert not files.isEnabled()

    brightness.setValue(40)
    gamma.setValue(100)
    window.actions_by_name["channel"].trigger()

    assert window.viewer.colours.now == ShownColours(brightness=40, gamma_percent=500, channel="red")
    window.viewer.colours.set(ShownColours(brightness=-7))
    assert (brightness.value(), gamma.value()) == (-7, 0)
    files.click()
    assert window.viewer.colours.now == FILES_COLOURS
    window.close()


@pytest.mark.parametrize("percent", [20, 45, 99, 100, 101, 120, 333, 500])
def test_a_gamma_that_was_kept_stands_on_the_slider_and_is_not_changed_by_showing_it(
    make_window: MakeWindow, folders: tuple[Path, Path], qtbot: QtBot, percent: int
) -> None:
    window = make_window()
    open_folder(window, folders[0], qtbot)
    window.viewer.colours.set(ShownColours(gamma_percent=percent))
    page_of(window)
    assert window.viewer.colours.now == ShownColours(gamma_percent=percent)
    window.close()


def test_the_histogram_is_that_of_the_shown_image_with_the_files_colours(
    make_window: MakeWindow, folders: tuple[Path, Path], qtbot: QtBot
) -> None:
    window = make_window()
    open_folder(window, folders[0], qtbot)
    page = page_of(window)
    [histogram] = page.findChildren(Histogram)
    window.viewer.colours.set(ShownColours(inverted=True))
    for heights, value in zip(histogram.heights(), (230, 210, 220), strict=True):
        assert [place for place, height in enumerate(heights) if height] == [value]
    window.viewer.show_loading("b.png")
    window.controller.image.loading.emit("b.png")
    assert all(not any(heights) for heights in histogram.heights())
    window.close()
