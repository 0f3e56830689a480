"""Controllers without a window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.messages import Message
from desktop.gui.study_controller import StudyController

MakeController = Callable[..., StudyController]
OpenStudy = Callable[[StudyController, Path], list[Message]]


@pytest.fixture
def make_controller(qtbot: QtBot) -> Iterator[MakeController]:
    made: list[StudyController] = []

    def make(load: Callable[[], ClassifierSet]) -> StudyController:
        made.append(StudyController(load, thumbnail_side_px=32))
        return made[-1]

    yield make
    for controller in made:
        assert controller.close()


@pytest.fixture
def controller(make_controller: MakeController, fake_classifiers: ClassifierSet) -> StudyController:
    return make_controller(lambda: fake_classifiers)


@pytest.fixture
def open_study(qtbot: QtBot) -> OpenStudy:
    """Load the classifiers, open a folder and wait for its file; the list fills with what is said from then on."""

    def open_it(controller: StudyController, folder: Path) -> list[Message]:
        controller.load_classifiers()
        with qtbot.waitSignal(controller.file.opened):
            controller.open_folders([folder])
        said: list[Message] = []
        controller.said.connect(said.append)
        return said

    return open_it
