"""Numbers and sizes as people type them."""

import pytest

from bloodsmear.adding.typed_words import read_number, read_size
from bloodsmear.errors import UsageError


@pytest.mark.parametrize(
    ("text", "number"), [("1/255", 1 / 255), (" 0.5 ", 0.5), ("-1", -1.0), ("1e-3", 0.001)]
)
def test_a_number_may_be_a_fraction(text: str, number: float) -> None:
    assert read_number("The scale", text) == number


@pytest.mark.parametrize("text", ["", "one", "1/0", "0,5"])
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(UsageError, match=r"The scale must be a number as 0\.5 or 1/255"):
        read_number("The scale", text)


@pytest.mark.parametrize("text", ["150x150", "150 × 150", "150X150"])
def test_a_size_is_width_by_height(text: str) -> None:
    assert read_size("The size", text) == (150, 150)


@pytest.mark.parametrize("text", ["150", "x150", "150x-1", "wide x high"])
def test_what_is_no_size_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="The size must be as 150x150"):
        read_size("The size", text)
