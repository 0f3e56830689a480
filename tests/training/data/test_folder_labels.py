import pytest

from bloodsmear.errors import UsageError
from training.data.folder_labels import IGNORE, FolderLabels, parse_folder_labels


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Benign", "benign"),
        ("WBC-Benign-001", "benign"),
        ("Early", "early_pre_b"),
        ("[Malignant] early Pre-B", "early_pre_b"),
        ("WBC-Malignant-Early", "early_pre_b"),
        ("early_pre_b", "early_pre_b"),
        ("Pre", "pre_b"),
        ("[Malignant] Pre-B", "pre_b"),
        ("WBC-Malignant-Pre-012", "pre_b"),
        (" PRO ", "pro_b"),
        ("WBC-Malignant-Pro-…", "pro_b"),
        ("Pro-B", "pro_b"),
    ],
)
def test_the_spellings_of_the_data_sets_copies_are_known(name: str, label: str) -> None:
    assert FolderLabels().label_of(name) == label


@pytest.mark.parametrize(
    "name", ["Monocytes", "Malignant", "Preparation", "Late Pre-B", "001", "Pre and Pro"]
)
def test_another_word_is_not_a_label(name: str) -> None:
    assert FolderLabels().label_of(name) is None


def test_the_users_word_goes_before_the_spelling_and_capitals_do_not_count() -> None:
    labels = parse_folder_labels(["Hematogones=benign", "pre=early_pre_b", "Notes = old=ignore"])
    assert labels.label_of("hematogones") == "benign"
    assert labels.label_of("Pre") == "early_pre_b"
    assert labels.label_of("notes = old") == IGNORE
    assert labels.label_of("Pro") == "pro_b"


def test_a_folder_that_the_user_named_and_that_is_not_there_is_found() -> None:
    labels = parse_folder_labels(["Hematogones=benign", "Nots=ignore"])
    assert labels.without_folder(["hematogones", "Pre"]) == ["Nots"]


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("Hematogones", "does not name a folder and a label"),
        ("=benign", "does not name a folder and a label"),
        (
            "Hematogones=bening",
            "'bening' is not a label. Use one of benign, early_pre_b, pre_b, pro_b, or ignore",
        ),
    ],
)
def test_a_mapping_that_cannot_be_read_says_how_to_write_it(word: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        parse_folder_labels([word])


def test_a_folder_with_two_labels_is_refused() -> None:
    with pytest.raises(UsageError, match="the folder old twice with two labels"):
        parse_folder_labels(["old=benign", "old=ignore"])
    assert parse_folder_labels(["old=benign", "Old=benign"]).pairs == (("old", "benign"),)
