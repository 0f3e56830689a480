"""A study of 10,000 screened images in the whole window: found, ordered, filtered, scrolled to the end, decided in."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ImageRecord
from bloodsmear.settings import read_settings
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import default_study_path
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow

COUNT, A_CASE = 10_000, 100
PICTURE = np.full((32, 40, 3), 190, np.uint8)
# A busy PC of a build takes its time; nothing here is measured.
PATIENCE_MS = 60_000
Known = dict[str, ImageRecord]
OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hundred cases of a hundred files, each the same tiny picture."""
    _, content = cv2.imencode(".png", PICTURE)
    for number in range(COUNT):
        place = tmp_path / "many" / f"case {number // A_CASE}"
        if number % A_CASE == 0:
            place.mkdir(parents=True)
        (place / f"smear {number}.png").write_bytes(content.tobytes())
    return tmp_path / "many"


@pytest.fixture
def known(folder: Path, fake_classifiers: ClassifierSet) -> Known:
    """The study of a screening that went through all of them, by image in natural order."""
    marks = fake_classifiers.marks
    path = default_study_path((folder,), marks)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = sha256((folder / "case 0" / "smear 0.png").read_bytes()).hexdigest()
    chance = random.Random(7)
    chance = random.Random(7)
    made = [
        _record(n, content, tuple(Answer(mark, _prediction(chance)) for mark in marks)) for n in range(COUNT)
    ]
    # The window reads the first image before the study is open, so it must say the same.
    both = zip(marks, fake_classifiers.classifiers, strict=True)
    made[0] = _record(0, content, tuple(Answer(mark, each.predict(PICTURE)) for mark, each in both))
    records = {record.image: record for record in made}
    with StudyStore.open_or_create(path, StudyHead(folder, (folder,), marks, False)) as store:
        store.list_images([(record.image, record.case) for record in records.values()])
        for record in records.values():
            store.put(record)
    return records


def _record(number: int, content: str, answers: tuple[Answer, ...]) -> ImageRecord:
    case = f"case {number // A_CASE}"
    return ImageRecord(
        f"{case}/smear {number}.png",
        case,
        "ok",
        sha256=content,
        width_px=16,
        height_px=12,
        answers=answers,
        consensus=consensus_of(answers, None),
        screened_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def _prediction(chance: random.Random) -> Prediction:
    shares = [chance.random() ** 4 + 0.001 for _ in range(4)]
    return Prediction(tuple(share / sum(shares) for share in shares))


@pytest.fixture
def opened(
    qapp: QApplication, tmp_path: Path, folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> Iterator[OpenWindow]:
    """Open the window on the folder."""
    made: list[MainWindow] = []

    def open_it() -> MainWindow:
        window = build_window(
            qapp, load_classifiers=lambda: fake_classifiers, settings_file=tmp_path / "settings.json"
        )
        made.append(window)
        with qtbot.waitSignal(window.controller.classifiers_ready, timeout=PATIENCE_MS):
            window.show()
        window.open_folders([folder])
        return window

    yield open_it
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(opened: OpenWindow, known: Known, qtbot: QtBot) -> MainWindow:
    """The window on that study, once the list knows everything."""
    window = opened()
    disagree = sum(_consensus(record)[0] == "disagree" for record in known.values())
    qtbot.waitUntil(lambda: bool(_buttons(window, f"Disagree {disagree:,}")), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open, timeout=PATIENCE_MS)
    window.controller.review.name_reader("Ada")
    return window


def _consensus(record: ImageRecord) -> tuple[str, float]:
    assert record.consensus is not None
    assert record.consensus.confidence is not None
    return record.consensus.agreement, record.consensus.confidence


def _buttons(window: MainWindow, words: str) -> list[QPushButton]:
    return [each for each in window.gallery.findChildren(QPushButton) if each.text().startswith(words)]


def _choose(window: MainWindow, button: str, *way: str) -> None:
    """A line of one of the list's menus, as it opens."""
    menu: object = _buttons(window, button)[0].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    for title in way[:-1]:
        menu = next(action.menu() for action in menu.actions() if action.text() == title)
        assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == way[-1]).trigger()


def _list(window: MainWindow) -> tuple[QListView, QAbstractItemModel]:
    view = window.gallery.findChild(QListView)
    assert view is not None
    return view, view.model()


def _images(window: MainWindow) -> list[str]:
    """What the list shows, by the first line of each row's tooltip; a heading has none."""
    model = _list(window)[1]
    tooltips = [model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(model.rowCount())]
    return [str(tooltip).split("\n")[0] for tooltip in tooltips if tooltip is not None]


def _least_certain_first(known: Known, below: float) -> list[str]:
    certain = {image: _consensus(record)[1] for image, record in known.items()}
    # sorted() keeps the folder's order where two are equally certain.
    return sorted((image for image in known if certain[image] < below), key=certain.__getitem__)


def test_the_least_certain_of_ten_thousand_images_are_found_and_decided(
    window: MainWindow, known: Known, tmp_path: Path, qtbot: QtBot
) -> None:
    wanted_thumbnails: list[str] = []
    window.gallery.thumbnail_needed.connect(wanted_thumbnails.append)
    assert _images(window) == list(known)
    _choose(window, "Order", "Least certain first")
    _choose(window, "Filter", "Confidence", "Below 60\u00a0%")
    _choose(window, "Filter", "Decision", "To decide")
    unsure = _least_certain_first(known, 0.6)
    assert _images(window) == unsure

    view, model = _list(window)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert window.gallery.selected() == unsure[-1]
    qtbot.waitUntil(lambda: unsure[-1] in wanted_thumbnails, timeout=PATIENCE_MS)
    # Those of painted rows, of thousands that were passed by.
    assert len(wanted_thumbnails) < COUNT / 100

    qtbot.waitUntil(lambda: window.controller.review.state.can_decide, timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.controller.review.mark_changed, timeout=PATIENCE_MS):
        QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert window.gallery.selected() == unsure[-2]
    qtbot.waitUntil(lambda: model.rowCount() == len(unsure) - 1, timeout=PATIENCE_MS)

    _buttons(window, "Clear all")[0].click()
    assert len(_images(window)) == COUNT
    assert window.gallery.selected() == unsure[-2]
    settings = read_settings(tmp_path / "settings.json").settings
    assert (settings.list_order, settings.list_grouping) == ("uncertainty", "none")
    path = window.controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        events = [event.entry for event in store.events.read()]
    assert [(event.image, event.decision) for event in events] == [(unsure[-1], "benign")]


def test_ten_thousand_images_stand_under_their_cases_and_all_are_marked_at_once(
    window: MainWindow, known: Known
) -> None:
    _choose(window, "Order", "Headings by case")
    _, model = _list(window)
    assert model.rowCount() == COUNT + COUNT // A_CASE
    assert model.index(0, 0).data() == f"case 0, {A_CASE} images"
    assert _images(window) == list(known)
    QTest.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(window.gallery.marked.images()) == COUNT
    window.review.toggle_blind()
    _choose(window, "Order", "No headings")
    assert _images(window) == list(known)
    assert len(window.gallery.marked.images()) == COUNT
