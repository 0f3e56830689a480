"""The list as a grid, and its three sizes of thumbnails: pictures for what is painted alone, as it is shown."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from bloodsmear.images.scan import FoundImage
from desktop.gui.gallery import GalleryPanel, ListArrangement, ListShape
from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.theme import LIGHT

MakePanel = Callable[..., GalleryPanel]


@pytest.fixture
def panel(qtbot: QtBot) -> GalleryPanel:
    """10,000 images in ten cases, in a list of 520 × 720 px."""
    made = GalleryPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(520, 720)
    made.add_images(
        [
            FoundImage(Path(f"/root/{n // 1000}/{n}.png"), f"{n // 1000}/{n}.png", f"{n // 1000}")
            for n in range(10_000)
        ]
    )
    with qtbot.waitExposed(made):
        made.show()
    return made


def view_of(panel: GalleryPanel) -> QListView:
    [view] = panel.findChildren(QListView)
    return view


def seen(panel: GalleryPanel) -> dict[str, QRect]:
    """The images to be seen, and where each stands."""
    view = view_of(panel)
    model, found = view.model(), {}
    first = view.indexAt(QPoint(5, 5)).row()
    for row in range(max(0, first), min(model.rowCount(), first + 400)):
        place = view.visualRect(model.index(row, 0))
        if place.intersects(view.viewport().rect()) and model.index(row, 0).data(ImageRole.IMAGE):
            found[model.index(row, 0).data(ImageRole.IMAGE)] = place
    return found


def test_a_grid_has_images_beside_and_below_each_other(panel: GalleryPanel) -> None:
    assert len({place.left() for place in seen(panel).values()}) == 1
    panel.toggle_grid()
    places = seen(panel).values()
    assert len({place.left() for place in places}) >= 5
    assert len({place.top() for place in places}) >= 4
    assert all(place.width() >= ListShape().width_px for place in places)
    panel.toggle_grid()
    assert len({place.left() for place in seen(panel).values()}) == 1


def test_pictures_are_asked_for_what_is_painted_alone(panel: GalleryPanel, qtbot: QtBot) -> None:
    asked: list[str] = []
    panel.thumbnail_needed.connect(asked.append)
    for shape in (ListShape(True, "small"), ListShape(True, "large"), ListShape(False, "medium")):
        asked.clear()
        panel.set_shape(shape)
        qtbot.waitUntil(lambda: bool(asked))
        qtbot.waitUntil(lambda: set(asked) >= set(seen(panel)))
        assert len(set(asked)) < len(seen(panel)) + 40


@pytest.mark.parametrize("grid", [False, True])
def test_the_chosen_image_stays_in_sight_in_another_shape(panel: GalleryPanel, grid: bool) -> None:
    panel.select("5/5500.png")
    for size in ("large", "small", "medium"):
        panel.set_shape(ListShape(grid, size))
        assert "5/5500.png" in seen(panel)
        assert panel.selected() == "5/5500.png"


def test_another_size_drops_the_pictures_and_takes_new_ones_as_large_as_they_are_shown(
    panel: GalleryPanel, qtbot: QtBot
) -> None:
    image = "0/0.png"
    pixels = np.full((216, 288, 3), 90, np.uint8)
    index = view_of(panel).model().index(0, 0)
    panel.set_thumbnail(image, pixels)
    assert index.data(ImageRole.THUMBNAIL).width() == 144
    with qtbot.waitSignal(panel.shape_changed) as told:
        panel.resize_thumbnails(1)
        panel.resize_thumbnails(1)
    assert told.args[0].size == "medium"
    assert index.data(ImageRole.THUMBNAIL) is None
    panel.set_thumbnail(image, pixels)
    assert index.data(ImageRole.THUMBNAIL).width() == panel.shape.side_px == 288
    panel.toggle_grid()
    assert index.data(ImageRole.THUMBNAIL) is not None


def test_there_is_nothing_larger_than_large_and_nothing_smaller_than_small() -> None:
    assert ListShape(True, "large").resized(1) == ListShape(True, "large")
    assert ListShape(True, "small").resized(-1) == ListShape(True, "small")


def test_a_heading_in_a_grid_has_a_line_of_its_own(panel: GalleryPanel, qtbot: QtBot) -> None:
    panel.toggle_grid()
    panel.choices.set_arrangement(ListArrangement("name", "case"))
    view, model = view_of(panel), view_of(panel).model()
    rows = [row for row in range(model.rowCount()) if model.index(row, 0).data(ImageRole.HEADING)]
    assert len(rows) == 10
    for width_px in (520, 400):
        panel.resize(width_px, 720)
        qtbot.waitUntil(lambda: view.visualRect(model.index(0, 0)).width() >= view.viewport().width() - 12)
        for row in rows[:3]:
            heading = view.visualRect(model.index(row, 0))
            assert heading.left() == view.visualRect(model.index(row + 1, 0)).left()
            assert view.visualRect(model.index(row + 1, 0)).top() >= heading.bottom()
            if row:
                assert view.visualRect(model.index(row - 1, 0)).bottom() <= heading.top()
