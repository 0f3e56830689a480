"""Controllers without a window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.images.denoise_settings import DEFAULTS
from bloodsmear.review.events import Event
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.messages import Message
from desktop.gui.review_state import ReviewState
from desktop.gui.study import StudyController

MakeController = Callable[..., StudyController]
OpenStudy = Callable[[StudyController, Path], list[Message]]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other programs write into the study is looked for ten times a second, not once."""
    monkeypatch.setattr("desktop.gui.study.other_programs._LOOK_MS", 100)


@pytest.fixture
def make_controller(qtbot: QtBot) -> Iterator[MakeController]:
    made: list[StudyController] = []

    def make(load: Callable[[], ClassifierSet]) -> StudyController:
        controller = StudyController(load, thumbnail_side_px=32)
        # The one whose pictures come in parts.
        controller.image.choose_denoiser(DEFAULTS["non_local_means"])
        made.append(controller)
        return controller

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


@dataclass(frozen=True, slots=True)
class ReaderSteps:
    """What a reader does, each waited for until it is kept."""

    controller: StudyController
    qtbot: QtBot

    def look_at(self, image: str) -> None:
        """Choose an image and wait until it is to be seen and its record is kept."""
        reading = self.controller.image
        torn = image.endswith("torn.png")
        with self.qtbot.waitSignal(reading.record_made if torn else reading.record_ready):
            reading.choose(image)

    def act(self, ask: Callable[[], None]) -> ReviewState:
        """Ask for something and wait until it is kept."""
        with self.qtbot.waitSignal(self.controller.review.changed) as changed:
            ask()
        state = changed.args[0]
        assert isinstance(state, ReviewState)
        return state

    def decide(self, value: str) -> ReviewState:
        """Decide for the chosen image."""
        return self.act(lambda: self.controller.review.decide(value))

    def refusal(self, ask: Callable[[], None]) -> tuple[str, str]:
        """Ask for something and wait for the sentence that refuses it, and the image to go to."""
        with self.qtbot.waitSignal(self.controller.review.refused) as refused:
            ask()
        return refused.args[0], refused.args[1]

    def events(self) -> list[Event]:
        """What is kept in the study's file."""
        path = self.controller.study.path
        assert path is not None
        with StudyStore.open_existing(path) as store:
            return list(store.events.read())


@pytest.fixture
def steps(controller: StudyController, qtbot: QtBot) -> ReaderSteps:
    return ReaderSteps(controller, qtbot)


@pytest.fixture
def ada(controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot) -> None:
    """Ada has opened a study; she has looked at nothing yet."""
    controller.review.name_reader("Ada")
    open_study(controller, smear_folder)
    qtbot.waitUntil(lambda: controller.review.reviewed.is_open)


@pytest.fixture
def reading(controller: StudyController, steps: ReaderSteps, ada: None) -> StudyController:
    """Ada looks at the first image of an open study."""
    steps.look_at("case 1/smear 0.png")
    return controller
