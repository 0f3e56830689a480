"""The guide beside the work: it lies with the program, and nothing of it is fetched."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from desktop.gui.dialogs import GuideDialog


@pytest.fixture
def guide(qtbot: QtBot) -> GuideDialog:
    page = GuideDialog(paths.guide())
    qtbot.addWidget(page)
    page.show()
    return page


def picture(guide: GuideDialog, name: str) -> object:
    return guide.text.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))


def test_the_guide_that_ships_is_shown_as_text_and_not_as_markdown(guide: GuideDialog) -> None:
    shown = guide.text.toPlainText()
    assert "For Research Use Only. Not for use in diagnostic procedures." in shown
    assert "## " not in shown
    assert "Open a folder" in shown


def test_its_pictures_lie_beside_it_and_are_not_wider_than_the_page(guide: GuideDialog) -> None:
    shown = picture(guide, "images/window.png")
    assert isinstance(shown, QImage)
    assert not shown.isNull()
    assert shown.width() <= guide.text.viewport().width()


def test_every_picture_that_the_guide_names_is_there() -> None:
    text = paths.guide().read_text(encoding="utf-8")
    # A heading of another page may be named behind a #.
    named = [part.partition(")")[0].partition("#")[0] for part in text.split("](")[1:]]
    assert [name for name in named if not (paths.guide().parent / name).is_file()] == []


@pytest.mark.parametrize(
    "name", ["https://example.org/smear.png", "../models/unet/card.json", "/etc/hostname"]
)
def test_what_lies_elsewhere_is_not_loaded(guide: GuideDialog, name: str) -> None:
    assert picture(guide, name) is None


def test_a_link_to_the_columns_of_the_report_is_followed_and_one_to_the_network_is_not(
    guide: GuideDialog,
) -> None:
    guide.text.anchorClicked.emit(QUrl("https://example.org/report.md"))
    assert Path(guide.text.source().toLocalFile()).name == "guide.md"
    guide.text.anchorClicked.emit(QUrl("report.md"))
    assert Path(guide.text.source().toLocalFile()).name == "report.md"
