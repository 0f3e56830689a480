"""The sets of names for cells: one key a name, and what a reader's own set may hold."""

import pytest

from bloodsmear.cells.names import BUILT_IN, NameSet, cell_name, own_names
from bloodsmear.errors import ReviewError


@pytest.mark.parametrize("names", BUILT_IN, ids=lambda names: names.id)
def test_in_a_built_in_set_no_key_and_no_name_stands_twice(names: NameSet) -> None:
    assert len({one.key for one in names.names}) == len(names.names)
    assert len({one.id for one in names.names}) == len(names.names)


def test_a_name_has_the_same_words_and_counts_alike_in_every_built_in_set() -> None:
    told = {(one.id, one.name, one.key, one.counting) for names in BUILT_IN for one in names.names}
    assert len(told) == len({id_ for id_, *_ in told})


def test_a_readers_own_name_counts_as_a_white_cell_and_a_built_in_one_as_it_does_there() -> None:
    names = own_names(["h  Hairy   cell", "Y erythroblast"])
    assert [(one.id, one.key, one.counting) for one in names.names] == [
        ("Hairy cell", "H", "white"),
        ("erythroblast", "Y", "beside"),
    ]
    assert cell_name("Hairy cell").name == "Hairy cell"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "1 to 26 names"),
        (["Hairy cell"], "Begin 'Hairy cell' with its key"),
        (["H"], "Begin 'H' with its key"),
        (["H Hairy cell", "h Hand mirror cell"], "have the same key H"),
        (["H Hairy cell", "C hairy Cell"], "stands there twice"),
        (["H " + "x" * 41], "too long"),
        (["H Hairy\u202ecell"], "cannot be shown"),
    ],
)
def test_what_cannot_be_a_set_is_refused_with_the_line(lines: list[str], said: str) -> None:
    with pytest.raises(ReviewError, match=said):
        own_names(lines)
