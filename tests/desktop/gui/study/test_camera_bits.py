"""A camera's bits that were set for a study count in the window, too."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import SignalInstance
from pytestqt.qtbot import QtBot

from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen, set_camera_bits
from desktop.gui.messages import Message
from desktop.gui.study import StudyController

OpenStudy = Callable[[StudyController, Path], list[Message]]
CameraFolder = Callable[..., Path]


def test_an_image_of_12_bits_is_shown_as_it_was_screened(
    controller: StudyController,
    open_study: OpenStudy,
    fake_classifiers: ClassifierSet,
    camera_folder: CameraFolder,
    qtbot: QtBot,
) -> None:
    folder = camera_folder()
    plan = ScreeningPlan((folder,), camera_bits=12)
    assert screen(plan, fake_classifiers, ScreeningEvents(), Cancel()).unreadable == 0

    open_study(controller, folder)
    with qtbot.waitSignal(controller.image.original_ready) as shown:
        controller.image.choose("camera.tif")

    assert shown.args[1][0, 0].tolist() == [224, 149, 230]
    assert controller.study.records["camera.tif"].status == "ok"


def test_an_image_that_was_chosen_before_the_study_is_open_is_read_again(
    controller: StudyController, fake_classifiers: ClassifierSet, camera_folder: CameraFolder, qtbot: QtBot
) -> None:
    folder = camera_folder()
    screen(ScreeningPlan((folder,), camera_bits=12), fake_classifiers, ScreeningEvents(), Cancel())
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([folder])
    with qtbot.waitSignal(controller.image.unreadable):
        controller.image.choose("camera.tif")

    with qtbot.waitSignal(controller.image.original_ready):
        controller.load_classifiers()


def test_a_picture_of_14_bits_read_before_the_study_is_open_is_read_anew_and_not_kept_dark(
    controller: StudyController, fake_classifiers: ClassifierSet, camera_folder: CameraFolder, qtbot: QtBot
) -> None:
    # Without the bits it passes for a dark picture of 16.
    folder = camera_folder(14)
    screen(ScreeningPlan((folder,), camera_bits=14), fake_classifiers, ScreeningEvents(), Cancel())
    stale: list[str] = []
    controller.thumbnails.stale.connect(stale.append)
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([folder])
    with qtbot.waitSignal(controller.thumbnails.ready):
        controller.thumbnails.request("camera.tif")
    with qtbot.waitSignal(controller.image.original_ready) as dark:
        controller.image.choose("camera.tif")
    assert dark.args[1][0, 0].tolist() == [56, 37, 58]

    with qtbot.waitSignal(controller.image.original_ready) as bright:
        controller.load_classifiers()

    assert bright.args[1][0, 0].tolist() == [224, 149, 230]
    assert stale == ["camera.tif"]


def test_bits_are_set_set_otherwise_and_taken_back_in_the_window(
    controller: StudyController, open_study: OpenStudy, camera_folder: CameraFolder, qtbot: QtBot
) -> None:
    folder = camera_folder()
    open_study(controller, folder)
    with qtbot.waitSignals([controller.image.unreadable, controller.image.camera_bits_wanted]):
        controller.image.choose("camera.tif")
    qtbot.waitUntil(lambda: "camera.tif" in controller.study.records)

    def read_with(bits: int | None, signal: SignalInstance) -> object:
        controller.folder.finished.connect(lambda _others: controller.image.choose("camera.tif"))
        with qtbot.waitSignal(controller.file.opened), qtbot.waitSignal(signal) as heard:
            controller.set_camera_bits(bits)
        qtbot.waitUntil(lambda: controller.study.path is not None)
        return heard.args[1]

    bright = read_with(12, controller.image.original_ready)
    assert isinstance(bright, np.ndarray)
    assert bright[0, 0].tolist() == [224, 149, 230]
    # The study that is opened anew has no record of it at first.
    qtbot.waitUntil(
        lambda: (record := controller.study.records.get("camera.tif")) is not None and record.status == "ok"
    )
    dark = read_with(16, controller.image.original_ready)
    assert isinstance(dark, np.ndarray)
    assert dark[0, 0].tolist() == [14, 9, 14]
    assert "brighter samples than a camera of 10 bits gives" in str(
        read_with(10, controller.image.unreadable)
    )
    assert "set the camera's bits" in str(read_with(None, controller.image.unreadable))
    assert controller.study.camera_bits is None


def test_a_thumbnail_that_is_under_way_when_the_bits_are_found_does_not_arrive_dark(
    controller: StudyController, fake_classifiers: ClassifierSet, camera_folder: CameraFolder, qtbot: QtBot
) -> None:
    folder = camera_folder(14)
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([folder])
    given: list[list[int]] = []
    controller.thumbnails.ready.connect(lambda _image, pixels, _there: given.append(pixels[0, 0].tolist()))
    # Begun, and not there before the event loop comes round.
    controller.thumbnails.request("camera.tif")
    controller.study.use_camera_bits(14)
    controller.thumbnails.make_anew()
    qtbot.waitUntil(lambda: bool(given))

    assert given == [[224, 149, 230]]


@pytest.mark.usefixtures("often")
def test_bits_that_another_window_sets_are_followed(
    controller: StudyController, open_study: OpenStudy, camera_folder: CameraFolder, qtbot: QtBot
) -> None:
    said = open_study(controller, camera_folder())
    qtbot.waitUntil(lambda: controller.review.reviewed.is_open)
    with qtbot.waitSignal(controller.image.unreadable):
        controller.image.choose("camera.tif")
    controller.folder.finished.connect(lambda _others: controller.image.choose("camera.tif"))

    path = controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as there:
        head = there.head
    with (
        qtbot.waitSignal(controller.image.original_ready) as shown,
        StudyStore.open_or_create(path, head) as other,
    ):
        set_camera_bits(other, 12)

    assert shown.args[1][0, 0].tolist() == [224, 149, 230]
    assert controller.study.camera_bits == 12
    assert [each.text for each in said if "camera of 12 bits" in each.text] == [
        "Another window changed how images are read. Files of 16 bits are read for a camera of 12 bits, so every image "
        "is read anew. Images ▸ Bits of the camera changes it."
    ]
    # Its own choice is none of another's.
    qtbot.waitUntil(lambda: controller.can_screen)
    del said[:]
    with qtbot.waitSignal(controller.file.opened):
        controller.set_camera_bits(None)
    qtbot.wait(400)
    assert not [each for each in said if "Another window" in each.text]
