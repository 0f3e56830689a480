"""Where a camera's bits would make an image readable they are offered below the sentence, and in the Images menu."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.screening import set_camera_bits
from desktop.gui.main_window import MainWindow

MakeWindow = Callable[[], MainWindow]


def test_the_bits_are_offered_below_the_sentence_and_taken_back_in_the_menu(
    qtbot: QtBot, make_window: MakeWindow, camera_folder: Callable[..., Path]
) -> None:
    folder = camera_folder()
    window = make_window()
    with qtbot.waitSignal(window.controller.classifiers_ready):
        window.show()
    offer = window.viewer.findChild(QPushButton, "offer")
    assert isinstance(offer, QPushButton)
    assert not offer.isVisible()
    with qtbot.waitSignal(window.controller.file.opened):
        window.open_folders([folder])
    qtbot.waitUntil(offer.isVisible)
    assert offer.isEnabled()
    assert offer.menu() is window.camera_bits

    def choose(words: str) -> None:
        next(each for each in window.camera_bits.actions() if each.text() == words).trigger()

    with qtbot.waitSignal(window.controller.image.original_ready):
        choose("12 bits")
    assert not offer.isVisible()
    qtbot.waitUntil(lambda: window.controller.can_screen)
    assert [each.text() for each in window.camera_bits.actions() if each.isChecked()] == ["12 bits"]
    with qtbot.waitSignal(window.controller.image.unreadable):
        choose("As each file says")
    qtbot.waitUntil(offer.isVisible)


def test_a_note_goes_on_being_typed_while_another_window_sets_the_bits(
    qtbot: QtBot, make_window: MakeWindow, settings_file: Path, camera_folder: Callable[..., Path]
) -> None:
    settings_file.write_text('{"reader": "Dr Ada"}')
    window = make_window()
    controller = window.controller
    with qtbot.waitSignal(controller.classifiers_ready):
        window.show()
    with qtbot.waitSignal(controller.file.opened):
        window.open_folders([camera_folder()])
    note = window.review.panel.findChild(QLineEdit, "note")
    assert isinstance(note, QLineEdit)
    qtbot.waitUntil(lambda: note.isEnabled() and "camera.tif" in controller.study.records)
    note.setFocus()
    note.insert("clumped")
    was_off: list[bool] = []
    # As fast as a person types, and more: at each moment of what happens now.
    controller.review.changed.connect(lambda _state: was_off.append(not note.hasFocus()))
    controller.folder.finished.connect(lambda _files: note.insert(" cells"))

    path = controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as there:
        head = there.head
    with (
        qtbot.waitSignal(controller.image.original_ready),
        StudyStore.open_or_create(path, head) as other,
    ):
        set_camera_bits(other, 12)

    qtbot.waitUntil(lambda: controller.review.state.note == "clumped")
    assert note.text() == "clumped cells"
    assert not any(was_off)
    QTest.keyClick(note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: controller.review.state.note == "clumped cells")
