"""The whole window on real files, real SQLite and real threads; only the classifiers are fakes."""

import csv
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from bloodsmear.errors import ClassifierError
from bloodsmear.review.records import RefusedClassifier
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import ExceptionHook, build_window
from desktop.gui.gallery import ListArrangement
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles

OpenWindow = Callable[[Callable[[], ClassifierSet]], MainWindow]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.csv"


@dataclass
class Closing:
    """What was asked when a window was to be closed. The answers come in turn, then yes to all."""

    asked: list[Sequence[str]] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)

    def answer(self, _parent: QWidget, ends: Sequence[str]) -> bool:
        """In the reader's place."""
        self.asked.append(ends)
        return self.answers.pop(0) if self.answers else True


@pytest.fixture
def closing() -> Closing:
    return Closing()


@pytest.fixture
def ask(smear_folder: Path, report: Path, closing: Closing) -> AskFiles:
    return AskFiles(
        folder=lambda _parent, _start: smear_folder,
        report=lambda _parent, _suggested: report,
        to_close=closing.answer,
    )


@pytest.fixture
def open_window(qapp: QApplication, tmp_path: Path, ask: AskFiles, qtbot: QtBot) -> Iterator[OpenWindow]:
    made: list[MainWindow] = []

    def open_it(load: Callable[[], ClassifierSet]) -> MainWindow:
        window = build_window(qapp, load_classifiers=load, settings_file=tmp_path / "settings.json", ask=ask)
        made.append(window)
        with qtbot.waitSignal(window.controller.classifiers_ready):
            window.show()
        return window

    yield open_it
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window: OpenWindow, fake_classifiers: ClassifierSet) -> MainWindow:
    return open_window(lambda: fake_classifiers)


def open_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.file.opened):
        QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)


def texts(widget: QWidget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.text())


def test_a_folder_is_opened_read_screened_and_exported_with_keys_alone(
    window: MainWindow, report: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.controller.image.record_ready):
        open_by_keys(window, qtbot)
    assert window.gallery.selected() == "case 1/smear 0.png"
    with qtbot.waitSignal(window.controller.image.record_ready) as ready:
        QTest.keyClick(window, Qt.Key.Key_J)
    assert ready.args[0].image == "case 1/smear 2.png"
    with qtbot.waitSignal(window.controller.image.record_ready) as ready:
        QTest.keyClick(window, Qt.Key.Key_Up)
    assert ready.args[0].image == "case 1/smear 0.png"
    with qtbot.waitSignal(window.controller.screening.ended):
        QTest.keyClick(window, Qt.Key.Key_F5)
    with qtbot.waitSignal(window.controller.file.exported):
        QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert "7 rows" in window.message_bar.text
    with report.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["ok"] * 6 + ["unreadable"]
    assert all(row["vgg16_version"].startswith("1.0+") for row in rows[:6])


def test_the_reading_shows_both_classifiers_of_the_chosen_image(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.image.record_ready):
        open_by_keys(window, qtbot)
    shown = texts(window.reading)
    assert "VGG16" in shown
    assert "U-Net" in shown
    assert "1 of 7" in shown
    assert "VGG16 1.0 · U-Net 1.0 · this PC only, no network" in texts(window.footer)


