"""The table of names: nothing in it moves while its figures come."""

from pytestqt.qtbot import QtBot

from bloodsmear.cells.names import FIVE_PART
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
