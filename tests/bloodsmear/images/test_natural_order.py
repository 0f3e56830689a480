"""Names in the order that people expect."""

import random

from bloodsmear.images.natural_order import natural_key


def in_order(*names: str) -> list[str]:
    shuffled = list(names)
    random.Random(3).shuffle(shuffled)
    return sorted(shuffled, key=natural_key)


def test_digit_runs_count_by_value() -> None:
    names = ["WBC-Benign-002.jpg", "WBC-Benign-10.jpg", "WBC-Benign-0011.jpg"]

    assert in_order(*names) == names


def test_case_counts_only_between_names_that_are_otherwise_equal() -> None:
    names = ["a1.png", "A2.png", "B.png", "b.png", "c.png"]

    assert in_order(*names) == names


def test_equal_values_are_settled_by_code_point() -> None:
    names = ["a01.png", "a1.png", "a001.jpg"]

    assert in_order(*names) == ["a001.jpg", "a01.png", "a1.png"]


def test_folders_stay_together_even_when_their_names_differ_only_in_case() -> None:
    names = ["A1/x2.png", "A1/x10.png", "a1/x3.png", "a2/x1.png", "a10/x1.png"]

    assert in_order(*names) == names


def test_numbers_come_before_words_and_any_script_has_a_place() -> None:
    names = ["7.png", "12.png", "smear.png", "мазок 2.png", "мазок 11.png", "血 3.png", "🔬.png"]

    assert in_order(*names) == names


def test_names_of_digits_only_and_empty_names_can_be_compared() -> None:
    assert in_order("10", "9", "", "009a") == ["", "9", "009a", "10"]
