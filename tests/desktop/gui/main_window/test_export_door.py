"""The page of reports beside the open study: it shows that study alone, as it stands, and nothing too early."""

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from bloodsmear.reports.report_kind import ReportWanted
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.dialogs import ExportDialog
from desktop.gui.job_runner import Job
from desktop.gui.main_window.export_door import ExportDoor
from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles
from desktop.gui.review_state import ImageMark
from desktop.gui.study import StudyController

FIRST = "case 1/smear 0.png"
# The slower a study is read, the longer the page waits: on a busy machine that is longer than waitUntil's own 5 s.
RESTED_MS = 60_000


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


@dataclass
class Answers:
    """What the reader answers, and what the system was asked to show."""

    home: Path
    preferences: Preferences
    place: Path | None = None
    suggested: list[Path] = field(default_factory=list)
    shown: list[tuple[str, Path]] = field(default_factory=list)
    system_can: bool = True

    def report(self, _parent: QWidget, suggested: Path) -> Path | None:
        """Where the report goes."""
        self.suggested.append(suggested)
        return self.place

    def ask_files(self) -> AskFiles:
        """The questions with these answers."""
        return AskFiles(
            report=self.report,
            open_file=lambda file: self.show("open", file),
            show_in_folder=lambda file: self.show("folder", file),
        )

    def show(self, how: str, file: Path) -> bool:
        """Whether the system can."""
        self.shown.append((how, file))
        return self.system_can


@pytest.fixture
def answered(tmp_path: Path) -> Answers:
    return Answers(tmp_path, Preferences(tmp_path / "settings.json"))


@pytest.fixture
def door(controller: StudyController, answered: Answers, qtbot: QtBot) -> ExportDoor:
    window = QWidget()
    qtbot.addWidget(window)
    return ExportDoor(controller, answered.preferences, answered.ask_files(), window)


