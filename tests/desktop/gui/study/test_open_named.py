"""What was dropped on the window or named to the program: folders, images with their folder, a study, other files."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.images.scan import FoundImage
from desktop.gui.messages import Message
from desktop.gui.study import StudyController


@pytest.fixture
def begun_with(controller: StudyController) -> list[str]:
    """The images with which the reader begins, as the window's list would ask for them."""
    begun: list[str] = []

    def take(found: Sequence[FoundImage]) -> None:
        if not begun and (first := controller.first_of(found)) is not None:
            begun.append(first)

    controller.folder.images_found.connect(take)
    controller.image_wanted.connect(begun.append)
    return begun


def test_an_image_opens_its_folder_and_is_the_one_to_begin_with(
    controller: StudyController, begun_with: list[str], smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_named([smear_folder / "case 1" / "smear 2.png"])
    assert controller.study.folders == (smear_folder / "case 1",)
    assert list(controller.study.found) == ["smear 0.png", "smear 2.png", "smear 4.png"]
    assert begun_with == ["smear 2.png"]


def test_a_folder_begins_with_its_first_image(
    controller: StudyController, begun_with: list[str], smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_named([smear_folder])
    assert begun_with == ["case 1/smear 0.png"]


def test_an_image_that_is_gone_leaves_the_first_one_to_begin_with(
    controller: StudyController, begun_with: list[str], smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder], smear_folder / "case 1" / "gone.png")
    assert begun_with == ["case 1/smear 0.png"]


def test_who_chose_an_image_while_the_folder_was_searched_stays_with_it(
    controller: StudyController, begun_with: list[str], smear_folder: Path, qtbot: QtBot
) -> None:
    controller.folder.images_found.connect(lambda _found: controller.image.choose("case 1/smear 4.png"))
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder], smear_folder / "case 1" / "gone.png")
    assert controller.image.image == "case 1/smear 4.png"
    assert begun_with == []


def test_images_of_two_folders_open_both(
    controller: StudyController, begun_with: list[str], smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_named(
            [smear_folder / "case 2" / "smear 1.png", smear_folder / "case 1" / "smear 0.png"]
        )
    assert controller.study.folders == (smear_folder / "case 2", smear_folder / "case 1")
    assert begun_with == ["case 2/smear 1.png"]


@pytest.mark.parametrize("name", ["notes.txt", ".hidden.png"])
def test_a_file_that_is_not_an_image_is_refused_and_changes_nothing(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    (tmp_path / name).write_text("no image")
    begun: list[str] = []
    controller.folder.begun.connect(begun.append)
    with qtbot.waitSignal(controller.said) as said:
        controller.open_named([tmp_path / name])
    message = said.args[0]
    assert isinstance(message, Message)
    assert message.kind == "problem"
    assert f"{name} is not an image" in message.text
    assert "so nothing was opened" in message.text
    assert begun == []
    assert controller.study.folders == (smear_folder,)
    assert len(controller.study.found) == 7


def test_beside_images_another_file_is_left_out_and_said(
    controller: StudyController, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    with qtbot.waitSignal(controller.said) as said, qtbot.waitSignal(controller.folder.finished):
        controller.open_named([tmp_path / "notes.txt", smear_folder])
    assert "notes.txt is not an image by its name, so it was left out" in said.args[0].text
    assert controller.study.folders == (smear_folder,)


def test_what_was_named_does_not_come_in_place_of_a_folder_opened_after_it(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    controller.open_named([smear_folder / "case 1"])
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder / "case 2"])
    qtbot.wait(50)
    assert controller.study.folders == (smear_folder / "case 2",)
