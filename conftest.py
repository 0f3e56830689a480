"""Which tests `dev.py test --quick` leaves out, and a scripted clock; all other fixtures stand in tests/conftest.py."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.jobs import Cancel

TESTS = Path(__file__).parent / "tests"
# By where a test lies, or by a fixture that it wants: a program on TensorFlow, two networks converted.
MARKED_PLACES = {
    "screen": ("screen",),
    "keras": (
        "bloodsmear/classifiers/keras_side",
        "training/commands",
        "training/exporting",
        "training/fitting",
    ),
    "slow": ("benchmarks", "build_scripts", "e2e", "architecture/test_what_is_loaded.py"),
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


# ---- a watched folder's time


class ScriptedClock:
    """At each wait the next thing happens and five seconds pass; after the last one somebody stops the watch."""

    def __init__(self, happenings: tuple[Callable[[], object], ...]) -> None:
        self._happenings = iter(happenings)
        self._now_s = 0.0

    def now_s(self) -> float:
        """The seconds that have passed."""
        return self._now_s

    def wait(self, seconds: float, cancel: Cancel) -> None:
        """Let the next thing happen."""
        happening = next(self._happenings, None)
        if happening is None:
            cancel.request()
            return
        happening()
        self._now_s += 5


@pytest.fixture
def scripted_clock() -> Callable[..., ScriptedClock]:
    """`scripted_clock(happening, …)`: a clock for a watch, on which these things happen."""
    return lambda *happenings: ScriptedClock(happenings)
