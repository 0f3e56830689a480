"""Property tests look at the same examples each time, whoever runs them: the profile of tests/conftest.py."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def examples() -> list[int]:
    seen: list[int] = []

    @settings(max_examples=30)
    @given(st.integers())
    def look(number: int) -> None:
        seen.append(number)

    look()
    return seen


@pytest.mark.skipif(os.environ.get("BLOODSMEAR_SOAK") == "1", reason="a soak looks for new examples")
def test_a_property_sees_the_same_examples_at_every_run_and_no_clock_ends_it() -> None:
    first = examples()

    assert first == examples()
    assert len(set(first)) > 10
    assert settings().database is None
    assert settings().deadline is None
