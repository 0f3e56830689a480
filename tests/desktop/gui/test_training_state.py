"""The id that a classifier gets from its name."""

import re

import pytest

from desktop.gui.training_state import free_id


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Our Lab 2026", "our-lab-2026"),
        ("Größe & Färbung", "grosse-farbung"),
        ("__x__", "x"),
        ("血液", "classifier"),
    ],
)
def test_a_name_becomes_an_id_that_a_card_may_have(name: str, made: str) -> None:
    assert free_id(name, frozenset()) == made
    assert re.fullmatch("[a-z0-9][a-z0-9_-]*", made)


def test_a_taken_id_gets_the_next_free_number() -> None:
    assert free_id("U-Net", frozenset({"u-net", "u-net-2"})) == "u-net-3"
