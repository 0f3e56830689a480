"""Numbers and sizes as people type them, and the id that a classifier gets from its name."""

import re

import pytest

from bloodsmear.adding.typed_words import free_id, read_number, read_size
from bloodsmear.errors import UsageError


@pytest.mark.parametrize(
    ("text", "number"), [("1/255", 1 / 255), (" 0.5 ", 0.5), ("-1", -1.0), ("1e-3", 0.001)]
)
def test_a_number_may_be_a_fraction(text: str, number: float) -> None:
    assert read_number("The scale", text) == number


@pytest.mark.parametrize("text", ["", "one", "1/0", "0,5"])
def test_what_is_not_a_number_is_named(text: str) -> None:
    with pytest.raises(UsageError, match=r"The scale must be a number such as 0\.5 or 1/255"):
        read_number("The scale", text)


@pytest.mark.parametrize("text", ["150x150", "150 × 150", "150X150"])
def test_a_size_is_width_by_height(text: str) -> None:
    assert read_size("The size", text) == (150, 150)


@pytest.mark.parametrize("text", ["150", "x150", "150x-1", "wide x high"])
def test_what_is_not_a_size_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="The size must be written like 150x150"):
        read_size("The size", text)


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
