"""The name that another classifier is offered."""

import pytest

from desktop.gui.training.state import next_name


@pytest.mark.parametrize(
    ("name", "taken", "offered"),
    [
        ("Our lab", frozenset({"our-lab"}), "Our lab (2)"),
        ("Our lab (2)", frozenset({"our-lab", "our-lab-2"}), "Our lab (3)"),
        ("Our lab", frozenset({"our-lab", "our-lab-2"}), "Our lab (3)"),
        # A year is not a counter.
        ("Lab 2026", frozenset[str](), "Lab 2026 (2)"),
        ("x" * 40, frozenset[str](), f"{'x' * 36} (2)"),
        ("", frozenset[str](), ""),
    ],
)
def test_another_training_is_offered_the_next_name(name: str, taken: frozenset[str], offered: str) -> None:
    assert next_name(name, taken, 40) == offered
