"""Which of a classifier's labels a folder's name spells."""

import pytest

from bloodsmear.classifiers.folder_spelling import label_among

OURS = ("benign", "pre_b", "pro_b", "early_pre_b")


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
