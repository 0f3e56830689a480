"""The plugin of pytest that marks what `dev.py test --quick` leaves out (pyproject.toml loads it)."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent / "tests"
# By where a test lies, or by a fixture that it wants: a program on TensorFlow, two networks converted.
MARKED_PLACES = {
    "screen": ("screen",),
    "keras": (
        "bloodsmear/classifiers/keras_side",
        "training/commands",
        "training/exporting",
        "training/fitting",
    ),
    "slow": (
        "benchmarks",
        "build_scripts",
        "e2e",
        "architecture/test_what_is_loaded.py",
        "bloodsmear/classifiers/test_shipped_classifiers.py",
    ),
}
MARKED_FIXTURES = {"networks_folder": "keras", "converted_once": "slow"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long. Nothing is marked by hand, so no new test is forgotten."""
    for item in items:
        for mark, places in MARKED_PLACES.items():
            if any(item.path.is_relative_to(TESTS / place) for place in places):
                item.add_marker(mark)
        for fixture in set(getattr(item, "fixturenames", ())) & MARKED_FIXTURES.keys():
            item.add_marker(MARKED_FIXTURES[fixture])
