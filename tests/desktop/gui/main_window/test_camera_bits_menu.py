"""Where a camera's bits would make an image readable they are offered below the sentence, and in the Images menu."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window


def test_the_bits_are_offered_below_the_sentence_and_taken_back_in_the_menu(
    qtbot: QtBot,
    qapp: QApplication,
    fake_classifiers: ClassifierSet,
    camera_folder: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder = camera_folder()
    window = build_window(
        qapp, load_classifiers=lambda: fake_classifiers, settings_file=tmp_path / "settings.json"
    )
    qtbot.addWidget(window)
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
