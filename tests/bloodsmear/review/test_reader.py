"""A reader's name."""

import pytest

from bloodsmear.errors import ReviewError
from bloodsmear.review.reader import reader_name, same_reader


def test_a_name_is_kept_in_one_spelling() -> None:
    assert reader_name("  Dr.\tAda   Lovelace ") == "Dr. Ada Lovelace"
    assert reader_name("Rene\u0301") == "Ren\u00e9"
    assert reader_name("Анна 李") == "Анна 李"
    assert reader_name("Ada\u200b \u202eLovelace\ufeff") == "Ada Lovelace"
    assert reader_name("نی\u200cما") == "نی\u200cما"


@pytest.mark.parametrize("typed", ["", "  ", "a=b", "a;b", "a" * 81, "a\ud83d", "a\x00b"])
def test_a_name_that_a_report_could_not_tell_apart_is_refused(typed: str) -> None:
    with pytest.raises(ReviewError, match="reader's name"):
        reader_name(typed)


@pytest.mark.parametrize("typed", ["Dr second", "dr SECOND", "Ｄｒ second"])
def test_capitals_and_width_make_no_other_reader(typed: str) -> None:
    assert same_reader(typed, ["Ada", "Dr second"]) == "Dr second"


def test_another_name_is_another_reader() -> None:
    assert same_reader("Dr second", ["Ada", "Dr. second", "Dr second 2"]) is None
    assert same_reader("STRASSE", ["Straße"]) == "Straße"
