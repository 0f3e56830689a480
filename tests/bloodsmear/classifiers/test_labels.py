"""From a label's words to its key and back."""

import pytest

from bloodsmear.classifiers.labels import LABELS, label_key, label_name, unbroken


def test_the_words_of_each_label_lead_back_to_its_key() -> None:
    assert [label_key(label_name(label.key)) for label in LABELS] == [label.key for label in LABELS]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("early pre-b", "early_pre_b"),
        ("early_pre_b", "early_pre_b"),
        (" Blast cell (large) ", "blast_cell_large"),
        ("Zelle groß", "zelle_gross"),
        ("…", ""),
    ],
)
def test_other_words_become_a_key_that_a_card_may_have(words: str, key: str) -> None:
    assert label_key(words) == key


def test_no_line_ends_within_a_name_in_a_sentence() -> None:
    assert unbroken("Early Pre-B") == "Early\u00a0Pre\u2011B"
    # What is data keeps its own.
    assert label_name("early_pre_b") == "Early Pre-B"
