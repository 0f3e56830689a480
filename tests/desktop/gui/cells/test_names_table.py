"""The table of names: nothing in it moves while its figures come."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.cells.names import FIVE_PART, LEFT_SHIFT, own_names
from desktop.gui.cells.names_table import NamesTable


def test_the_columns_stand_where_they_were_when_the_first_cells_are_counted(qtbot: QtBot) -> None:
    table = NamesTable()
    qtbot.addWidget(table)
    table.set_names(FIVE_PART)
    table.resize(420, 400)
    table.show()

    def edges() -> list[int]:
        layout = table.layout()
        assert layout is not None
        layout.activate()
        return [figure.geometry().right() for figure in table.figures("neutrophil")]

    before = edges()
    table.show_counts({"neutrophil": 87, "erythroblast": 2, "monocyte": 13})
    assert edges() == before


def test_a_name_of_another_set_has_figures_and_no_key_whose_letter_gives_another_name(qtbot: QtBot) -> None:
    table = NamesTable()
    qtbot.addWidget(table)
    table.set_names(LEFT_SHIFT)
    table.set_can_choose(True)
    table.show_counts({"neutrophil": 3, "segmented_neutrophil": 1})
    table.set_can_choose(True)
    keys = {
        name: table.findChild(QPushButton, f"name_{name}") for name in ("neutrophil", "segmented_neutrophil")
    }
    shown = {name: (key.text(), key.isEnabled()) for name, key in keys.items() if key is not None}
    assert shown == {"neutrophil": ("–", False), "segmented_neutrophil": ("N", True)}
    assert table.figures("neutrophil")[0].text() == "3"
    # What is shown anew can be chosen no more than before.
    table.set_can_choose(False)
    table.show_counts({"segmented_neutrophil": 2})
    assert not table.findChildren(QPushButton, "name_segmented_neutrophil")[-1].isEnabled()


def test_a_long_name_of_the_readers_own_leaves_the_figures_their_room(qtbot: QtBot) -> None:
    table = NamesTable()
    qtbot.addWidget(table)
    table.set_names(own_names(["P Plasmacytoid lymphocyte, villous border", "Y Erythroblast"]))
    table.show_counts({"Plasmacytoid lymphocyte, villous border": 100, "erythroblast": 24})
    # As in the gallery.
    assert table.minimumSizeHint().width() <= 368
