"""The page of reference images, by itself."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.dialogs import ReferencesPage


def test_labels_of_ones_own_are_offered_by_name_and_an_open_menu_stays(qtbot: QtBot) -> None:
    page = ReferencesPage()
    qtbot.addWidget(page)
    labels = {"smudge": "Smudge & basket cells", "blast": "Blast"}
    (button,) = page.findChildren(QPushButton, "add_reference")
    page.offer_labels({})
    assert not button.isEnabled()
    page.offer_labels(labels)
    offered = button.menu().actions()
    assert [action.text() for action in offered] == ["Smudge && basket cells", "Blast"]

    page.offer_labels(dict(labels))
    assert button.menu().actions() == offered
    with qtbot.waitSignal(page.add_wanted) as wanted:
        offered[0].trigger()
    assert wanted.args == ["smudge"]
