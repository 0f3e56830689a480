"""The page of reports beside the open study: it shows that study alone, as it stands, and nothing too early."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.dialogs import ExportDialog
from desktop.gui.main_window.export_door import ExportDoor
from desktop.gui.study_controller import StudyController

FIRST = "case 1/smear 0.png"


class RecordingPage(ExportDialog):
    """Keeps the header of every preview that it was ever given."""

    def __init__(self) -> None:
        super().__init__("images")
        self.headers: list[Sequence[str]] = []

    def show_preview(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], sentences: Sequence[str]
    ) -> None:
        """Keep the header, then show it."""
        self.headers.append(header)
        super().show_preview(header, rows, sentences)

    def sentences(self) -> str:
        """What stands above the table."""
        found = self.findChild(QLabel, "export_sentences")
        assert isinstance(found, QLabel)
        return found.text()

    def images(self) -> list[str]:
        """The first cell of each row."""
        table = self.findChildren(QTableWidget)[0]
        items = [table.item(row, 0) for row in range(table.rowCount())]
        return [item.text() for item in items if item is not None]

    def can_save(self) -> bool:
        """Whether the button is there to be pressed."""
        found = self.findChild(QPushButton, "save_report")
        assert isinstance(found, QPushButton)
        return found.isEnabled()


@pytest.fixture
def controller(
    fake_classifiers: ClassifierSet, smear_folder: Path, qtbot: QtBot
) -> Iterator[StudyController]:
    """The study of the folder is open, and Ada looks at its first image."""
    made = StudyController(lambda: fake_classifiers, thumbnail_side_px=32)
    made.load_classifiers()
    made.review.name_reader("Ada")
    with qtbot.waitSignal(made.file.opened):
        made.open_folders([smear_folder])
    qtbot.waitUntil(lambda: made.review.reviewed.is_open)
    with qtbot.waitSignal(made.image.record_ready):
        made.image.choose(FIRST)
    yield made
    assert made.close()


@pytest.fixture
def page(controller: StudyController, qtbot: QtBot) -> RecordingPage:
    """The page just opened: its first preview is under way."""
    made = RecordingPage()
    qtbot.addWidget(made)
    holder = QObject(made)
    ExportDoor(controller, lambda _kind: None, holder).open(lambda shown: shown.show(), made)
    return made


def answers(header: Sequence[str]) -> list[str]:
    """The columns in which a classifier speaks."""
    return [name for name in header if name.startswith(("vgg16", "unet", "consensus", "flags", "agreement"))]


def test_a_preview_begun_before_blind_reading_is_never_shown(
    controller: StudyController, page: RecordingPage, qtbot: QtBot
) -> None:
    controller.review.set_blind(True)
    qtbot.waitUntil(lambda: "You read blind" in page.sentences())
    assert [answers(header) for header in page.headers] == [[]]


def test_without_blind_reading_the_preview_has_the_answers(page: RecordingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(page.headers))
    assert "vgg16_label" in answers(page.headers[0])
