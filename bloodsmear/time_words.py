"""Times for people: those of the PC where they are read. Files for programs have UTC."""

from datetime import datetime


def by_this_clock(moment: datetime) -> datetime:
    """The time by this PC's clock; as it is where the system knows no such time (Windows: before 1970, after 3000).

    A study from elsewhere, or of a PC whose clock was wrong, may name any.
    """
    try:
        return moment.astimezone()
    except (OverflowError, OSError, ValueError):
        return moment


def local_words(moment: datetime) -> str:
    """`2026-11-24 10:05`, by this PC's clock: for what is read here and now. `moment` has a time zone."""
    return by_this_clock(moment).isoformat(" ", "minutes")[:16]


def zoned_words(moment: datetime) -> str:
    """`2026-11-24 10:05 UTC+01:00`, by this PC's clock and with its offset then: for what leaves the PC."""
    day, _, rest = by_this_clock(moment).isoformat(timespec="minutes").partition("T")
    time, offset = rest[:5], rest[5:]
    return f"{day} {time} UTC{'' if offset == '+00:00' else offset}"
