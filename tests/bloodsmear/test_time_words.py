"""Times as people read them, by the clock of the PC."""

import sys
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bloodsmear.time_words import local_words, zoned_words

# Before and after midnight, and on both sides of the clock change.
EVENING = datetime(2026, 11, 24, 19, 5, 7, tzinfo=UTC)


@pytest.mark.usefixtures("half_past_five_east")
def test_a_time_is_that_of_the_pcs_clock_and_leaves_it_with_its_offset() -> None:
    assert local_words(EVENING) == "2026-11-25 00:35"
    assert zoned_words(EVENING) == "2026-11-25 00:35 UTC+05:30"
    elsewhere = EVENING.astimezone(timezone(timedelta(hours=-8)))
    assert zoned_words(elsewhere) == zoned_words(EVENING)


@pytest.mark.usefixtures("half_past_five_east")
def test_on_a_pc_with_utc_no_offset_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "win32":
        monkeypatch.setenv("TZ", "UTC0")
        time.tzset()
        assert zoned_words(EVENING) == "2026-11-24 19:05 UTC"


@pytest.mark.usefixtures("half_past_five_east")
def test_a_time_that_the_system_does_not_know_is_said_as_it_stands() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert local_words(last) == "9999-12-31 23:59"
    assert zoned_words(last) == "9999-12-31 23:59 UTC"
