"""A reader's name."""

import pytest

from bloodsmear.errors import ReviewError
from bloodsmear.review.reader import reader_name


def test_a_name_is_kept_in_one_spelling() -> None:
    assert reader_name("  Dr.\tAda   Lovelace ") == "Dr. Ada Lovelace"
    assert reader_name("Rene\u0301") == "Ren\u00e9"
    assert reader_name("Анна 李") == "Анна 李"


@pytest.mark.parametrize("typed", ["", "  ", "a=b", "a;b", "a" * 81, "a\ud83d", "a\x00b"])
def test_a_name_that_a_report_could_not_tell_apart_is_refused(typed: str) -> None:
    with pytest.raises(ReviewError, match="reader's name"):
        reader_name(typed)
