"""From an empty study to a head that was taught, measured and installed in the window, and screens there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.adding.installing import add_classifier
from bloodsmear.classifiers.card import Card
from bloodsmear.settings import read_settings, write_settings
from bloodsmear.storage.study_store import StudyStore
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.teaching import jobs
from desktop.gui.teaching.page import TeachingPage
from tests.bloodsmear.conftest import card  # noqa: F401 - fixture
from tests.bloodsmear.teaching.conftest import make_base, noise, write_picture

CASES, OF_A_CASE = 15, 4
PATIENCE_MS = 120_000
OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def smears(tmp_path: Path) -> Path:
    """Even numbers are of one hue, odd ones of another: fifteen cases."""
    for case in range(CASES):
        for number in range(OF_A_CASE):
            hue = ("basophil", "platelet")[number % 2]
            write_picture(
                tmp_path / "smears" / f"case-{case}" / f"{number}.png", noise(hue, 1000 * case + number)
            )
    return tmp_path / "smears"


@pytest.fixture
def open_window(
    qapp: QApplication,
    home_of_its_own: Path,
    card: Card,  # noqa: F811
    smears: Path,
    qtbot: QtBot,
) -> Iterator[OpenWindow]:
    """Open the window on the folder, with one small classifier in use that has the name of VGG16."""
    place = home_of_its_own / "data" / "classifiers"
    make_base(place / "vgg16", msgspec.structs.replace(card, id="vgg16"))
    settings = read_settings(paths.settings_file()).settings
    write_settings(
        paths.settings_file(), msgspec.structs.replace(settings, default_classifiers=("vgg16",), reader="Ada")
    )
    made: list[MainWindow] = []

    def open_it() -> MainWindow:
        window = build_window(qapp)
        made.append(window)
        with qtbot.waitSignal(window.controller.classifiers_ready, timeout=PATIENCE_MS):
            window.show()
        with qtbot.waitSignal(window.controller.file.opened, timeout=PATIENCE_MS):
            window.open_folders([smears])
        qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
        return window

    yield open_it
    for window in made:
        window.close()
        window.deleteLater()


def page_of(window: MainWindow, qtbot: QtBot) -> TeachingPage:
    QTest.keyClick(
        window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    page = window.teaching.page
    assert page is not None
    qtbot.waitUntil(lambda: window.teaching.controller.state.study is not None)
    return page


def button(page: TeachingPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def text(page: TeachingPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def screen(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(
        window.controller.screening.changed,
        timeout=PATIENCE_MS,
        check_params_cb=lambda state: not state.running,
    ):
        QTest.keyClick(window, Qt.Key.Key_F5)


def decide(window: MainWindow, image: str, qtbot: QtBot) -> None:
    if window.controller.image.image != image:
        window.gallery.select(image)
    mine = "benign" if int(Path(image).stem) % 2 == 0 else "pre_b"
    window.controller.review.decide(mine)
    qtbot.waitUntil(
        lambda: window.controller.review.reviewed.decision(image) is not None, timeout=PATIENCE_MS
    )


def draw_and_decide_all(window: MainWindow, qtbot: QtBot) -> TeachingPage:
    page, controller = page_of(window, qtbot), window.teaching.controller
    assert not button(page, "teach").isEnabled()
    spin = page.findChild(QSpinBox, "audit_images")
    assert isinstance(spin, QSpinBox)
    spin.setValue(20)
    button(page, "draw_audit").click()
    qtbot.waitUntil(lambda: "20 are still to be read" in text(page, "audit_words"), timeout=PATIENCE_MS)
    # What is drawn is read blind, although nobody asked for it.
    qtbot.waitUntil(lambda: window.controller.review.state.blind, timeout=PATIENCE_MS)
    button(page, "read_audit").click()
    assert controller.state.study is not None
    assert controller.state.study.audit is not None
    assert window.gallery.selected() == controller.state.study.audit.to_read[0]
    assert set(window.gallery.shown_images()) == set(controller.state.study.audit.to_read)
    for image in sorted(window.controller.study.found):
        decide(window, image, qtbot)
    assert not window.controller.review.state.blind
    # It made way for the first image that it led to.
    page = page_of(window, qtbot)
    qtbot.waitUntil(lambda: "20 of the 20 images" in text(page, "audit_words"), timeout=PATIENCE_MS)
    return page


@pytest.mark.slow
def test_a_head_is_taught_from_an_empty_study_installed_and_screens(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    screen(window, qtbot)
    page, controller = draw_and_decide_all(window, qtbot), window.teaching.controller
    assert not button(page, "install_taught").isVisible()
    button(page, "teach").click()
    qtbot.waitUntil(lambda: controller.state.phase == "taught", timeout=PATIENCE_MS)
    assert text(page, "head") == "Our laboratory: Benign, Pre-B, from 40 images"
    # By their names, as all pages say classifiers and labels; its id is vgg16.
    assert controller.state.head is not None
    figures = [figure.words for figure in controller.state.head.figures]
    assert {"gain over Tiny", "sensitivity of Pre\u2011B"} <= set(figures)
    assert "the 95 % interval of its gain excludes a loss" in text(page, "offered")
    assert "50 more decisions would likely bring" in controller.state.promise
    path = window.controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        kinds = [event.entry.kind for event in store.events.read()]
        assert store.events.check().whole
    assert (kinds.count("audit_drawn"), kinds.count("taught")) == (20, 1)
    with qtbot.waitSignal(window.controller.classifiers_ready, timeout=PATIENCE_MS) as ready:
        button(page, "install_taught").click()
    assert [mark.id for mark in ready.args[0]] == ["vgg16", "our-laboratory"]
    assert read_settings(paths.settings_file()).settings.default_classifiers == ("vgg16", "our-laboratory")
    assert not jobs.head_folder(path).exists()
    with qtbot.waitSignal(window.controller.file.opened, timeout=PATIENCE_MS):
        pass
    assert "Our laboratory is installed and answers beside the others from now on." in text(
        page, "teaching_said"
    )
    screen(window, qtbot)
    records = window.controller.study.records
    said = [
        (int(Path(image).stem) % 2, answer.label)
        for image, record in records.items()
        for answer in record.answers
        if answer.classifier.id == "our-laboratory"
    ]
    assert len(said) == CASES * OF_A_CASE
    right = sum(label == ("benign", "pre_b")[number] for number, label in said)
    assert right > 0.9 * len(said)


@pytest.mark.slow
def test_a_head_that_was_taught_waits_for_the_next_start_with_its_figures(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    screen(window, qtbot)
    page = draw_and_decide_all(window, qtbot)
    button(page, "teach").click()
    qtbot.waitUntil(lambda: window.teaching.controller.state.phase == "taught", timeout=PATIENCE_MS)
    window.close()
    again = open_window()
    page = page_of(again, qtbot)
    qtbot.waitUntil(lambda: again.teaching.controller.state.phase == "taught", timeout=PATIENCE_MS)
    assert text(page, "head") == "Our laboratory: Benign, Pre-B, from 40 images"
    assert button(page, "install_taught").isEnabled()
    # As if the program had been killed when the classifier was installed, and before that was noted.
    path = again.controller.study.path
    assert path is not None
    add_classifier(jobs.head_folder(path))
    again.close()
    third = open_window()
    page = page_of(third, qtbot)
    qtbot.waitUntil(lambda: third.teaching.controller.state.phase == "installed", timeout=PATIENCE_MS)
    assert read_settings(paths.settings_file()).settings.default_classifiers == ("vgg16", "our-laboratory")


@pytest.mark.slow
def test_without_an_audit_set_a_head_is_shown_and_not_offered(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    screen(window, qtbot)
    page, controller = page_of(window, qtbot), window.teaching.controller
    for image in sorted(window.controller.study.found)[:40]:
        decide(window, image, qtbot)
    qtbot.waitUntil(lambda: button(page, "teach").isEnabled(), timeout=PATIENCE_MS)
    button(page, "teach_next").click()
    qtbot.waitUntil(lambda: window.gallery.selected() in controller.state.following[:1], timeout=PATIENCE_MS)
    button(page, "teach").click()
    qtbot.waitUntil(lambda: controller.state.phase == "taught", timeout=PATIENCE_MS)
    assert "no audit set was drawn" in text(page, "not_offered")
    assert not button(page, "install_taught").isEnabled()
    # What would teach most is undecided, and goes when it is decided.
    qtbot.waitUntil(lambda: len(controller.state.following) == CASES * OF_A_CASE - 40, timeout=PATIENCE_MS)
    button(page, "teach_next").click()
    first = controller.state.following[0]
    assert window.gallery.selected() == first
    assert set(window.gallery.shown_images()) == set(controller.state.following[:10])
    decide(window, first, qtbot)
    qtbot.waitUntil(lambda: first not in controller.state.following, timeout=PATIENCE_MS)
    for image in controller.state.following[:9]:
        decide(window, image, qtbot)
    # The tenth decision has it fitted again in the background.
    qtbot.waitUntil(lambda: "the 50 decisions until now" in controller.state.live, timeout=PATIENCE_MS)
    last = window.gallery.selected()
    qtbot.waitUntil(
        lambda: set(window.gallery.shown_images()) == {last, *controller.state.following[:10]},
        timeout=PATIENCE_MS,
    )
    assert window.gallery.selected() == last
