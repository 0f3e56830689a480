"""From a label's words to its key and back, and which label a folder's name spells."""

import pytest

from bloodsmear.classifiers.labels import LABELS, label_among, label_key, label_name, unbroken

OURS = ("benign", "pre_b", "pro_b", "early_pre_b")


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


@pytest.mark.parametrize(
    ("name", "labels", "label"),
    [
        ("[Malignant] early Pre-B", OURS, "early_pre_b"),
        ("WBC-Malignant-Pro-001", OURS, "pro_b"),
        ("Blast cells", ("normal", "blast_cells"), "blast_cells"),
        ("normal", ("normal", "blast_cells"), "normal"),
        ("Benign", ("normal", "blast_cells"), None),
        ("Monocytes", OURS, None),
    ],
)
def test_a_folder_stands_for_a_label_of_the_classifier_or_for_none(
    name: str, labels: tuple[str, ...], label: str | None
) -> None:
    assert label_among(name, labels) == label
