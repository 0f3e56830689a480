"""A day's work: 200 images, two readers, marks, the ruler, a restart, disputes settled, sign-off, reports of a part."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.review.marks import DrawnShape
from bloodsmear.review.reader_agreement import Comparison, compare_readers
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.decision import SignOffSheet
from desktop.gui.dialogs import ExportDialog
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.theme.segmented_choice import SegmentedChoice

Key = Qt.Key
COUNT, A_CASE, EVERY = 200, 20, 20
FIRST = "case 1/smear 0.png"
CIRCLE = DrawnShape("circle", ((10.0, 20.0), (30.0, 20.0)), (64, 48), "a nucleus")
OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """200 images in ten cases, no two alike."""
    for number in range(COUNT):
        case = tmp_path / "day" / f"case {number // A_CASE + 1}"
        case.mkdir(parents=True, exist_ok=True)
        pixels = np.full((48, 64, 3), 200, np.uint8)
        cv2.circle(pixels, (10 + number % 44, 24), 8, (140, number, 255 - number), -1)
        (case / f"smear {number}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return tmp_path / "day"


@pytest.fixture
def open_window(
    qapp: QApplication, tmp_path: Path, folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> Iterator[OpenWindow]:
    """`open_window()`: the program begins anew on the folder, as after a restart."""
    opened: list[MainWindow] = []
    reports = tmp_path / "reports"
    reports.mkdir()
    ask = AskFiles(
        report=lambda _parent, suggested: reports / suggested.name,
        new_folder=lambda _parent, _start: reports / "copies",
    )

    def begin() -> MainWindow:
        window = build_window(
            qapp,
            load_classifiers=lambda: fake_classifiers,
            settings_file=tmp_path / "settings.json",
            ask=ask,
        )
        opened.append(window)
        with qtbot.waitSignal(window.controller.classifiers_ready):
            window.show()
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.open_folders([folder])
        qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
        qtbot.waitUntil(lambda: window.gallery.count() == COUNT)
        return window

    yield begin
    for window in opened:
        window.close()
        window.deleteLater()


def is_second_label(image: str) -> bool:
    """On every twentieth image Ada sees what Ben does not."""
    return int(image.rpartition(" ")[2].removesuffix(".png")) % EVERY == 0


def choose(window: MainWindow, image: str, qtbot: QtBot) -> None:
    if window.gallery.selected() != image:
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.gallery.select(image)


def press(window: MainWindow, key: Key, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.review.mark_changed):
        QTest.keyClick(window, key)


def decide_one_by_one(window: MainWindow, qtbot: QtBot) -> None:
    images = list(window.controller.study.found)
    for image in images:
        assert window.gallery.selected() == image
        press(window, Key.Key_2 if is_second_label(image) else Key.Key_1, qtbot)
        if image != images[-1]:
            with qtbot.waitSignal(window.controller.image.record_ready):
                QTest.keyClick(window, Key.Key_Return)


def decide_all_at_once(window: MainWindow, qtbot: QtBot) -> None:
    window.gallery.marked.mark_all()
    window.review.panel.choose("benign")
    with qtbot.waitSignal(window.controller.review.many_decided):
        window.review.panel.confirm()


def sign_off(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["sign_off_study"].trigger()
    sheet = window.findChildren(SignOffSheet)[-1]
    with qtbot.waitSignal(window.controller.review.marks_changed):
        sheet.findChildren(QPushButton, "confirm_sign_off")[0].click()
    window.activateWindow()
    assert window.controller.review.state.whole_locked


def settle_all(window: MainWindow, qtbot: QtBot) -> int:
    """Cara reads for consensus: alone first, then what holds."""
    with qtbot.waitSignal(window.controller.consensus.said):
        window.actions_by_name["consensus"].trigger()
    reviewed, settled = window.controller.review.reviewed, 0
    while disputed := reviewed.disputed_images():
        if window.gallery.selected() not in disputed:
            with qtbot.waitSignal(window.controller.image.record_ready):
                QTest.keyClick(window, Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
        for key in (Key.Key_1, Key.Key_2):
            press(window, key, qtbot)
        settled += 1
    return settled


def pair(study: Path, settled: bool) -> Comparison:
    """Ada beside Ben, before the consensus read or after it."""
    with StudyStore.open_existing(study) as store:
        compared = compare_readers(Replay(store.events.readable()), list(store.records()))
    both = [one for one in compared if (one.reader, one.other) == ("Ada", "Ben")]
    (found,) = (one for one in both if bool(one.settled) == settled)
    return found


def choose_segment(page: ExportDialog, words: str) -> None:
    choices = page.findChildren(SegmentedChoice)
    (found,) = (one for choice in choices for one in choice.findChildren(QPushButton) if one.text() == words)
    found.click()


def save(window: MainWindow, page: ExportDialog, qtbot: QtBot) -> None:
    (button,) = page.findChildren(QPushButton, "save_report")
    with qtbot.waitSignal(window.controller.file.exported):
        button.click()


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        next(opened)
        return list(csv.DictReader(opened))


def begin_the_day(window: MainWindow, qtbot: QtBot) -> None:
    """Ada decides, marks and measures."""
    window.controller.review.name_reader("Ada")
    decide_one_by_one(window, qtbot)
    choose(window, FIRST, qtbot)
    window.controller.marks.draw(FIRST, CIRCLE, 0)
    qtbot.waitUntil(lambda: bool(window.viewer.marks.shown))
    ruler = window.viewer.ruler
    ruler.toggle("line")
    ruler.begin(QPointF(10, 20))
    ruler.move(QPointF(30, 20))
    assert ruler.length_px == pytest.approx(20)
    ruler.leave()


def find_it_again(window: MainWindow, qtbot: QtBot) -> None:
    """After the restart all of it is there, and Ada signs off."""
    choose(window, FIRST, qtbot)
    assert window.controller.review.state.reader == "Ada"
    assert len(window.controller.review.reviewed.marks()) == COUNT
    qtbot.waitUntil(lambda: bool(window.viewer.marks.shown))
    sign_off(window, qtbot)


def read_a_second_time(window: MainWindow, qtbot: QtBot) -> None:
    """Ben reads blind, and sees neither what Ada decided nor what she drew."""
    window.actions_by_name["blind"].trigger()
    window.controller.review.name_reader("Ben")
    qtbot.waitUntil(lambda: not window.viewer.marks.shown)
    assert not window.controller.review.reviewed.marks()
    decide_all_at_once(window, qtbot)
    sign_off(window, qtbot)


def write_reports(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    """Of a case as CSV, and all images by decision."""
    choose(window, FIRST, qtbot)
    window.actions_by_name["reports"].trigger()
    page = window.findChildren(ExportDialog)[-1]
    choose_segment(page, "This case")
    save(window, page, qtbot)
    found = rows(folder / "day.csv")
    assert len(found) == A_CASE
    first = next(row for row in found if row["image"] == FIRST)
    assert (first["decision"], first["settled_by"]) == ("early_pre_b", "Cara")
    assert first["other_decisions"] == "Ada=early_pre_b;Ben=benign"
    choose_segment(page, "All images")
    choose_segment(page, "Images by decision")
    save(window, page, qtbot)
    copies = list((folder / "copies").rglob("smear *.png"))
    assert len(copies) == COUNT
    assert sum(copy.parts[-3] == "early_pre_b" for copy in copies) == COUNT // EVERY
    page.close()


@pytest.mark.slow
def test_from_the_first_image_to_the_reports(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window()
    begin_the_day(window, qtbot)
    window.close()
    window = open_window()
    find_it_again(window, qtbot)
    read_a_second_time(window, qtbot)
    path = window.controller.study.path
    assert path is not None
    before = pair(path, settled=False)
    assert (before.kappa.images, before.kappa.agreed) == (COUNT, COUNT - COUNT // EVERY)
    window.controller.review.name_reader("Cara")
    assert settle_all(window, qtbot) == COUNT // EVERY
    sign_off(window, qtbot)
    after = pair(path, settled=True)
    assert (after.kappa.agreed, after.settled) == (COUNT, COUNT // EVERY)
    write_reports(window, tmp_path / "reports", qtbot)
    window.close()

    with StudyStore.open_existing(path) as store:
        check = store.events.check()
        kinds = [event.entry.kind for event in store.events.read()]
    assert check.whole
    assert kinds.count("decided") == 2 * COUNT + COUNT // EVERY
    assert kinds.count("settled") == COUNT // EVERY
    assert (kinds.count("mark_drawn"), kinds.count("study_signed_off")) == (1, 3)