def test_an_unreadable_image_is_said_in_place_and_the_next_one_is_read(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_by_keys(window, qtbot)
    with qtbot.waitSignal(window.controller.records_changed):
        window.gallery.select("case 2/torn.png")
    assert "torn.png" in texts(window.viewer)
    with qtbot.waitSignal(window.controller.image.record_ready):
        QTest.keyClick(window, Qt.Key.Key_K)


def test_what_is_prepared_while_the_reader_looks_is_what_the_list_shows_next(
    window: MainWindow, qtbot: QtBot
) -> None:
    pictures = window.controller.image.pictures
    open_by_keys(window, qtbot)
    qtbot.waitUntil(lambda: pictures.file("case 1/smear 4.png") is not None)
    field, view = window.gallery.findChild(QLineEdit), window.gallery.findChild(QListView)
    assert field is not None
    assert view is not None
    field.setText("smear 5")
    qtbot.waitUntil(lambda: view.model().rowCount() == 1)
    window.gallery.select("case 1/smear 4.png")
    qtbot.waitUntil(lambda: pictures.file("case 2/smear 5.png") is not None)
    # The folder's next ones, which the filter hides.
    assert pictures.file("case 2/smear 1.png") is None
    assert pictures.file("case 2/smear 3.png") is None


def test_a_refused_classifier_is_named_and_the_other_goes_on(
    open_window: OpenWindow, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    refused = RefusedClassifier("unet", "The classifier unet was altered. Install Bloodsmear again.")
    window = open_window(lambda: ClassifierSet(fake_classifiers.classifiers[:1], (refused,)))
    with qtbot.waitSignal(window.controller.image.record_ready) as ready:
        open_by_keys(window, qtbot)
    assert refused.reason in texts(window.reading)
    assert ready.args[0].consensus.agreement == "single"


def test_without_any_classifier_the_images_can_still_be_looked_at(
    open_window: OpenWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    def refuse() -> ClassifierSet:
        raise ClassifierError("No classifier can be used. Install Bloodsmear again.")

    window = open_window(refuse)
    with qtbot.waitSignal(window.controller.image.denoised_ready):
        window.open_folders([smear_folder])
    assert "Install Bloodsmear again." in texts(window.reading)
    assert not window.actions_by_name["screen"].isEnabled()


def test_a_folder_that_is_gone_is_said_in_the_list(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.folder.failed):
        window.open_folders([tmp_path / "gone"])
    assert "gone" in texts(window.gallery)


def test_a_report_that_cannot_be_written_is_said_in_a_line(
    window: MainWindow, report: Path, qtbot: QtBot
) -> None:
    open_by_keys(window, qtbot)
    report.mkdir()
    with qtbot.waitSignal(window.controller.file.failed):
        window.reports.save("images")
    assert "report.csv" in window.message_bar.text


def test_closing_while_screening_asks_first_and_keeps_finished_predictions(
    open_window: OpenWindow,
    closing: Closing,
    fake_classifiers: ClassifierSet,
    smear_folder: Path,
    qtbot: QtBot,
) -> None:
    for number in range(80):
        shutil.copy(smear_folder / "case 1" / "smear 0.png", smear_folder / f"copy {number}.png")
    first = open_window(lambda: fake_classifiers)
    open_by_keys(first, qtbot)
    screened: set[str] = set()
    first.controller.screening.record_ready.connect(lambda record: screened.add(record.image))
    first.controller.screening.start()
    # The chosen image is kept without any screening: more than that one must be there.
    qtbot.waitUntil(lambda: len(screened) >= 3)
    closing.answers.append(False)
    first.close()
    assert first.isVisible()
    assert first.controller.screening.running
    first.close()
    assert not first.isVisible()
    assert len(closing.asked) == 2
    assert closing.asked[0][0].startswith("The screening ends after ")
    second = open_window(lambda: fake_classifiers)
    open_by_keys(second, qtbot)
    kept = set(second.controller.study.records)
    assert len(screened & kept) >= 2
    assert len(kept) < 87


def test_an_error_that_nobody_foresaw_becomes_a_sentence(
    window: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    hook = ExceptionHook()
    try:
        hook.caught.connect(window.say_problem)
        error = RuntimeError("/home/someone/Ivanov/a.jpg")
        sys.excepthook(RuntimeError, error, None)
    finally:
        hook.uninstall()
    assert "RuntimeError" in window.message_bar.text
    assert "Ivanov" not in window.message_bar.text
    assert "unexpected RuntimeError" in caplog.text


def test_no_modal_dialog_ever_opens(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.folder.failed):
        window.open_folders([tmp_path / "gone"])
    assert QApplication.activeModalWidget() is None


def test_going_down_the_least_certain_images_counts_up_and_meets_none_twice(
    window: MainWindow, qtbot: QtBot
) -> None:
    # Nothing is read before: each answer would give its image another place.
    window.gallery.choices.set_arrangement(ListArrangement("uncertainty"))
    with qtbot.waitSignal(window.controller.image.record_ready):
        open_by_keys(window, qtbot)
    place = window.reading.findChild(QLabel, "place_in_list")
    assert place is not None
    # The first image may be read before the last one is found.
    qtbot.waitUntil(lambda: place.text() == "1 of 7")
    places, images = [place.text()], [window.gallery.selected()]
    for _ in range(6):
        # Its answer arranges the list anew within a second.
        qtbot.waitUntil(lambda: images[-1] in window.controller.study.records)
        qtbot.wait(1100)
        QTest.keyClick(window, Qt.Key.Key_J)
        places.append(place.text())
        images.append(window.gallery.selected())
    assert places == [f"{number} of 7" for number in range(1, 8)]
    assert len(set(images)) == 7
