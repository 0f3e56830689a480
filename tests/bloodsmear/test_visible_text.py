"""What came from outside is shown, and changes nothing around it."""

import pytest

from bloodsmear.visible_text import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("smear\u202egpj.exe", "smear\\u202egpj.exe"),
        ("a\x1b[2Kb", "a\\x1b[2Kb"),
        ("a\nb\rc\td", "a\\nb\\rc\\td"),
        ("a\x9bb", "a\\x9bb"),
        ("a\u2028b\u2066c\u200bd\ufeff", "a\\u2028b\\u2066c\\u200bd\\ufeff"),
        ("\udcff.png", "\\udcff.png"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["Мазок 図.png", "می\u200cخواهم", "👩\u200d🔬", "é e\u0301", "a\u00a0b", "C:\\new"]
)
def test_letters_of_every_language_stay(text: str) -> None:
    assert visible(text) == text


def test_line_ends_of_a_note_stay_where_they_are_wanted() -> None:
    assert visible("first\n\tsecond\x07", breaks=True) == "first\n\tsecond\\x07"