@pytest.fixture
def page(door: ExportDoor, qtbot: QtBot) -> RecordingPage:
    """The page just opened: its first preview is under way."""
    made = RecordingPage()
    qtbot.addWidget(made)
    door.open(lambda shown: shown.show(), made)
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


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_leads_out_of_the_table(page: RecordingPage, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.waitUntil(lambda: bool(page.headers))
    page.show()
    table = page.findChildren(QTableWidget)[0]
    table.setCurrentCell(0, 1)
    table.setFocus()
    QTest.keyClick(table, key)
    assert page.focusWidget() not in (table, None)
    page.close()


@pytest.fixture
def other_folder(tmp_path: Path, smear_folder: Path) -> Path:
    """A folder with one image, which is none of the first."""
    other = tmp_path / "other" / "case 9"
    other.mkdir(parents=True)
    shutil.copy(smear_folder / FIRST, other / "smear 9.png")
    return other.parent


@pytest.mark.parametrize("blind", [False, True])
def test_another_folder_takes_the_place_of_the_one_before(
    blind: bool, controller: StudyController, page: RecordingPage, other_folder: Path, qtbot: QtBot
) -> None:
    controller.review.set_blind(blind)
    qtbot.waitUntil(lambda: FIRST in page.images())
    controller.open_folders([other_folder])
    assert (page.images(), page.can_save()) == ([], False)
    assert "being opened" in page.sentences()
    qtbot.waitUntil(lambda: page.images() == ["case 9/smear 9.png"])
    assert page.can_save()
    assert "1 image in 1 case" in page.sentences()


def test_a_preview_under_way_for_the_folder_before_is_never_shown(
    controller: StudyController, page: RecordingPage, other_folder: Path, qtbot: QtBot
) -> None:
    controller.open_folders([other_folder])
    qtbot.waitUntil(lambda: bool(page.headers))
    assert page.images() == ["case 9/smear 9.png"]


def test_without_a_study_it_says_why_and_nothing_can_be_saved(
    controller: StudyController, page: RecordingPage, tmp_path: Path, qtbot: QtBot
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    controller.open_folders([empty])
    qtbot.waitUntil(lambda: "No image was found" in page.sentences())
    page.kind_chosen.emit("images")
    assert "No image was found" in page.sentences()
    assert not page.can_save()


def test_what_is_unfinished_follows_the_decisions_beside_the_page(
    controller: StudyController, page: RecordingPage, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: "Unfinished: 7 images undecided." in page.sentences())
    controller.review.decide("benign")
    qtbot.waitUntil(lambda: "Unfinished: 6 images undecided." in page.sentences(), timeout=RESTED_MS)


@pytest.fixture
def asked(controller: StudyController, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kind of each preview that was asked for, from before the page is opened."""
    kinds: list[str] = []
    preview = controller.file.preview

    def record_and_ask(wanted: ReportWanted, hide_answers: bool) -> Job | None:
        kinds.append(wanted.kind)
        return preview(wanted, hide_answers)

    monkeypatch.setattr(controller.file, "preview", record_and_ask)
    return kinds


def test_decisions_in_quick_succession_are_read_together(
    asked: list[str], controller: StudyController, page: RecordingPage, qtbot: QtBot
) -> None:
    for _ in range(3):
        controller.review.mark_changed.emit(FIRST, ImageMark("benign"))
    assert asked == ["images"]
    qtbot.waitUntil(lambda: len(page.headers) == 2, timeout=RESTED_MS)
    assert asked == ["images", "images"]


def test_a_closed_page_is_shown_nothing_more(
    asked: list[str], controller: StudyController, page: RecordingPage, qtbot: QtBot
) -> None:
    page.close()
    with qtbot.waitSignal(controller.review.mark_changed):
        controller.review.decide("benign")
    controller.review.set_blind(True)
    # Behind the first preview, in the same lane.
    job = controller.file.compare()
    assert job is not None
    with qtbot.waitSignal(job.finished):
        pass
    assert (asked, page.headers) == (["images"], [])


def test_a_large_study_is_read_anew_the_more_seldom_the_longer_it_takes(
    controller: StudyController, page: RecordingPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: bool(page.headers))
    (rest,) = page.findChildren(QTimer)
    preview = controller.file.preview

    def ask_slowly(wanted: ReportWanted, hide_answers: bool) -> Job | None:
        slow = controller.runner.job(lambda _report, _cancel: time.sleep(0.3))
        controller.runner.start("report", slow)
        return preview(wanted, hide_answers)

    monkeypatch.setattr(controller.file, "preview", ask_slowly)
    page.kind_chosen.emit("images")
    qtbot.waitUntil(lambda: len(page.headers) == 2)
    assert rest.interval() >= 1200


def buttons(page: ExportDialog) -> list[str]:
    """The buttons at the foot that can be seen."""
    names = ("open_report", "show_report", "close_page", "save_report")
    there = [each for each in page.findChildren(QPushButton) if each.objectName() in names]
    return [each.objectName() for each in there if each.isVisible()]


def press(page: ExportDialog, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    found.click()


def said(page: ExportDialog, name: str) -> str:
    """What a box says, where it can be seen."""
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def test_what_was_saved_can_be_opened_and_shown_in_its_folder(
    controller: StudyController, page: RecordingPage, answered: Answers, qtbot: QtBot
) -> None:
    answered.place = answered.home / "r.csv"
    assert buttons(page) == ["close_page", "save_report"]
    with qtbot.waitSignal(controller.file.exported):
        press(page, "save_report")
    assert str(answered.place) in said(page, "export_saved")
    assert page.focusWidget().objectName() == "open_report"
    press(page, "open_report")
    press(page, "show_report")
    assert answered.shown == [("open", answered.place), ("folder", answered.place)]
    assert said(page, "export_problem") == ""
    answered.system_can = False
    press(page, "open_report")
    assert str(answered.place) in said(page, "export_problem")
    assert str(answered.place) in said(page, "export_saved")
    # The study is read anew behind it.
    qtbot.waitUntil(lambda: bool(page.headers))
    page.headers.clear()
    page.kind_chosen.emit("cases")
    qtbot.waitUntil(lambda: bool(page.headers))
    assert str(answered.place) in said(page, "export_saved")


def test_the_place_of_a_failed_report_is_not_remembered(
    controller: StudyController, page: RecordingPage, answered: Answers, qtbot: QtBot
) -> None:
    answered.place = answered.home / "r.csv"
    with qtbot.waitSignal(controller.file.exported):
        press(page, "save_report")
    answered.place = answered.home / "gone" / "r.csv"
    with qtbot.waitSignal(controller.file.failed):
        press(page, "save_report")
    assert answered.preferences.settings.report_folder == str(answered.home)
    assert "there is no folder" in said(page, "export_problem")
    assert buttons(page) == ["close_page", "save_report"]
    assert page.focusWidget().objectName() == "save_report"


def test_the_keys_are_the_pages_again_when_no_place_was_chosen(page: RecordingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(page.headers))
    page.findChildren(QTableWidget)[0].setFocus()
    press(page, "save_report")
    assert page.focusWidget().objectName() == "save_report"


def has_semicolons(page: RecordingPage) -> bool:
    return "Cells are parted by semicolons" in page.sentences()


@pytest.mark.parametrize("country", [QLocale.Country.Germany, QLocale.Country.UnitedStates])
def test_the_csv_has_the_form_of_the_systems_numbers_until_another_is_chosen(
    country: QLocale.Country,
    page: RecordingPage,
    answered: Answers,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(QLocale.Language.AnyLanguage, country))
    qtbot.waitUntil(lambda: bool(page.headers))
    page.headers.clear()
    page.kind_chosen.emit("images")
    qtbot.waitUntil(lambda: bool(page.headers))
    assert has_semicolons(page) == (country == QLocale.Country.Germany)
    page.headers.clear()
    page.form_chosen.emit("comma")
    qtbot.waitUntil(lambda: bool(page.headers))
    assert not has_semicolons(page)
    page.form_chosen.emit("semicolon")
    qtbot.waitUntil(lambda: has_semicolons(page))
    assert answered.preferences.settings.csv_form == "semicolon"


def test_the_reader_who_decided_nothing_is_named_before_and_after_saving(
    controller: StudyController, page: RecordingPage, answered: Answers, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: "Ada has decided about no image." in page.sentences())
    answered.place = answered.home / "r.csv"
    with qtbot.waitSignal(controller.file.exported):
        press(page, "save_report")
    assert said(page, "export_saved").endswith("Ada has decided about no image.")
