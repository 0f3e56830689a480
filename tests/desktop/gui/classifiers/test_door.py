"""The way from the menu to the classifiers page, and from there to the open study and the settings."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.review.records import ClassifierMark, RefusedClassifier
from bloodsmear.settings import Settings, read_settings, write_settings
from bloodsmear.workflows import classifier_set
from bloodsmear.workflows.classifier_set import ClassifierSet, Opener
from desktop.gui.app import build_window
from desktop.gui.classifiers import ClassifiersPage
from desktop.gui.main_window import MainWindow
from desktop.gui.main_window.footer import Footer
from desktop.gui.questions import AskFiles
from desktop.gui.reading.classifier_card import ClassifierCard

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def asked_for(fake_classifiers: ClassifierSet, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The ids that the window asks for, each time; fakes answer under them, and unknown ones are refused."""
    asked: list[tuple[str, ...]] = []
    by_id = {one.card.id: one for one in fake_classifiers.classifiers}

    def load(ids: tuple[str, ...], opener: Opener) -> ClassifierSet:
        asked.append(ids)
        there = tuple(by_id[one] for one in ids if one in by_id)
        return ClassifierSet(
            there, tuple(RefusedClassifier(one, "It is gone.") for one in ids if one not in by_id)
        )

    monkeypatch.setattr(classifier_set, "load_default_classifiers", load)
    return asked


@pytest.fixture
def open_window(
    qapp: QApplication, asked_for: list[tuple[str, ...]], settings_file: Path, qtbot: QtBot
) -> Iterator[OpenWindow]:
    made: list[MainWindow] = []

    def open_it(*ids: str) -> MainWindow:
        if ids:
            write_settings(settings_file, Settings(default_classifiers=ids))
        window = build_window(qapp, settings_file=settings_file, ask=AskFiles(open_file=lambda _page: False))
        made.append(window)
        with qtbot.waitSignal(window.controller.classifiers_ready):
            window.show()
        return window

    yield open_it
    for window in made:
        window.close()
        window.deleteLater()


def opened(window: MainWindow, qtbot: QtBot) -> ClassifiersPage:
    window.actions_by_name["classifiers"].trigger()
    page = window.classifiers.page
    assert page is not None
    qtbot.waitUntil(lambda: window.classifiers.controller.state.listed is not None)
    return page


def tick(page: ClassifiersPage, classifier_id: str, state: Qt.CheckState) -> None:
    page.overview.list.select(classifier_id)
    page.overview.list.currentItem().setCheckState(state)


def use(page: ClassifiersPage) -> None:
    button = page.findChild(QPushButton, "use")
    assert isinstance(button, QPushButton)
    assert button.isEnabled()
    button.click()


def test_the_window_asks_for_the_classifiers_of_the_settings(
    open_window: OpenWindow, asked_for: list[tuple[str, ...]]
) -> None:
    open_window("unet")
    assert asked_for == [("unet",)]


