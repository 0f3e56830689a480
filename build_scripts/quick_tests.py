"""The plugin of pytest that marks what `dev.py test --quick` leaves out (pyproject.toml loads it)."""

from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent / "tests"
# By where a test lies, or by a fixture that it wants: a program on TensorFlow, two networks converted, the real smears.
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
        "architecture/test_leak_checks.py",
        "architecture/test_what_is_loaded.py",
        "bloodsmear/classifiers/test_shipped_classifiers.py",
    ),
    # The whole window; heads that are taught; downloads and files of gigabytes; drawn charts; the search for unused
    # code, which the checks do, too. `--quick --coverage` runs them.
    "long": (
        "architecture/test_unused_code.py",
        "bloodsmear/adding/test_downloading.py",
        "bloodsmear/images/test_decompression_bombs.py",
        "bloodsmear/teaching/test_teach.py",
        "bloodsmear/workflows/test_auditing.py",
        "bloodsmear/workflows/test_cell_teaching.py",
        "desktop/cli/test_audit_command.py",
        "desktop/cli/test_study_check.py",
        "desktop/cli/test_teach_command.py",
        "desktop/gui/classifiers/test_door.py",
        "desktop/gui/main_window",
        "desktop/gui/training/test_door.py",
        "training/evaluation/page",
    ),
}
MARKED_FIXTURES = {"networks_folder": "keras", "converted_once": "slow", "shared_data": "slow"}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no file whose tests `-m` leaves out, like all that is not slow: some import Keras, which takes seconds."""
    parts = str(config.option.markexpr).split(" and ")
    if all(part.startswith("not ") for part in parts):
        left_out = {part.removeprefix("not ") for part in parts}
        if left_out & _marks_of(collection_path):
            return True
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long. Nothing is marked by hand, so no new test is forgotten."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ())) & MARKED_FIXTURES.keys()
        for mark in _marks_of(item.path) | {MARKED_FIXTURES[fixture] for fixture in fixtures}:
            item.add_marker(mark)


@cache
def _marks_of(path: Path) -> set[str]:
    return {
        mark
        for mark, places in MARKED_PLACES.items()
        if any(path.is_relative_to(TESTS / place) for place in places)
    }
