"""The id that a classifier gets from its name."""

import re

import pytest

from desktop.gui.training_state import free_id, next_name


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


@pytest.mark.parametrize(
    ("name", "taken", "offered"),
    [
        ("Our lab", frozenset({"our-lab"}), "Our lab (2)"),
        ("Our lab (2)", frozenset({"our-lab", "our-lab-2"}), "Our lab (3)"),
        ("Our lab", frozenset({"our-lab", "our-lab-2"}), "Our lab (3)"),
        # A year is no counter.
        ("Lab 2026", frozenset[str](), "Lab 2026 (2)"),
        ("x" * 40, frozenset[str](), f"{'x' * 36} (2)"),
        ("", frozenset[str](), ""),
    ],
)
def test_another_training_is_offered_the_next_name(name: str, taken: frozenset[str], offered: str) -> None:
    assert next_name(name, taken, 40) == offered