def test_the_menu_opens_the_page_beside_the_window_and_always_the_same_one(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    page = opened(window, qtbot)
    assert page.isVisible()
    assert not page.isModal()
    page.close()
    assert opened(window, qtbot) is page
    window.close()
    assert not page.isVisible()


def test_an_evaluation_page_that_the_system_cannot_show_is_said_to_lie_where_it_lies(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    page = opened(open_window(), qtbot)
    page.overview.details.page_wanted.emit(Path("ours") / "evaluation.html")
    assert any(
        str(Path("ours") / "evaluation.html") in box.text() for box in page.findChildren(QLabel, "problem")
    )


def test_what_is_chosen_is_kept_and_reads_the_open_folder_at_once(
    open_window: OpenWindow,
    asked_for: list[tuple[str, ...]],
    settings_file: Path,
    smear_folder: Path,
    qtbot: QtBot,
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.controller.file.opened):
        window.open_folders([smear_folder])
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select("case 1/smear 2.png")
    both = window.controller.study.path
    page = opened(window, qtbot)
    tick(page, "vgg16", Qt.CheckState.Unchecked)
    with qtbot.waitSignal(window.controller.file.opened):
        use(page)
    assert read_settings(settings_file).settings.default_classifiers == ("unet",)
    assert asked_for == [("vgg16", "unet"), ("unet",)]
    assert window.training.controller.making.in_use == ("unet",), (
        "a new one is compared with what is in use now"
    )
    # The image is chosen again, and one classifier answers for it, in a study of its own.
    qtbot.waitUntil(lambda: "case 1/smear 2.png" in window.controller.study.records)
    answers = window.controller.study.records["case 1/smear 2.png"].answers
    assert [answer.classifier.id for answer in answers] == ["unet"]
    assert window.gallery.selected() == "case 1/smear 2.png"
    assert window.controller.study.path != both
    cards = [card for card in window.reading.findChildren(ClassifierCard) if not card.isHidden()]
    assert [card.classifier_id for card in cards] == ["unet"]


def test_a_screening_under_way_stops_and_keeps_what_is_finished(
    open_window: OpenWindow, smear_folder: Path, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.controller.file.opened):
        window.open_folders([smear_folder])
    window.controller.screening.start()
    window.classifiers.controller.use(("vgg16",))
    with qtbot.waitSignal(window.controller.file.opened):
        pass
    assert not window.controller.screening.running
    assert all(
        [answer.classifier.id for answer in record.answers] in (["vgg16"], [])
        for record in window.controller.study.records.values()
    )


def test_one_that_was_refused_at_the_start_is_listed_with_the_reason(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window("unet", "theirs")
    page = opened(window, qtbot)
    listed = {one.id: one for one in window.classifiers.controller.state.listed or ()}
    assert listed["theirs"].origin == "missing"
    page.overview.list.select("theirs")
    shown = page.findChild(QLabel, "refused")
    assert isinstance(shown, QLabel)
    assert "not on this PC" in shown.text()


def drop(window: MainWindow, *dropped: Path) -> None:
    """Drop these on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(one)) for one in dropped])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


@pytest.mark.parametrize("name", ["network.h5", "NETWORK.HDF5", "network.keras"])
def test_a_network_file_dropped_on_the_window_opens_the_form_and_no_folder(
    open_window: OpenWindow, tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    window = open_window()
    if name.endswith("keras"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("config.json", "{}")
    else:
        with h5py.File(tmp_path / name, "w") as file:
            file.attrs["model_config"] = "{}"
            file.create_group("model_weights")
    with qtbot.assertNotEmitted(window.controller.folder.begun):
        drop(window, tmp_path / name)
    controller = window.classifiers.controller
    qtbot.waitUntil(lambda: controller.state.to_describe == tmp_path / name)
    page = window.classifiers.page
    assert page is not None
    assert page.isVisible()
    assert page.view() is page.form
    window.classifiers.controller.put_file_away()
    page.close()


def test_a_classifiers_zip_dropped_on_the_window_is_added_on_the_page(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    (tmp_path / "torn.zip").write_bytes(b"no zip")
    with qtbot.assertNotEmitted(window.controller.folder.begun):
        drop(window, tmp_path / "torn.zip")
    assert window.classifiers.page is not None
    assert window.classifiers.page.isVisible()
    qtbot.waitUntil(lambda: bool(window.classifiers.controller.state.problem))
    assert "torn.zip is not a zip file" in window.classifiers.controller.state.problem


def test_a_classifier_among_other_things_is_asked_for_alone_and_nothing_is_opened(
    open_window: OpenWindow, tmp_path: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.assertNotEmitted(window.controller.folder.begun):
        drop(window, smear_folder, tmp_path / "network.h5")
    assert window.message_bar.text == (
        "network.h5 is a classifier's file. Drop it alone, so that it can be added; images are dropped by themselves."
    )
    assert window.classifiers.page is None


def test_three_long_names_make_the_window_no_wider(qtbot: QtBot) -> None:
    footer = Footer(QAction("Stop screening"))
    qtbot.addWidget(footer)
    before = footer.minimumSizeHint().width()
    name = "The VGG16 that our laboratory trained in 2026"
    footer.show_classifiers([ClassifierMark("ours", name, "1.0+1a", "1a", ("benign",))] * 3)
    assert footer.minimumSizeHint().width() == before


def test_a_drop_of_which_nothing_arrives_is_not_passed_over_in_silence(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    drop(window)
    assert window.message_bar.text == (
        "Nothing of what was dropped has arrived. Drop it again, or press Open folder…."
    )
